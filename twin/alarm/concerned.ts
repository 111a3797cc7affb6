import type { Template } from '#twin/catalogue/template.ts';
import { concerns } from '#twin/rules/compile.ts';
import type { Fleet } from '#twin/rules/fleet.ts';
import type { Rule } from '#twin/rules/load.ts';
import { Flag, type FlagColumn, type Look } from '#twin/rules/look.ts';
import type { Spot } from '#twin/rules/spots.ts';

/** Rows of a fleet that have all that a rule speaks of: it may name a pump set that not every station has. */
export interface Concerned {
  /** 1 where it does */
  rows: Uint8Array;
  /** every row does, as nearly always */
  all: boolean;
}

/** Whether a spot of a template has all that a rule of rooms speaks of. */
export const concernsSpot = ({ when, clear }: Rule, template: Template, spot: Spot): boolean =>
  concerns(when!, template, spot) && (clear === null || concerns(clear, template, spot));

export const noneConcerned = (): Concerned => ({ rows: new Uint8Array(0), all: true });

/** Takes up rows that have come to the fleet. */
export function extendConcerned(concerned: Concerned, rule: Rule, fleet: Fleet): void {
  const { scope } = rule;
  const before = concerned.rows.length;
  const after = fleet.rows[scope];
  if (after === before) return;
  const rows = new Uint8Array(after);
  rows.set(concerned.rows);
  const known = new Map<Template, Map<Spot, boolean>>();
  for (let row = before; row < after; row++) {
    const spot = fleet.spots[scope][row]!;
    const { template } = fleet.stations[fleet.stationOf[scope][row]!]!.columns;
    const spots = known.get(template) ?? new Map<Spot, boolean>();
    known.set(template, spots);
    const does = spots.get(spot) ?? concernsSpot(rule, template, spot);
    spots.set(spot, does);
    rows[row] = does ? 1 : 0;
    concerned.all &&= does;
  }
  concerned.rows = rows;
}

/** A condition that is no where it does not concern. */
export function concernedOnly(of: FlagColumn, concerned: Concerned): FlagColumn {
  let out = new Uint8Array(0);
  let answered: Look | null = null;
  const column = (look: Look): Uint8Array => {
    const flags = of(look);
    made.version = of.version;
    if (concerned.all || of.quiet) {
      made.quiet = of.quiet;
      made.holds = of.holds;
      return flags;
    }
    if (answered === look) return out;
    answered = look;
    const { rows } = concerned;
    if (out.length < rows.length) out = new Uint8Array(rows.length);
    let some = 0;
    for (let row = 0; row < rows.length; row++) {
      const flag = rows[row] === 1 ? flags[row]! : Flag.no;
      out[row] = flag;
      some |= flag;
    }
    made.quiet = some === 0;
    made.holds = (some & Flag.yes) !== 0;
    return out;
  };
  const made = Object.assign(column, { depth: of.depth, quiet: false, holds: false, version: 0 });
  return made;
}
