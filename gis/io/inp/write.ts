import { type CurveKind, curveUses } from '#gis/network/curve-use.ts';
import type { Curve, Network, NetworkLink, Pump, Tank, Valve } from '#gis/network/model.ts';
import { type UnitFactors, unitFactors } from '#gis/network/units.ts';
import { withComments } from './comments.ts';
import { writeEnergy, writeOptions, writeTimes } from './write-options.ts';
import { fileId, fileNumber, type Section } from './write-text.ts';

/**
 * Writes a network as an EPANET 2.3 input file, in `network.units` (CMH when absent). Reading the text
 * again gives the same network; comment lines stand before the rows that they stood before. Ids that EPANET
 * does not take, with blanks or of more than 31 bytes, are written for this reader all the same.
 *
 * @throws RangeError naming the element, when an id cannot stand in an input file or a number is not finite.
 */
export function writeInp(network: Network): string {
  const units = network.units ?? 'CMH';
  const factors = unitFactors(units, network.pressureUnits, network.options.specificGravity);
  const uses = curveUses(network);
  const verbatim = new Map((network.verbatim ?? []).map((section) => [section.name, section.lines]));
  const sections: Section[] = [
    { name: 'TITLE', rows: network.title === '' ? [] : network.title.split('\n').map((line) => [line]) },
    ...nodeSections(network, factors),
    ...linkSections(network, factors),
    { name: 'PATTERNS', rows: network.patterns.flatMap((p) => patternRows(p.id, p.multipliers)) },
    { name: 'CURVES', rows: network.curves.flatMap((c) => curveRows(c, factors, uses)) },
    { name: 'CONTROLS', rows: network.controls.map((control) => [control]) },
    { name: 'RULES', rows: network.rules.flatMap((rule) => [...rule.split('\n').map((l) => [l]), []]) },
    { name: 'ENERGY', rows: writeEnergy(network) },
    { name: 'TIMES', rows: writeTimes(network.times) },
    { name: 'OPTIONS', rows: writeOptions(network, units, factors) },
    { name: 'COORDINATES', rows: [...network.coordinates].map(([id, [x, y]]) => [fileId(id, 'node'), x, y]) },
    { name: 'VERTICES', rows: [...network.vertices].flatMap(([id, points]) => vertexRows(id, points)) },
  ];
  for (const section of sections) {
    const kept = verbatim.get(section.name);
    if (kept) section.rows.push(...kept.map((line) => [line]));
    verbatim.delete(section.name);
  }
  for (const [name, lines] of verbatim) sections.push({ name, rows: lines.map((line) => [line]) });
  const comments = network.comments ?? [];
  const written = sections.map((section) =>
    sectionText(
      withComments(
        section,
        comments.filter((one) => one.section === section.name),
      ),
    ),
  );
  return `${written.join('\n')}\n[END]\n`;
}

function sectionText({ name, rows }: Section): string {
  const lines = rows.map((row) =>
    row
      .map((cell) => (typeof cell === 'number' ? fileNumber(cell, `[${name}] ${row[0]}`) : cell))
      .join('\t')
      .trimEnd(),
  );
  return `[${name}]\n${lines.map((line) => `${line}\n`).join('')}`;
}

function nodeSections(network: Network, f: UnitFactors): Section[] {
  const junctions: Section = { name: 'JUNCTIONS', rows: [] };
  const reservoirs: Section = { name: 'RESERVOIRS', rows: [] };
  const tanks: Section = { name: 'TANKS', rows: [] };
  const demands: Section = { name: 'DEMANDS', rows: [] };
  const emitters: Section = { name: 'EMITTERS', rows: [] };
  const { emitterExponent } = network.options;
  for (const node of network.nodes) {
    const id = fileId(node.id, node.kind);
    const about = comment(node.description);
    if (node.kind === 'reservoir') {
      reservoirs.rows.push([id, node.head / f.length, named(node.pattern, 'pattern'), about]);
    } else if (node.kind === 'tank') {
      tanks.rows.push([id, ...tankCells(node, f), about]);
    } else {
      junctions.rows.push([id, node.elevation / f.length, about]);
      for (const demand of node.demands) {
        const pattern = named(demand.pattern, 'pattern');
        demands.rows.push([id, demand.base / f.flow, pattern, comment(demand.category)]);
      }
      if (node.emitter) {
        emitters.rows.push([id, (node.emitter * f.pressure ** emitterExponent) / f.flow]);
      }
    }
  }
  return [junctions, reservoirs, tanks, demands, emitters];
}

/** A name that may be missing, as a word that may be empty. */
function named(id: string | undefined, kind: string): string {
  return id === undefined ? '' : fileId(id, kind);
}

function comment(text: string | undefined): string {
  return text === undefined ? '' : `;${text.replace(/[\r\n]+/g, ' ')}`;
}

