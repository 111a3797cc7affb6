import type { Template } from '#twin/catalogue/template.ts';
import { type Candidate, type Diagnosis, diagnose, type Holds } from '#twin/diagnosis/diagnose.ts';
import { compile, type Workshop, workshop } from '#twin/rules/compile.ts';
import type { Rule } from '#twin/rules/load.ts';
import { Flag, type FlagColumn, type Look } from '#twin/rules/look.ts';
import { type Spot, spotsOf } from '#twin/rules/spots.ts';
import type { TemplateColumns } from '#twin/state/columns.ts';
import { type Alarm, keyOf } from './alarm.ts';
import { type Cells, emptyCells } from './cells.ts';

/** One rule at one spot of one template: its loops and where it stands. */
export interface Site {
  readonly rule: Rule;
  readonly spot: Spot;
  readonly columns: TemplateColumns;
  readonly when: FlagColumn;
  readonly clear: FlagColumn | null;
  /** places of the evidence in the template */
  readonly evidence: readonly { name: string; index: number }[];
  cells: Cells;
  /** rows that stand beneath a cause */
  readonly suppressed: Set<number>;
  /** sites of the rules that explain this one, at spots that belong together with this one */
  readonly causes: readonly Site[];
  /** sites of other rules of its first-out group, at spots that belong together with this one */
  readonly peers: readonly Site[];
  readonly candidates: readonly SiteCandidate[];
}

/** A cause of the rule with its signs at this spot, in the order of the rule. */
interface SiteCandidate extends Candidate {
  looks: readonly SiteSign[];
}

/** A condition; alarms that may stand at the spot, by rule and spot; or nothing, where the template lacks a point or the rules one. */
type SiteSign = FlagColumn | readonly Pick<Alarm, 'rule' | 'spot'>[] | null;

/**
 * The sites of a template, causes first as the rules are.
 * @param shared where what they ask for is kept
 */
export function sitesOf(
  rules: readonly Rule[],
  columns: TemplateColumns,
  shared: Workshop = workshop(columns.template),
): Site[] {
  const { template } = columns;
  const sites: Site[] = [];
  for (const rule of rules) {
    if (!rule.when) continue;
    if (rule.text.kinds && !rule.text.kinds.includes(template.kind)) continue;
    for (const spot of spotsOf(template, rule.scope)) {
      const when = compile(rule.when, shared, spot, rule.accepts);
      const clear = rule.clear && compile(rule.clear, shared, spot, rule.accepts);
      if (!when || (rule.clear && !clear)) continue;
      const causes = sites.filter(
        (site) => rule.text.suppressedBy?.includes(site.rule.text.id) && together(site.spot, spot),
      );
      const evidence = (rule.text.evidence ?? []).flatMap((tag) => placesOf(tag, columns, spot));
      sites.push({
        rule,
        spot,
        columns,
        when,
        clear,
        evidence,
        cells: emptyCells(columns.capacity),
        suppressed: new Set(),
        causes,
        peers: [],
        candidates: rule.causes.map((candidate) => ({
          ...candidate,
          looks: candidate.signs.map(({ when: sign, alarm }) =>
            sign ? compile(sign, shared, spot, rule.accepts) : alarmsAt(alarm!, rules, template, spot),
          ),
        })),
      });
    }
  }
  // of a group each may be the first: those that come later in the order as well
  return sites.map((site) => Object.assign(site, { peers: peersOf(site, sites) }));
}

function peersOf({ rule, spot }: Site, sites: readonly Site[]): Site[] {
  const { firstOut } = rule;
  if (!firstOut) return [];
  return sites.filter(
    (other) =>
      other.rule !== rule && other.rule.firstOut?.group === firstOut.group && together(other.spot, spot),
  );
}

/** One spot holds the other: a pump, its set, its station. */
function together(a: Spot, b: Spot): boolean {
  const inside = (inner: string, outer: string) =>
    outer === '' || inner === outer || inner.startsWith(`${outer}/`);
  return inside(a.name, b.name) || inside(b.name, a.name);
}

function placesOf(tag: string, { template }: TemplateColumns, spot: Spot): { name: string; index: number }[] {
  return template.points
    .filter(
      (point) =>
        point.tag === tag &&
        (!point.zone || !spot.zone || point.zone === spot.zone) &&
        (!point.pump || !spot.pump || point.pump === spot.pump),
    )
    .map(({ name, index }) => ({ name, index }));
}

/** Where a rule's alarms belong together with a spot; null when the rule is not among those in force. */
function alarmsAt(
  id: string,
  rules: readonly Rule[],
  template: Template,
  spot: Spot,
): Pick<Alarm, 'rule' | 'spot'>[] | null {
  const rule = rules.find(({ text }) => text.id === id);
  if (!rule) return null;
  return spotsOf(template, rule.scope)
    .filter((other) => together(other, spot))
    .map(({ name }) => ({ rule: id, spot: name }));
}

/** What the signs at a row say of the causes of an alarm there, by the alarms that stand now. */
export function diagnosisAt(
  { candidates, columns }: Site,
  row: number,
  look: Look,
  alarms: ReadonlyMap<string, Alarm>,
): Diagnosis[] {
  const station = columns.codes[row]!;
  return diagnose(candidates, (i, k) => {
    const sign = candidates[i]!.looks[k]!;
    if (sign === null) return null;
    if (typeof sign === 'function') return HOLDS[sign(look)[row]!]!;
    return sign.some((id) => alarms.get(keyOf({ ...id, station }))?.active === true);
  });
}

const HOLDS: Record<number, Holds> = { [Flag.no]: false, [Flag.yes]: true, [Flag.unknown]: null };

/** Values of the evidence at a row; null where there is none. */
export function evidenceAt({ evidence, columns }: Site, row: number): Record<string, number | null> {
  return Object.fromEntries(
    evidence.map(({ name, index }) => {
      const value = columns.values[index]![row]!;
      return [name, Number.isFinite(value) ? value : null];
    }),
  );
}
