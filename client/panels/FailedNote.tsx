import { RequestError } from '../api/http.ts';
import { useWords } from '../i18n/i18n.ts';
import { Note } from './Note.tsx';

interface Props {
  what: 'city' | 'stations' | 'station' | 'history' | 'overview' | 'health' | 'unregistered' | 'alarms';
  error: Error;
  onRetry(): void;
}

/** A request that failed: what could not be read, what was kept, what to do. */
export function FailedNote({ what, error, onRetry }: Props) {
  const { t } = useWords();
  const unreachable = error instanceof RequestError && error.status === 0;
  return (
    <Note glyph="warning" title={t('error.title', { what: t(`error.${what}`) })} hint={t('error.kept')}>
      <p className="note-cause">{unreachable ? t('error.unreachable') : error.message}</p>
      <button type="button" className="button" onClick={onRetry}>
        {t('action.retry')}
      </button>
    </Note>
  );
}
