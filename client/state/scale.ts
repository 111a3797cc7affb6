import { useSyncExternalStore } from 'react';

/** How much larger everything is drawn: big screens are read from afar. `width` in CSS pixels. */
export function scaleFor(width: number): number {
  if (width >= 3200) return 2;
  if (width >= 2400) return 1.3;
  return 1;
}

/** The scale of this window; follows its size. */
export function useScale(): number {
  return useSyncExternalStore(subscribe, () => scaleFor(window.innerWidth));
}

function subscribe(reader: () => void): () => void {
  window.addEventListener('resize', reader);
  return () => window.removeEventListener('resize', reader);
}
