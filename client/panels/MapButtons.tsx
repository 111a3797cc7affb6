import { useWords } from '../i18n/i18n.ts';
import { useCamera } from '../state/camera.ts';
import { useView } from '../state/view.ts';
import { Glyph } from './Glyph.tsx';

/** Zoom, whole city, tilt, and the way back to a closed left panel. */
export function MapButtons() {
  const { t } = useWords();
  const ask = useCamera((camera) => camera.ask);
  const { leftOpen, set } = useView();
  const buttons = [
    { glyph: 'plus', words: t('action.zoomIn'), run: () => ask({ kind: 'zoom', by: 1 }) },
    { glyph: 'minus', words: t('action.zoomOut'), run: () => ask({ kind: 'zoom', by: -1 }) },
    { glyph: 'home', words: t('action.wholeCity'), run: () => ask({ kind: 'city' }) },
    { glyph: 'tilt', words: t('action.tilt'), run: () => ask({ kind: 'tilt' }) },
  ] as const;
  return (
    <>
      {!leftOpen && (
        <button
          type="button"
          className="open-left icon-button"
          onClick={() => set({ leftOpen: true })}
          title={t('action.openPanel')}
          aria-label={t('action.openPanel')}
        >
          <Glyph name="layers" />
        </button>
      )}
      <div className="map-buttons">
        {buttons.map(({ glyph, words, run }) => (
          <button
            key={glyph}
            type="button"
            className="icon-button"
            onClick={run}
            title={words}
            aria-label={words}
          >
            <Glyph name={glyph} />
          </button>
        ))}
      </div>
    </>
  );
}
