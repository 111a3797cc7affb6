import { Random } from '#sim/random.ts';
import { concernsTemplate } from '#twin/alarm/site.ts';
import { templateById } from '#twin/catalogue/template.ts';
import type { Rule } from '#twin/rules/load.ts';
import type { RegisteredStation } from '../registry/registry.ts';

/**
 * Stations to try a rule on: at most `count` of those that it concerns, drawn by the seed. A rule that gathers rooms
 * is tried on those of one area, which the seed draws too.
 * @param of the rule of rooms: the one that is tried, or the one whose alarms are gathered
 */
export function drawStations(
  all: readonly RegisteredStation[],
  { of, gather }: { of: Rule; gather: Rule['gather'] },
  count: number,
  seed: number,
): RegisteredStation[] {
  const random = new Random(seed);
  let known = all
    .filter(({ templateId }) => concernsTemplate(of, templateById(templateId)))
    .sort((a, b) => (a.code < b.code ? -1 : 1));
  if (gather && gather.in !== 'city') {
    const key = gather.in === 'district' ? 'district' : 'supplyZone';
    const areas = [...new Set(known.map(({ station }) => station[key]))];
    const area = areas[Math.floor(random.uniform() * areas.length)];
    known = known.filter(({ station }) => station[key] === area);
  }
  const drawn: RegisteredStation[] = [];
  while (known.length > 0 && drawn.length < count)
    drawn.push(...known.splice(Math.floor(random.uniform() * known.length), 1));
  return drawn.sort((a, b) => (a.code < b.code ? -1 : 1));
}
