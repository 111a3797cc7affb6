const SECONDS = { s: 1, min: 60, h: 3600, d: 86_400 } as const;
const PART = /(\d+(?:\.\d+)?)\s*(s|min|h|d)\b\s*/y;

/** Seconds of a length such as `90 s`, `30min`, `1h 30min`; undefined when it is none. */
export function secondsOf(text: string): number | undefined {
  let total = 0;
  let at = 0;
  const trimmed = text.trim();
  while (at < trimmed.length) {
    PART.lastIndex = at;
    const part = PART.exec(trimmed);
    if (!part) return undefined;
    total += Number(part[1]) * SECONDS[part[2] as keyof typeof SECONDS];
    at = PART.lastIndex;
  }
  return at > 0 ? total : undefined;
}

/** `1 h 05 min`, for people. */
export function inWords(seconds: number): string {
  const h = Math.floor(seconds / 3600);
  const min = Math.floor((seconds % 3600) / 60);
  const s = Math.round(seconds % 60);
  const parts = [h > 0 ? `${h} h` : '', min > 0 ? `${min} min` : '', s > 0 ? `${s} s` : ''];
  return parts.filter((part) => part !== '').join(' ') || '0 s';
}
