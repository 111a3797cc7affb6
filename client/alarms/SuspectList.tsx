import { useNavigate } from 'react-router';
import type { Suspects } from '#twin/wire/alarms.ts';
import { useCity } from '../api/queries.ts';
import { formatValue } from '../format/number.ts';
import { useWords } from '../i18n/i18n.ts';
import { useCamera } from '../state/camera.ts';
import { usePointed } from '../state/pointed.ts';
import { clockFor } from '../timebar/TimeBar.tsx';
import './diagnosis.css';

/** A stretch longer than this is an area, m. */
const VAGUE = 5000;

/** Where a main may have burst, beside that none has: by confidence, each to be seen on the map. */
export function SuspectList({ suspects }: { suspects: Suspects }) {
  const { t } = useWords();
  const navigate = useNavigate();
  const clock = clockFor(useCity().data?.timeZone ?? 'Asia/Shanghai');
  const { stretches, source, sourceDrop, rooms, time } = suspects;
  const show = ({ mains, bounds }: Suspects['stretches'][number]) => {
    usePointed.getState().suspect(mains);
    useCamera.getState().ask({ kind: 'box', bounds });
    navigate('/');
  };
  const nothingBurst = {
    confidence: source,
    what: t('alarms.suspects.source'),
    more: t('alarms.suspects.sourceDrop', { drop: formatValue(sourceDrop, 0.01) }),
    onShow: undefined,
  };
  const causes = [
    nothingBurst,
    ...stretches.map((stretch) => ({
      confidence: stretch.confidence,
      what: (
        <>
          <code>{stretch.mains[0]}</code>{' '}
          {t('alarms.suspects.stretch', {
            count: stretch.count,
            km: formatValue(stretch.length / 1000, 0.1),
            dn: stretch.dn,
          })}
        </>
      ),
      more: t(stretch.length > VAGUE ? 'alarms.suspects.vague' : 'alarms.suspects.flow', {
        flow: formatValue(stretch.flow, 1),
      }),
      onShow: () => show(stretch),
    })),
  ].sort((a, b) => b.confidence - a.confidence);
  return (
    <section>
      <h2>{t('alarms.suspects.title')}</h2>
      <p className="card-words alarm-suspects-asked">
        {t('alarms.suspects.asked', { rooms, time: clock.minute(time) })}
      </p>
      <ol className="alarm-causes">
        {causes.map(({ confidence, what, more, onShow }, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: they are ranked anew all together
          <li key={i} className={i === 0 ? 'is-likeliest' : ''}>
            <Confidence confidence={confidence}>{what}</Confidence>
            <div className="alarm-suspect">
              <p className="alarm-remedy">{more}</p>
              {onShow && (
                <button type="button" className="button" onClick={onShow}>
                  {t('alarms.suspects.show')}
                </button>
              )}
            </div>
          </li>
        ))}
      </ol>
    </section>
  );
}

function Confidence({ confidence, children }: { confidence: number; children: React.ReactNode }) {
  const { t } = useWords();
  const percent = Math.round(100 * confidence);
  return (
    <p className="alarm-cause">
      <span>{children}</span>
      <meter min={0} max={1} value={confidence} aria-label={t('alarms.detail.confidence', { percent })} />
      <span className="alarm-confidence">{percent} %</span>
    </p>
  );
}
