import { formatSigned } from '../format/number.ts';
import { useWords } from '../i18n/i18n.ts';
import { COLOUR_RULES, type ColourRule, scaleOf, valueAt } from '../map/colouring.ts';
import { useView } from '../state/view.ts';
import { THEMES } from '../theme/tokens.ts';
import { StateMark } from './StateMark.tsx';

/** What the colours and shapes of the stations mean under the present colouring. */
export function Legend() {
  const colouring = useView((view) => view.colouring);
  const rule = COLOUR_RULES[colouring];
  return rule ? <ScaleLegend rule={rule} /> : <StateLegend />;
}

function StateLegend() {
  const { t } = useWords();
  return (
    <ul className="legend">
      <li>
        <StateMark state="live" /> {t('legend.normal')}
      </li>
      <li>
        <StateMark state="live" priority={1} /> {t('flag.flooded')} / {t('flag.powerLost')}
      </li>
      <li>
        <StateMark state="stale" /> {t('state.stale')}
      </li>
      <li>
        <StateMark state="live" priority={2} /> {t('flag.pumpFault')}
      </li>
      <li>
        <StateMark state="offline" /> {t('state.offline')}
      </li>
      <li>
        <StateMark state="live" priority={3} /> {t('flag.limit')}
      </li>
      <li>
        <StateMark state="never" /> {t('state.never')}
      </li>
      <li>
        <StateMark state="live" priority={4} /> {t('flag.badData')} / {t('flag.unregistered')}
      </li>
    </ul>
  );
}

function ScaleLegend({ rule }: { rule: ColourRule }) {
  const { t } = useWords();
  const theme = useView((view) => view.theme);
  const marks = [0, 0.5, 1].map((place) => {
    const value = Number(valueAt(place, rule).toPrecision(2));
    return rule.kind === 'diverging' ? formatSigned(value, rule.resolution) : String(value);
  });
  return (
    <div className="scale-legend">
      <div
        className="scale-bar"
        style={{ background: `linear-gradient(to right, ${scaleOf(rule, THEMES[theme]).join(', ')})` }}
      />
      <p className="scale-marks">
        {marks.map((mark) => (
          <span key={mark}>{mark}</span>
        ))}
      </p>
      <p className="scale-words">
        {rule.kind === 'diverging' ? (
          <>
            <span>{t('legend.below')}</span>
            <span>{t('legend.at')}</span>
            <span>{t('legend.above')}</span>
          </>
        ) : (
          <>
            <span>{rule.unit}</span>
            <span>{rule.log ? t('legend.log') : ''}</span>
          </>
        )}
      </p>
      <ul className="legend">
        <li>
          <StateMark state="stale" /> {t('legend.stale')}
        </li>
        <li>
          <StateMark state="never" /> {t('legend.none')}
        </li>
      </ul>
    </div>
  );
}
