import type { Demand, Junction, NetworkNode, Tank } from '#gis/network/model.ts';
import type { UnitFactors } from '#gis/network/units.ts';
import type { Issues } from './issues.ts';
import type { Row, Sections } from './rows.ts';
import { RowReader } from './values.ts';

/** Reads junctions with their demands and emitters, reservoirs and tanks; `lines` gets the line of each node. */
export function readNodes(
  sections: Sections,
  f: UnitFactors,
  emitterExponent: number,
  issues: Issues,
  lines: Map<string, number>,
): NetworkNode[] {
  const junctions = readJunctions(sections, f, issues, lines);
  const fixed = readFixedHeads(sections, f, issues, lines);
  const byId = new Map(junctions.map((junction) => [junction.id, junction]));
  const replaced = new Set<string>();
  for (const row of sections.data('DEMANDS')) {
    const r = new RowReader(row, 'demand of', issues);
    if (isMultiplier(row, lines)) continue;
    const junction = byId.get(row.words[0]!);
    if (!junction) {
      if (!lines.has(row.words[0]!)) r.fail('there is no such junction');
      continue;
    }
    if (!replaced.has(junction.id)) junction.demands = [];
    replaced.add(junction.id);
    junction.demands.push(demandOf(r, 1, f, row.comment));
  }
  for (const row of sections.data('EMITTERS')) {
    const r = new RowReader(row, 'emitter of', issues);
    const junction = byId.get(row.words[0]!);
    if (!junction) {
      // what draws from a tank or reservoir changes nothing: EPANET reads over it, too
      if (!lines.has(row.words[0]!)) r.fail('there is no such junction');
      continue;
    }
    const coefficient = r.number(1, 'the coefficient', undefined, 0);
    if (coefficient > 0) junction.emitter = (coefficient * f.flow) / f.pressure ** emitterExponent;
  }
  return [...junctions, ...fixed];
}

/** Whether a row of [DEMANDS] is EPANET 2.0's factor on all of them; a junction may have such a name, too. */
export function isMultiplier({ words }: Row, nodes: ReadonlyMap<string, number>): boolean {
  return words[0]!.toUpperCase().startsWith('MULT') && !nodes.has(words[0]!);
}

function readJunctions(
  sections: Sections,
  f: UnitFactors,
  issues: Issues,
  lines: Map<string, number>,
): Junction[] {
  return Array.from(sections.data('JUNCTIONS'), (row) => {
    const r = new RowReader(row, 'junction', issues);
    note(r, lines);
    const elevation = r.number(1, 'the elevation', 0) * f.length;
    const demands = r.word(2) === undefined ? [] : [demandOf(r, 2, f, '')];
    return { kind: 'junction', id: row.words[0]!, elevation, demands, ...description(row) };
  });
}

function demandOf(r: RowReader, index: number, f: UnitFactors, category: string): Demand {
  const demand: Demand = { base: r.number(index, 'the demand') * f.flow };
  const pattern = r.word(index + 1);
  if (pattern !== undefined) demand.pattern = pattern;
  if (category !== '') demand.category = category;
  return demand;
}

function readFixedHeads(
  sections: Sections,
  f: UnitFactors,
  issues: Issues,
  lines: Map<string, number>,
): NetworkNode[] {
  // as in EPANET both sections hold either: a row of three words is a reservoir, a longer one a tank
  const rows = [...sections.data('RESERVOIRS'), ...sections.data('TANKS')];
  return rows.map((row) => {
    const id = row.words[0]!;
    const reservoir = row.words.length <= 3;
    const r = new RowReader(row, reservoir ? 'reservoir' : 'tank', issues);
    note(r, lines);
    if (reservoir) {
      const pattern = r.word(2);
      const head = r.number(1, 'the head') * f.length;
      return { kind: 'reservoir', id, head, ...(pattern ? { pattern } : {}), ...description(row) };
    }
    return readTank(r, f);
  });
}

function readTank(r: RowReader, f: UnitFactors): NetworkNode {
  const id = r.row.words[0]!;
  const elevation = r.number(1, 'the elevation') * f.length;
  const level = (index: number, name: string): number => r.number(index, name, undefined, 0) * f.length;
  const initialLevel = level(2, 'the initial level');
  const tank: Tank = {
    kind: 'tank',
    id,
    elevation,
    initialLevel,
    minLevel: level(3, 'the minimum level'),
    maxLevel: level(4, 'the maximum level'),
    diameter: level(5, 'the diameter'),
    minVolume: r.number(6, 'the minimum volume', 0, 0) * f.volume,
    ...description(r.row),
  };
  const curve = r.word(7);
  if (curve !== undefined && !curve.startsWith('*')) tank.volumeCurve = curve;
  const overflow = r.word(8)?.toUpperCase() ?? 'NO';
  if (overflow.startsWith('Y')) tank.overflow = true;
  else if (!overflow.startsWith('N')) r.fail(`"${overflow}" is neither YES nor NO: whether it may overflow`);
  if (tank.diameter === 0 && tank.volumeCurve === undefined) {
    // EPANET takes a tank without an area as a reservoir at its initial level.
    return { kind: 'reservoir', id, head: elevation + initialLevel, ...description(r.row) };
  }
  if (!r.failed && !(tank.minLevel <= initialLevel && initialLevel <= tank.maxLevel)) {
    r.fail('the initial level is not between the minimum and the maximum level');
  }
  return tank;
}

function note(r: RowReader, lines: Map<string, number>): void {
  const id = r.row.words[0]!;
  const before = lines.get(id);
  if (before !== undefined) r.fail(`the id is taken by line ${before}`);
  lines.set(id, r.row.line);
}

export function description(row: Row): { description?: string } {
  return row.comment === '' ? {} : { description: row.comment };
}
