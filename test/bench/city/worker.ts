import { parentPort } from 'node:worker_threads';
import { buildDemoCity, DEMO_SEED } from '#gis/city/city.ts';
import { readXiamenLand } from '#gis/io/land.ts';
import { buildCity } from '#sim/city/build.ts';
import type { City } from '#sim/city/model.ts';
import { PACE, startCity } from '#sim/city/start.ts';
import { stepCity } from '#sim/city/step.ts';
import { NumberHash } from '#sim/scenario/hash.ts';
import { HOUR } from '#twin/units.ts';
import { type LookMs, lookMs } from './looks.ts';
import { massError, water } from './mass.ts';

export interface Task {
  /** simulated time that is measured, s */
  seconds: number;
  /** so long both rates are compared with everything at one second, s */
  fineSeconds: number;
  /** so many looks for alarms are measured after that */
  looks: number;
  /** pure arithmetic instead: what the machine itself gives */
  arithmetic: boolean;
}

export interface Measured {
  /** s */
  wall: number;
  cpu: number;
  rooms: number;
  solves: number;
  hash: string;
  massError: number;
  /** largest difference of head at any room, m; of the works' flows, share of their sum */
  error: { headM: number; flowShare: number } | null;
  lookMs: LookMs | null;
}

const START = Date.UTC(2026, 10, 18) - 8 * HOUR + 6.5 * HOUR;
const WARM_UP = 60;
const model = buildCity(buildDemoCity(DEMO_SEED, readXiamenLand()), { seed: 1 });

parentPort!.on('message', (task: Task) => {
  parentPort!.postMessage(task.arithmetic ? calculate() : run(task));
});

function run({ seconds, fineSeconds, looks }: Task): Measured {
  const city = startCity(model, START, 1);
  live(city, WARM_UP);
  const before = water(city);
  const cpu = process.cpuUsage();
  const started = performance.now();
  live(city, seconds);
  const wall = (performance.now() - started) / 1000;
  const used = process.cpuUsage(cpu);
  const hash = new NumberHash();
  hash.add(city.row);
  hash.add(city.mains.head);
  return {
    wall,
    // of the whole process: meant for when one thread works
    cpu: (used.user + used.system) / 1e6,
    rooms: city.rooms.length,
    solves: city.solves,
    hash: hash.hex(),
    massError: massError(before, water(city)),
    error: fineSeconds > 0 ? twoRateError(fineSeconds) : null,
    lookMs: looks > 0 ? lookMs(model, START, looks) : null,
  };
}

/** A second or so of arithmetic in registers. */
function calculate(): Pick<Measured, 'wall'> & { sum: number } {
  const wall = performance.now();
  let sum = 0;
  for (let i = 1; i < 3e8; i++) sum = sum * 0.5 + i;
  return { wall: (performance.now() - wall) / 1000, sum };
}

function live(city: City, seconds: number): void {
  for (let i = 0; i < seconds; i++) stepCity(city);
}

/** Both at the same seed, compared every minute. */
function twoRateError(seconds: number): { headM: number; flowShare: number } {
  const coarse = startCity(model, START, 1, PACE);
  const fine = startCity(model, START, 1, { every: 1, tolerance: 0, strides: false });
  let headM = 0;
  let flowShare = 0;
  for (let minute = 0; minute * 60 < seconds; minute++) {
    live(coarse, 60);
    live(fine, 60);
    for (const { node } of model.rooms)
      headM = Math.max(headM, Math.abs(coarse.mains.head[node]! - fine.mains.head[node]!));
    const flows = (city: City) => model.scheduled.map(({ link }) => city.mains.flow[link]!);
    const [a, b] = [flows(coarse), flows(fine)];
    const sum = b.reduce((total, flow) => total + flow, 0);
    flowShare = Math.max(flowShare, a.reduce((total, flow, i) => total + Math.abs(flow - b[i]!), 0) / sum);
  }
  return { headM: Number(headM.toPrecision(3)), flowShare: Number(flowShare.toPrecision(3)) };
}
