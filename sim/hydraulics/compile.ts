import { checkNetwork } from '#gis/network/check.ts';
import type { Curve, Network, NetworkLink, Valve } from '#gis/network/model.ts';
import { fullPressure } from '#gis/network/pressure-range.ts';
import { parseRule } from '#gis/network/rules.ts';
import { epanetFlowBias } from '#gis/network/units.ts';
import { compileControls } from './compile-controls.ts';
import { demandsOf, emittersOf } from './compile-demands.ts';
import { frictionOf, minorLossOf } from './compile-friction.ts';
import { adjacencyOf, groundedNodes } from './compile-graph.ts';
import { tankShape } from './compile-tanks.ts';
import { cubicFoot, foot, Status, waterViscosity } from './constants.ts';
import { swamee, transitionEnds } from './darcy.ts';
import { layOut } from './layout.ts';
import { type Hydraulics, LinkKind, type Polyline, type PumpCurve, type PumpUnit } from './model.ts';
import { finite, positive } from './numbers.ts';
import { polyline } from './polyline.ts';
import { fitPumpCurve } from './pump-curve.ts';

/**
 * Makes a network ready to be solved many times. The network is not kept in step: to change its topology,
 * compile again.
 *
 * @throws RangeError naming every element that cannot be solved, and why
 */
export function compile(network: Network): Hydraulics {
  const problems = checkNetwork(network).map((issue) => issue.cause);
  if (problems.length > 0) throw new RangeError(problems.join('\n'));
  const { nodes, links } = network;
  const options = { ...network.options, requiredPressure: fullPressure(network.options) };
  const flowScale = (network.units ? epanetFlowBias(network.units) : 1) / 3600;
  const pressureDriven = options.demandModel === 'PDA';
  const layout = layOut(network, rootedNodes(network, pressureDriven), carrierLinks(network));
  const { nodeOrder, linkOrder, coreLinks, coreNodes, innerStart, treeStart, from, to } = layout;

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

  const pipeStride = options.headloss === 'D-W' ? 5 : 2;
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
      const speed = link.status === 'closed' ? 0 : finite(link.speed, `pump ${link.id}: speed`);
      columns.initialStatus[k] = speed === 0 ? Status.closed : Status.open;
      columns.initialSetting[k] = speed;
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
    columns.unitLoss[k] = finite(
      minorLossOf(1, diameter),
      `${link.kind} ${link.id}: loss of a coefficient of 1`,
    );
    columns.minor[k] = columns.unitLoss[k]! * finite(link.minorLoss, `${link.kind} ${link.id}: minor loss`);
    if (link.kind === 'pipe') {
      columns.initialStatus[k] = link.status === 'closed' ? Status.closed : Status.open;
      const roughness = positive(link.roughness, `pipe ${link.id}: roughness`);
      const length = positive(link.length, `pipe ${link.id}: length`);
      const slowness = 1 / (waterViscosity * options.viscosity * diameter);
      const terms = [
        positive(
          frictionOf(options.headloss, { length, diameter, roughness }),
          `pipe ${link.id}: resistance`,
        ),
        columns.minor[k]!,
        slowness,
        link.roughness / link.diameter / 3.7,
        swamee * slowness ** -0.9,
      ];
      columns.pipes.set(terms.slice(0, pipeStride), pipeStride * k);
      if (options.headloss === 'D-W')
        columns.transition.set(transitionEnds(columns.pipes[pipeStride * k + 3]!), 2 * k);
      return;
    }
    if (link.type === 'PRV' || link.type === 'PSV' || link.type === 'FCV') valves.push(k);
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
    sourceTwigs: layout.treeParent
      .map((parent, twig) => (parent >= coreNodes && parent < innerStart ? twig : -1))
      .filter((twig) => twig >= 0),
    grounded: groundedNodes(layout),
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
    throttles: Int32Array.from(
      linkOrder.filter((k) => k < layout.plainLinks && columns.kind[k] !== LinkKind.pipe),
    ).sort(),
    ...demands,
    patterns: network.patterns.map((pattern) => Float64Array.from(pattern.multipliers)),
    patternIndex,
    emitters: emittersOf(network, nodeOrder, flowScale),
    pressureDriven,
    controls: [],
    treeControls: false,
    rules: network.rules.map(parseRule).filter((rule) => rule !== undefined),
    work: {
      system: new Float64Array(2 * innerStart),
      below: new Float64Array(layout.factor.row.length + 1),
      linear: new Float64Array(2 * coreLinks),
      laws: new Float64Array(2 * layout.plainLinks),
      owner: undefined,
      shifted: false,
      load: new Float64Array(treeStart),
      drawn: new Float64Array(layout.plainLinks),
      shut: new Int32Array(layout.plainLinks),
      shutCount: 0,
      carried: new Float64Array(layout.chainCount),
      reached: new Uint8Array(nodes.length),
      via: new Int32Array(treeStart),
      reachedBy: new Uint8Array(links.length),
      treeLoss: new Float64Array(nodes.length - treeStart),
      sums: new Float64Array(3),
    },
  };
  hydraulics.controls = compileControls(hydraulics);
  hydraulics.treeControls = hydraulics.controls.some((control) => control.node >= innerStart);
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
