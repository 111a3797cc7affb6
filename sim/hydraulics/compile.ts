import { checkNetwork } from '#gis/network/check.ts';
import type { Curve, Network, NetworkLink, Tank, Valve } from '#gis/network/model.ts';
import { parseRule } from '#gis/network/rules.ts';
import { epanetFlowBias } from '#gis/network/units.ts';
import { compileControls } from './compile-controls.ts';
import { frictionOf, minorLossOf } from './compile-friction.ts';
import { cubicFoot, foot, Status, waterViscosity } from './constants.ts';
import { transitionEnds } from './darcy.ts';
import { layOut } from './layout.ts';
import { type Hydraulics, LinkKind, type Polyline, type PumpUnit, type TankShape } from './model.ts';
import { interpolate } from './polyline.ts';
import { fitPumpCurve, type PumpCurve } from './pump-curve.ts';

/**
 * Makes a network ready to be solved many times. The network is not kept in step: to change its topology,
 * compile again.
 *
 * @throws RangeError naming every element that cannot be solved, and why
 */
export function compile(network: Network): Hydraulics {
  const problems = checkNetwork(network).map((issue) => issue.cause);
  if (problems.length > 0) throw new RangeError(problems.join('\n'));
  const { nodes, links, options } = network;
  const flowScale = (network.units ? epanetFlowBias(network.units) : 1) / 3600;
  const pressureDriven = options.demandModel === 'PDA';
  const layout = layOut(network, rootedNodes(network, pressureDriven), carrierLinks(network));
  const { nodeOrder, linkOrder, coreLinks, coreNodes, treeStart, from, to } = layout;

  const nodeIds = new Array<string>(nodes.length);
  const elevation = new Float64Array(nodes.length);
  nodes.forEach((node, i) => {
    const n = nodeOrder[i]!;
    nodeIds[n] = node.id;
    elevation[n] = finite(
      node.kind === 'reservoir' ? node.head : node.elevation,
      `${node.kind} ${node.id}: elevation`,
    );
  });
  const nodeIndex = new Map(nodeIds.map((id, n) => [id, n]));
  const patternIndex = new Map(network.patterns.map((pattern, i) => [pattern.id, i]));
  const patternOf = (id: string | undefined): number => (id === undefined ? -1 : patternIndex.get(id)!);
  const curves = new Map(network.curves.map((curve) => [curve.id, curve]));

  const pipeStride = options.headloss === 'D-W' ? 4 : 2;
  const columns = linkColumns(links.length, pipeStride);
  const linkIds = new Array<string>(links.length);
  const pumps: PumpUnit[] = [];
  const pumpOf = new Int32Array(links.length).fill(-1);
  const valveCurves = new Map<number, Polyline>();
  const valves: number[] = [];
  links.forEach((link, i) => {
    const k = linkOrder[i]!;
    linkIds[k] = link.id;
    columns.kind[k] = kindOf(link);
    if (link.kind === 'pump') {
      columns.initialStatus[k] = link.status === 'closed' ? Status.closed : Status.open;
      columns.initialSetting[k] = link.status === 'closed' ? 0 : finite(link.speed, `pump ${link.id}: speed`);
      pumpOf[k] = pumps.length;
      const efficiency = link.efficiencyCurve === undefined ? undefined : curves.get(link.efficiencyCurve)!;
      pumps.push({
        link: k,
        curve: pumpCurveOf(link.id, link.headCurve, link.power, curves, flowScale),
        speedPattern: patternOf(link.speedPattern),
        pricePattern: patternOf(link.pricePattern),
        price: link.energyPrice ?? 0,
        ...(efficiency ? { efficiency: polyline(efficiency, flowScale, 1) } : {}),
      });
      return;
    }
    const diameter = positive(link.diameter, `${link.kind} ${link.id}: diameter`) / 1000;
    columns.diameter[k] = diameter;
    columns.unitLoss[k] = minorLossOf(1, diameter);
    columns.minor[k] = columns.unitLoss[k]! * finite(link.minorLoss, `${link.kind} ${link.id}: minor loss`);
    if (link.kind === 'pipe') {
      columns.initialStatus[k] = link.status === 'closed' ? Status.closed : Status.open;
      const roughness = positive(link.roughness, `pipe ${link.id}: roughness`);
      const length = positive(link.length, `pipe ${link.id}: length`);
      const terms = [
        frictionOf(options.headloss, { length, diameter, roughness }),
        columns.minor[k]!,
        1 / (waterViscosity * options.viscosity * diameter),
        link.roughness / link.diameter / 3.7,
      ];
      columns.pipes.set(terms.slice(0, pipeStride), pipeStride * k);
      if (options.headloss === 'D-W')
        columns.transition.set(transitionEnds(columns.pipes[pipeStride * k + 3]!), 2 * k);
      return;
    }
    valves.push(k);
    placeValve(columns, k, link, flowScale);
    const curve = link.type === 'GPV' ? (link.curve ?? String(link.setting)) : link.curve;
    if (curve === undefined) return;
    const points = curves.get(curve)!;
    if (link.type === 'GPV') {
      if (points.points.length < 2)
        throw new RangeError(`valve ${link.id}: curve ${curve} has fewer than two points`);
      valveCurves.set(k, polyline(points, flowScale, 1));
    } else valveCurves.set(k, polyline(points, 1, 1));
  });

  const tanks = nodes.flatMap((node, i) =>
    node.kind === 'tank' ? [tankShape(node, nodeOrder[i]!, curves)] : [],
  );
  const tankOf = new Int32Array(nodes.length).fill(-1);
  tanks.forEach((tank, i) => {
    tankOf[tank.node] = i;
  });
  const demands = demandsOf(network, nodeOrder, flowScale, patternOf);
  const hydraulics: Hydraulics = {
    network,
    times: network.times,
    options,
    flowScale,
    formula: options.headloss,
    nodeIds,
    nodeIndex,
    linkIds,
    linkIndex: new Map(linkIds.map((id, k) => [id, k])),
    nodeCount: nodes.length,
    linkCount: links.length,
    elevation,
    ...layout,
    ...columns,
    grounded: groundedNodes(coreNodes, treeStart, coreLinks, from, to),
    ...adjacencyOf(treeStart, coreLinks, from, to),
    reservoirs: nodes.flatMap((node, i) =>
      node.kind === 'reservoir'
        ? [{ node: nodeOrder[i]!, head: node.head, pattern: patternOf(node.pattern) }]
        : [],
    ),
    tanks,
    tankOf,
    pumps,
    pumpOf,
    valveCurves,
    valves: Int32Array.from(valves),
    ...demands,
    patterns: network.patterns.map((pattern) => Float64Array.from(pattern.multipliers)),
    patternIndex,
    emitters: emittersOf(network, nodeOrder, flowScale),
    pressureDriven,
    controls: [],
    treeControls: false,
    rules: network.rules.map(parseRule).filter((rule) => rule !== undefined),
    work: {
      system: new Float64Array(2 * treeStart),
      below: new Float64Array(layout.factor.row.length + 1),
      linear: new Float64Array(2 * coreLinks),
      owner: undefined,
      load: new Float64Array(treeStart),
      sums: new Float64Array(3),
    },
  };
  hydraulics.controls = compileControls(hydraulics);
  hydraulics.treeControls = hydraulics.controls.some((control) => control.node >= treeStart);
  return hydraulics;
}

