import { createContext, useCallback, useContext, useEffect, useSyncExternalStore } from 'react';
import type { LinkState } from './link.ts';
import type { Live } from './live.ts';
import type { LiveSheet } from './sheets.ts';
import { throttle } from './throttle.ts';

export const LiveContext = createContext<Live | null>(null);

/** The page's live connection. Throws outside its provider. */
export function useLive(): Live {
  const live = useContext(LiveContext);
  if (!live) throw new Error('useLive needs a LiveContext provider above it');
  return live;
}

export function useLink(): LinkState {
  const { link } = useLive();
  return useSyncExternalStore(link.subscribe, link.get);
}

/**
 * Watches a topic as long as the component is mounted and renders it again at most every `everyMs`. Null topic:
 * watches nothing.
 */
export function useLiveSheet(topic: string | null, everyMs = 0): LiveSheet | undefined {
  const { sheets, watches } = useLive();
  useEffect(() => (topic === null ? undefined : watches.add(topic)), [topic, watches]);
  const subscribe = useCallback(
    (reader: () => void) => {
      if (topic === null) return () => {};
      const slow = throttle(reader, everyMs);
      const end = sheets.subscribe(topic, slow.call);
      return () => {
        end();
        slow.cancel();
      };
    },
    [topic, sheets, everyMs],
  );
  useSyncExternalStore(subscribe, () => (topic === null ? 0 : sheets.version(topic)));
  return topic === null ? undefined : sheets.get(topic);
}

/** The server's time, renewed every `everyMs`. */
export function useServerNow(everyMs = 1000): number {
  const { clock } = useLive();
  const subscribe = useCallback(
    (reader: () => void) => {
      const timer = setInterval(reader, everyMs);
      return () => clearInterval(timer);
    },
    [everyMs],
  );
  return useSyncExternalStore(subscribe, () => Math.floor(clock.now() / everyMs) * everyMs);
}
