import { Link, useRouteError } from 'react-router';
import { useWords } from '../i18n/i18n.ts';
import { Note } from '../panels/Note.tsx';

/** A page that failed says so and leaves the others alone. */
export function CrashNote() {
  const { t } = useWords();
  const error = useRouteError();
  return (
    <Note glyph="warning" title={t('error.crash')} hint={t('error.crashHint')}>
      <p className="note-cause">{error instanceof Error ? error.message : String(error)}</p>
      <button type="button" className="button" onClick={() => window.location.reload()}>
        {t('action.retry')}
      </button>
    </Note>
  );
}

export function UnknownPage() {
  const { t } = useWords();
  return (
    <Note glyph="map" title={t('error.page')} hint={t('error.pageHint')}>
      <Link className="button" to="/">
        {t('nav.map')}
      </Link>
    </Note>
  );
}
