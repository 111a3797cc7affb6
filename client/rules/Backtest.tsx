import { Select } from 'antd';
import { useMemo, useState } from 'react';
import { HOUR } from '#twin/units.ts';
import { type BacktestAnswer, type BacktestVersion, MOST_BACKTEST_STATIONS } from '#twin/wire/rules.ts';
import type { Naming } from '../alarms/names.ts';
import { useCity, useStations } from '../api/queries.ts';
import { formatValue } from '../format/number.ts';
import { useWords } from '../i18n/i18n.ts';
import { clockFor } from '../timebar/TimeBar.tsx';
import { BacktestTimelines } from './BacktestTimelines.tsx';
import { historyTrial } from './queries.ts';
import { type TrialProps, useTrial } from './useTrial.ts';

const LASTS = { h6: 6, h24: 24, d3: 72, d7: 168 } as const;
type Last = keyof typeof LASTS;

/** What the text would have raised over the recorded history, beside the rule in force. */
export function Backtest({ rule, text, usable, tries, naming }: TrialProps) {
  const { t, local } = useWords();
  const stations = useStations().data?.stations;
  const [last, setLast] = useState<Last>('h24');
  const [picked, setPicked] = useState<string[]>([]);
  const rooms = useMemo(
    () => (stations ?? []).map(({ code, name }) => ({ value: code, label: `${local(name)} ${code}` })),
    [stations, local],
  );
  const { job, runs, problem, stale, start, cancel } = useTrial({
    rule,
    text,
    ready: usable,
    tries,
    kind: historyTrial,
    begin: () => {
      const named = picked.length > 0 ? { stations: picked } : {};
      return historyTrial.begin(rule, { yaml: text, hours: LASTS[last], ...named });
    },
  });
  return (
    <div className="backtest">
      <h2>{t('rules.tryOut.title')}</h2>
      <div className="backtest-form">
        <Select
          size="small"
          value={last}
          aria-label={t('rules.tryOut.hours')}
          popupMatchSelectWidth={false}
          options={(Object.keys(LASTS) as Last[]).map((one) => ({
            value: one,
            label: t(`rules.tryOut.lasts.${one}`),
          }))}
          onChange={setLast}
        />
        <Select
          size="small"
          mode="multiple"
          className="backtest-rooms"
          value={picked}
          maxCount={MOST_BACKTEST_STATIONS}
          maxTagCount="responsive"
          placeholder={t('rules.tryOut.stations')}
          aria-label={t('rules.tryOut.stations')}
          showSearch={{ optionFilterProp: 'label' }}
          options={rooms}
          onChange={setPicked}
        />
        <button type="button" className="button" disabled={!usable || runs} onClick={start}>
          {t('rules.tryOut.run')}
        </button>
      </div>
      {runs && (
        <div className="backtest-runs" role="status">
          <progress value={job?.progress ?? 0} max={1} />
          <span>
            {job?.state === 'running'
              ? t('rules.tryOut.running', { percent: Math.round(100 * job.progress) })
              : t('rules.tryOut.waiting')}
          </span>
          <button type="button" className="text-button" onClick={cancel}>
            {t('rules.tryOut.cancel')}
          </button>
        </div>
      )}
      {problem !== null && (
        <p className="rule-warning" role="alert">
          {t('rules.tryOut.failed', { reason: problem })}
        </p>
      )}
      {job?.answer && <Answer answer={job.answer} stale={stale} naming={naming} />}
    </div>
  );
}

function Answer({ answer, stale, naming }: { answer: BacktestAnswer; stale: boolean; naming: Naming }) {
  const { t } = useWords();
  const clock = clockFor(useCity().data?.timeZone ?? 'Asia/Shanghai');
  const { from, to, seed, stations, candidate, inForce, limits } = answer;
  const silent = stations.filter(({ recordedMs }) => recordedMs < to - from);
  const hours = silent.reduce((sum, { recordedMs }) => sum + (to - from - recordedMs) / HOUR, 0);
  return (
    <div className="backtest-answer">
      {stale && <p className="rule-warning">{t('rules.tryOut.stale')}</p>}
      <table className="backtest-counts">
        <tbody>
          <Counts label={t('rules.tryOut.candidate')} version={candidate} />
          {inForce && <Counts label={t('rules.tryOut.inForce')} version={inForce} />}
        </tbody>
      </table>
      <p className="alarm-keys">
        {t('rules.tryOut.looked', {
          count: stations.length,
          from: clock.dayMinute(from),
          to: clock.dayMinute(to),
        })}
        {' · '}
        {seed === null ? t('rules.tryOut.named') : t('rules.tryOut.drawn', { seed })}
        {' · '}
        {silent.length === 0
          ? t('rules.tryOut.complete')
          : t('rules.tryOut.missing', { count: silent.length, hours: formatValue(hours, 0.1) })}
        {limits.map((limit) => ` · ${t(`rules.tryOut.${limit}`)}`)}
      </p>
      <BacktestTimelines answer={answer} naming={naming} legend={t('rules.tryOut.legend')} />
    </div>
  );
}

function Counts({ label, version }: { label: string; version: BacktestVersion }) {
  const { t } = useWords();
  const { annunciations, beneathCause, per100RoomsAndDay } = version;
  return (
    <tr>
      <th scope="row">{label}</th>
      <td>{t('rules.tryOut.told', { count: annunciations })}</td>
      <td>
        {per100RoomsAndDay === null
          ? t('rules.tryOut.none')
          : t('rules.tryOut.rate', { rate: formatValue(per100RoomsAndDay, 0.1) })}
      </td>
      <td>{beneathCause > 0 && t('rules.tryOut.beneath', { count: beneathCause })}</td>
    </tr>
  );
}
