import { useState } from 'react';
import type { ScenarioAnswer, ScenarioEntry, ScenarioTrial } from '#twin/wire/scenarios.ts';
import type { Naming } from '../alarms/names.ts';
import { useWords } from '../i18n/i18n.ts';
import { BacktestTimelines } from './BacktestTimelines.tsx';
import { differenceOf } from './difference.ts';
import { formatLength } from './length.ts';
import { ScenarioChanges } from './ScenarioChanges.tsx';
import { ScenarioExpectations } from './ScenarioExpectations.tsx';

interface Props {
  trial: ScenarioTrial;
  entry: ScenarioEntry | undefined;
  naming: Naming;
}

/** One scenario: in a line how it came out, opened in full. What differs is open by itself. */
export function ScenarioResult({ trial, entry, naming }: Props) {
  const { t, local, ages } = useWords();
  const { id, state, progress, error, answer } = trial;
  const [open, setOpen] = useState<boolean | null>(null);
  const difference = answer && differenceOf(answer);
  const name = (
    <span className="scenario-name">
      <b>{entry ? local(entry.name) : id}</b>
      {entry && (
        <small>{t('rules.scenarios.length', { time: formatLength(entry.lengthSeconds, ages) })}</small>
      )}
    </span>
  );
  if (!answer || !difference)
    return (
      <li className={`scenario-result is-${state}`}>
        <div className="scenario-line">
          {name}
          <span className="scenario-state">
            <State state={state} progress={progress} />
          </span>
        </div>
        {error !== null && <p className="rule-warning">{error}</p>}
      </li>
    );
  const shown = open ?? difference.any;
  return (
    <li className={`scenario-result is-done ${difference.any ? 'is-different' : ''}`}>
      <details
        open={shown}
        onToggle={(event) => {
          if (event.currentTarget.open !== shown) setOpen(event.currentTarget.open);
        }}
      >
        <summary className="scenario-line">
          {name}
          <Told answer={answer} differs={difference.own} />
          <span className={difference.others > 0 ? 'is-different' : ''}>
            {difference.others > 0
              ? t('rules.scenarios.others', { count: difference.others })
              : t('rules.scenarios.othersSame')}
          </span>
          <Met answer={answer} worse={difference.worse > 0} />
        </summary>
        <div className="scenario-whole">
          {entry && <p className="alarm-keys">{local(entry.teaches)}</p>}
          <h3>{t('rules.scenarios.own')}</h3>
          <Own answer={answer} naming={naming} />
          {difference.others > 0 && <ScenarioChanges answer={answer} naming={naming} />}
          <ScenarioExpectations answer={answer} naming={naming} />
        </div>
      </details>
    </li>
  );
}

function State({ state, progress }: Pick<ScenarioTrial, 'state' | 'progress'>) {
  const { t } = useWords();
  if (state === 'done') return null;
  if (state !== 'running') return t(`rules.scenarios.state.${state}`);
  return progress === 0
    ? t('rules.scenarios.state.preparing')
    : t('rules.scenarios.state.running', { percent: Math.round(100 * progress) });
}

function Told({ answer: { candidate, inForce }, differs }: { answer: ScenarioAnswer; differs: boolean }) {
  const { t } = useWords();
  return (
    <span className={differs ? 'is-different' : ''}>
      {t('rules.tryOut.told', { count: candidate.annunciations })}
      {inForce && <small>{t('rules.scenarios.was', { what: inForce.annunciations })}</small>}
    </span>
  );
}

function Met({ answer: { expectations }, worse }: { answer: ScenarioAnswer; worse: boolean }) {
  const { t } = useWords();
  const total = expectations.length;
  if (total === 0) return <span>{t('rules.scenarios.expectsNothing')}</span>;
  const met = (of: 'candidate' | 'inForce') => expectations.filter((one) => one[of].met).length;
  const count = met('candidate');
  return (
    <span className={worse ? 'is-worse' : ''}>
      {count === total ? '✓ ' : '✗ '}
      {t('rules.scenarios.met', { met: count, total })}
      <small>{t('rules.scenarios.was', { what: `${met('inForce')}/${total}` })}</small>
    </span>
  );
}

/** The rule's own alarms on the scenario's time. */
function Own({ answer, naming }: { answer: ScenarioAnswer; naming: Naming }) {
  const { t } = useWords();
  const { candidate, inForce, from, to } = answer;
  const spans = [...candidate.spans, ...(inForce?.spans ?? [])];
  if (spans.length === 0) return <p className="scenario-none">{t('rules.scenarios.never')}</p>;
  const toldAt = (of: readonly { station: string; told: boolean }[], code: string) =>
    of.filter(({ station, told }) => told && station === code).length;
  const stations = [...new Set(spans.map(({ station }) => station))].map((code) => ({
    code,
    missing: [],
    candidate: toldAt(candidate.spans, code),
    inForce: toldAt(inForce?.spans ?? [], code),
  }));
  return (
    <BacktestTimelines
      answer={{ from, to, candidate, inForce, stations }}
      naming={naming}
      legend={t('rules.scenarios.legend')}
    />
  );
}
