import type { BacktestAnswer, BacktestSpan } from '#twin/wire/rules.ts';
import type { Naming } from '../alarms/names.ts';
import { useCity } from '../api/queries.ts';
import { clockFor } from '../timebar/TimeBar.tsx';

interface Props {
  answer: Pick<BacktestAnswer, 'from' | 'to'> & {
    candidate: { spans: readonly BacktestSpan[] };
    inForce: { spans: readonly BacktestSpan[] } | null;
    stations: readonly Pick<
      BacktestAnswer['stations'][number],
      'code' | 'missing' | 'candidate' | 'inForce'
    >[];
  };
  naming: Naming;
  /** what bars stand for */
  legend: string;
}

/** A band of time per room: above what the changed text raised, below the rule in force; rooms with alarms first. */
export function BacktestTimelines({ answer, naming, legend }: Props) {
  const clock = clockFor(useCity().data?.timeZone ?? 'Asia/Shanghai');
  const { from, to, candidate, inForce } = answer;
  const rooms = [...answer.stations].sort(
    (a, b) => b.candidate + b.inForce - (a.candidate + a.inForce) || (a.code < b.code ? -1 : 1),
  );
  const areas = [...new Set([...candidate.spans, ...(inForce?.spans ?? [])].map(({ station }) => station))]
    .filter((station) => !rooms.some(({ code }) => code === station))
    .map((code) => ({ code, missing: [], candidate: 0, inForce: 0 }));
  const part = (begin: number, end: number) => {
    const left = Math.max(from, begin);
    return {
      left: `${(100 * (left - from)) / (to - from)}%`,
      width: `max(0.125rem, ${(100 * (Math.min(to, end) - left)) / (to - from)}%)`,
    };
  };
  const bars = (spans: readonly BacktestSpan[], code: string, row: 'is-upper' | 'is-lower') =>
    spans
      .filter(({ station }) => station === code)
      .map(({ spot, priority, raisedAt, clearedAt, told }) => (
        <b
          key={`${row} ${spot} ${raisedAt}`}
          className={`${row} ${told ? `is-p${priority}` : 'is-beneath'}`}
          style={part(raisedAt, clearedAt ?? to)}
          title={`${clock.dayMinute(raisedAt)} – ${clearedAt === null ? '' : clock.dayMinute(clearedAt)} ${naming.spot({ spot })}`}
        />
      ));
  return (
    <div className="backtest-lines">
      <ul>
        {[...areas, ...rooms].map(({ code, missing, candidate: ours, inForce: theirs }) => (
          <li key={code}>
            <span title={code}>{naming.place({ station: code })}</span>
            <div className="backtest-line">
              {missing.map((gap) => (
                <i key={gap.from} style={part(gap.from, gap.to)} />
              ))}
              {bars(candidate.spans, code, 'is-upper')}
              {bars(inForce?.spans ?? [], code, 'is-lower')}
            </div>
            <span className="backtest-count">
              {ours}
              {inForce && <small> / {theirs}</small>}
            </span>
          </li>
        ))}
      </ul>
      <p className="alarm-window-ends">
        <span>{clock.dayMinute(from)}</span>
        <span>{legend}</span>
        <span>{clock.dayMinute(to)}</span>
      </p>
    </div>
  );
}
