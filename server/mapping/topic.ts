/** What the named places of a topic pattern held: `{station: 'SM-0001'}`. */
export type Places = Readonly<Record<string, string>>;

export interface TopicPattern {
  /** what is subscribed to: each place is one level */
  filter: string;
  names: readonly string[];
  /** the places of a topic, undefined when it does not fit; in time that grows with its length */
  match(topic: string): Places | undefined;
}

const PLACE = /\{([a-z][a-zA-Z0-9]*)\}/g;

/**
 * A topic pattern such as `city/{station}/data` or `gw/room-{station}/+`. A place is part of one level; `+` and `#` mean
 * what they mean in MQTT. Throws an Error that says what is wrong.
 */
export function topicPattern(pattern: string): TopicPattern {
  const levels = pattern.split('/');
  const names = [...pattern.matchAll(PLACE)].map(([, name]) => name!);
  if (new Set(names).size < names.length) throw new Error('names a place twice');
  levels.forEach((level, i) => {
    const bare = level.replace(PLACE, '');
    if (/[{}]/.test(bare))
      throw new Error('has a brace that makes no place: places are named like {station}');
    if (/\}\{/.test(level)) throw new Error('has two places with nothing between them');
    if (level === '+' || (level === '#' && i === levels.length - 1)) return;
    if (/[+#]/.test(bare)) throw new Error('has + or # beside other characters');
  });
  const open = levels.at(-1) === '#';
  const fixed = (open ? levels.slice(0, -1) : levels).map(levelMatcher);
  return {
    filter: levels.map((level) => (/\{/.test(level) ? '+' : level)).join('/'),
    names,
    match: (topic) => {
      const given = topic.split('/');
      if (open ? given.length < fixed.length : given.length !== fixed.length) return undefined;
      const held: string[] = [];
      for (const [i, matches] of fixed.entries()) if (!matches(given[i]!, held)) return undefined;
      return Object.fromEntries(names.map((name, i) => [name, held[i]!]));
    },
  };
}

/** Whether a level fits; what its places hold is added to `held`. */
type LevelMatcher = (level: string, held: string[]) => boolean;

function levelMatcher(pattern: string): LevelMatcher {
  if (pattern === '+') return () => true;
  const literals = pattern.split(PLACE).filter((_, i) => i % 2 === 0);
  const [first, ...rest] = literals as [string, ...string[]];
  if (rest.length === 0) return (level) => level === first;
  return (level, held) => {
    const found = heldBetween(level, first, rest);
    if (!found) return false;
    held.push(...found);
    return true;
  };
}

/** What stands between literals that follow each other; where there is a choice, an earlier place holds more. */
function heldBetween(level: string, first: string, rest: readonly string[]): string[] | undefined {
  const last = rest.at(-1)!;
  if (!level.startsWith(first) || !level.endsWith(last)) return undefined;
  const held: string[] = [];
  let end = level.length - last.length;
  for (const literal of rest.slice(0, -1).reverse()) {
    // at least one character of the place behind it
    const at = level.lastIndexOf(literal, end - 1 - literal.length);
    if (at < 0 || end - 1 - literal.length < 0) return undefined;
    held.unshift(level.slice(at + literal.length, end));
    end = at;
  }
  if (end <= first.length) return undefined;
  held.unshift(level.slice(first.length, end));
  return held;
}

/** `{station}` and the like replaced by what the topic held. */
export const fill = (text: string, places: Places): string =>
  text.replace(PLACE, (whole, name: string) => places[name] ?? whole);

export const placesIn = (text: string): string[] => [...text.matchAll(PLACE)].map(([, name]) => name!);
