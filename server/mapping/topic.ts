/** What the named places of a topic pattern held: `{station: 'SM-0001'}`. */
export type Places = Readonly<Record<string, string>>;

export interface TopicPattern {
  /** what is subscribed to: each place is one level */
  filter: string;
  names: readonly string[];
  /** the places of a topic, undefined when it does not fit */
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
  const expression = new RegExp(`^${levels.map(levelExpression).join('/').replace('/(?:.*)$', '(?:/.*)?')}$`);
  return {
    filter: levels.map((level) => (/\{/.test(level) ? '+' : level)).join('/'),
    names,
    match: (topic) => {
      const found = expression.exec(topic);
      return found ? Object.fromEntries(names.map((name, i) => [name, found[i + 1]!])) : undefined;
    },
  };
}

function levelExpression(level: string): string {
  if (level === '+') return '[^/]*';
  if (level === '#') return '(?:.*)$';
  const literals = level.split(PLACE).map((part, i) => (i % 2 === 1 ? '([^/]+)' : escaped(part)));
  return literals.join('');
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** `{station}` and the like replaced by what the topic held. */
export const fill = (text: string, places: Places): string =>
  text.replace(PLACE, (whole, name: string) => places[name] ?? whole);

export const placesIn = (text: string): string[] => [...text.matchAll(PLACE)].map(([, name]) => name!);
