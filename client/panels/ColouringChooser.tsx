import { useWords } from '../i18n/i18n.ts';
import { COLOURINGS, useView } from '../state/view.ts';

/** One of six ways to colour the stations. */
export function ColouringChooser() {
  const { t } = useWords();
  const { colouring, set } = useView();
  return (
    <div className="chooser" role="radiogroup" aria-label={t('colouring.title')}>
      {COLOURINGS.map((one) => (
        <label key={one} className={one === colouring ? 'is-on' : ''} title={t(`colouring.${one}`)}>
          <input
            type="radio"
            name="colouring"
            checked={one === colouring}
            onChange={() => set({ colouring: one })}
          />
          {t(`colouringShort.${one}`)}
        </label>
      ))}
    </div>
  );
}
