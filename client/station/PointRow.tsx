import type { TemplatePoint } from '#twin/catalogue/template.ts';
import { QUALITY_NAMES, Quality } from '#twin/state/quality.ts';
import { formatValue } from '../format/number.ts';
import { formatAge } from '../format/time.ts';
import { useWords } from '../i18n/i18n.ts';
import { levelOf } from './Reading.tsx';
import { isOld, type StationValues } from './values.ts';

interface Props {
  values: StationValues;
  point: TemplatePoint;
  label: string;
  onHover(row: HTMLElement | null): void;
}

/** One point: its name, value, unit, age and quality. */
export function PointRow({ values, point, label, onHover }: Props) {
  const { t, ages } = useWords();
  const read = values.read(point.name)!;
  const old = isOld(read, values) || (!values.moving && values.source === 'live');
  const good = read.quality === Quality.good;
  const none = Number.isNaN(read.value);
  const yesNo = point.type === 'bool' && !none;
  return (
    <tr
      className={old || !good ? 'is-old' : ''}
      tabIndex={0}
      onMouseEnter={(event) => onHover(event.currentTarget)}
      onMouseLeave={() => onHover(null)}
      onFocus={(event) => onHover(event.currentTarget)}
      onBlur={() => onHover(null)}
    >
      <td className="point-name">
        <span>{label}</span> <code>{point.name}</code>
      </td>
      <td className={`is-number point-value ${levelOf(read, values)}`}>
        {yesNo ? t(read.value === 1 ? 'point.on' : 'point.off') : formatValue(read.value, point.resolution)}
      </td>
      <td className="is-unit">{point.unit}</td>
      <td className="is-number point-age">{formatAge(values.now - read.time, ages)}</td>
      <td className={`point-quality ${good ? 'is-good' : ''}`}>
        {t(`quality.${QUALITY_NAMES[read.quality] ?? 'bad'}`)}
      </td>
    </tr>
  );
}
