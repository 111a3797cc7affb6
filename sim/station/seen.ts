import { setLayout } from './fields.ts';

const W = setLayout.at;

/** Outlet pressure as the controller of the pump set at `s` of the row sees it, MPa. */
export function seenPressure(row: Float64Array, s: number): number {
  const frozen = row[s + W.pressureFrozen]!;
  return frozen > 0 ? frozen : row[s + W.pressure]! + row[s + W.pressureError]!;
}
