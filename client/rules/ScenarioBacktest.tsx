import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { proposedFor, secondsFor } from '#sim/scenario/proposal.ts';
import type { ScenarioBacktestJob, ScenarioEntry } from '#twin/wire/scenarios.ts';
import { useWords } from '../i18n/i18n.ts';
import { differenceOf } from './difference.ts';
import { formatLength } from './length.ts';
import { scenariosQuery, scenarioTrial } from './queries.ts';
import { ScenarioPicker } from './ScenarioPicker.tsx';
import { ScenarioResult } from './ScenarioResult.tsx';
import { type TrialProps, useTrial } from './useTrial.ts';
import './scenarios.css';

const NONE: readonly ScenarioEntry[] = [];

/** What the text would have raised over the scenario library, beside the rule in force. */
export function ScenarioBacktest({ rule, text, usable, tries, naming }: TrialProps) {
  const { t, local, ages } = useWords();
  const library = useQuery(scenariosQuery);
  const scenarios = library.data?.scenarios ?? NONE;
  const [chosen, setChosen] = useState<string[] | null>(null);
  const picked = chosen ?? proposedFor(rule, scenarios).map(({ id }) => id);
  const byId = new Map(scenarios.map((entry) => [entry.id, entry]));
  const estimate = secondsFor(picked.flatMap((id) => byId.get(id) ?? []));
  const ready = usable && picked.length > 0;
  const { job, runs, problem, stale, start, cancel } = useTrial({
    rule,
    text,
    ready,
    tries,
    kind: scenarioTrial,
    begin: () => scenarioTrial.begin(rule, { yaml: text, scenarios: picked }),
  });
  const nameOf = (id: string) => {
    const entry = byId.get(id);
    return entry ? local(entry.name) : id;
  };
  const unread = library.error ? library.error.message : null;
  return (
    <div className="backtest">
      <h2>{t('rules.scenarios.title')}</h2>
      <p className="alarm-keys">{t('rules.scenarios.hint')}</p>
      <div className="backtest-form">
        <ScenarioPicker rule={rule} scenarios={scenarios} picked={picked} onPick={setChosen} />
        <button type="button" className="button" disabled={!ready || runs} onClick={start}>
          {t('rules.scenarios.run')}
        </button>
      </div>
      {library.data && (
        <p className="scenario-said">
          {picked.length === 0
            ? t('rules.scenarios.nothing')
            : t('rules.scenarios.chosen', { count: picked.length, time: formatLength(estimate, ages) })}
          {chosen && (
            <button type="button" className="text-button" onClick={() => setChosen(null)}>
              {t('rules.scenarios.propose')}
            </button>
          )}
        </p>
      )}
      {library.data?.unreadable.map(({ id, issues }) => (
        <p key={id} className="rule-warning">
          {t('rules.scenarios.unreadable', { reason: issues.join(' · ') })}
        </p>
      ))}
      {runs && (
        <div className="backtest-runs" role="status">
          <progress value={job?.progress ?? 0} max={1} />
          <span>
            {job?.state === 'running' ? <Running job={job} nameOf={nameOf} /> : t('rules.tryOut.waiting')}
          </span>
          <button type="button" className="text-button" onClick={cancel}>
            {t('rules.tryOut.cancel')}
          </button>
        </div>
      )}
      {(problem ?? unread) !== null && (
        <p className="rule-warning" role="alert">
          {t('rules.tryOut.failed', { reason: problem ?? unread })}
        </p>
      )}
      {job && (
        <div className="scenario-answer">
          {stale && <p className="rule-warning">{t('rules.tryOut.stale')}</p>}
          <Summary job={job} />
          <ul className="scenario-results">
            {job.scenarios.map((trial) => (
              <ScenarioResult
                key={`${job.job} ${trial.id}`}
                trial={trial}
                entry={byId.get(trial.id)}
                naming={naming}
              />
            ))}
          </ul>
          {job.limits.length > 0 && (
            <p className="scenario-said">
              {job.limits.map((limit) => t(`rules.tryOut.${limit}`)).join(' · ')}
            </p>
          )}
        </div>
      )}
    </div>
  );
}

function Running({ job, nameOf }: { job: ScenarioBacktestJob; nameOf: (id: string) => string }) {
  const { t } = useWords();
  const index = job.scenarios.findIndex(({ state }) => state === 'running');
  if (index < 0) return null;
  return t('rules.scenarios.running', {
    name: nameOf(job.scenarios[index]!.id),
    index: index + 1,
    count: job.scenarios.length,
    percent: Math.round(100 * job.progress),
  });
}

/** What all that is over comes to. */
function Summary({ job }: { job: ScenarioBacktestJob }) {
  const { t } = useWords();
  const answers = job.scenarios.flatMap(({ answer }) => answer ?? []);
  if (answers.length === 0)
    return job.state === 'cancelled' ? (
      <p className="scenario-sum">{t('rules.scenarios.cancelled')}</p>
    ) : null;
  const differences = answers.map(differenceOf);
  const total = (of: 'worse' | 'better') => differences.reduce((sum, one) => sum + one[of], 0);
  const differ = differences.filter(({ any }) => any).length;
  return (
    <p className="scenario-sum" role="status">
      {t('rules.scenarios.lived', { count: answers.length, total: job.scenarios.length })}
      {' · '}
      {differ === 0 ? t('rules.scenarios.noDifference') : t('rules.scenarios.differ', { count: differ })}
      {total('worse') > 0 && (
        <b className="is-worse">
          {' · '}
          {t('rules.scenarios.worse', { count: total('worse') })}
        </b>
      )}
      {total('better') > 0 && <b>{` · ${t('rules.scenarios.better', { count: total('better') })}`}</b>}
      {job.state === 'cancelled' && ` · ${t('rules.scenarios.cancelled')}`}
    </p>
  );
}
