import { type Info, type Options, parse } from 'csv-parse/sync';
import type { RecordedRow, Recording } from '#twin/backtest/readings.ts';
import { decodeText } from '#twin/text/decode.ts';

const SEPARATORS = [',', ';', '\t', '|'] as const;
/** Letters in which the head of a table ends for certain. */
const HEAD = 200_000;

const READ: Options = {
  trim: true,
  skip_empty_lines: true,
  relax_quotes: true,
  // a row of too few or too many cells is one row lost, not the file
  relax_column_count: true,
};

/**
 * Reads a CSV file in UTF-8, UTF-16 or GBK.
 * @param separator between columns; null: the one by which most of the `wanted` columns are there
 * @throws Error with what is wrong with the text as a whole
 */
export function recordingIn(
  bytes: Uint8Array,
  separator: string | null,
  wanted: readonly string[],
): Recording {
  const text = decodeText(bytes);
  if (text.trim() === '') throw new Error('the file is empty');
  const delimiter = separator ?? separatorOf(text, wanted);
  const rows: RecordedRow[] = [];
  const options: Options = {
    ...READ,
    delimiter,
    on_record: (cells: string[], { lines }: Info) => {
      rows.push({ line: lines, cells });
      return null;
    },
  };
  parse(text, options);
  return { columns: rows[0]!.cells, rows: rows.slice(1) };
}

function separatorOf(text: string, wanted: readonly string[]): string {
  const found = SEPARATORS.map((delimiter) => {
    const [cells = []] = parse(text.slice(0, HEAD), { ...READ, delimiter, to: 1 }) as string[][];
    return { delimiter, known: wanted.filter((name) => cells.includes(name)).length, cells: cells.length };
  });
  return found.sort((a, b) => b.known - a.known || b.cells - a.cells)[0]!.delimiter;
}
