/** Pace of water in the picture: 0 stands still, 1 slow … 5 fast. Steps, so that small changes do not make it jump. */
export type Pace = 0 | 1 | 2 | 3 | 4 | 5;

/** A flow below this share of the largest is drawn as still: sensors never read exactly nothing. */
const STILL_SHARE = 0.005;

/** Pace of a flow (m³/h) against the largest the pipe is made for. No value stands still. */
export function paceOf(flow: number, largest: number): Pace {
  if (!Number.isFinite(flow) || !(largest > 0)) return 0;
  const share = flow / largest;
  if (share < STILL_SHARE) return 0;
  return Math.min(5, 1 + Math.floor(Math.sqrt(Math.min(1, share)) * 5)) as Pace;
}
