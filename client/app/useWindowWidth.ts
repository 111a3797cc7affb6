import { useSyncExternalStore } from 'react';

/** Width of the window in CSS pixels; follows it. */
export const useWindowWidth = (): number => useSyncExternalStore(subscribe, () => window.innerWidth);

function subscribe(reader: () => void): () => void {
  window.addEventListener('resize', reader);
  return () => window.removeEventListener('resize', reader);
}
