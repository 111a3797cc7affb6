import { type TemplatePoint, templateById } from '#twin/catalogue/template.ts';
import type { RuleThreshold } from '#twin/wire/alarms.ts';
import type { StationSummary } from '#twin/wire/api.ts';
import { formatValue } from '../format/number.ts';
import { useWords } from '../i18n/i18n.ts';

interface Props {
  evidence: Record<string, number | null>;
  station: StationSummary;
  /** of the rule, as far as it is known */
  thresholds?: readonly RuleThreshold[] | undefined;
}

/** What was measured when the alarm was raised, and the thresholds that were in force at this station. */
export function EvidenceTable({ evidence, station, thresholds = [] }: Props) {
  const { t, local } = useWords();
  const points = evidencePoints(evidence, station);
  const limits = thresholds.filter(({ name }) => typeof evidence[name] === 'number');
  if (points.length === 0 && limits.length === 0) return null;
  const show = (point: TemplatePoint) => {
    const value = evidence[point.name] ?? Number.NaN;
    if (point.type !== 'bool' || Number.isNaN(value)) return formatValue(value, point.resolution);
    return t(value === 0 ? 'point.off' : 'point.on');
  };
  return (
    <section>
      <h2>{t('alarms.detail.evidence')}</h2>
      <dl className="alarm-evidence">
        {points.map((point) => (
          <div key={point.name} title={point.name}>
            <dt>
              {[point.zone ? t(`zone.${point.zone}`) : '', point.pump ?? '', local(point)]
                .filter(Boolean)
                .join(' ')}
            </dt>
            <dd>
              {show(point)} <i>{point.unit}</i>
            </dd>
          </div>
        ))}
        {limits.map((limit) => (
          <div key={limit.name} title={limit.name}>
            <dt>{local(limit)}</dt>
            <dd>
              {evidence[limit.name]} <i>{limit.unit}</i>
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

/** The points of an alarm's evidence, in the order of the template. */
export const evidencePoints = (
  evidence: Record<string, number | null>,
  { template }: StationSummary,
): TemplatePoint[] => templateById(template).points.filter(({ name }) => name in evidence);
