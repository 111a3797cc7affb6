import { Checkbox, Input, Select } from 'antd';
import { useState } from 'react';
import { useWords } from '../i18n/i18n.ts';
import type { ActionKind, ActionWords } from './useActions.ts';

interface Props {
  kind: Exclude<ActionKind, 'acknowledge'>;
  count: number;
  busy: boolean;
  /** a reason to begin with */
  proposed?: string;
  onSubmit(words: ActionWords): void;
  onCancel(): void;
}

const TIMES = [
  { minutes: 30, word: 'm30' },
  { minutes: 120, word: 'h2' },
  { minutes: 480, word: 'h8' },
  { minutes: 1440, word: 'h24' },
] as const;

/** Why, and for how long: what is kept silent needs both. */
export function ActionForm({ kind, count, busy, proposed = '', onSubmit, onCancel }: Props) {
  const { t } = useWords();
  const [reason, setReason] = useState(proposed);
  const [minutes, setMinutes] = useState<number>(TIMES[1].minutes);
  const [oneShot, setOneShot] = useState(false);
  const label = t(kind === 'outOfService' ? 'alarms.form.order' : 'alarms.form.reason');
  return (
    <form
      className="alarm-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (reason.trim() !== '') onSubmit({ reason: reason.trim(), minutes, oneShot });
      }}
      onKeyDown={(event) => event.key === 'Escape' && onCancel()}
    >
      <b>{t(`alarms.form.${kind}`, { count })}</b>
      <Input
        size="small"
        autoFocus
        value={reason}
        maxLength={300}
        placeholder={label}
        aria-label={label}
        onChange={(event) => setReason(event.target.value)}
      />
      {kind === 'shelve' && (
        <>
          <Select
            size="small"
            value={minutes}
            aria-label={t('alarms.form.minutes')}
            options={TIMES.map((time) => ({ value: time.minutes, label: t(`alarms.form.for.${time.word}`) }))}
            onChange={setMinutes}
          />
          <Checkbox checked={oneShot} onChange={(event) => setOneShot(event.target.checked)}>
            {t('alarms.form.oneShot')}
          </Checkbox>
        </>
      )}
      <button type="submit" className="button is-primary" disabled={busy || reason.trim() === ''}>
        {t(`alarms.act.${kind}`)}
      </button>
      <button type="button" className="button" onClick={onCancel}>
        {t('alarms.act.cancel')}
      </button>
    </form>
  );
}
