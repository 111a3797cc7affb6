import type { Curve, NetworkLink, Pipe, Pump, Valve, ValveType } from '#gis/network/model.ts';
import type { UnitFactors } from '#gis/network/units.ts';
import { parseNumber } from '#gis/network/words.ts';
import type { Issues } from './issues.ts';
import { description } from './read-nodes.ts';
import type { Sections } from './rows.ts';
import { RowReader } from './values.ts';

/** Reads pipes, pumps and valves and their initial status; `lines` gets the line of each link. */
export function readLinks(
  sections: Sections,
  f: UnitFactors,
  darcyWeisbach: boolean,
  issues: Issues,
  lines: Map<string, number>,
  legacyCurves: Curve[],
): NetworkLink[] {
  const links: NetworkLink[] = [];
  const ends = (r: RowReader): { id: string; from: string; to: string; description?: string } => {
    const id = r.row.words[0]!;
    const before = lines.get(id);
    if (before !== undefined) r.fail(`the id is taken by line ${before}`);
    lines.set(id, r.row.line);
    const from = r.need(1, 'the start node');
    const to = r.need(2, 'the end node');
    if (from === to) r.fail('it starts and ends at the same node');
    return { id, from, to, ...description(r.row) };
  };
  for (const row of sections.data('PIPES')) {
    const r = new RowReader(row, 'pipe', issues);
    links.push({ kind: 'pipe', ...ends(r), ...pipeData(r, f, darcyWeisbach) });
  }
  for (const row of sections.data('PUMPS')) {
    const r = new RowReader(row, 'pump', issues);
    links.push({ kind: 'pump', ...ends(r), ...pumpData(r, f, legacyCurves) });
  }
  for (const row of sections.data('VALVES')) {
    const r = new RowReader(row, 'valve', issues);
    links.push({ kind: 'valve', ...ends(r), ...valveData(r, f) });
  }
  const statuses = [...sections.data('STATUS')];
  const byId = new Map(statuses.length > 0 ? links.map((link) => [link.id, link]) : []);
  for (const row of statuses) {
    const r = new RowReader(row, 'status of', issues);
    if (row.words.length > 2) {
      const [first, last] = row.words as [string, string];
      // a range passes over what has no status
      for (const link of links)
        if (isWithin(link.id, first, last) && link.status !== 'cv') setStatus(link, r, f, 2);
      continue;
    }
    const link = byId.get(row.words[0]!);
    if (link) setStatus(link, r, f);
    else r.fail('there is no such link');
  }
  return links;
}

function pipeData(
  r: RowReader,
  f: UnitFactors,
  darcyWeisbach: boolean,
): Omit<Pipe, 'kind' | 'id' | 'from' | 'to'> {
  const length = r.positive(3, 'the length') * f.length;
  const diameter = r.positive(4, 'the diameter') * f.diameter;
  const roughness = r.positive(5, 'the roughness') * (darcyWeisbach ? f.roughness : 1);
  let minorLoss = 0;
  let status: Pipe['status'] = 'open';
  for (const index of [6, 7]) {
    const word = r.word(index);
    if (word === undefined) break;
    const named = ({ OPEN: 'open', CLOSED: 'closed', CV: 'cv' } as const)[word.toUpperCase()];
    if (named) status = named;
    else if (index === 6) minorLoss = r.number(6, 'the minor loss', 0, 0);
    else r.fail(`"${word}" is neither OPEN, CLOSED nor CV`);
  }
  return { length, diameter, roughness, minorLoss, status };
}

function pumpData(
  r: RowReader,
  f: UnitFactors,
  legacyCurves: Curve[],
): Omit<Pump, 'kind' | 'id' | 'from' | 'to'> {
  const pump: Omit<Pump, 'kind' | 'id' | 'from' | 'to'> = { speed: 1, status: 'open' };
  const id = r.row.words[0]!;
  if (parseNumber(r.word(3) ?? '') !== undefined) {
    const numbers = r.row.words
      .slice(3)
      .map((_, i) => r.number(3 + i, 'a number of the curve', undefined, 0));
    if (numbers.length === 1) return { ...pump, power: numbers[0]! * f.power };
    const points = legacyPoints(numbers, f);
    if (!points) r.fail('a curve of numbers has 1, 2 or 5 of them');
    legacyCurves.push({ id: `_${id}`, kind: 'head', points: points ?? [] });
    return { ...pump, headCurve: `_${id}` };
  }
  for (let i = 3; i < r.row.words.length; i += 2) {
    const key = r.word(i)!.toUpperCase();
    if (key.startsWith('POWE')) pump.power = r.positive(i + 1, 'the power') * f.power;
    else if (key.startsWith('HEAD')) pump.headCurve = r.need(i + 1, 'the head curve');
    else if (key.startsWith('PATT')) pump.speedPattern = r.need(i + 1, 'the speed pattern');
    else if (key.startsWith('SPEE')) pump.speed = r.number(i + 1, 'the speed', undefined, 0);
    else r.fail(`"${r.word(i)}" is not HEAD, POWER, SPEED or PATTERN`);
  }
  return pump;
}

