import { useCity } from '../api/queries.ts';
import { useWords } from '../i18n/i18n.ts';
import { clockFor } from '../timebar/TimeBar.tsx';

interface Props {
  evidence: Record<string, number | null>;
}

/** Figures that alarms of areas and of the platform come with, in this order, with their units or as times. */
const FIGURES = {
  roomsConcerned: '',
  roomsInArea: '',
  firstBegan: 'time',
  downSince: 'time',
  failures: '',
  waiting: '',
  behindSeconds: 's',
  freePercent: '%',
  damagedChunks: '',
} as const;
type Figure = keyof typeof FIGURES;

/** What an alarm of an area or of the platform was seen by when it was raised. */
export function FigureTable({ evidence }: Props) {
  const { t } = useWords();
  const clock = clockFor(useCity().data?.timeZone ?? 'Asia/Shanghai');
  const known = (Object.keys(FIGURES) as Figure[]).filter((name) => typeof evidence[name] === 'number');
  if (known.length === 0) return null;
  return (
    <section>
      <h2>{t('alarms.detail.evidence')}</h2>
      <dl className="alarm-evidence">
        {known.map((name) => {
          const unit = FIGURES[name];
          const value = evidence[name]!;
          return (
            <div key={name}>
              <dt>{t(`alarms.evidenceFigure.${name}`)}</dt>
              <dd>
                {unit === 'time' ? clock.dayMinute(value) : value} {unit !== 'time' && <i>{unit}</i>}
              </dd>
            </div>
          );
        })}
      </dl>
    </section>
  );
}
