import { overSeconds } from '#twin/units.ts';
import { setConstants } from './constants.ts';
import { duty, gather, ORDER, share } from './duty.ts';
import { setLayout } from './fields.ts';
import { aim, movePumps, stepLoop } from './loop.ts';
import { moment, NOW } from './moment.ts';
import { stepCritical, stepPressure } from './pressure.ts';
import { type Rooms, setAt } from './rooms.ts';
import { stepStaging } from './staging.ts';
import { strideCalm } from './stride.ts';

const M = moment;
const N = NOW;
const SET_OWN = setConstants.size;
const W = setLayout.at;
const C = setConstants.at;

/** The pressure loop runs in parts of a step not longer than this, s; near its set-point in longer ones. */
const LOOP_STEP = 0.25;
const QUIET_STEP = 0.5;
/** What is calm takes a step longer than this at once, s. */
const SHORT = 1;
/** What counts as near, MPa. */
const QUIET_ERROR = 0.01;

/** The largest change of the pressure is kept so long, s: gateways ask less often than a logger of ten values a second. */
const SURGE_KEPT = 60;

/**
 * Moves pump set `n` on by `dt` s: which pumps run, the pressure loop, and what it delivers; leaves the means of
 * its flows over the step in its state. Pressure in the main, suction, cap, demand and what others draw are those of the `moment`.
 * @param allowed false while dry-run protection or a power cut forbids running
 */
export function stepSet(rooms: Rooms, n: number, allowed: boolean, dt: number): void {
  const { row, constants } = rooms;
  const own = constants.row;
  const s = setAt(rooms, n);
  const c = constants.setStart + n * SET_OWN;
  aim(row, s, own, c + C.shutoffHead);
  row[s + W.demand] = M[N.demand]!;
  const before = row[s + W.pressure]!;
  stepStaging(rooms, n, allowed, dt);
  const wanted = row[s + W.wanted]! > 0;
  const { order } = duty;
  // pumps that all turn at the common speed go on doing so: its ramp is theirs
  const together = order === ORDER.together && wanted && row[s + W.tripped] === 0;
  if (!together) gather(rooms, n);
  let { turning } = duty;
  const resting = !wanted && turning === 0;
  // while no pump turns, what the room draws and what it then stands on are found together: the one after the other would
  // shut the way around the pumps by each gulp that passes it
  const branch = own[c + C.branch]!;
  const others = M[N.others]!;
  M[N.upstream] = resting ? M[N.mains]! - branch * others * others : M[N.suction]!;
  M[N.bypass] = own[c + (resting ? C.through : C.bypass)]!;
  M[N.crowded] = resting ? branch * others : 0;
  M[N.h] = dt;
  const long = dt > SHORT && (together || resting);
  if (!long || !strideCalm(row, s, own, c, turning)) {
    const near =
      order !== ORDER.apart &&
      row[s + W.tuning] === 1 &&
      Math.abs(row[s + W.target]! - row[s + W.pressure]!) <= QUIET_ERROR;
    const parts = resting
      ? Math.ceil(dt / SHORT)
      : Math.max(1, Math.ceil(dt / (near ? QUIET_STEP : LOOP_STEP)));
    M[N.h] = dt / parts;
    let pumped = 0;
    let delivered = 0;
    for (let i = 0; i < parts; i++) {
      stepLoop(row, s);
      if (together) turnTogether(row, s, turning);
      else if (!resting) {
        movePumps(rooms, n);
        gather(rooms, n);
        turning = duty.turning;
      }
      stepPressure(row, s, own, c, turning);
      pumped += row[s + W.pumped]!;
      delivered += row[s + W.delivered]!;
    }
    row[s + W.pumped] = pumped / parts;
    row[s + W.delivered] = delivered / parts;
  }
  share(rooms, n, together);
  stepCritical(row, s, own, c);
  keepSurge(row, s, Math.abs(row[s + W.pressure]! - before) / dt, dt);
  row[s + W.total] = row[s + W.total]! + overSeconds(row[s + W.delivered]!, dt);
}

/** The largest change of the pressure within a second, of the last minute. @param change of this step, MPa/s */
function keepSurge(row: Float64Array, s: number, change: number, dt: number): void {
  const age = row[s + W.surgeAge]! + dt;
  const larger = change >= row[s + W.surge]! || age > SURGE_KEPT;
  if (larger) row[s + W.surge] = change;
  row[s + W.surgeAge] = larger ? 0 : age;
}

function turnTogether(row: Float64Array, s: number, turning: number): void {
  const { square } = duty;
  const frequency = row[s + W.frequency]!;
  for (let j = 0; j < turning; j++) square[j] = (frequency * frequency) / 2500;
}
