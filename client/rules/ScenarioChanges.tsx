import type { AlarmChangeText, ScenarioAnswer } from '#twin/wire/scenarios.ts';
import type { Naming } from '../alarms/names.ts';
import { useCity } from '../api/queries.ts';
import { useWords } from '../i18n/i18n.ts';
import { clockFor } from '../timebar/TimeBar.tsx';

/** What became of other rules' alarms because this one was changed. */
export function ScenarioChanges({ answer, naming }: { answer: ScenarioAnswer; naming: Naming }) {
  const { t } = useWords();
  const { changes, changesLeftOut } = answer;
  return (
    <>
      <h3>{t('rules.scenarios.changes')}</h3>
      <div className="scenario-table">
        <table>
          <thead>
            <tr>
              <th scope="col">{t('rules.scenarios.alarm')}</th>
              <th scope="col">{t('rules.scenarios.became')}</th>
              <th scope="col">{t('rules.tryOut.candidate')}</th>
              <th scope="col">{t('rules.tryOut.inForce')}</th>
            </tr>
          </thead>
          <tbody>
            {changes.map((change) => (
              <tr key={`${change.rule} ${change.station} ${change.spot}`}>
                <td>
                  {naming.rule(change.rule)}
                  <small title={`${change.rule} ${change.station}`}>
                    {naming.place(change)} {naming.spot(change)}
                  </small>
                </td>
                <td>{t(`rules.scenarios.becomes.${change.became}`)}</td>
                <td>
                  <Course course={change.candidate} />
                </td>
                <td>
                  <Course course={change.inForce} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {changesLeftOut > 0 && (
        <p className="scenario-said">{t('rules.scenarios.leftOut', { count: changesLeftOut })}</p>
      )}
    </>
  );
}

function Course({ course }: { course: AlarmChangeText['candidate'] }) {
  const { t } = useWords();
  const clock = clockFor(useCity().data?.timeZone ?? 'Asia/Shanghai');
  const { told, firstTold, beneath, firstBeneath } = course;
  const since = (time: number | null) => time !== null && <small>{clock.second(time)}</small>;
  if (told + beneath === 0) return t('rules.scenarios.notAtAll');
  return (
    <>
      {told > 0 && (
        <span>
          {t('rules.tryOut.told', { count: told })} {since(firstTold)}
        </span>
      )}
      {beneath > 0 && (
        <span>
          {t('rules.tryOut.beneath', { count: beneath })} {since(firstBeneath)}
        </span>
      )}
    </>
  );
}
