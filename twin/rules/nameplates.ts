import { ratedCurrent } from '#twin/curves/motor.ts';
import { codeAt } from './fleet.ts';
import { AS_BEFORE, type NumberColumn, oncePerLook } from './look.ts';

/** Rated current of each pump's motor, A, written down when its station comes; NaN where nobody knows the motor. */
export function ratedCurrents(): NumberColumn {
  let known = 0;
  return oncePerLook('pump', ({ fleet, motorsOf }, out, rows) => {
    if (known === rows) return AS_BEFORE;
    for (let row = 0; row < rows; row++) {
      const kw = motorsOf?.(codeAt(fleet, 'pump', row))?.[fleet.spots.pump[row]!.name];
      out[row] = kw && kw > 0 ? ratedCurrent(kw) : Number.NaN;
    }
    known = rows;
    return undefined;
  });
}
