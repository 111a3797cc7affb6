export interface Section {
  name: string;
  rows: (string | number)[][];
}

/** The longest id an EPANET input file can hold. */
const longestId = 31;

/** @throws RangeError when the id cannot stand as one word of an input file */
export function fileId(id: string, kind: string): string {
  if (id === '' || id.length > longestId || /[\s;"[\]]/.test(id)) {
    throw new RangeError(
      `${kind} id "${id}" cannot stand in an input file: one word of 1 to ${longestId} characters without ; " [ ]`,
    );
  }
  return id;
}

/**
 * The shortest decimal that survives a change of units and back: 14 digits.
 *
 * @throws RangeError naming `where`, when the value is not finite
 */
export function fileNumber(value: number, where: string): string {
  if (!Number.isFinite(value)) throw new RangeError(`${where}: ${value} is not a number`);
  return String(Number(value.toPrecision(14)));
}

/** Seconds as h:mm:ss. */
export function fileTime(seconds: number): string {
  const whole = Math.round(seconds);
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  return `${h}:${String(m).padStart(2, '0')}:${String(s).padStart(2, '0')}`;
}
