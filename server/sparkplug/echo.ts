/**
 * Words of the host to itself. A broker hands them over behind all that came before, so that the time they take says how far the
 * host is behind. What a full broker has dropped never comes: then, too, the host is behind, until a later word does.
 */
export interface Echo {
  readonly topic: string;
  /** Says the next word. */
  say(publish: (payload: string) => void): void;
  heard(payload: Uint8Array): void;
  /** ms since the oldest word that is on its way was said; 0 until a first one has come back, since a broker may not let it pass */
  readonly lag: number;
}

/** More words than are on their way in a minute and a half are not remembered: the oldest counts. */
const MOST = 100;

/** @param now ms by a clock that is never set */
export function echoOf(hostId: string, now: () => number = () => performance.now()): Echo {
  let word = 0;
  let comes = false;
  /** when each was said, by its number */
  const onTheirWay = new Map<number, number>();
  return {
    // outside of Sparkplug's names, which are for its own messages
    topic: `shuijing/echo/${hostId}`,
    say(publish) {
      word++;
      if (onTheirWay.size < MOST) onTheirWay.set(word, now());
      publish(String(word));
    },
    heard(payload) {
      const heard = Number(new TextDecoder().decode(payload));
      if (!(heard >= 1 && heard <= word)) return;
      for (const one of onTheirWay.keys()) if (one <= heard) onTheirWay.delete(one);
      comes = true;
    },
    get lag() {
      const [oldest] = onTheirWay.values();
      return comes && oldest !== undefined ? now() - oldest : 0;
    },
  };
}
