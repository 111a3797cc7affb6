import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useCity } from '../api/queries.ts';
import { useWords } from '../i18n/i18n.ts';
import { clockFor } from '../timebar/TimeBar.tsx';
import { diffLines } from './diff.ts';
import { ruleHistoryQuery } from './queries.ts';

interface Props {
  rule: string;
  text: string;
  onTake(text: string): void;
}

/** Every version of a rule; one of them beside the text that is edited. */
export function Versions({ rule, text, onTake }: Props) {
  const { t, local } = useWords();
  const clock = clockFor(useCity().data?.timeZone ?? 'Asia/Shanghai');
  const versions = useQuery(ruleHistoryQuery(rule)).data ?? [];
  const ofLibrary = versions.some(({ source }) => source === 'library');
  const gone = t(ofLibrary ? 'rules.toLibrary' : 'rules.toNothing');
  const [compared, setCompared] = useState<number | null>(null);
  const old = versions.find(({ version }) => version === compared)?.yaml ?? null;
  const lines = old === null ? [] : diffLines(old, text);
  const same = lines.every(({ kind }) => kind === 'same');
  return (
    <div className="rule-versions">
      <h2>{t('rules.versions')}</h2>
      <ul>
        {versions.map(({ version, source, author, reason, time, yaml }) => (
          <li key={`${version} ${source}`}>
            <b>{t('rules.version', { version })}</b>
            <span>{source === 'library' ? t('rules.source.library') : t('rules.by', { name: author })}</span>
            <span className="rule-why">{yaml === null ? `${gone} · ${local(reason)}` : local(reason)}</span>
            <time>{time === null ? '' : clock.dayMinute(time)}</time>
            {yaml !== null && (
              <button
                type="button"
                className="text-button"
                aria-pressed={compared === version}
                onClick={() => setCompared(compared === version ? null : version)}
              >
                {t('rules.compare')}
              </button>
            )}
          </li>
        ))}
      </ul>
      {old !== null &&
        (same ? (
          <p className="alarm-keys">{t('rules.same')}</p>
        ) : (
          <>
            <pre className="rule-diff">
              {lines.map(({ kind, text: line }, i) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: lines have no other name
                <span key={i} className={`is-${kind}`}>
                  {`${kind === 'same' ? ' ' : kind === 'old' ? '−' : '+'} ${line}\n`}
                </span>
              ))}
            </pre>
            <button type="button" className="button" onClick={() => onTake(old)}>
              {t('rules.take')}
            </button>
          </>
        ))}
    </div>
  );
}
