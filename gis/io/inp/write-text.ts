export interface Section {
  name: string;
  rows: (string | number)[][];
}

/** Bytes of the longest id that EPANET takes; longer ones are read and written all the same. */
export const LONGEST_ID = 31;

/**
 * An id as one word of an input file: in quotes where it holds a blank or would be taken for something else.
 *
 * @throws RangeError when no word of an input file is read as this id
 */
export function fileId(id: string, kind: string): string {
  if (/^[^\s";[][^\s;]*$/.test(id)) return id;
  if (/^[^";\r\n]+$/.test(id)) return `"${id}"`;
  throw new RangeError(
    `${kind} id "${id}" cannot stand in an input file: a word of at least one character without ; or line breaks, nor " beside a blank or at its start`,
  );
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
