import { useWords } from '../i18n/i18n.ts';
import { Glyph } from '../panels/Glyph.tsx';
import { useOperator } from './operator.ts';

/** Whether alarms are heard on this screen. */
export function SoundButton() {
  const { t } = useWords();
  const { sound, setSound } = useOperator();
  const words = t(sound ? 'alarms.sound.on' : 'alarms.sound.off');
  return (
    <button
      type="button"
      className="icon-button"
      aria-pressed={sound}
      aria-label={words}
      title={words}
      onClick={() => setSound(!sound)}
    >
      <Glyph name={sound ? 'bell' : 'silent'} />
    </button>
  );
}
