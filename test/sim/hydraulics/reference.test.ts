import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { readInp } from '#gis/io/inp/read.ts';
import { unitFactors } from '#gis/network/units.ts';
import { compile } from '#sim/hydraulics/compile.ts';
import { runExtended, solveSteady } from '#sim/hydraulics/extended.ts';
import { type Hydraulics, LinkKind } from '#sim/hydraulics/model.ts';
import { linkFlow } from '#sim/hydraulics/report.ts';
import { createState } from '#sim/hydraulics/state.ts';

/**
 * Agreement with native EPANET 2.3.5 on published networks, which lie beside the project when it is accepted
 * and are skipped elsewhere. `epanet.test.ts` asks for the same of networks of our own.
 */
const shared = fileURLToPath(new URL('../../../../shared/networks/', import.meta.url));
const atStart = list('t0');
const hourly = list('hourly');

function list(folder: string): string[] {
  const path = `${shared}reference/${folder}`;
  return existsSync(path) ? readdirSync(path).map((name) => name.replace('.json', '')) : [];
}

function load(name: string): Hydraulics {
  return compile(readInp(readFileSync(`${shared}${name}.inp`)).network);
}

function fileUnits(h: Hydraulics) {
  return unitFactors(h.network.units!, h.network.pressureUnits, h.options.specificGravity);
}

describe.skipIf(atStart.length === 0)('the start state', () => {
  it.each(atStart)('of %s is EPANET’s to a millimetre', (name) => {
    const reference = JSON.parse(readFileSync(`${shared}reference/t0/${name}.json`, 'utf8')) as {
      heads: Record<string, number>;
      flows: Record<string, number>;
    };
    const h = load(name);
    const s = createState(h);
    const solved = solveSteady(h, s, { accuracy: 1e-5 });
    expect(solved.converged).toBe(true);
    const f = fileUnits(h);
    const heads = Object.entries(reference.heads).filter(([id]) => !s.cutOff[h.nodeIndex.get(id)!]);
    expect(Object.keys(reference.heads).length - heads.length).toBe(solved.cutOff.length);
    const offHeads = heads.filter(
      ([id, head]) => Math.abs(s.head[h.nodeIndex.get(id)!]! - head * f.length) > 1e-3,
    );
    expect(offHeads).toEqual([]);
    const largest = Math.max(...Object.values(reference.flows).map(Math.abs));
    const offFlows = Object.entries(reference.flows).filter(([id, flow]) => {
      const ours = linkFlow(h, s, h.linkIndex.get(id)!) / f.flow;
      return Math.abs(ours - flow) > Math.max(1e-3 * Math.abs(flow), 1e-4 * largest);
    });
    expect(offFlows).toEqual([]);
  });
});

interface Hourly {
  nodeIds: string[];
  linkIds: string[];
  steps: { t: number; head: number[]; flow: number[] }[];
}

describe.skipIf(hourly.length === 0)('every hour', () => {
  it.each(hourly)('of %s is EPANET’s to 5 cm, with the same links shut', (name) => {
    const reference = JSON.parse(readFileSync(`${shared}reference/hourly/${name}.json`, 'utf8')) as Hourly;
    const h = load(name);
    const f = fileUnits(h);
    const nodes = reference.nodeIds.map((id) => h.nodeIndex.get(id)!);
    const links = reference.linkIds.map((id) => h.linkIndex.get(id)!);
    const due = new Map(reference.steps.map((step) => [step.t, step]));
    let [compared, off, statuses, otherwise] = [0, 0, 0, 0];
    runExtended(h, createState(h), {
      until: reference.steps.at(-1)!.t,
      onStep: (s, solved) => {
        expect(solved.converged).toBe(true);
        const step = due.get(s.time);
        if (!step) return;
        due.delete(s.time);
        nodes.forEach((n, i) => {
          compared++;
          if (Math.abs(s.head[n]! - step.head[i]! * f.length) > 0.05) off++;
        });
        links.forEach((k, i) => {
          if (h.kind[k] === LinkKind.pipe) return;
          statuses++;
          const flows = Math.abs(linkFlow(h, s, k)) > 0.01;
          if (flows !== Math.abs(step.flow[i]! * f.flow) > 0.01) otherwise++;
        });
      },
    });
    expect(due.size).toBe(0);
    expect(off / compared).toBeLessThanOrEqual(0.001);
    expect(otherwise).toBe(0);
    expect(statuses + compared).toBeGreaterThan(0);
  });

  it('of BWSN2 is solved, also where EPANET stops unbalanced, at hour 27', () => {
    const h = load('BWSN2');
    const open: number[] = [];
    runExtended(h, createState(h), {
      until: 30 * 3600,
      onStep: (s, solved) => {
        if (!solved.converged) open.push(s.time);
      },
    });
    expect(open).toEqual([]);
  });
});
