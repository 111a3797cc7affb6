import type { Ground } from '../ground.ts';
import type { Spacing } from './trace.ts';

/** Below this density a level has no streets of its own. */
const LEAST_DENSITY = [0.12, 0.17, 0.2] as const;
/** Spacing in the loosest and in the densest parts, m. */
const LOOSE = [2600, 1150, 360] as const;
const DENSE = [1300, 480, 150] as const;

/** Streets stand closer where more people live. */
export function streetSpacing(ground: Ground): Spacing {
  return (level, x, y) => {
    const density = ground.density(x, y);
    const least = LEAST_DENSITY[level];
    if (density < least) return 0;
    const share = Math.min(1, (density - least) / (1.1 - least));
    return LOOSE[level] * (DENSE[level] / LOOSE[level]) ** Math.sqrt(share);
  };
}
