import type { StationDetail } from '#twin/wire/api.ts';
import { useWords } from '../i18n/i18n.ts';
import type { PictureLayout } from './pictureLayout.ts';
import { Reading } from './Reading.tsx';
import { type StationValues, usable } from './values.ts';

interface Props {
  station: StationDetail;
  values: StationValues;
  store: PictureLayout['store'];
}

/** The tank with the level of each compartment, or the stabilising vessel of an inline station. */
export function StorePicture({ station, values, store }: Props) {
  return store.kind === 'tank' ? (
    <Tank station={station} values={values} store={store} />
  ) : (
    <Stabiliser values={values} store={store} />
  );
}

function Tank({ station, values, store }: Props) {
  const { t } = useWords();
  const { x, y, width, height, compartments } = store;
  const each = width / compartments;
  const wall = station.tank?.height ?? Number.NaN;
  return (
    <g className="tank">
      <text className="caption" x={x} y={y - 8}>
        {t('picture.tank')} {station.tank ? `${Math.round(station.tank.volume)} m³` : ''}
      </text>
      {Array.from({ length: compartments }, (_, i) => {
        const name = `L${i + 1}`;
        const level = usable(values.read(name));
        const share = Number.isNaN(level) ? 0 : Math.min(1, Math.max(0, level / wall));
        const left = x + i * each;
        const surface = y + height * (1 - share);
        return (
          <g key={name}>
            <rect className="tank-wall" x={left} y={y} width={each} height={height} rx="3" />
            {share > 0 && (
              <>
                <rect
                  className="tank-water"
                  x={left + 2}
                  y={surface}
                  width={each - 4}
                  height={y + height - surface - 2}
                />
                <path className="tank-surface" d={`M${left + 2} ${surface}H${left + each - 2}`} />
              </>
            )}
            {[0.25, 0.5, 0.75].map((mark) => (
              <path key={mark} className="tank-mark" d={`M${left + each - 7} ${y + height * (1 - mark)}h5`} />
            ))}
            <Reading
              values={values}
              name={name}
              x={left + each / 2}
              y={y + height / 2 + 2}
              anchor="middle"
              size={16}
            />
            {Number.isNaN(level) && (
              <text className="caption" x={left + each / 2} y={y + height / 2 + 2} textAnchor="middle">
                –
              </text>
            )}
            {!Number.isNaN(level) && (
              <text className="tank-share" x={left + each / 2} y={y + height / 2 + 20} textAnchor="middle">
                {Math.round(share * 100)} %
              </text>
            )}
          </g>
        );
      })}
    </g>
  );
}

function Stabiliser({ values, store }: Omit<Props, 'station'>) {
  const { t } = useWords();
  const { x, y, width, height } = store;
  const open = usable(values.read('VAC_VLV')) === 1;
  return (
    <g className="stabiliser">
      <text className="caption" x={x} y={y - 10}>
        {t('picture.stabiliser')}
      </text>
      <rect
        className={`tank-wall ${open ? 'p3' : ''}`}
        x={x}
        y={y}
        width={width}
        height={height}
        rx={height / 2}
      />
      <rect
        className="tank-water"
        x={x + 3}
        y={y + 3}
        width={width - 6}
        height={height - 6}
        rx={height / 2 - 3}
      />
      <Reading values={values} name="P_STAB" x={x + width / 2} y={y + height / 2 + 5} anchor="middle" terse />
    </g>
  );
}
