import { InitHydOption, LinkProperty, NodeProperty, Project, Workspace } from 'epanet-js';
import { writeInp } from '#gis/io/inp/write.ts';
import type { Network } from '#gis/network/model.ts';

/** An extended-period solution, one entry per hydraulic step that falls on the report step. */
export interface EpanetRun {
  nodeIds: string[];
  linkIds: string[];
  /** seconds since the start */
  times: number[];
  /** per time, per node: m of water */
  pressure: Float64Array[];
  /** per time, per link: m³/h, positive from `from` to `to` */
  flow: Float64Array[];
  /** per time, per link: m/s */
  velocity: Float64Array[];
  /** EPANET's warnings, word for word */
  warnings: string[];
}

const INPUT = 'network.inp';
const REPORT = 'network.rpt';

/**
 * Solves a network with EPANET 2.3 over its own duration.
 * @throws Error with EPANET's words when it refuses the network
 */
export async function runEpanet(network: Network): Promise<EpanetRun> {
  const workspace = new Workspace();
  await workspace.loadModule();
  workspace.writeFile(INPUT, writeInp({ ...network, units: 'CMH' }));
  const project = new Project(workspace);
  const run: EpanetRun = {
    nodeIds: network.nodes.map((node) => node.id),
    linkIds: network.links.map((link) => link.id),
    times: [],
    pressure: [],
    flow: [],
    velocity: [],
    warnings: [],
  };
  try {
    project.open(INPUT, REPORT, '');
    const nodeAt = run.nodeIds.map((id) => project.getNodeIndex(id) - 1);
    const linkAt = run.linkIds.map((id) => project.getLinkIndex(id) - 1);
    project.openH();
    project.initH(InitHydOption.NoSave);
    for (;;) {
      const time = project.runH();
      if (time % network.times.reportStep === 0) {
        run.times.push(time);
        run.pressure.push(inOrder(project.getNodeValues(NodeProperty.Pressure), nodeAt));
        run.flow.push(inOrder(project.getLinkValues(LinkProperty.Flow), linkAt));
        run.velocity.push(inOrder(project.getLinkValues(LinkProperty.Velocity), linkAt));
      }
      if (project.nextH() === 0) break;
    }
    project.closeH();
  } finally {
    project.close();
  }
  run.warnings = workspace
    .readFile(REPORT)
    .split('\n')
    .filter((line) => line.includes('WARNING'))
    .map((line) => line.trim());
  return run;
}

function inOrder(values: readonly number[], at: readonly number[]): Float64Array {
  return Float64Array.from(at, (index) => values[index]!);
}
