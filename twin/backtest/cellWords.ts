import { POINTS } from '#twin/catalogue/points.data.ts';

/** What exports write for one and nought where something runs, holds or is on. */
const ON = 'on true yes y t run running start started 开 开启 打开 合 合闸 运行 启动 是 有';
const OFF = 'off false no n f stop stopped 关 关闭 分 分闸 停 停止 停机 否 无';

const USUAL: ReadonlyMap<string, number> = new Map([
  ...ON.split(' ').map((word) => [word, 1] as const),
  ...OFF.split(' ').map((word) => [word, 0] as const),
]);
const NONE: ReadonlyMap<string, number> = new Map();

const BOOLEANS = new Set(POINTS.filter(({ type }) => type === 'bool').map(({ tag }) => tag));

/**
 * What words in the cells of a column stand for, in lower case: the usual ones where the point is one of yes and no, and
 * the mapping's own over them.
 */
export function wordsOf(
  point: string,
  own: Readonly<Record<string, number>> = {},
): ReadonlyMap<string, number> {
  const usual = BOOLEANS.has(point.slice(point.lastIndexOf('/') + 1)) ? USUAL : NONE;
  const given = Object.entries(own);
  if (given.length === 0) return usual;
  return new Map([...usual, ...given.map(([word, value]) => [word.trim().toLowerCase(), value] as const)]);
}
