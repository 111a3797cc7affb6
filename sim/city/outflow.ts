/** Head loss grows with this power of the flow (Hazen-Williams). */
const LOSS_EXPONENT = 1.852;

/**
 * The outflow to try next of an opening that gives `conductance·√pressure`, after a solve at the flow `before`.
 *
 * The pressure of that solve hangs on the flow itself. Answered by its full law, a break that the main can hardly feed
 * finds no pressure, shuts, finds all of it again, and swings for ever. So the pressure is taken to fall along a
 * straight line through the solution, p − slope·(q − before), and the law is solved on that line. No single opening
 * knows how many others draw the same main down: the slope is that of all outflows moving together, for which the
 * losses on the way grow by `LOSS_EXPONENT` of the share. Whatever shares whichever pipes, the outflows then
 * approach their solution from one side: slopes S of the heads obey S·q = LOSS_EXPONENT·loss, they are not negative, and
 * so in the norm weighted by q no step is longer than its distance (proof by rows: ω(1 + s) ≤ 1, s = slope·q/2p).
 *
 * @param conductance flow per √m
 * @param pressure m, below zero where the solve drew more than comes
 * @param droop m that the pressure falls for a flow e times as large, all outflows together: `droopOf` the loss on the
 * way. Too much only takes more solves
 * @returns never negative; `before` where the law already holds
 */
export function outflowAt(conductance: number, pressure: number, droop: number, before: number): number {
  const full = conductance * Math.sqrt(Math.max(0, pressure));
  const slope = droop / Math.max(before, full / 2);
  const rest = pressure + slope * before;
  if (!(rest > 0)) return 0;
  return (2 * rest) / (slope + Math.sqrt(slope * slope + (4 * rest) / (conductance * conductance)));
}

/** @param loss m of head from the source, or more */
export function droopOf(loss: number): number {
  return LOSS_EXPONENT * loss;
}
