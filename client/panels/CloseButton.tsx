import { useWords } from '../i18n/i18n.ts';
import { Glyph } from './Glyph.tsx';

export function CloseButton({ onClose }: { onClose(): void }) {
  const { t } = useWords();
  return (
    <button
      type="button"
      className="icon-button"
      onClick={onClose}
      aria-label={t('action.close')}
      title={t('action.close')}
    >
      <Glyph name="close" />
    </button>
  );
}
