import { QUALITY_NAMES, Quality } from '#twin/state/quality.ts';
import { formatValue } from '../format/number.ts';
import { formatAge } from '../format/time.ts';
import { useWords } from '../i18n/i18n.ts';
import { isOld, type PointValue, type StationValues } from './values.ts';

interface Props {
  values: StationValues;
  name: string;
  x: number;
  y: number;
  /** size of the figure in the picture's units */
  size?: number;
  anchor?: 'start' | 'middle' | 'end';
  label?: string;
  /** no room for an age beside it: the dashed line must do */
  terse?: boolean;
}

/** A value in the process picture: figure, unit, and, when it is old or doubtful, its age or quality. */
export function Reading({ values, name, x, y, size = 15, anchor = 'start', label, terse = false }: Props) {
  const { t, ages, local } = useWords();
  const read = values.read(name);
  if (!read || (Number.isNaN(read.value) && Number.isNaN(read.time))) return null;
  const old = isOld(read, values) || (!values.moving && values.source === 'live');
  const doubtful = read.quality !== Quality.good;
  const note = old
    ? formatAge(values.now - read.time, ages)
    : doubtful
      ? t(`quality.${QUALITY_NAMES[read.quality] ?? 'bad'}`)
      : '';
  return (
    <text
      className={`reading ${old || doubtful ? 'is-old' : ''} ${levelOf(read, values)}`}
      x={x}
      y={y}
      textAnchor={anchor}
    >
      <title>{`${name} ${local(read.point)}`}</title>
      {label && <tspan className="reading-label">{label} </tspan>}
      <tspan fontSize={size} className="reading-figure">
        {formatValue(read.value, read.point.resolution)}
      </tspan>
      <tspan className="reading-unit"> {read.point.unit}</tspan>
      {note !== '' && !terse && <tspan className="reading-note"> {note}</tspan>}
    </text>
  );
}

/** `p2` beyond the outer limits, `p3` beyond the inner, else ''. */
export function levelOf({ point, value }: PointValue, values: StationValues): '' | 'p2' | 'p3' {
  const limits = point.limits;
  if (!limits || Number.isNaN(value)) return '';
  const origin = limits.relativeTo
    ? (values.read(`${point.zone}/${limits.relativeTo}`)?.value ?? Number.NaN)
    : 0;
  const above = (limit: number | undefined) => limit !== undefined && value > origin + limit;
  const below = (limit: number | undefined) => limit !== undefined && value < origin + limit;
  if (above(limits.hh) || below(limits.ll)) return 'p2';
  return above(limits.h) || below(limits.l) ? 'p3' : '';
}