/** Nodes that trees must leave alone: sources, emitters, and all junctions when demands follow the pressure. */
function rootedNodes(network: Network, pressureDriven: boolean): Uint8Array {
  return Uint8Array.from(network.nodes, (node) =>
    node.kind !== 'junction' || (node.emitter ?? 0) > 0 || pressureDriven ? 1 : 0,
  );
}

/**
 * Links whose status changes only by command, away from tanks: pipes without a check valve (1), and valves that
 * just throttle (2).
 */
function carrierLinks(network: Network): Uint8Array {
  const tanks = new Set(network.nodes.filter((node) => node.kind === 'tank').map((node) => node.id));
  return Uint8Array.from(network.links, (link) => {
    if (tanks.has(link.from) || tanks.has(link.to)) return 0;
    if (link.kind === 'pipe') return link.status === 'cv' ? 0 : 1;
    return link.kind === 'valve' && (link.type === 'TCV' || link.type === 'PCV') ? 2 : 0;
  });
}

function linkColumns(n: number, pipeStride: number) {
  return {
    kind: new Uint8Array(n),
    pipeStride,
    pipes: new Float64Array(pipeStride * n),
    transition: new Float64Array(2 * n),
    minor: new Float64Array(n),
    unitLoss: new Float64Array(n),
    diameter: new Float64Array(n),
    initialStatus: new Uint8Array(n),
    initialSetting: new Float64Array(n),
    initialPinned: new Uint8Array(n),
  };
}

