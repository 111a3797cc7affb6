/**
 * A word of the host to itself. A broker hands it over behind all that came before, so that the time it takes says how far the
 * host is behind. One that a full broker has dropped never comes: then, too, the host is behind.
 */
export interface Echo {
  readonly topic: string;
  /** Says the next word, unless one is still on its way. */
  say(publish: (payload: string) => void): void;
  heard(payload: Uint8Array): void;
  /** ms; 0 until a first word has come back, since a broker may not let it pass */
  readonly lag: number;
}

/** @param now ms by a clock that is never set */
export function echoOf(hostId: string, now: () => number = () => performance.now()): Echo {
  let word = 0;
  let said: number | undefined;
  let comes = false;
  let lag = 0;
  return {
    // outside of Sparkplug's names, which are for its own messages
    topic: `shuijing/echo/${hostId}`,
    say(publish) {
      if (said !== undefined) return;
      said = now();
      publish(String(++word));
    },
    heard(payload) {
      if (said === undefined || new TextDecoder().decode(payload) !== String(word)) return;
      lag = now() - said;
      said = undefined;
      comes = true;
    },
    get lag() {
      if (!comes) return 0;
      return said === undefined ? lag : Math.max(lag, now() - said);
    },
  };
}
