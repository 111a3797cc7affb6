import { formatAge } from '../format/time.ts';
import { useWords } from '../i18n/i18n.ts';
import { useLink, useLive, useServerNow } from '../live/hooks.ts';
import { Glyph } from '../panels/Glyph.tsx';

/** Says that the link is lost, since when, and when the next try is; goes by itself. */
export function LinkBanner() {
  const { t, ages } = useWords();
  const { link } = useLive();
  const state = useLink();
  useServerNow(1000);
  if (state.phase !== 'lost') return null;
  const wait = Math.ceil((state.retryAt - Date.now()) / 1000);
  return (
    <div className="link-banner" role="alert">
      <Glyph name="warning" />
      <strong>{t('link.banner', { age: formatAge(Math.max(1000, Date.now() - state.since), ages) })}</strong>
      <span className="link-kept">{t('link.bannerKept')}</span>
      <span className="link-retry">
        {wait > 0 ? t('link.retryIn', { seconds: wait, attempt: state.attempt }) : t('link.retrying')}
      </span>
      <button type="button" className="button" onClick={link.retryNow}>
        {t('action.retryNow')}
      </button>
    </div>
  );
}
