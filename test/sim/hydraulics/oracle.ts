import { InitHydOption, LinkProperty, NodeProperty, Project, Workspace } from 'epanet-js';
import { writeInp } from '#gis/io/inp/write.ts';
import type { Network } from '#gis/network/model.ts';
import { unitFactors } from '#gis/network/units.ts';

export interface OracleStep {
  t: number;
  iterations: number;
  /** Σ|Δq| / Σ|q| at the end */
  error: number;
  /** m, by node id */
  heads: Map<string, number>;
  /** m³/h, by link id */
  flows: Map<string, number>;
  shut: Map<string, boolean>;
}

let workspace: Workspace | undefined;

/** What EPANET 2.3.5 answers at every one of its hydraulic steps, to `inp`; the network as we write it when left out. */
export async function askEpanet(network: Network, inp = writeInp(network)): Promise<OracleStep[]> {
  if (!workspace) {
    workspace = new Workspace();
    await workspace.loadModule();
  }
  workspace.writeFile('network.inp', inp);
  const f = unitFactors(network.units ?? 'CMH');
  const project = new Project(workspace);
  const steps: OracleStep[] = [];
  const quiet = console.warn;
  console.warn = () => {};
  try {
    project.open('network.inp', 'network.rpt', '');
    project.openH();
    project.initH(InitHydOption.InitFlow);
    do {
      const t = project.runH();
      const step: OracleStep = {
        t,
        iterations: project.getStatistic(0),
        error: project.getStatistic(1),
        heads: new Map(),
        flows: new Map(),
        shut: new Map(),
      };
      for (const { id } of network.nodes) {
        step.heads.set(id, project.getNodeValue(project.getNodeIndex(id), NodeProperty.Head) * f.length);
      }
      for (const { id } of network.links) {
        const index = project.getLinkIndex(id);
        step.flows.set(id, project.getLinkValue(index, LinkProperty.Flow) * f.flow);
        step.shut.set(id, project.getLinkValue(index, LinkProperty.Status) === 0);
      }
      steps.push(step);
    } while (project.nextH() > 0);
    return steps;
  } finally {
    project.close();
    console.warn = quiet;
  }
}