function tankCells(tank: Tank, f: UnitFactors): (string | number)[] {
  const levels = [tank.elevation, tank.initialLevel, tank.minLevel, tank.maxLevel, tank.diameter];
  const cells: (string | number)[] = levels.map((length) => length / f.length);
  cells.push(tank.minVolume / f.volume);
  if (tank.volumeCurve !== undefined || tank.overflow) cells.push(named(tank.volumeCurve, 'curve') || '*');
  if (tank.overflow) cells.push('YES');
  return cells;
}

function linkSections(network: Network, f: UnitFactors): Section[] {
  const pipes: Section = { name: 'PIPES', rows: [] };
  const pumps: Section = { name: 'PUMPS', rows: [] };
  const valves: Section = { name: 'VALVES', rows: [] };
  const status: Section = { name: 'STATUS', rows: [] };
  const roughness = network.options.headloss === 'D-W' ? f.roughness : 1;
  for (const link of network.links) {
    const ends = [fileId(link.id, link.kind), fileId(link.from, 'node'), fileId(link.to, 'node')];
    const about = comment(link.description);
    if (link.kind === 'pipe') {
      const { length, diameter, minorLoss } = link;
      pipes.rows.push([
        ...ends,
        length / f.length,
        diameter / f.diameter,
        link.roughness / roughness,
        minorLoss,
        { open: 'Open', closed: 'Closed', cv: 'CV' }[link.status],
        about,
      ]);
    } else if (link.kind === 'pump') {
      pumps.rows.push([...ends, ...pumpCells(link, f), about]);
    } else {
      valves.rows.push([...ends, ...valveCells(link, f), about]);
    }
    const fixed = fixedStatus(link);
    if (fixed) status.rows.push([ends[0]!, fixed]);
  }
  return [pipes, pumps, valves, status];
}

function fixedStatus(link: NetworkLink): string | undefined {
  if (link.kind === 'pump') return link.status === 'closed' ? 'Closed' : undefined;
  if (link.kind === 'valve' && link.status !== 'active') return link.status === 'open' ? 'Open' : 'Closed';
  return undefined;
}

function pumpCells(pump: Pump, f: UnitFactors): (string | number)[] {
  const cells: (string | number)[] = [];
  if (pump.headCurve !== undefined) cells.push('HEAD', fileId(pump.headCurve, 'curve'));
  if (pump.power !== undefined) cells.push('POWER', pump.power / f.power);
  if (cells.length === 0) throw new RangeError(`pump ${pump.id} has neither a head curve nor a power`);
  if (pump.speed !== 1) cells.push('SPEED', pump.speed);
  if (pump.speedPattern !== undefined) cells.push('PATTERN', fileId(pump.speedPattern, 'pattern'));
  return cells;
}

function valveCells(valve: Valve, f: UnitFactors): (string | number)[] {
  const cells: (string | number)[] = [valve.diameter / f.diameter, valve.type];
  if (valve.type === 'GPV') {
    const curve = valve.curve ?? (typeof valve.setting === 'string' ? valve.setting : undefined);
    if (curve === undefined) throw new RangeError(`valve ${valve.id} (GPV) has no head loss curve`);
    return [...cells, fileId(curve, 'curve'), valve.minorLoss];
  }
  if (typeof valve.setting === 'string') {
    throw new RangeError(
      `valve ${valve.id} (${valve.type}) has the setting "${valve.setting}", not a number`,
    );
  }
  const pressure = valve.type === 'PRV' || valve.type === 'PSV' || valve.type === 'PBV';
  const factor = pressure ? f.pressure : valve.type === 'FCV' ? f.flow : 1;
  cells.push(valve.setting / factor, valve.minorLoss);
  if (valve.type === 'PCV' && valve.curve !== undefined) cells.push(fileId(valve.curve, 'curve'));
  return cells;
}

function patternRows(id: string, multipliers: number[]): (string | number)[][] {
  const rows: (string | number)[][] = [];
  for (let i = 0; i < multipliers.length; i += 12) {
    rows.push([fileId(id, 'pattern'), ...multipliers.slice(i, i + 12)]);
  }
  return rows;
}

function curveRows(curve: Curve, f: UnitFactors, uses: Map<string, CurveKind>): (string | number)[][] {
  const x = { head: f.flow, efficiency: f.flow, headloss: f.flow, volume: f.length, valve: 1 };
  const y = { head: f.length, efficiency: 1, headloss: f.length, volume: f.volume, valve: 1 };
  const kind = curve.kind ?? uses.get(curve.id);
  const names = {
    head: 'PUMP',
    efficiency: 'EFFICIENCY',
    headloss: 'HEADLOSS',
    volume: 'VOLUME',
    valve: 'VALVE',
  };
  const rows: (string | number)[][] = kind ? [[`;${names[kind]}:`]] : [];
  const id = fileId(curve.id, 'curve');
  for (const point of curve.points) {
    rows.push([id, point.x / (kind ? x[kind] : 1), point.y / (kind ? y[kind] : 1)]);
  }
  return rows;
}

function vertexRows(id: string, points: [number, number][]): (string | number)[][] {
  return points.map(([x, y]) => [fileId(id, 'link'), x, y]);
}
