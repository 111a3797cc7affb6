/** @throws RangeError naming `what` when the value is not a finite number */
export function finite(value: number, what: string): number {
  if (!Number.isFinite(value)) throw new RangeError(`${what} is ${value}`);
  return value;
}

/** @throws RangeError naming `what` when the value is not finite and greater than 0 */
export function positive(value: number, what: string): number {
  if (!(value > 0) || value === Number.POSITIVE_INFINITY)
    throw new RangeError(`${what} is ${value}, not greater than 0`);
  return value;
}