/** Curves of EPANET 1: "h q" or "h0 h1 q1 h2 q2". */
function legacyPoints(n: number[], f: UnitFactors): Curve['points'] | undefined {
  const point = (x: number, y: number) => ({ x: x * f.flow, y: y * f.length });
  if (n.length === 2) return [point(n[1]!, n[0]!)];
  if (n.length >= 5) return [point(0, n[0]!), point(n[2]!, n[1]!), point(n[4]!, n[3]!)];
  return undefined;
}

const valveTypes: ValveType[] = ['PRV', 'PSV', 'PBV', 'FCV', 'TCV', 'GPV', 'PCV'];

function valveData(r: RowReader, f: UnitFactors): Omit<Valve, 'kind' | 'id' | 'from' | 'to'> {
  const diameter = r.positive(3, 'the diameter') * f.diameter;
  const word = r.need(4, 'the type').toUpperCase();
  const type = valveTypes.find((known) => known === word);
  if (!type) r.fail(`"${word}" is not a type of valve (${valveTypes.join(', ')})`);
  const valve: Omit<Valve, 'kind' | 'id' | 'from' | 'to'> = {
    type: type ?? 'TCV',
    diameter,
    setting: 0,
    minorLoss: r.number(6, 'the minor loss', 0, 0),
    status: 'active',
  };
  if (type === 'GPV') {
    valve.setting = r.need(5, 'the head loss curve');
    valve.curve = valve.setting;
  } else if (type) valve.setting = settingOf(r, 5, type, f);
  const curve = r.word(7);
  if (type === 'PCV' && curve !== undefined) valve.curve = curve;
  return valve;
}

function settingOf(r: RowReader, index: number, type: ValveType, f: UnitFactors): number {
  const value = r.number(index, 'the setting', 0);
  if (type === 'PRV' || type === 'PSV' || type === 'PBV') return value * f.pressure;
  return type === 'FCV' ? value * f.flow : value;
}

/** Whether an id lies in a range of ids: of numbers when both ends begin with one, else of texts (EPANET 2.3.5, `statusdata`). */
function isWithin(id: string, first: string, last: string): boolean {
  const numberOf = (text: string) => Number.parseInt(text, 10) || 0;
  const [from, to] = [numberOf(first), numberOf(last)];
  if (from > 0 && to > 0) return numberOf(id) >= from && numberOf(id) <= to;
  return id >= first && id <= last;
}

/** @param at the word of its row that says the status */
function setStatus(link: NetworkLink, r: RowReader, f: UnitFactors, at = 1): void {
  const word = r.need(at, 'the status').toUpperCase();
  if (word === '') return;
  const status = word === 'OPEN' ? 'open' : word === 'CLOSED' ? 'closed' : undefined;
  if (!status && parseNumber(word) === undefined) {
    // ACTIVE is what a valve is anyway.
    if (!word.startsWith('ACTI')) r.fail(`"${word}" is neither OPEN, CLOSED nor a setting`);
    return;
  }
  if (link.kind === 'pump') {
    if (!status) link.speed = r.number(at, 'the speed', 1, 0);
    else if (status === 'open') link.speed = 1;
    link.status = status ?? (link.speed === 0 ? 'closed' : 'open');
  } else if (link.kind === 'valve') {
    if (status) link.status = status;
    else if (link.type !== 'GPV') {
      link.setting = settingOf(r, at, link.type, f);
      link.status = 'active';
    }
  } else if (link.status === 'cv') r.fail('a pipe with a check valve has no status');
  else if (status) link.status = status;
}
