/** Nominal diameters of mains, mm. */
export const DIAMETERS = [
  100, 150, 200, 250, 300, 400, 500, 600, 700, 800, 900, 1000, 1200, 1400, 1600, 1800,
] as const;

/** Hazen–Williams C of cement-lined ductile iron in service. */
export const ROUGHNESS = 125;

/**
 * Head lost per metre, Hazen–Williams: `10.67·Q^1.852 / (C^1.852·D^4.871)`, Q in m³/s, D in m.
 * @param flow m³/h
 * @param diameter mm
 */
export function unitHeadLoss(flow: number, diameter: number): number {
  return (10.67 * (flow / 3600 / ROUGHNESS) ** 1.852) / (diameter / 1000) ** 4.871;
}

/** Mean velocity, m/s, for a flow in m³/h and a diameter in mm. */
export function velocity(flow: number, diameter: number): number {
  return flow / 3600 / ((Math.PI / 4) * (diameter / 1000) ** 2);
}

/**
 * Smallest main that carries the flow at an economic velocity (0.7 m/s for small mains to 1.3 m/s for large)
 * and with a moderate loss (4 m/km for small, 1.6 m/km for large mains), and how many side by side.
 * @param flow design flow, m³/h
 * @param smallest least diameter its street has, mm
 */
export function sizeMain(flow: number, smallest: number): { diameter: number; count: number } {
  const largest = DIAMETERS[DIAMETERS.length - 1]!;
  for (let count = 1; ; count++) {
    for (const diameter of DIAMETERS) {
      if (diameter < smallest) continue;
      const each = flow / count;
      const fast = velocity(each, diameter) > 0.6 + 0.7 * Math.sqrt(diameter / largest);
      const steep =
        unitHeadLoss(each, diameter) > (diameter <= 300 ? 0.004 : diameter <= 700 ? 0.0026 : 0.0016);
      if (!fast && !steep) return { diameter, count };
    }
  }
}
