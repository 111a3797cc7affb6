import type { AgeWords } from '../format/time.ts';

/** A length of time in one figure or two: `40 s`, `5 min`, `1 h 30 min`. */
export function formatLength(seconds: number, words: AgeWords): string {
  const part = (value: number, word: string) => `${value}\u00a0${word}`;
  if (seconds < 59.5) return part(Math.round(seconds), words.second);
  const minutes = Math.round(seconds / 60);
  const hours = Math.floor(minutes / 60);
  if (hours === 0) return part(minutes, words.minute);
  const rest = minutes % 60;
  return rest === 0 ? part(hours, words.hour) : `${part(hours, words.hour)} ${part(rest, words.minute)}`;
}
