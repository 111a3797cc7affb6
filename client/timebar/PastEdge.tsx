import { useCity } from '../api/queries.ts';
import { formatAge } from '../format/time.ts';
import { useWords } from '../i18n/i18n.ts';
import { useServerNow } from '../live/hooks.ts';
import { useOverview } from '../overview/useOverview.ts';
import { Glyph } from '../panels/Glyph.tsx';
import { useMoment } from '../state/moment.ts';
import { clockFor } from './TimeBar.tsx';

/** A dashed edge and a word around everything that is not the present. */
export function PastEdge() {
  const { t, ages } = useWords();
  const { moment, show } = useMoment();
  const zone = useCity().data?.timeZone ?? 'Asia/Shanghai';
  const now = useServerNow(1000);
  const { loading, error } = useOverview(1000);
  if (moment === 'live') return null;
  const time = clockFor(zone).dayMinute(moment);
  return (
    <div className="past-edge">
      <p role="status">
        <Glyph name="clock" />
        {error
          ? t('time.missing')
          : loading
            ? t('time.loading', { time })
            : t('time.pastNotice', { time, age: formatAge(now - moment, ages) })}
        <button type="button" onClick={() => show('live')}>
          {t('action.backToLive')} <kbd>L</kbd>
        </button>
      </p>
    </div>
  );
}
