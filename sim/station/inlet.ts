import { KIND, roomConstants } from './constants.ts';
import { roomLayout, setLayout } from './fields.ts';
import { moment, NOW } from './moment.ts';
import { type Rooms, roomAt, setAt } from './rooms.ts';
import { PREVENTER_LOSS, type RoomSpec } from './spec.ts';

const M = moment;
const N = NOW;
const SET = setLayout.size;

/** Inlet of a tank and protection of the main. Levels as shares of the height, pressures in MPa, times in s. */
export const INLET = {
  /** float valve: shut at `floatShut`, fully open `floatBand` m below (hydraulic float valves: 0.10–0.15 m) */
  floatShut: 0.88,
  floatBand: 0.12,
  /** electric valve: opens below and shuts above */
  open: 0.6,
  shut: 0.86,
  /** back-pressure of the pipe up to the rim of the tank, MPa */
  rise: 0.03,
  /** a remote command lapses after this time without being renewed, s */
  remoteTime: 1800,
  /** a remote command never empties or overfills the tank */
  remoteLow: 0.25,
  remoteHigh: 0.95,
} as const;

/** Dry-run and inlet protection by kind of station: MPa, or share of the tank's height; held so long, s. */
const DRY = {
  tank: { stop: 0.1, restart: 0.2, time: 2 },
  inline: { stop: 0.15, restart: 0.22, time: 5 },
  booster: { stop: 0.06, restart: 0.1, time: 5 },
};
/** The same by the code of the kind. */
const DRY_OF = (Object.keys(KIND) as (keyof typeof KIND)[]).map((kind) => DRY[kind]);
const RESTART_TIME = 60;
/** Direct-drawing rooms slow down before the main falls to the stop value, by the code of the kind. */
const SLOW_DOWN = [0, 0.2, 0.09];
/** A float valve, and a stabilising tank, follow in about this time, s. */
const FLOAT_TIME = 8;
const STABILISING_TIME = 2;

const R = roomLayout.at;
const C = roomConstants.at;

/**
 * Inlet pressure and inflow of a tank with its valve, over `dt` s, at the mains pressure of the `moment`.
 * @param i,c where the room's state and constants stand
 */
export function stepTankInlet({ row, constants }: Rooms, i: number, c: number, dt: number): void {
  const own = constants.row;
  const mains = M[N.mains]!;
  const volume = row[i + R.volume]!;
  const works = row[i + R.valveFault] === 0;
  if (own[c + C.float] === 1) {
    const opening = floatOpening(volume / own[c + C.tankArea]!, own[c + C.tankHeight]!);
    if (works)
      row[i + R.valve] = row[i + R.valve]! + (opening - row[i + R.valve]!) * Math.min(1, dt / FLOAT_TIME);
    row[i + R.valveCommand] = opening;
  } else {
    const share = volume / own[c + C.tankVolume]! + row[i + R.levelError]! / own[c + C.tankHeight]!;
    commandValve(row, i, share, dt);
    if (works && row[i + R.mains] === 1) {
      const step = dt / own[c + C.valveStroke]!;
      const missing = row[i + R.valveCommand]! - row[i + R.valve]!;
      row[i + R.valve] = row[i + R.valve]! + Math.max(-step, Math.min(step, missing));
    }
  }
  const branch = own[c + C.branch]!;
  const flow = valveFlow(own[c + C.kv]!, branch, mains, row[i + R.valve]!);
  row[i + R.inflow] = flow;
  row[i + R.inletPressure] = Math.max(0, mains - branch * flow * flow);
}

/** The controller's wish for an electric valve. @param share level it sees, of the tank's height */
function commandValve(row: Float64Array, i: number, share: number, dt: number): void {
  const remote = Math.max(0, row[i + R.valveRemote]! - dt);
  row[i + R.valveRemote] = remote;
  if (remote === 0) {
    if (share < INLET.open) row[i + R.valveCommand] = 1;
    else if (share > INLET.shut || row[i + R.valveCommand]! < 1) row[i + R.valveCommand] = 0;
  }
  if (share < INLET.remoteLow || share > INLET.remoteHigh) {
    row[i + R.valveRemote] = 0;
    row[i + R.valveCommand] = share < INLET.remoteLow ? 1 : 0;
  }
}

/** Stop and restart values of the dry-run protection: share of the tank's height, or MPa at the inlet. */
export function dryLimits(kind: RoomSpec['kind']): { stop: number; restart: number } {
  return DRY[kind];
}

/** Opening of a float valve, 0 … 1, at a level in m. */
export function floatOpening(level: number, height: number): number {
  return Math.min(1, Math.max(0, (INLET.floatShut * height - level) / INLET.floatBand));
}

/**
 * Flow through branch and valve into a tank, m³/h: `q = Kv √(10 Δp)` with Δp in MPa behind the branch's loss.
 * @param opening 0 … 1, a linear valve
 */
export function inletFlow({ kv, branch }: RoomSpec['inlet'], mains: number, opening: number): number {
  return valveFlow(kv, branch, mains, opening);
}

function valveFlow(open: number, branch: number, mains: number, opening: number): number {
  const drop = mains - INLET.rise;
  if (drop <= 0 || opening <= 0) return 0;
  const kv = open * opening;
  return kv * Math.sqrt((10 * drop) / (1 + 10 * kv * kv * branch));
}

/**
 * Inlet of a room that draws from the main through a small stabilising tank: pressures follow in a few seconds.
 * @param k number of the room @param c where its constants stand
 */
export function stepDirectInlet(rooms: Rooms, k: number, c: number, dt: number): void {
  const { row, firstSet, constants } = rooms;
  const i = roomAt(k);
  const end = setAt(rooms, firstSet[k + 1]!);
  let flow = 0;
  for (let s = setAt(rooms, firstSet[k]!); s < end; s += SET) flow += row[s + setLayout.at.pumped]!;
  flow = Math.max(0, flow);
  const own = constants.row;
  const pressure = Math.max(0, M[N.mains]! - own[c + C.branch]! * flow * flow);
  const lag = Math.min(1, dt / STABILISING_TIME);
  const seen = row[i + R.inletPressure]! + (pressure - row[i + R.inletPressure]!) * lag;
  const share = flow / own[c + C.maxFlow]!;
  row[i + R.inflow] = flow;
  row[i + R.inletPressure] = seen;
  row[i + R.stabilised] = Math.max(0, seen - PREVENTER_LOSS * share * share);
}

/**
 * Trips and releases the protection against running dry, and slows direct-drawing pumps before.
 * @param i,c where the room's state and constants stand
 */
export function stepProtection({ row, constants }: Rooms, i: number, c: number, dt: number): void {
  const own = constants.row;
  const kind = own[c + C.kind]!;
  const { stop, restart, time } = DRY_OF[kind]!;
  const value = kind === KIND.tank ? row[i + R.volume]! / own[c + C.tankVolume]! : row[i + R.inletPressure]!;
  const stopped = row[i + R.dry] === 1;
  const leaving = stopped ? value > restart : value < stop;
  const since = leaving ? row[i + R.dryTime]! + dt : 0;
  const over = since >= (stopped ? RESTART_TIME : time);
  row[i + R.dryTime] = over ? 0 : since;
  if (over) row[i + R.dry] = stopped ? 0 : 1;
  if (kind === KIND.tank) return;
  const missing = SLOW_DOWN[kind]! - value;
  const cap = row[i + R.speedCap]! - (missing > 0 ? 40 * missing : -0.3) * dt;
  row[i + R.speedCap] = Math.min(50, Math.max(22, cap));
}
