/**
 * The known names that a mistyped one most probably meant, nearest first, at most `count`: those with at most a
 * third of its letters changed. Case does not count.
 */
export function nearNames(name: string, known: Iterable<string>, count = 3): string[] {
  const most = Math.max(1, Math.ceil(name.length / 3));
  return [...new Set(known)]
    .map((other) => ({ other, distance: changedLetters(name.toUpperCase(), other.toUpperCase()) }))
    .filter(({ distance }) => distance <= most)
    .sort((a, b) => a.distance - b.distance || (a.other < b.other ? -1 : 1))
    .slice(0, count)
    .map(({ other }) => other);
}

/** `: did you mean P_IN?`, or nothing when no known name is near. */
export function didYouMean(name: string, known: Iterable<string>): string {
  const [near] = nearNames(name, known, 1);
  return near === undefined ? '' : `: did you mean ${near}?`;
}

/** Letters to change, add or leave out (Levenshtein 1966), by the table of Wagner and Fischer (1974). */
function changedLetters(a: string, b: string): number {
  let above = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = above[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      row.push(Math.min(replaced, above[j]! + 1, row[j - 1]! + 1));
    }
    above = row;
  }
  return above[b.length]!;
}
