import type { AlarmExpectationText, ScenarioAnswer } from '#twin/wire/scenarios.ts';
import type { Naming } from '../alarms/names.ts';
import { useCity } from '../api/queries.ts';
import { useWords } from '../i18n/i18n.ts';
import { clockFor } from '../timebar/TimeBar.tsx';
import { formatLength } from './length.ts';

/** What a scenario expects of alarms, and how it comes out under both; what changed comes first. */
export function ScenarioExpectations({ answer, naming }: { answer: ScenarioAnswer; naming: Naming }) {
  const { t } = useWords();
  const changed = ({ candidate, inForce }: AlarmExpectationText) => candidate.met !== inForce.met;
  const expectations = [...answer.expectations].sort((a, b) => Number(changed(b)) - Number(changed(a)));
  if (expectations.length === 0) return null;
  return (
    <>
      <h3>{t('rules.scenarios.expectations')}</h3>
      <div className="scenario-table">
        <table>
          <thead>
            <tr>
              <th scope="col">{t('rules.scenarios.sentence')}</th>
              <th scope="col">{t('rules.tryOut.candidate')}</th>
              <th scope="col">{t('rules.tryOut.inForce')}</th>
            </tr>
          </thead>
          <tbody>
            {expectations.map((one) => (
              <tr key={`${one.that} ${one.from} ${one.until}`} className={changed(one) ? 'is-changed' : ''}>
                <td>
                  <code>
                    {one.that}
                    {one.from !== null && `, from: ${one.from}`}
                    {one.until !== null && `, until: ${one.until}`}
                  </code>
                </td>
                <td>
                  <Verdict kind={one.kind} verdict={one.candidate} naming={naming} />
                </td>
                <td>
                  <Verdict kind={one.kind} verdict={one.inForce} naming={naming} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

interface VerdictProps {
  kind: AlarmExpectationText['kind'];
  verdict: AlarmExpectationText['candidate'];
  naming: Naming;
}

function Verdict({ kind, verdict, naming }: VerdictProps) {
  const { t, ages } = useWords();
  const clock = clockFor(useCity().data?.timeZone ?? 'Asia/Shanghai');
  const { met, value, of, at } = verdict;
  const said = () => {
    if (kind === 'raised')
      return value === null
        ? t('rules.scenarios.untold')
        : t('rules.scenarios.after', { time: formatLength(value, ages) });
    if (kind === 'at most') return t('rules.scenarios.most', { count: value ?? 0 });
    return value ? t('rules.tryOut.told', { count: value }) : t('rules.scenarios.notAtAll');
  };
  const [rule = '', station = '', spot = ''] = of?.split(' ') ?? [];
  return (
    <>
      <span className={met ? 'is-met' : 'is-worse'}>
        <span role="img" aria-label={t(met ? 'rules.scenarios.isMet' : 'rules.scenarios.isNotMet')}>
          {met ? '✓' : '✗'}
        </span>{' '}
        {said()}
      </span>
      {/* of a crowd, when it began is all there is */}
      {at !== null && kind !== 'raised' && (
        <small title={of ?? ''}>
          {kind === 'at most'
            ? clock.second(at)
            : `${naming.rule(rule)} ${naming.place({ station })} ${naming.spot({ spot })} ${clock.second(at)}`}
        </small>
      )}
    </>
  );
}
