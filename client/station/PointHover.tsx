import type { Limits } from '#twin/catalogue/definition.ts';
import type { TemplatePoint } from '#twin/catalogue/template.ts';
import { useCity } from '../api/queries.ts';
import { formatSigned, formatValue } from '../format/number.ts';
import { formatAge } from '../format/time.ts';
import { useWords } from '../i18n/i18n.ts';
import { clockFor } from '../timebar/TimeBar.tsx';
import type { StationValues } from './values.ts';

interface Props {
  values: StationValues;
  point: TemplatePoint;
  top: number;
  left: number;
}

const LIMITS = ['ll', 'l', 'h', 'hh'] as const satisfies readonly (keyof Limits)[];

/** What the catalogue knows of a point: range, limits, resolution, interval, and when and whence its value came. */
export function PointHover({ values, point, top, left }: Props) {
  const { t, ages, local } = useWords();
  const zone = useCity().data?.timeZone ?? 'Asia/Shanghai';
  const read = values.read(point.name);
  const limits = point.limits;
  const format = limits?.relativeTo ? formatSigned : formatValue;
  const given = limits ? LIMITS.filter((key) => limits[key] !== undefined) : [];
  const above = top > window.innerHeight * 0.65;
  return (
    <div
      className="point-hover"
      role="tooltip"
      style={above ? { bottom: window.innerHeight - top + 34, left } : { top: top + 4, left }}
    >
      <strong>{local(point)}</strong> <code>{point.name}</code>
      <dl>
        <dt>{t('point.range')}</dt>
        <dd>
          {formatValue(point.min, point.resolution)} – {formatValue(point.max, point.resolution)} {point.unit}
        </dd>
        <dt>{t('point.limits')}</dt>
        <dd>
          {limits && given.length > 0
            ? given.map((key) => `${t(`point.${key}`)} ${format(limits[key]!, point.resolution)}`).join(' · ')
            : t('point.none')}
          {limits?.relativeTo && ` (${t('point.relative')})`}
        </dd>
        <dt>{t('point.resolution')}</dt>
        <dd>
          {point.resolution} {point.unit}
        </dd>
        <dt>{t('point.interval')}</dt>
        <dd>{formatAge(point.interval, ages)}</dd>
        <dt>{t('point.measured')}</dt>
        <dd>{clockFor(zone).second(read?.time ?? Number.NaN)}</dd>
        <dt>{t('point.source')}</dt>
        <dd>{t(values.source === 'live' ? 'point.sourceLive' : 'point.sourcePast')}</dd>
      </dl>
    </div>
  );
}
