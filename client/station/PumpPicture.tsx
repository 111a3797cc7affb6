import { useWords } from '../i18n/i18n.ts';
import type { SetLayout } from './pictureLayout.ts';
import { Reading } from './Reading.tsx';
import { type StationValues, usable } from './values.ts';

interface Props {
  pump: SetLayout['pumps'][number];
  /** `LO/P1` */
  prefix: string;
  values: StationValues;
}

type PumpState = 'running' | 'stopped' | 'fault' | 'unavailable' | 'unknown';

/** A pump: filled while it runs, hollow while it rests, marked when it has failed; speed and power below. */
export function PumpPicture({ pump, prefix, values }: Props) {
  const { t } = useWords();
  const state = stateOf(prefix, values);
  const { x, y } = pump;
  return (
    <g className={`pump pump-${state}`}>
      <title>{`${prefix} ${t(`picture.${state}`)}`}</title>
      <circle cx={x} cy={y} r="14" />
      <path d={`M${x - 8} ${y + 6}L${x} ${y - 10}L${x + 8} ${y + 6}Z`} />
      {state === 'fault' && <path className="fault-mark" d={`M${x + 12} ${y - 20}l7 7l-7 7l-7 -7z`} />}
      <text className="pump-id" x={x - 18} y={y - 12} textAnchor="end">
        {pump.id}
      </text>
      {state === 'running' ? (
        <>
          <Reading values={values} name={`${prefix}/HZ`} x={x} y={y + 57} size={12} anchor="middle" terse />
          <Reading values={values} name={`${prefix}/KW`} x={x} y={y + 71} size={12} anchor="middle" terse />
        </>
      ) : (
        <text className="caption pump-state" x={x} y={y + 57} textAnchor="middle">
          {t(`picture.${state}`)}
        </text>
      )}
    </g>
  );
}

function stateOf(prefix: string, values: StationValues): PumpState {
  const is = (tag: string, wanted: number) => usable(values.read(`${prefix}/${tag}`)) === wanted;
  if (is('FLT', 1)) return 'fault';
  if (is('RUN', 1)) return 'running';
  if (is('AVAIL', 0)) return 'unavailable';
  return is('RUN', 0) ? 'stopped' : 'unknown';
}
