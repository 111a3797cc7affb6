import type { PointScope } from '#twin/catalogue/definition.ts';
import type { Template } from '#twin/catalogue/template.ts';
import { type Candidate, type Diagnosis, diagnose, type Holds } from '#twin/diagnosis/diagnose.ts';
import { isExplainedBy } from '#twin/rules/causes.ts';
import { compile, concerns, type Workshop, workshop } from '#twin/rules/compile.ts';
import type { Condition } from '#twin/rules/condition.ts';
import { codeAt, type Fleet, relatedRows } from '#twin/rules/fleet.ts';
import type { Rule } from '#twin/rules/load.ts';
import { Flag, type FlagColumn, type Look } from '#twin/rules/look.ts';
import { type Spot, spotsOf } from '#twin/rules/spots.ts';
import { thresholdAt } from '#twin/rules/thresholds.ts';
import { type Alarm, keyOf } from './alarm.ts';
import { type Cells, emptyCells, growCells } from './cells.ts';
import { type Concerned, concernedOnly, concernsSpot, extendConcerned, noneConcerned } from './concerned.ts';

/** One rule over all rows of a fleet at the rule's depth: its loops and where it stands. */
export interface Site {
  readonly rule: Rule;
  readonly fleet: Fleet;
  /** rows that have all that the rule speaks of */
  readonly concerned: Concerned;
  readonly when: FlagColumn;
  readonly clear: FlagColumn | null;
  cells: Cells;
  /** rows that stand beneath a cause */
  readonly suppressed: Set<number>;
  /** sites of the rules that explain this one, at spots that belong together with one of this */
  readonly causes: readonly Site[];
  /** sites of other rules of its first-out group */
  readonly peers: readonly Site[];
  readonly candidates: readonly SiteCandidate[];
}

/** A cause of the rule with its signs at this spot, in the order of the rule. */
interface SiteCandidate extends Candidate {
  looks: readonly SiteSign[];
}

/** A condition and what it was made of; an alarm that may stand there; or nothing, where this kind of station lacks a point or the rules one. */
type SiteSign =
  | { readonly when: FlagColumn; readonly condition: Condition }
  | { readonly alarm: Rule }
  | null;

/**
 * The sites of a fleet, causes first as the rules are.
 * @param shared where what they ask for is kept
 */
export function sitesOf(
  rules: readonly Rule[],
  fleet: Fleet,
  shared: Workshop = workshop(fleet.kind),
): Site[] {
  const sites: Site[] = [];
  for (const rule of rules) {
    if (!rule.when) continue;
    if (rule.text.kinds && !rule.text.kinds.includes(fleet.kind)) continue;
    const { scope, accepts } = rule;
    const when = compile(rule.when, shared, scope, accepts);
    const clear = rule.clear && compile(rule.clear, shared, scope, accepts);
    if (!when || (rule.clear && !clear)) continue;
    const concerned = noneConcerned();
    const site: Site = {
      rule,
      fleet,
      concerned,
      when: concernedOnly(when, concerned),
      clear,
      cells: emptyCells(0),
      suppressed: new Set(),
      causes: sites.filter((other) => isExplainedBy(rule.text, other.rule.text.id, fleet.kind)),
      peers: [],
      candidates: rule.causes.map((candidate) => ({
        ...candidate,
        looks: candidate.signs.map(({ when: condition, alarm }): SiteSign => {
          if (!condition) {
            const known = rules.find(({ text }) => text.id === alarm);
            return known ? { alarm: known } : null;
          }
          const sign = compile(condition, shared, scope, accepts);
          return sign && { when: sign, condition };
        }),
      })),
    };
    growSite(site);
    sites.push(site);
  }
  // of a group each may be the first: those that come later in the order as well
  return sites.map((site) => Object.assign(site, { peers: peersOf(site, sites) }));
}

/** Takes up rows that have come to the fleet. */
export function growSite(site: Site): void {
  const { rule, fleet, concerned } = site;
  site.cells = growCells(site.cells, fleet.rows[rule.scope]);
  extendConcerned(concerned, rule, fleet);
}

/** Whether a rule of rooms speaks of anything in a template. */
export const concernsTemplate = (rule: Rule, template: Template): boolean =>
  (!rule.text.kinds || rule.text.kinds.includes(template.kind)) &&
  spotsOf(template, rule.scope).some((spot) => concernsSpot(rule, template, spot));

function peersOf({ rule }: Site, sites: readonly Site[]): Site[] {
  const { firstOut } = rule;
  if (!firstOut) return [];
  return sites.filter((other) => other.rule !== rule && other.rule.firstOut?.group === firstOut.group);
}

/** Rule, station and spot of a row. */
export const identityAt = ({ rule, fleet }: Site, row: number): Pick<Alarm, 'rule' | 'station' | 'spot'> => ({
  rule: rule.text.id,
  station: codeAt(fleet, rule.scope, row),
  spot: fleet.spots[rule.scope][row]!.name,
});

/** The first of the rows of another site that belong together with one of this, and of which something is so; −1: none. */
export function findTogether(site: Site, row: number, other: Site, is: (row: number) => boolean): number {
  const [first, end] = relatedRows(site.fleet, site.rule.scope, row, other.rule.scope);
  for (let one = first; one < end; one++) if (is(one)) return one;
  return -1;
}

/** What the signs at a row say of the causes of an alarm there, by the alarms that stand now. */
export function diagnosisAt(
  { candidates, fleet, rule: { scope } }: Site,
  row: number,
  look: Look,
  alarms: ReadonlyMap<string, Alarm>,
): Diagnosis[] {
  const station = codeAt(fleet, scope, row);
  const spot = fleet.spots[scope][row]!;
  const { template } = fleet.stations[fleet.stationOf[scope][row]!]!.columns;
  return diagnose(candidates, (i, k) => {
    const sign = candidates[i]!.looks[k]!;
    if (sign === null) return null;
    if ('alarm' in sign)
      return spotsAt(template, sign.alarm.scope, spot).some(
        ({ name }) => alarms.get(keyOf({ rule: sign.alarm.text.id, station, spot: name }))?.active === true,
      );
    return concerns(sign.condition, template, spot) ? HOLDS[sign.when(look)[row]!]! : null;
  });
}

const HOLDS: Record<number, Holds> = { [Flag.no]: false, [Flag.yes]: true, [Flag.unknown]: null };

/** Spots of a depth that belong together with one: a pump, its set, its station. */
function spotsAt(template: Template, depth: PointScope, { zone, pump }: Spot): Spot[] {
  return spotsOf(template, depth).filter(
    (other) => (!zone || !other.zone || other.zone === zone) && (!pump || !other.pump || other.pump === pump),
  );
}

/** Values of the evidence at a row, null where there is none; and the thresholds in force there, by their names. */
export function evidenceAt(
  { rule: { text, scope, thresholds }, fleet }: Site,
  row: number,
): Record<string, number | null> {
  const { columns, row: ofTemplate } = fleet.stations[fleet.stationOf[scope][row]!]!;
  const { zone, pump } = fleet.spots[scope][row]!;
  const evidence: Record<string, number | null> = {};
  for (const tag of text.evidence ?? [])
    for (const point of columns.template.points) {
      if (point.tag !== tag) continue;
      if (zone && point.zone && point.zone !== zone) continue;
      if (pump && point.pump && point.pump !== pump) continue;
      const value = columns.values[point.index]![ofTemplate]!;
      evidence[point.name] = Number.isFinite(value) ? value : null;
    }
  for (const threshold of thresholds)
    evidence[threshold.name] = thresholdAt(threshold, columns.codes[ofTemplate]!);
  return evidence;
}
