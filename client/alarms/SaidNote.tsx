import { useWords } from '../i18n/i18n.ts';
import type { Actions } from './useActions.ts';

/** What became of the last action, with its undo where there is one. */
export function SaidNote({ actions: { said, say } }: { actions: Actions }) {
  const { t } = useWords();
  if (!said) return null;
  return (
    <output className={`alarm-said ${said.wrong ? 'is-wrong' : ''}`}>
      {said.text}
      {said.undo && (
        <button
          type="button"
          className="text-button"
          onClick={() => {
            said.undo?.();
            say(null);
          }}
        >
          {t('alarms.act.undo')}
        </button>
      )}
    </output>
  );
}
