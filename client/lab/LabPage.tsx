import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { Link, useParams } from 'react-router';
import type { Station } from '#twin/model/station.ts';
import type { StationDetail } from '#twin/wire/api.ts';
import { stationQuery } from '../api/queries.ts';
import { useWords } from '../i18n/i18n.ts';
import { FailedNote } from '../panels/FailedNote.tsx';
import { Glyph } from '../panels/Glyph.tsx';
import { Note } from '../panels/Note.tsx';
import { Waiting } from '../panels/Waiting.tsx';
import { LabCharts } from './LabCharts.tsx';
import { LabControls } from './LabControls.tsx';
import { useLab } from './useLab.ts';
import './lab.css';

/** One room of the city on the physics, in the browser, apart from everything live. */
export default function LabPage() {
  const { t } = useWords();
  const { code = '' } = useParams();
  const { data: station, error, refetch } = useQuery(stationQuery(code));
  if (error) return <FailedNote what="station" error={error} onRetry={() => refetch()} />;
  if (!station) return <Waiting words={t('station.loading')} />;
  if (station.kind === 'booster')
    return (
      <Note glyph="droplet" title={t('lab.title')} hint={t('lab.booster')}>
        <Link className="button" to={`/stations/${encodeURIComponent(code)}/room`}>
          <Glyph name="back" /> {code}
        </Link>
      </Note>
    );
  return <LabRoomView key={code} station={station} />;
}

function LabRoomView({ station: detail }: { station: StationDetail }) {
  const { t, local } = useWords();
  const station = useMemo(() => asDrawn(detail), [detail]);
  const [begin] = useState(() => Math.floor(Date.now() / 1000) * 1000);
  const lab = useLab(station, begin);
  return (
    <div className="page lab">
      <header className="page-header lab-header">
        <div>
          <h1>
            <span className="lab-mark">{t('lab.simulated')}</span>{' '}
            {t('lab.of', { name: local(station.name) })}
          </h1>
          <p>{t('lab.lead')}</p>
        </div>
        <Link className="button" to={`/stations/${encodeURIComponent(station.code)}/room`}>
          <Glyph name="back" /> {station.code}
        </Link>
      </header>
      {lab.failed !== null && (
        <p className="lab-failed" role="alert">
          {t('lab.failed', { reason: lab.failed })}
        </p>
      )}
      <LabControls station={station} lab={lab} />
      {lab.samples.length === 0 && lab.failed === null ? (
        <Waiting words={t('lab.preparing')} />
      ) : (
        <LabCharts station={station} samples={lab.samples} />
      )}
    </div>
  );
}

function asDrawn({ tank, clockAhead: _, ...station }: StationDetail): Station {
  return tank ? { ...station, tank } : station;
}
