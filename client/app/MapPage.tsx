import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useMemo } from 'react';
import { useMatch, useNavigate } from 'react-router';
import { landQuery, useCity, useStations } from '../api/queries.ts';
import { useWords } from '../i18n/i18n.ts';
import { FailedNote } from '../panels/FailedNote.tsx';
import { LeftPanel } from '../panels/LeftPanel.tsx';
import { MapButtons } from '../panels/MapButtons.tsx';
import { Waiting } from '../panels/Waiting.tsx';
import { useScale } from '../state/scale.ts';
import { useView } from '../state/view.ts';
import { StationPanel } from '../station/StationPanel.tsx';
import { PastEdge } from '../timebar/PastEdge.tsx';
import { TimeBar } from '../timebar/TimeBar.tsx';
import { useWindowWidth } from './useWindowWidth.ts';

const MapView = lazy(() => import('../map/MapView.tsx'));

/** A coast that cannot be read is left out: the network matters more. */
const NO_LAND = { type: 'FeatureCollection' as const, features: [] };

/** The map is the page; panels lie over it. */
export function MapPage() {
  const { t } = useWords();
  const city = useCity();
  const list = useStations();
  const land = useQuery(landQuery);
  const code = useMatch('/stations/:code')?.params.code;
  const navigate = useNavigate();
  const { leftOpen, leftWidth, rightWidth } = useView();
  const scale = useScale();
  const narrow = useWindowWidth() <= 700;
  const stations = list.data?.stations;
  const selected = useMemo(
    () => stations?.findIndex((station) => station.code === code) ?? -1,
    [stations, code],
  );

  const left = leftOpen && !narrow ? leftWidth * scale : 0;
  const right = code !== undefined && !narrow ? rightWidth * scale : 0;
  const padding = useMemo(
    () => ({ left: left + 24, right: right + 24, top: 24, bottom: 72 * scale }),
    [left, right, scale],
  );

  const failed = city.error ?? list.error;
  if (failed && (!city.data || !stations)) {
    return (
      <FailedNote
        what={city.error ? 'city' : 'stations'}
        error={failed}
        onRetry={() => (city.error ? city : list).refetch()}
      />
    );
  }
  return (
    <div
      className="map-page"
      style={{ '--left': `${left}px`, '--right': `${right}px` } as React.CSSProperties}
    >
      <Suspense fallback={<Waiting words={t('loading.map')} />}>
        {city.data && stations && !land.isPending ? (
          <MapView
            city={city.data}
            land={land.data ?? NO_LAND}
            stations={stations}
            selected={selected}
            padding={padding}
          />
        ) : (
          <Waiting words={t('loading.city')} />
        )}
      </Suspense>
      <PastEdge />
      {!(narrow && code !== undefined) && <LeftPanel selected={selected} />}
      {code !== undefined && stations && (
        <StationPanel key={code} code={code} row={selected} onClose={() => navigate('/')} />
      )}
      <MapButtons />
      <TimeBar />
    </div>
  );
}
