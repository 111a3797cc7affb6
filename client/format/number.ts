/** Numbers as people read them: by the point's resolution, never more than four significant figures. */

/** En dash: there is no value. */
export const NO_VALUE = '–';

/**
 * A measured value rounded to its resolution and to at most four significant figures; whole numbers keep all
 * their digits (a volume of 812 345 m³ is not 812 300). NaN gives an en dash.
 */
export function formatValue(value: number, resolution: number): string {
  if (!Number.isFinite(value)) return NO_VALUE;
  const size = Math.abs(value);
  const whole = size < 1 ? 0 : Math.floor(Math.log10(size)) + 1;
  const decimals = Math.max(0, Math.min(decimalsOf(resolution), 4 - whole));
  const text = group(value.toFixed(decimals));
  return /^-0(\.0*)?$/.test(text) ? text.slice(1) : text;
}

/** With a sign, for deviations: `+0.012`, `−0.050`, `0.000`. */
export function formatSigned(value: number, resolution: number): string {
  const text = formatValue(value, resolution);
  if (text === NO_VALUE) return text;
  if (text.startsWith('-')) return `−${text.slice(1)}`;
  return Number(text.replace(/\s/g, '')) > 0 ? `+${text}` : text;
}

/** A count with thin spaces between thousands: `2 100`. */
export const formatCount = (value: number): string =>
  Number.isFinite(value) ? group(Math.round(value).toFixed(0)) : NO_VALUE;

/** Bytes in decimal units: `3.41 GB`. */
export function formatBytes(bytes: number): string {
  if (!Number.isFinite(bytes)) return NO_VALUE;
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  const power = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1000 ** power;
  return `${power === 0 ? value.toFixed(0) : value.toPrecision(3)} ${units[power]}`;
}

function decimalsOf(resolution: number): number {
  return resolution >= 1 ? 0 : Math.ceil(-Math.log10(resolution) - 1e-9);
}

/** Thin no-break spaces every three digits, from five digits on (ISO 80000-1, 7.3.1). */
function group(text: string): string {
  const [whole, rest] = text.split('.') as [string, string | undefined];
  const spaced = /\d{5}/.test(whole) ? whole.replace(/\B(?=(\d{3})+$)/g, '\u202f') : whole;
  return rest === undefined ? spaced : `${spaced}.${rest}`;
}
