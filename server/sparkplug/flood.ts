/** What may be sent at once, and how much more a second after that. */
export interface Allowance {
  burst: number;
  perSecond: number;
}

/** What one node may send: births and deaths, its own and its devices', by number; everything else by size, in kilobytes begun. */
export interface FloodLimits {
  births: Allowance;
  devices: Allowance;
  data: Allowance;
}

/** How much a node may still send, as of a time in ms. */
export interface Budget {
  left: number;
  at: number;
}

/** Takes `weight` off the budget at `time`, ms; false, and nothing taken, when there is not so much. */
export function admits(
  budget: Budget,
  time: number,
  weight: number,
  { burst, perSecond }: Allowance,
): boolean {
  // the server's clock may be set back
  const refilled = budget.left + (Math.max(0, time - budget.at) / 1000) * perSecond;
  budget.left = Math.min(burst, refilled);
  budget.at = time;
  if (budget.left < weight) return false;
  budget.left -= weight;
  return true;
}
