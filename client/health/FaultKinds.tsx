import { DATA_FAULTS, type DataFault } from '#twin/wire/api.ts';
import { formatCount } from '../format/number.ts';
import { useWords } from '../i18n/i18n.ts';

/** Every kind of fault that occurred, with its count and what it means; the most frequent first. */
export function FaultKinds({ faults }: { faults: Partial<Record<DataFault, number>> }) {
  const { t, faults: words } = useWords();
  const counts = DATA_FAULTS.map((fault) => ({ fault, count: faults[fault] ?? 0 }));
  const seen = counts.filter(({ count }) => count > 0).sort((a, b) => b.count - a.count);
  const most = seen[0]?.count ?? 1;
  if (seen.length === 0) return <p className="card-words">{t('health.faultsNone')}</p>;
  return (
    <>
      <ul className="fault-kinds">
        {seen.map(({ fault, count }) => (
          <li key={fault}>
            <b>{words[fault].name}</b>
            <span className="fault-count">{formatCount(count)}</span>
            <span
              className="fault-bar"
              style={{ width: `${Math.max(2, (100 * Math.log1p(count)) / Math.log1p(most))}%` }}
            />
            <p>{words[fault].why}</p>
          </li>
        ))}
      </ul>
      <p className="card-words">{t('health.clean', { count: counts.length - seen.length })}</p>
    </>
  );
}
