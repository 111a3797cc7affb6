import { useWords } from '../i18n/i18n.ts';
import { useLink } from '../live/hooks.ts';

/** One dot and one word: is what I see alive? */
export function LinkState() {
  const { t } = useWords();
  const { phase } = useLink();
  return (
    <span className={`link-state link-${phase}`} role="status">
      <i />
      <span>{t(`link.${phase}`)}</span>
    </span>
  );
}
