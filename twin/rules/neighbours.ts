import { type Around, Flag, type FlagColumn, type Look, type NumberColumn, oncePerLook } from './look.ts';

/** Counts a condition over the rows of one template. */
export function countAround(around: Around, key: string, of: FlagColumn, look: Look): void {
  const { zones, counts } = around;
  const known = counts.get(key) ?? { known: new Uint32Array(zones), holds: new Uint32Array(zones) };
  counts.set(key, known);
  const flags = of(look);
  const zoneOfRow = around.zoneOfRow.get(look.columns)!;
  for (let row = 0; row < look.rows; row++) {
    if (flags[row] === Flag.unknown) continue;
    const zone = zoneOfRow[row]!;
    known.known[zone]!++;
    if (flags[row] === Flag.yes) known.holds[zone]!++;
  }
}

/** The share of the other stations of the supply zone where a condition holds; NaN where it is known of none. */
export const neighbourShare = (key: string, of: FlagColumn): NumberColumn =>
  oncePerLook((look, out) => {
    const counts = look.around?.counts.get(key);
    const zoneOfRow = look.around?.zoneOfRow.get(look.columns);
    if (!counts || !zoneOfRow) {
      out.fill(Number.NaN, 0, look.rows);
      return;
    }
    const flags = of(look);
    for (let row = 0; row < look.rows; row++) {
      const zone = zoneOfRow[row]!;
      const others = counts.known[zone]! - (flags[row] === Flag.unknown ? 0 : 1);
      const holding = counts.holds[zone]! - (flags[row] === Flag.yes ? 1 : 0);
      out[row] = others > 0 ? holding / others : Number.NaN;
    }
  });
