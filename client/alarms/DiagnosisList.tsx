import type { AlarmDetail } from '#twin/wire/alarms.ts';
import { useWords } from '../i18n/i18n.ts';
import './diagnosis.css';

type Diagnosis = AlarmDetail['diagnosis'][number];

/** Causes by how likely they are, with what spoke for and against each, and what to do about it. */
export function DiagnosisList({ diagnosis }: { diagnosis: readonly Diagnosis[] }) {
  const { t, local } = useWords();
  return (
    <section>
      <h2>{t('alarms.detail.causes')}</h2>
      <ol className="alarm-causes">
        {diagnosis.map(({ cause, remedy, confidence, signs }, i) => (
          <li key={cause.en} className={i === 0 ? 'is-likeliest' : ''}>
            <p className="alarm-cause">
              <span>{local(cause)}</span>
              <meter
                min={0}
                max={1}
                value={confidence}
                aria-label={t('alarms.detail.confidence', { percent: percent(confidence) })}
              />
              <span className="alarm-confidence">{percent(confidence)} %</span>
            </p>
            <p className="alarm-remedy">{local(remedy)}</p>
            <ul>
              {signs.map((sign) => (
                <li key={sign.says.en} className={`sign-${stateOf(sign)}`}>
                  <span
                    className="alarm-sign-mark"
                    role="img"
                    aria-label={t(`alarms.sign.${stateOf(sign)}`)}
                    title={t(`alarms.sign.${stateOf(sign)}`)}
                  >
                    {MARKS[stateOf(sign)]}
                  </span>
                  {local(sign.says)}
                </li>
              ))}
            </ul>
          </li>
        ))}
      </ol>
    </section>
  );
}

const percent = (confidence: number): number => Math.round(100 * confidence);

const MARKS = { for: '✓', against: '✕', absent: '○', unknown: '?' } as const;

/** What a sign did to its cause. */
const stateOf = ({ holds, excludes }: Diagnosis['signs'][number]) =>
  holds === null ? 'unknown' : holds ? (excludes ? 'against' : 'for') : 'absent';
