/** The words, numbers and times of EPANET input files (EPANET 2.2 User Manual, Appendix C). */

/** Words are parted by blanks and tabs; a double quote before one holds blanks together, up to the next quote. */
export function splitWords(data: string): string[] {
  if (!data.includes('"')) {
    const trimmed = data.trim();
    return trimmed === '' ? [] : trimmed.split(/[ \t]+/);
  }
  return [...data.trim().matchAll(/"([^"]*)(?:"|$)|[^ \t]+/g)].map((match) => match[1] ?? match[0]);
}

/** Words as one text that is parted into them again, each with `"` around it that holds blanks. */
export function joinWords(words: readonly string[]): string {
  return words.map((word) => (/^$|[ \t]/.test(word) ? `"${word}"` : word)).join(' ');
}

/** A decimal number, or undefined. */
export function parseNumber(word: string): number | undefined {
  if (!/^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(word)) return undefined;
  const value = Number(word);
  return Number.isFinite(value) ? value : undefined;
}

/**
 * Seconds of "h:mm", "h:mm:ss", or of a decimal number of hours or of the unit that follows; of a time of day where AM or PM
 * does, as EPANET reads all its times; or undefined.
 */
export function parseDuration(word: string, unit?: string): number | undefined {
  return /^[ap]m/i.test(unit ?? '') ? parseClock(word, unit) : secondsIn(word, unit);
}

function secondsIn(word: string, unit?: string): number | undefined {
  const parts = word.split(':');
  if (parts.length > 3) return undefined;
  const numbers = parts.map(parseNumber);
  if (numbers.some((n) => n === undefined || n < 0)) return undefined;
  const [a = 0, b = 0, c = 0] = numbers as number[];
  if (parts.length > 1) return a * 3600 + b * 60 + c;
  const seconds = secondsOf(unit?.toUpperCase() ?? 'HOURS');
  return seconds === undefined ? undefined : a * seconds;
}

/** Seconds after midnight of "h:mm AM", "h:mm PM" or a 24-hour time; or undefined. */
export function parseClock(word: string, half?: string): number | undefined {
  const glued = /^([\d:.]+)([ap]m)$/i.exec(word);
  const suffix = (glued?.[2] ?? half)?.toUpperCase();
  const morning = suffix?.startsWith('AM');
  const afternoon = suffix?.startsWith('PM');
  if (!morning && !afternoon) return secondsIn(word, half);
  const seconds = secondsIn(glued?.[1] ?? word);
  if (seconds === undefined || seconds >= 13 * 3600) return undefined;
  const hourOfHalf = seconds >= 12 * 3600 ? seconds - 12 * 3600 : seconds;
  return afternoon ? hourOfHalf + 12 * 3600 : hourOfHalf;
}

function secondsOf(unit: string): number | undefined {
  if (unit.startsWith('SEC')) return 1;
  if (unit.startsWith('MIN')) return 60;
  if (unit.startsWith('HOU')) return 3600;
  if (unit.startsWith('DAY')) return 86400;
  return undefined;
}
