/** Times in the city's zone, 24 h. */
export interface Clock {
  /** `14:05` */
  minute(time: number): string;
  /** `14:05:09` */
  second(time: number): string;
  /** `11-22 14:05` */
  dayMinute(time: number): string;
}

/** Formats of a zone; `Intl` objects are made once per zone because making them costs more than using them. */
export function clockOf(timeZone: string): Clock {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    hourCycle: 'h23',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  });
  const parts = (time: number) =>
    Object.fromEntries(format.formatToParts(time).map((part) => [part.type, part.value]));
  const guard = (make: (p: Record<string, string>) => string) => (time: number) =>
    Number.isFinite(time) ? make(parts(time)) : '–';
  return {
    minute: guard((p) => `${p.hour}:${p.minute}`),
    second: guard((p) => `${p.hour}:${p.minute}:${p.second}`),
    dayMinute: guard((p) => `${p.month}-${p.day} ${p.hour}:${p.minute}`),
  };
}

export interface AgeWords {
  now: string;
  second: string;
  minute: string;
  hour: string;
  day: string;
}

/** How old something is, in one figure and one unit: `3 s`, `12 min`, `5 h`, `2 d`. Negative ages are now. */
export function formatAge(ms: number, words: AgeWords): string {
  if (!Number.isFinite(ms)) return '–';
  const seconds = Math.max(0, ms / 1000);
  if (seconds < 1) return words.now;
  if (seconds < 60) return `${Math.floor(seconds)}\u00a0${words.second}`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)}\u00a0${words.minute}`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)}\u00a0${words.hour}`;
  return `${Math.floor(seconds / 86_400)}\u00a0${words.day}`;
}

/** Relative when younger than an hour, else the time of day, with the date when older than twelve hours. */
export function formatMoment(time: number, now: number, clock: Clock, words: AgeWords): string {
  if (!Number.isFinite(time)) return '–';
  const age = now - time;
  if (age < 3_600_000) return formatAge(age, words);
  return age < 43_200_000 ? clock.minute(time) : clock.dayMinute(time);
}
