import type { HydraulicState, Hydraulics, Workspace } from './model.ts';

/**
 * Pipes in series share one unknown flow: what enters the chain; each further pipe carries that less what the
 * junctions before it draw. With the linearised law of each pipe, drop = resistance·q − push, the law of the chain
 * is their sum, so that the iterations are those of the whole network, junction by junction.
 */

/** What the junctions before each pipe of a chain draw, with the trees on them. */
export function gatherChains(h: Hydraulics, w: Workspace): void {
  const { singleCount, chainCount, chainStart, innerStart } = h;
  const { load, drawn } = w;
  let n = innerStart;
  for (let c = singleCount; c < chainCount; c++) {
    const first = chainStart[c]!;
    const end = chainStart[c + 1]!;
    let sum = 0;
    drawn[first] = 0;
    for (let k = first + 1; k < end; k++) {
      sum += load[n++]!;
      drawn[k] = sum;
    }
  }
}

/** Heads of the junctions within chains, by the laws of the last step, as if they had been solved for. */
export function spreadChains(h: Hydraulics, s: HydraulicState, w: Workspace): void {
  const { singleCount, chainCount, chainStart, innerStart, ends } = h;
  const { head } = s;
  const { drawn, carried, laws } = w;
  let n = innerStart;
  for (let c = singleCount; c < chainCount; c++) {
    const whole = carried[c]!;
    let at = head[ends[3 * c]! >> 1]!;
    const last = chainStart[c + 1]! - 1;
    for (let k = chainStart[c]!; k < last; k++) {
      at -= laws[2 * k]! * (whole - drawn[k]!) - laws[2 * k + 1]!;
      head[n++] = at;
    }
  }
}
