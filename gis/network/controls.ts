import { parseClock, parseDuration, parseNumber, splitWords } from './words.ts';

/** What a control or rule does to a link; a setting is in the units of the file. */
export type LinkAction = { link: string; status: 'open' | 'closed' } | { link: string; setting: number };

/** When a simple control acts; a level is in the units of the file (pressure at a junction), times in seconds. */
export type ControlCondition =
  | { kind: 'above' | 'below'; node: string; level: number }
  | { kind: 'time' | 'clock'; seconds: number };

export interface Control {
  action: LinkAction;
  condition: ControlCondition;
}

/**
 * Reads a simple control: `LINK id OPEN|CLOSED|setting IF NODE id ABOVE|BELOW level`, `… AT TIME t` or
 * `… AT CLOCKTIME t AM|PM`. A disabled control gives undefined.
 *
 * @throws SyntaxError saying what is wrong, the first when there is more
 */
export function parseControl(text: string): Control | undefined {
  const { action, condition, faults } = readControl(text);
  if (faults.length > 0) throw new SyntaxError(faults[0]);
  return action && condition && { action, condition };
}

/** What can be understood of a simple control, the names in it, and all that is wrong. A disabled one is empty. */
export function readControl(text: string): {
  link?: string;
  node?: string;
  action?: LinkAction;
  condition?: ControlCondition;
  faults: string[];
} {
  const words = splitWords(text);
  if (words.at(-1)?.toUpperCase().startsWith('DISABL')) return { faults: [] };
  const [, link, what, when, , node] = words;
  if (link === undefined || what === undefined) return { faults: ['a control names a link and what to do'] };
  const faults: string[] = [];
  const attempt = <T>(read: () => T): T | undefined => {
    try {
      return read();
    } catch (problem) {
      faults.push((problem as Error).message);
      return undefined;
    }
  };
  const action = attempt(() => parseAction(link, what));
  const condition = attempt(() => parseCondition(words.slice(3)));
  return {
    link,
    ...(when?.toUpperCase() === 'IF' && node !== undefined ? { node } : {}),
    ...(action ? { action } : {}),
    ...(condition ? { condition } : {}),
    faults,
  };
}

function parseCondition([when, object, name, relation, level]: readonly string[]): ControlCondition {
  if (when?.toUpperCase() === 'IF' && name !== undefined) {
    const kind = relationOf(relation);
    const value = parseNumber(level ?? '');
    if (value === undefined) throw new SyntaxError(`the level "${level ?? ''}" is not a number`);
    return { kind, node: name, level: value };
  }
  if (when?.toUpperCase() !== 'AT' || name === undefined) {
    throw new SyntaxError('neither IF NODE, AT TIME nor AT CLOCKTIME');
  }
  const subject = object?.toUpperCase() ?? '';
  const clock = subject.startsWith('CLOCK');
  if (!clock && subject !== 'TIME') throw new SyntaxError(`AT ${object} is not AT TIME or AT CLOCKTIME`);
  const seconds = clock ? parseClock(name, relation) : parseDuration(name, relation);
  if (seconds === undefined) throw new SyntaxError(`"${name}" is not a time`);
  return { kind: clock ? 'clock' : 'time', seconds: Math.round(seconds) };
}

/** @throws SyntaxError when it is neither OPEN, CLOSED nor a number */
export function parseAction(link: string, what: string): LinkAction {
  const word = what.toUpperCase();
  if (word === 'OPEN') return { link, status: 'open' };
  if (word === 'CLOSED') return { link, status: 'closed' };
  const setting = parseNumber(what);
  if (setting === undefined) throw new SyntaxError(`"${what}" is neither OPEN, CLOSED nor a number`);
  if (setting < 0) throw new SyntaxError(`the setting ${what} is negative`);
  return { link, setting };
}

function relationOf(word = ''): 'above' | 'below' {
  const relation = word.toUpperCase();
  if (relation === 'ABOVE') return 'above';
  if (relation === 'BELOW') return 'below';
  throw new SyntaxError(`"${word}" is neither ABOVE nor BELOW`);
}
