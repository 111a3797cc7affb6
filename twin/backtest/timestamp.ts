import { MINUTE } from '#twin/units.ts';

/** Year first, leading zeros or not, `2026-06-01T08:00:02.5Z`, `2026/6/1 8:00`, `2026年6月1日 8:00:02`. */
const FORM =
  /^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:(?:T|\s+)(\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:[.,](\d{1,9}))?)?)?\s*(Z|[+-]\d\d:?\d\d)?$/i;

/**
 * The time that a text names, ms since epoch; null when it names none, or none that a clock shows.
 * @param zone of a text that names none, such as `+08:00`
 */
export function timestampOf(text: string, zone: string): number | null {
  const match = FORM.exec(text.trim());
  if (!match) return null;
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map((part) => Number(part ?? 0));
  const date = Date.UTC(year!, month! - 1, day!);
  // the 31st of a month of thirty days would be the first of the next
  if (new Date(date).getUTCMonth() !== month! - 1 || day! < 1) return null;
  if (hour! > 23 || minute! > 59 || second! > 59) return null;
  const fraction = Math.round(1000 * Number(`0.${match[7] ?? 0}`));
  return date + ((hour! * 60 + minute!) * 60 + second!) * 1000 + fraction - offsetOf(match[8] ?? zone);
}

function offsetOf(zone: string): number {
  if (/^z$/i.test(zone)) return 0;
  const [, sign, hours, minutes] = /^([+-])(\d\d):?(\d\d)$/.exec(zone)!;
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * MINUTE;
}
