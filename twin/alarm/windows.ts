import type { PointScope } from '#twin/catalogue/definition.ts';
import { templateById } from '#twin/catalogue/template.ts';
import type { StationKind } from '#twin/model/station.ts';
import { relatedRows } from '#twin/rules/fleet.ts';
import { spotsOf } from '#twin/rules/spots.ts';
import type { WindowMemory } from '#twin/rules/window.ts';
import { takeUp } from './engine.ts';
import type { AlarmEngine } from './standing.ts';

/** What the moving windows over the stations of a kind know, by the key of what they say. */
export interface FleetWindows {
  kind: StationKind;
  stations: { code: string; template: string }[];
  windows: ReadonlyMap<string, { depth: PointScope; memory: WindowMemory }>;
}

/** What all moving windows of an engine know, as plain data. */
export const windowsOf = ({ workshops }: AlarmEngine): FleetWindows[] =>
  [...workshops].map(([{ kind, stations, rows }, { windows }]) => ({
    kind,
    stations: stations.map(({ columns, row }) => ({
      code: columns.codes[row]!,
      template: columns.template.id,
    })),
    windows: new Map(
      [...windows].map(([key, { window, depth }]) => [key, { depth, memory: window.memory(rows[depth]) }]),
    ),
  }));

/**
 * Takes over what windows of another engine knew of stations until this one began to look at them; what no rule asks
 * for here is passed over. Windows are unknown without it until they are full.
 */
export function recallWindows(engine: AlarmEngine, known: readonly FleetWindows[]): void {
  takeUp(engine);
  for (const { kind, stations, windows } of known) {
    const fleet = engine.fleets.get(kind);
    if (!fleet) continue;
    const rows = {
      station: rowsHere(engine, stations, 'station'),
      set: rowsHere(engine, stations, 'set'),
      pump: rowsHere(engine, stations, 'pump'),
    };
    for (const [key, { depth, memory }] of windows)
      engine.workshops.get(fleet)!.windows.get(key)?.recall(memory, rows[depth], fleet.rows[depth]);
  }
}

/** For each row of other stations, one after the other, the row here; −1: there is none. */
function rowsHere(
  { state, fleets }: AlarmEngine,
  stations: FleetWindows['stations'],
  depth: PointScope,
): number[] {
  return stations.flatMap(({ code, template: id }) => {
    const template = templateById(id);
    const place = state.places.get(code);
    if (place?.columns.template !== template) return spotsOf(template, depth).map(() => -1);
    const fleet = fleets.get(template.kind)!;
    const part = fleet.parts.find(({ columns }) => columns === place.columns)!;
    const [first, end] = relatedRows(fleet, 'station', part.places.station[0]!.rows[place.row]!, depth);
    return Array.from({ length: end - first }, (_, i) => first + i);
  });
}
