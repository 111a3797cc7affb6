import { useMemo } from 'react';
import type { StationDetail } from '#twin/wire/api.ts';
import { useWords } from '../i18n/i18n.ts';
import { paceOf } from './flowSpeed.ts';
import { Pipe } from './Pipe.tsx';
import { PumpSetPicture } from './PumpSetPicture.tsx';
import { pictureLayout } from './pictureLayout.ts';
import { Reading } from './Reading.tsx';
import { StorePicture } from './StorePicture.tsx';
import { type StationValues, usable } from './values.ts';
import './picture.css';

interface Props {
  station: StationDetail;
  values: StationValues;
  wide: boolean;
}

/** The room as it works: main → inlet valve → tank or stabiliser → pumps of each zone → outlets. */
export function ProcessPicture({ station, values, wide }: Props) {
  const { t, local } = useWords();
  const layout = useMemo(
    () =>
      pictureLayout(
        {
          kind: station.kind,
          compartments: station.tank?.compartments ?? 0,
          sets: station.pumpSets.map(({ zone, pumps }) => ({ zone, pumps: pumps.length })),
        },
        wide,
      ),
    [station, wide],
  );
  const { main, valve, store } = layout;
  const inflow = usable(values.read('F_IN'));
  const largest = station.inlet.maxFlow || 4 * station.meanDemand;
  const zoneFlows = station.pumpSets.map(({ zone }) => usable(values.read(`${zone}/F_OUT`)));
  const outflow = zoneFlows.reduce((sum, flow) => sum + (flow || 0), 0);
  const opening = usable(values.read('ZV_IN'));
  const valveFault = usable(values.read('V_FLT')) === 1;
  return (
    <svg
      className={`picture ${values.moving ? '' : 'is-still'}`}
      viewBox={`0 0 ${layout.width} ${layout.height}`}
      role="img"
      aria-label={t('picture.label', {
        name: local(station.name),
        store: t(store.kind === 'tank' ? 'picture.tank' : 'picture.stabiliser'),
        sets: layout.sets.length,
      })}
    >
      <Pipe
        line={[
          [main.x, main.y1],
          [main.x, main.y2],
        ]}
        pace={1}
        stout
      />
      <text className="caption" x={main.x + 14} y={main.y2 + 2}>
        {t('picture.main')}
      </text>
      <Pipe line={layout.inlet} pace={paceOf(inflow, largest)} />
      <Reading values={values} name="P_IN" x={main.x + 16} y={valve.y - 14} />
      <Reading values={values} name="F_IN" x={main.x + 16} y={valve.y + 26} size={13} />
      {station.inlet.kind !== 'none' && (
        <g className={`valve ${valveFault ? 'p2' : ''}`} transform={`translate(${valve.x} ${valve.y})`}>
          <path d="M-11 -8L11 8V-8L-11 8Z" />
          <path className="valve-stem" d="M0 0V-14M-6 -14H6" />
          <text className="caption" x="0" y="27" textAnchor="middle">
            {t(station.inlet.kind === 'float' ? 'picture.float' : 'picture.electric')}
          </text>
          {!Number.isNaN(opening) && (
            <Reading values={values} name="ZV_IN" x={0} y={42} size={12} anchor="middle" terse />
          )}
        </g>
      )}
      <Pipe line={layout.suction} pace={paceOf(outflow, largest)} />
      <StorePicture station={station} values={values} store={store} />
      {layout.sets.map((set, i) => (
        <PumpSetPicture
          key={set.zone}
          set={set}
          values={values}
          flow={zoneFlows[i] ?? Number.NaN}
          largest={station.meters.find(({ at }) => at === set.zone)?.maxFlow ?? largest}
          homes={station.pumpSets[i]?.homes ?? 0}
        />
      ))}
    </svg>
  );
}
