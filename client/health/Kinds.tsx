import { formatCount } from '../format/number.ts';
import type { FaultWords } from '../i18n/faults.ts';
import { useWords } from '../i18n/i18n.ts';

interface Props<Kind extends string> {
  kinds: readonly Kind[];
  counts: Partial<Record<Kind, number>>;
  words: Record<Kind, FaultWords>;
  /** said when none occurred */
  none: string;
}

/** Every kind that occurred, with its count and what it means; the most frequent first. */
export function Kinds<Kind extends string>({ kinds, counts, words, none }: Props<Kind>) {
  const { t } = useWords();
  const all = kinds.map((kind) => ({ kind, count: counts[kind] ?? 0 }));
  const seen = all.filter(({ count }) => count > 0).sort((a, b) => b.count - a.count);
  const most = seen[0]?.count ?? 1;
  if (seen.length === 0) return <p className="card-words">{none}</p>;
  return (
    <>
      <ul className="fault-kinds">
        {seen.map(({ kind, count }) => (
          <li key={kind}>
            <b>{words[kind].name}</b>
            <span className="fault-count">{formatCount(count)}</span>
            <span
              className="fault-bar"
              style={{ width: `${Math.max(2, (100 * Math.log1p(count)) / Math.log1p(most))}%` }}
            />
            <p>{words[kind].why}</p>
          </li>
        ))}
      </ul>
      <p className="card-words">{t('health.clean', { count: all.length - seen.length })}</p>
    </>
  );
}
