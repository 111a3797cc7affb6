import { useEffect, useRef } from 'react';
import { useCity } from '../api/queries.ts';
import { clockOf, formatAge } from '../format/time.ts';
import { useWords } from '../i18n/i18n.ts';
import { useServerNow } from '../live/hooks.ts';
import { useOverview } from '../overview/useOverview.ts';
import { Glyph } from '../panels/Glyph.tsx';
import { useMoment } from '../state/moment.ts';
import { hourMarks, momentAt, momentByKey, shareOf } from './moment.ts';
import './timebar.css';

/** Live, or any minute of the last 24 hours: drag, click, or use the arrow keys. */
export function TimeBar() {
  const { t, ages } = useWords();
  const { moment, show } = useMoment();
  const now = useServerNow(1000);
  const zone = useCity().data?.timeZone ?? 'Asia/Shanghai';
  const clock = clockFor(zone);
  const { loading, error } = useOverview(1000);
  const track = useRef<HTMLDivElement>(null);
  useMomentKeys(now);

  const share = shareOf(moment, now);
  const at = (event: React.PointerEvent) => {
    const { left, width } = track.current!.getBoundingClientRect();
    show(momentAt(Math.min(1, Math.max(0, (event.clientX - left) / width)), now));
  };
  const past = moment !== 'live';
  return (
    <footer className={`time-bar ${past ? 'is-past' : ''}`}>
      <button
        type="button"
        className="live-button"
        aria-pressed={!past}
        onClick={() => show('live')}
        title={t('time.keys')}
      >
        <i /> {t('time.live')}
      </button>
      <div
        ref={track}
        className="time-track"
        role="slider"
        tabIndex={0}
        aria-label={t('time.bar')}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.round(share * 100)}
        aria-valuetext={past ? clock.dayMinute(moment) : t('time.live')}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          at(event);
        }}
        onPointerMove={(event) => event.buttons === 1 && at(event)}
      >
        {hourMarks(now, 3, (time) => Number(clock.minute(time).slice(0, 2))).map((mark) => (
          <span key={mark} className="time-mark" style={{ left: `${shareOf(mark, now) * 100}%` }}>
            {clock.minute(mark)}
          </span>
        ))}
        <span className="time-line" />
        <span className="time-handle" style={{ left: `${share * 100}%` }} />
      </div>
      <output className="time-now">
        {past ? (
          <>
            <Glyph name="clock" />
            <b>{clock.dayMinute(moment)}</b>
            <span>
              {error
                ? t('time.missing')
                : loading
                  ? '…'
                  : t('age.ago', { age: formatAge(now - moment, ages) })}
            </span>
          </>
        ) : (
          <b>{clock.second(now)}</b>
        )}
      </output>
    </footer>
  );
}

/** Arrow keys, Home, End and L move the moment wherever the focus is, except where they mean something else. */
function useMomentKeys(now: number): void {
  const time = useRef(now);
  time.current = now;
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      const { moment, show } = useMoment.getState();
      const next = momentByKey(event.key, event.shiftKey, moment, time.current);
      if (next === undefined) return;
      event.preventDefault();
      show(next);
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
}

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  target.closest(
    'input, textarea, select, [contenteditable], [role=separator], .maplibregl-canvas, [role=listbox]',
  ) !== null;

const clocks = new Map<string, ReturnType<typeof clockOf>>();

/** The clock of a zone, made once. */
export function clockFor(zone: string): ReturnType<typeof clockOf> {
  const hit = clocks.get(zone) ?? clockOf(zone);
  clocks.set(zone, hit);
  return hit;
}
