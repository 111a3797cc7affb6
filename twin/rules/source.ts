import { isMap, isScalar, isSeq, parseDocument, stringify } from 'yaml';

/** The text of each rule of a file as it was written, without its dash and indentation; by id. */
export function sourcesOf(yaml: string): Map<string, string> {
  const sources = new Map<string, string>();
  const { contents } = parseDocument(yaml);
  if (!isSeq(contents)) return sources;
  for (const item of contents.items) {
    if (!isMap(item) || !item.range) continue;
    const [start, end] = item.range;
    const column = start - (yaml.lastIndexOf('\n', start - 1) + 1);
    const lines = yaml.slice(start, end).trimEnd().split('\n');
    const margin = new RegExp(`^ {0,${column}}`);
    sources.set(String(item.get('id')), `${lines.map((line) => line.replace(margin, '')).join('\n')}\n`);
  }
  return sources;
}

/** What a version says of itself. */
export interface Stamp {
  version: number;
  author: string;
  reason: string;
}

/** The text of one valid rule with another version, author and reason; every other letter stays as it was written. */
export function stamped(yaml: string, stamp: Stamp): string {
  const { contents } = parseDocument(yaml);
  const map = isSeq(contents) ? contents.items[0] : contents;
  if (!isMap(map)) throw new Error('a rule is a map');
  const places = Object.entries(stamp).map(([key, value]) => {
    const node = map.get(key, true);
    if (!(isScalar(node) || isMap(node)) || !node.range) throw new Error(`a rule has a ${key}`);
    return { start: node.range[0], end: node.range[1], text: oneLine(value) };
  });
  // from the end, so that the places before keep theirs
  places.sort((a, b) => b.start - a.start);
  let text = yaml;
  for (const { start, end, text: value } of places) {
    // the value of a block ends with its last line
    const tail = text.slice(start, end).endsWith('\n') ? '\n' : '';
    text = text.slice(0, start) + value + tail + text.slice(end);
  }
  return text.endsWith('\n') ? text : `${text}\n`;
}

/** A number or text as one line of YAML. */
function oneLine(value: string | number): string {
  if (typeof value === 'number') return String(value);
  const plain = stringify(value, { lineWidth: 0 }).trimEnd();
  // inside braces a comma would end it
  return /[\n,[\]{}]/.test(plain) ? JSON.stringify(value) : plain;
}