function kindOf(link: NetworkLink): number {
  if (link.kind === 'pump') return LinkKind.pump;
  if (link.kind === 'pipe') return link.status === 'cv' ? LinkKind.checkValve : LinkKind.pipe;
  return LinkKind[link.type.toLowerCase() as Lowercase<Valve['type']>];
}

function placeValve(
  columns: ReturnType<typeof linkColumns>,
  k: number,
  valve: Valve,
  flowScale: number,
): void {
  if (valve.status !== 'active') {
    columns.initialStatus[k] = valve.status === 'open' ? Status.open : Status.closed;
    columns.initialPinned[k] = valve.type === 'GPV' ? 0 : 1;
  } else columns.initialStatus[k] = valve.type === 'GPV' ? Status.open : Status.active;
  if (valve.type === 'GPV') return;
  const setting = finite(Number(valve.setting), `valve ${valve.id}: setting`);
  columns.initialSetting[k] = valve.type === 'FCV' ? setting * flowScale : setting;
}

function pumpCurveOf(
  pump: string,
  headCurve: string | undefined,
  power: number | undefined,
  curves: Map<string, Curve>,
  flowScale: number,
): PumpCurve {
  if (headCurve !== undefined) return fitPumpCurve(pump, curves.get(headCurve)!, flowScale);
  const horsepower = positive(power!, `pump ${pump}: power`) / 0.7457;
  return {
    kind: 'constant power',
    designFlow: cubicFoot,
    maxHead: Number.POSITIVE_INFINITY,
    r: 8.814 * horsepower * foot * cubicFoot,
  };
}

function polyline(curve: Curve, xScale: number, yScale: number): Polyline {
  return {
    x: Float64Array.from(curve.points, (point) => point.x * xScale),
    y: Float64Array.from(curve.points, (point) => point.y * yScale),
  };
}

function tankShape(tank: Tank, node: number, curves: Map<string, Curve>): TankShape {
  const what = `tank ${tank.id}`;
  const shape = {
    node,
    bottom: tank.elevation,
    minHead: tank.elevation + finite(tank.minLevel, `${what}: minimum level`),
    maxHead: tank.elevation + finite(tank.maxLevel, `${what}: maximum level`),
    initialHead: tank.elevation + finite(tank.initialLevel, `${what}: initial level`),
    overflow: tank.overflow ?? false,
  };
  const { initialLevel, minLevel, maxLevel } = tank;
  if (!(minLevel <= initialLevel && initialLevel <= maxLevel)) {
    throw new RangeError(`${what}: the initial level is not between the minimum and the maximum level`);
  }
  if (tank.volumeCurve === undefined) {
    const area = (Math.PI * positive(tank.diameter, `${what}: diameter`) ** 2) / 4;
    const minVolume = tank.minVolume > 0 ? tank.minVolume : area * minLevel;
    const maxVolume = minVolume + area * (maxLevel - minLevel);
    return {
      ...shape,
      area,
      minVolume,
      maxVolume,
      initialVolume: minVolume + area * (initialLevel - minLevel),
    };
  }
  const curve = polyline(curves.get(tank.volumeCurve)!, 1, 1);
  const { x, y } = curve;
  const last = x.length - 1;
  if (minLevel < x[0]! || maxLevel > x[last]!) {
    throw new RangeError(
      `${what}: volume curve ${tank.volumeCurve} does not reach from its minimum to its maximum level`,
    );
  }
  return {
    ...shape,
    curve,
    area: (y[last]! - y[0]!) / (x[last]! - x[0]!),
    minVolume: interpolate(curve, minLevel),
    maxVolume: interpolate(curve, maxLevel),
    initialVolume: interpolate(curve, initialLevel),
  };
}

