import { Input, Select } from 'antd';
import { useState } from 'react';
import { HOUR, MINUTE } from '#twin/units.ts';
import { useNaming } from '../alarms/names.ts';
import { OperatorField } from '../alarms/OperatorField.tsx';
import { SaidNote } from '../alarms/SaidNote.tsx';
import { SilencerList } from '../alarms/SilencerList.tsx';
import { useActions } from '../alarms/useActions.ts';
import { useWords } from '../i18n/i18n.ts';
import '../alarms/alarms.css';

const LENGTHS = { h2: 2 * HOUR, h8: 8 * HOUR, d1: 24 * HOUR, d7: 168 * HOUR } as const;
type Length = keyof typeof LENGTHS | 'open';
/** In place of a rule: the whole room. */
const WHOLE = '';

/** Alarms of a station that are out of service, and the way to take them there before any stands. */
export function RoomWatch({ code }: { code: string }) {
  const { t } = useWords();
  const naming = useNaming();
  const actions = useActions();
  const [rule, setRule] = useState(WHOLE);
  const [length, setLength] = useState<Length>('h8');
  const [reason, setReason] = useState('');
  const submit = async () => {
    const done = await actions.silence({
      kind: 'outOfService',
      station: code,
      rule: rule === WHOLE ? null : rule,
      minutes: length === 'open' ? null : LENGTHS[length] / MINUTE,
      reason: reason.trim(),
    });
    // what was typed stays where it was not taken
    if (done) setReason('');
  };
  const order = t('alarms.form.order');
  return (
    <>
      <p className="card-words">{t('alarms.silencers.roomHint')}</p>
      <SilencerList naming={naming} actions={actions} at={code} />
      <form
        className="alarm-form"
        onSubmit={(event) => {
          event.preventDefault();
          if (reason.trim() !== '') submit();
        }}
      >
        <OperatorField />
        <Select
          size="small"
          value={rule}
          aria-label={t('alarms.silencers.what')}
          popupMatchSelectWidth={false}
          showSearch={{ optionFilterProp: 'label' }}
          options={[
            { value: WHOLE, label: t('alarms.silencers.allRules') },
            ...[...naming.rules.keys()].map((id) => ({ value: id, label: naming.rule(id) })),
          ]}
          onChange={setRule}
        />
        <Select
          size="small"
          value={length}
          aria-label={t('alarms.silencers.length')}
          popupMatchSelectWidth={false}
          options={[
            ...(['h2', 'h8', 'd1', 'd7'] as const).map((one) => ({
              value: one as Length,
              label: t(`alarms.silencers.for.${one}`),
            })),
            { value: 'open' as Length, label: t('alarms.silencers.open') },
          ]}
          onChange={setLength}
        />
        <Input
          size="small"
          value={reason}
          maxLength={300}
          placeholder={order}
          aria-label={order}
          onChange={(event) => setReason(event.target.value)}
        />
        <button type="submit" className="button" disabled={actions.busy || reason.trim() === ''}>
          {t('alarms.act.outOfService')}
        </button>
      </form>
      <SaidNote actions={actions} />
    </>
  );
}
