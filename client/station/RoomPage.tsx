import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense } from 'react';
import { Link, useParams } from 'react-router';
import { templateById } from '#twin/catalogue/template.ts';
import type { StationSummary } from '#twin/wire/api.ts';
import { stationQuery, useCity, useStations } from '../api/queries.ts';
import { useWindowWidth } from '../app/useWindowWidth.ts';
import { useWords } from '../i18n/i18n.ts';
import { FailedNote } from '../panels/FailedNote.tsx';
import { Glyph } from '../panels/Glyph.tsx';
import { Note } from '../panels/Note.tsx';
import { Waiting } from '../panels/Waiting.tsx';
import { useScale } from '../state/scale.ts';
import { PastEdge } from '../timebar/PastEdge.tsx';
import { TimeBar } from '../timebar/TimeBar.tsx';
import { PointsTable } from './PointsTable.tsx';
import { ProcessPicture } from './ProcessPicture.tsx';
import { RoomFacts } from './RoomFacts.tsx';
import { RoomWatch } from './RoomWatch.tsx';
import { StationHeader } from './StationHeader.tsx';
import { useStationValues } from './useStationValues.ts';
import './room.css';

const StationCharts = lazy(() => import('../charts/StationCharts.tsx'));

/** A station on a page of its own: process, trends, every point, and its record. */
export default function RoomPage() {
  const { t } = useWords();
  const { code = '' } = useParams();
  const list = useStations();
  const row = list.data?.stations.findIndex((station) => station.code === code) ?? -1;
  const station = list.data?.stations[row];
  if (list.error && !list.data)
    return <FailedNote what="stations" error={list.error} onRetry={() => list.refetch()} />;
  if (!list.data) return <Waiting words={t('station.loading')} />;
  if (!station)
    return (
      <Note glyph="search" title={t('station.unknown', { code })} hint={t('station.unknownHint')}>
        <Link className="button" to="/">
          {t('nav.map')}
        </Link>
      </Note>
    );
  return <Room key={code} station={station} row={row} />;
}

function Room({ station, row }: { station: StationSummary; row: number }) {
  const { t } = useWords();
  const city = useCity().data;
  const template = templateById(station.template);
  const detail = useQuery(stationQuery(station.code));
  const values = useStationValues(station.code, template);
  const wide = useWindowWidth() / useScale() >= 1000;
  return (
    <div className="room-page">
      <PastEdge />
      <div className="room-scroll">
        <StationHeader station={station} city={city} row={row}>
          <Link className="button" to={`/stations/${encodeURIComponent(station.code)}`}>
            <Glyph name="map" /> {t('nav.map')}
          </Link>
          {station.kind !== 'booster' && (
            <Link className="button" to={`/lab/${encodeURIComponent(station.code)}`}>
              <Glyph name="clock" /> {t('lab.open')}
            </Link>
          )}
        </StationHeader>
        <div className="room-grid">
          <section className="card room-process">
            <h2>{t('station.process')}</h2>
            {detail.error && (
              <FailedNote what="station" error={detail.error} onRetry={() => detail.refetch()} />
            )}
            {!detail.error && (!detail.data || !values) && (
              <Waiting words={t(detail.data ? 'station.waiting' : 'station.loading')} />
            )}
            {detail.data && values && <ProcessPicture station={detail.data} values={values} wide={wide} />}
          </section>
          <section className="card room-points">
            <h2>
              {t('station.points')}{' '}
              <small>{t('station.pointsShown', { count: template.points.length })}</small>
            </h2>
            {values ? <PointsTable values={values} /> : <Waiting words={t('station.waiting')} />}
          </section>
          <section className="card room-trends">
            <h2>{t('station.trends')}</h2>
            <Suspense fallback={<Waiting words={t('chart.loading')} />}>
              <StationCharts code={station.code} template={template} />
            </Suspense>
          </section>
          <section className="card room-watch">
            <h2>{t('alarms.silencers.room')}</h2>
            <RoomWatch code={station.code} />
          </section>
          {detail.data && (
            <section className="card room-facts">
              <h2>{t('station.facts')}</h2>
              <RoomFacts station={detail.data} city={city} />
            </section>
          )}
        </div>
      </div>
      <TimeBar />
    </div>
  );
}