function demandsOf(
  network: Network,
  nodeOrder: Int32Array,
  flowScale: number,
  patternOf: (id: string | undefined) => number,
) {
  // EPANET's default pattern is "1" when the file has one and names no other.
  const named = network.options.defaultPattern ?? '1';
  const fallback = network.patterns.some((pattern) => pattern.id === named) ? patternOf(named) : -1;
  const node: number[] = [];
  const base: number[] = [];
  const pattern: number[] = [];
  network.nodes.forEach((junction, i) => {
    if (junction.kind !== 'junction') return;
    for (const demand of junction.demands) {
      const value = finite(demand.base, `junction ${junction.id}: demand`);
      if (value === 0) continue;
      node.push(nodeOrder[i]!);
      base.push(value * flowScale * network.options.demandMultiplier);
      pattern.push(demand.pattern === undefined ? fallback : patternOf(demand.pattern));
    }
  });
  return {
    demandNode: Int32Array.from(node),
    demandBase: Float64Array.from(base),
    demandPattern: Int32Array.from(pattern),
  };
}

function emittersOf(network: Network, nodeOrder: Int32Array, flowScale: number) {
  const exponent = network.options.emitterExponent;
  return network.nodes.flatMap((node, i) => {
    if (node.kind !== 'junction' || !node.emitter) return [];
    const coefficient = positive(node.emitter, `junction ${node.id}: emitter coefficient`) * flowScale;
    // Head loss of the outflow: h = coefficient · q^(1/exponent).
    return [{ node: nodeOrder[i]!, coefficient: coefficient ** (-1 / exponent) }];
  });
}

/** One junction of every part of the core that holds no reservoir or tank. */
function groundedNodes(
  coreNodes: number,
  treeStart: number,
  coreLinks: number,
  from: Int32Array,
  to: Int32Array,
): Int32Array {
  const parent = Int32Array.from({ length: treeStart }, (_, i) => i);
  const root = (i: number): number => {
    let r = i;
    while (parent[r] !== r) {
      parent[r] = parent[parent[r]!]!;
      r = parent[r]!;
    }
    return r;
  };
  // The greater number wins, so that a root below coreNodes has no source in its part.
  for (let k = 0; k < coreLinks; k++) {
    const [a, b] = [root(from[k]!), root(to[k]!)];
    parent[Math.min(a, b)] = Math.max(a, b);
  }
  const grounded: number[] = [];
  for (let i = 0; i < coreNodes; i++) if (root(i) === i) grounded.push(i);
  return Int32Array.from(grounded);
}

function adjacencyOf(treeStart: number, coreLinks: number, from: Int32Array, to: Int32Array) {
  const adjacencyStart = new Int32Array(treeStart + 1);
  for (let k = 0; k < coreLinks; k++) {
    adjacencyStart[from[k]! + 1]!++;
    adjacencyStart[to[k]! + 1]!++;
  }
  for (let i = 0; i < treeStart; i++) adjacencyStart[i + 1]! += adjacencyStart[i]!;
  const adjacency = new Int32Array(2 * coreLinks);
  const next = adjacencyStart.slice();
  for (let k = 0; k < coreLinks; k++) {
    adjacency[next[from[k]!]!++] = k;
    adjacency[next[to[k]!]!++] = k;
  }
  return { adjacencyStart, adjacency };
}

function finite(value: number, what: string): number {
  if (!Number.isFinite(value)) throw new RangeError(`${what} is ${value}`);
  return value;
}

function positive(value: number, what: string): number {
  if (!(value > 0) || value === Number.POSITIVE_INFINITY)
    throw new RangeError(`${what} is ${value}, not greater than 0`);
  return value;
}
