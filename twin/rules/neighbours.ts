import {
  type Around,
  Flag,
  type FlagColumn,
  type Look,
  NO_ZONE,
  type NumberColumn,
  oncePerLook,
} from './look.ts';

/** Counts a condition over the stations of one fleet. */
export function countAround(around: Around, key: string, of: FlagColumn, look: Look): void {
  const { zones, counts } = around;
  const known = counts.get(key) ?? { known: new Uint32Array(zones), holds: new Uint32Array(zones) };
  counts.set(key, known);
  const flags = of(look);
  const zoneOf = around.zoneOf.get(look.fleet)!;
  for (let row = 0; row < zoneOf.length; row++) {
    if (flags[row] === Flag.unknown) continue;
    const zone = zoneOf[row]!;
    if (zone === NO_ZONE) continue;
    known.known[zone]!++;
    if (flags[row] === Flag.yes) known.holds[zone]!++;
  }
}

/** The share of the other stations of the supply zone where a condition holds; NaN where it is known of none, or the zone is not. */
export const neighbourShare = (key: string, of: FlagColumn): NumberColumn =>
  oncePerLook('station', (look, out, rows) => {
    const counts = look.around?.counts.get(key);
    const zoneOf = look.around?.zoneOf.get(look.fleet);
    if (!counts || !zoneOf) {
      out.fill(Number.NaN, 0, rows);
      return;
    }
    const flags = of(look);
    for (let row = 0; row < rows; row++) {
      const zone = zoneOf[row]!;
      if (zone === NO_ZONE) {
        out[row] = Number.NaN;
        continue;
      }
      const others = counts.known[zone]! - (flags[row] === Flag.unknown ? 0 : 1);
      const holding = counts.holds[zone]! - (flags[row] === Flag.yes ? 1 : 0);
      out[row] = others > 0 ? holding / others : Number.NaN;
    }
  });
