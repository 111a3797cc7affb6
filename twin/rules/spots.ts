import type { PointScope } from '#twin/catalogue/definition.ts';
import type { Template } from '#twin/catalogue/template.ts';
import type { PressureZone } from '#twin/model/station.ts';

/** The pump set or pump that is looked at: `LO`, `LO/P1`, or '' for the station. */
export interface Spot {
  name: string;
  zone: PressureZone | null;
  pump: string | null;
}

const STATION: Spot = { name: '', zone: null, pump: null };

/** All spots of a template at a depth. */
export function spotsOf({ points }: Template, scope: PointScope): Spot[] {
  if (scope === 'station') return [STATION];
  const spots = new Map<string, Spot>();
  for (const { zone, pump } of points) {
    if (!zone || (scope === 'pump') !== Boolean(pump)) continue;
    const name = pump ? `${zone}/${pump}` : zone;
    spots.set(name, { name, zone, pump: pump ?? null });
  }
  return [...spots.values()];
}
