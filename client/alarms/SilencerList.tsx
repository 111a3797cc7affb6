import { useCity } from '../api/queries.ts';
import { useWords } from '../i18n/i18n.ts';
import { clockFor } from '../timebar/TimeBar.tsx';
import type { Naming } from './names.ts';
import { useSilencers } from './queries.ts';
import type { Actions } from './useActions.ts';

interface Props {
  naming: Naming;
  actions: Actions;
  /** only of this station */
  at?: string;
}

/** What is on a shelf or out of service: by whom, why, until when. */
export function SilencerList({ naming, actions, at }: Props) {
  const { t } = useWords();
  const all = useSilencers().data ?? [];
  const silencers = at === undefined ? all : all.filter(({ station }) => station === at);
  const clock = clockFor(useCity().data?.timeZone ?? 'Asia/Shanghai');
  if (silencers.length === 0) return null;
  return (
    <ul className="silencers" aria-label={t('alarms.silencers.title')}>
      {silencers.map((silencer) => {
        const { kind, station, rule, spot, until, by, reason } = silencer;
        return (
          <li key={`${kind} ${station} ${rule} ${spot}`}>
            <b>{t(`alarms.state.${kind}`)}</b>
            <span>
              {naming.place({ station })} ·{' '}
              {rule === null ? t('alarms.silencers.allRules') : naming.rule(rule)}
              {spot && ` · ${naming.spot({ spot })}`}
            </span>
            <small>
              {t('alarms.silencers.by', { name: by, reason })} ·{' '}
              {until === null
                ? t('alarms.silencers.noEnd')
                : t('alarms.silencers.until', { time: clock.dayMinute(until) })}
            </small>
            <button
              type="button"
              className="button"
              disabled={actions.busy}
              onClick={() => actions.endSilences([{ kind, station, rule, spot }])}
            >
              {t(kind === 'shelved' ? 'alarms.act.unshelve' : 'alarms.act.inService')}
            </button>
          </li>
        );
      })}
    </ul>
  );
}
