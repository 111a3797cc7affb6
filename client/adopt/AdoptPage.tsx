import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'react-router';
import { unregisteredQuery, useCity } from '../api/queries.ts';
import { formatAge } from '../format/time.ts';
import { useWords } from '../i18n/i18n.ts';
import { useServerNow } from '../live/hooks.ts';
import { FailedNote } from '../panels/FailedNote.tsx';
import { Note } from '../panels/Note.tsx';
import { Waiting } from '../panels/Waiting.tsx';
import { AdoptForm } from './AdoptForm.tsx';
import './adopt.css';

/** Gateways that report but are not registered, and the form that registers one. */
export default function AdoptPage() {
  const { t, ages } = useWords();
  const city = useCity();
  const query = useQuery(unregisteredQuery);
  const [chosen, setChosen] = useState('');
  const [done, setDone] = useState('');
  const now = useServerNow();
  const error = query.error ?? city.error;
  if (!query.data || !city.data)
    return error ? (
      <FailedNote what="unregistered" error={error} onRetry={() => query.refetch()} />
    ) : (
      <Waiting words={t('adopt.loading')} />
    );
  const station = query.data.find(({ code }) => code === chosen) ?? query.data[0];
  return (
    <div className="page">
      <header className="page-header">
        <h1>{t('adopt.title')}</h1>
        <p>{t('adopt.lead')}</p>
        {done !== '' && (
          <Link className="notice" to={`/stations/${encodeURIComponent(done)}`}>
            {t('adopt.done', { code: done })}
          </Link>
        )}
      </header>
      {station ? (
        <div className="adopt-grid">
          <nav className="adopt-list" aria-label={t('adopt.title')}>
            {query.data.map((one) => (
              <button
                key={one.code}
                type="button"
                aria-current={one.code === station.code}
                onClick={() => setChosen(one.code)}
              >
                <code>{one.code}</code>
                <small>
                  {one.group} · {t('adopt.metrics', { count: one.metrics.length })}
                </small>
                <small>
                  {t('station.lastMessage')} {formatAge(now - one.lastMessage, ages)}
                </small>
              </button>
            ))}
          </nav>
          <AdoptForm key={station.code} station={station} city={city.data} onDone={setDone} />
        </div>
      ) : (
        <Note glyph="inbox" title={t('adopt.none')} hint={t('adopt.noneHint')} />
      )}
    </div>
  );
}
