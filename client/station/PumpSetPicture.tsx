import { formatCount } from '../format/number.ts';
import { useWords } from '../i18n/i18n.ts';
import { paceOf } from './flowSpeed.ts';
import { Pipe } from './Pipe.tsx';
import { PumpPicture } from './PumpPicture.tsx';
import type { SetLayout } from './pictureLayout.ts';
import { Reading } from './Reading.tsx';
import { type StationValues, usable } from './values.ts';

interface Props {
  set: SetLayout;
  values: StationValues;
  /** m³/h */
  flow: number;
  largest: number;
  homes: number;
}

/** The pumps of one pressure zone in parallel, and what leaves them: pressure against set-point, and flow. */
export function PumpSetPicture({ set, values, flow, largest, homes }: Props) {
  const { t } = useWords();
  const { zone, outlet } = set;
  const running = (id: string) => usable(values.read(`${zone}/${id}/RUN`)) === 1;
  const pace = paceOf(flow, largest);
  return (
    <g className="pump-set">
      <path className="set-line" d={`M${set.x} ${set.y}H${set.x + set.width}`} />
      <Pipe line={set.suction} pace={pace} />
      <Pipe line={set.delivery} pace={pace} />
      {set.pumps.map((pump) => (
        <g key={pump.id}>
          <Pipe line={pump.riser} pace={running(pump.id) ? (pace > 0 ? pace : 1) : 0} />
          <PumpPicture pump={pump} prefix={`${zone}/${pump.id}`} values={values} />
        </g>
      ))}
      <path className="outlet" d={`M${outlet.x - 10} ${outlet.y - 6}l8 6l-8 6z`} />
      <text className="zone-name" x={outlet.x + 4} y={outlet.y + 2}>
        {t(`zone.${zone}`)}
      </text>
      <Reading values={values} name={`${zone}/P_OUT`} x={outlet.x + 4} y={outlet.y + 24} size={18} />
      <Reading
        values={values}
        name={`${zone}/P_SET`}
        x={outlet.x + 4}
        y={outlet.y + 42}
        size={12}
        label={t('picture.set')}
      />
      <Reading values={values} name={`${zone}/F_OUT`} x={outlet.x + 4} y={outlet.y + 62} size={14} />
      {homes > 0 && (
        <text className="caption" x={outlet.x + 4} y={outlet.y + 80}>
          {t('picture.homes', { count: formatCount(homes) as unknown as number })}
        </text>
      )}
    </g>
  );
}
