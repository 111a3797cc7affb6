import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useMemo, useState } from 'react';
import { Link } from 'react-router';
import { templateById } from '#twin/catalogue/template.ts';
import type { StationSummary } from '#twin/wire/api.ts';
import { stationQuery, useCity, useStations } from '../api/queries.ts';
import { useWords } from '../i18n/i18n.ts';
import { CloseButton } from '../panels/CloseButton.tsx';
import { FailedNote } from '../panels/FailedNote.tsx';
import { Glyph } from '../panels/Glyph.tsx';
import { Note } from '../panels/Note.tsx';
import { PanelEdge } from '../panels/PanelEdge.tsx';
import { Waiting } from '../panels/Waiting.tsx';
import { useView } from '../state/view.ts';
import { PointsTable } from './PointsTable.tsx';
import { ProcessPicture } from './ProcessPicture.tsx';
import { picturePoints } from './pointGroups.ts';
import { StationHeader } from './StationHeader.tsx';
import { useStationValues } from './useStationValues.ts';

const StationCharts = lazy(() => import('../charts/StationCharts.tsx'));

interface Props {
  code: string;
  /** its row in the overview, −1 when there is no such station */
  row: number;
  onClose(): void;
}

/** The selected station, over the right of the map. */
export function StationPanel({ code, row, onClose }: Props) {
  const { t } = useWords();
  const { rightWidth, set } = useView();
  const station = useStations().data?.stations[row];
  return (
    <aside className="panel panel-right" style={{ width: `${rightWidth / 16}rem` }} aria-label={code}>
      <PanelEdge side="right" width={rightWidth} onWidth={(width) => set({ rightWidth: width })} />
      {station ? (
        <Body station={station} row={row} onClose={onClose} />
      ) : (
        <>
          <CloseButton onClose={onClose} />
          <Note glyph="search" title={t('station.unknown', { code })} hint={t('station.unknownHint')} />
        </>
      )}
    </aside>
  );
}

const TABS = ['process', 'trends', 'points'] as const;

function Body({ station, row, onClose }: { station: StationSummary; row: number; onClose(): void }) {
  const { t } = useWords();
  const city = useCity().data;
  const [tab, setTab] = useState<(typeof TABS)[number]>('process');
  const template = templateById(station.template);
  const detail = useQuery(stationQuery(station.code));
  const pictured = useMemo(() => picturePoints(template), [template]);
  const values = useStationValues(station.code, template, tab === 'points' ? undefined : pictured);
  return (
    <>
      <StationHeader station={station} city={city} row={row}>
        <Link
          className="icon-button"
          to={`/stations/${encodeURIComponent(station.code)}/room`}
          title={t('action.fullPage')}
          aria-label={t('action.fullPage')}
        >
          <Glyph name="expand" />
        </Link>
        <CloseButton onClose={onClose} />
      </StationHeader>
      <div className="tabs" role="tablist">
        {TABS.map((one) => (
          <button key={one} type="button" role="tab" aria-selected={one === tab} onClick={() => setTab(one)}>
            {t(`station.${one}`)}
          </button>
        ))}
      </div>
      <div className="panel-body" role="tabpanel">
        {tab === 'process' && detail.error && (
          <FailedNote what="station" error={detail.error} onRetry={() => detail.refetch()} />
        )}
        {tab === 'process' && !detail.error && (!detail.data || !values) && (
          <Waiting words={t(detail.data ? 'station.waiting' : 'station.loading')} />
        )}
        {tab === 'process' && detail.data && values && (
          <ProcessPicture station={detail.data} values={values} wide={false} />
        )}
        {tab === 'points' &&
          (values ? <PointsTable values={values} /> : <Waiting words={t('station.waiting')} />)}
        {tab !== 'points' && (
          <Suspense fallback={<Waiting words={t('chart.loading')} />}>
            <StationCharts code={station.code} template={template} />
          </Suspense>
        )}
      </div>
    </>
  );
}
