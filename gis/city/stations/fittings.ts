/** Permanent flow Q3 of water meters by nominal diameter, m³/h (series of ISO 4064-1). */
const METERS: readonly (readonly [dn: number, permanentFlow: number])[] = [
  [25, 6.3],
  [32, 10],
  [40, 16],
  [50, 40],
  [65, 63],
  [80, 100],
  [100, 160],
  [150, 400],
  [200, 630],
  [250, 1000],
  [300, 1600],
  [400, 2500],
  [500, 4000],
  [600, 6300],
];
/** Overload over permanent flow, Q4/Q3 (ISO 4064-1). */
const OVERLOAD = 1.25;
const INLET_SIZES = [50, 65, 80, 100, 150, 200, 250, 300, 400, 500, 600, 800, 1000, 1200] as const;
/** Largest velocity in the inlet branch of a room, m/s. */
const INLET_VELOCITY = 1.2;

/** Smallest meter that carries the flow for good, with its overload flow, m³/h. */
export function meterFor(flow: number): { dn: number; maxFlow: number } {
  const [dn, permanent] = METERS.find(([, q3]) => q3 >= flow) ?? METERS[METERS.length - 1]!;
  return { dn, maxFlow: permanent * OVERLOAD };
}

/** Smallest inlet branch, mm, in which the flow in m³/h keeps below 1.2 m/s. */
export function pipeFor(flow: number): number {
  const area = flow / 3600 / INLET_VELOCITY;
  const fits = (dn: number) => (Math.PI / 4) * (dn / 1000) ** 2 >= area;
  return INLET_SIZES.find(fits) ?? INLET_SIZES[INLET_SIZES.length - 1]!;
}
