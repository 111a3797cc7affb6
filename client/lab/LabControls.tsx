import type { Station } from '#twin/model/station.ts';
import { useCity } from '../api/queries.ts';
import { useWords } from '../i18n/i18n.ts';
import { clockFor } from '../timebar/TimeBar.tsx';
import { TRIALS, trialEvent } from './trials.ts';
import type { Lab } from './useLab.ts';

/** Simulated seconds a second. */
const SPEEDS = [0, 1, 10, 60, 300] as const;

/** How fast the room lives, and what befalls it. */
export function LabControls({ station, lab }: { station: Station; lab: Lab }) {
  const { t } = useWords();
  const clock = clockFor(useCity().data?.timeZone ?? 'Asia/Shanghai');
  const now = lab.samples.at(-1)?.time;
  return (
    <section className="card lab-controls">
      <div className="lab-row">
        <span className="lab-clock">
          {t('lab.clock')} <b>{now === undefined ? '–' : clock.second(now)}</b>
        </span>
        <fieldset className="lab-buttons" aria-label={t('lab.speed')}>
          {SPEEDS.map((speed) => (
            <button
              key={speed}
              type="button"
              className="lab-button"
              aria-pressed={lab.speed === speed}
              onClick={() => lab.setSpeed(speed)}
            >
              {speed === 0 ? t('lab.pause') : t('lab.times', { count: speed })}
            </button>
          ))}
        </fieldset>
        <button type="button" className="lab-button" onClick={lab.again}>
          {t('lab.again')}
        </button>
      </div>
      <div className="lab-row">
        <span className="lab-label">
          {t('lab.trials')} <small>{t('lab.trialsHint')}</small>
        </span>
        <fieldset className="lab-buttons" aria-label={t('lab.trials')}>
          {TRIALS.filter((trial) => trialEvent(trial, station)).map((trial) => (
            <button
              key={trial}
              type="button"
              className="lab-button"
              data-trial={trial}
              aria-pressed={lab.begun.has(trial)}
              onClick={() => lab.toggle(trial)}
            >
              {t(`lab.trial.${trial}`)}
            </button>
          ))}
        </fieldset>
      </div>
    </section>
  );
}
