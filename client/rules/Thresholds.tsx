import { useQueryClient } from '@tanstack/react-query';
import { Input, Select } from 'antd';
import { useMemo, useState } from 'react';
import { quantityText } from '#twin/rules/units.ts';
import type { RuleThreshold } from '#twin/wire/alarms.ts';
import type { RuleEntryText, ThresholdOverride } from '#twin/wire/rules.ts';
import type { Naming } from '../alarms/names.ts';
import { useOperator } from '../alarms/operator.ts';
import { RequestError } from '../api/http.ts';
import { useStations } from '../api/queries.ts';
import { useWords } from '../i18n/i18n.ts';
import { problemText } from './problems.ts';
import { addOverride, forgetRules, removeOverride } from './queries.ts';
import './thresholds.css';

interface Props {
  rule: RuleEntryText;
  naming: Naming;
}

/** The named thresholds of a rule in force, the stations that have others, and how that is changed. */
export function Thresholds({ rule, naming }: Props) {
  const { t, local } = useWords();
  const { thresholds, overrides } = rule;
  const [name, setName] = useState<string | null>(null);
  const [stations, setStations] = useState<string[]>([]);
  const [value, setValue] = useState('');
  const [reason, setReason] = useState('');
  const { said, busy, attempt } = useChanges();
  const rooms = useRooms(rule);
  const chosen = thresholds.find((one) => one.name === name) ?? thresholds[0];
  if (!chosen && overrides.length === 0)
    return (
      <div className="thresholds">
        <h2>{t('rules.thresholds.title')}</h2>
        <p className="alarm-keys">{t('rules.thresholds.none')}</p>
      </div>
    );
  const given = reason.trim();
  const mayAdd = !busy && chosen && given !== '' && value.trim() !== '' && stations.length > 0;
  const add = async () => {
    if (!mayAdd) return;
    const done = await attempt('added', (by) =>
      addOverride(rule.id, {
        threshold: chosen.name,
        stations,
        value: withUnit(value, chosen),
        by,
        reason: given,
      }),
    );
    if (!done) return;
    setStations([]);
    setValue('');
    setReason('');
  };
  const remove = (threshold: string, station: string) =>
    attempt('removed', (by) => removeOverride(rule.id, { threshold, station, by, reason: given }));
  return (
    <div className="thresholds">
      <h2>{t('rules.thresholds.title')}</h2>
      <table>
        <tbody>
          {thresholds.map((one) => {
            const own = overrides.filter(({ threshold }) => threshold === one.name);
            return (
              <tr key={one.name} className="thresholds-own">
                <th scope="row">
                  {local(one)} <code>{one.name}</code>
                </th>
                <td>{quantityText(one.value, one.unit)}</td>
                <td>{t(own.length === 0 ? 'rules.thresholds.everywhere' : 'rules.thresholds.others')}</td>
                <td />
              </tr>
            );
          })}
          {overrides.flatMap((override) =>
            override.stations.map((code) => (
              <tr key={`${override.threshold} ${code}`}>
                <th scope="row">
                  {naming.place({ station: code })} <code>{`${override.threshold} · ${code}`}</code>
                </th>
                <td>{override.value}</td>
                <td>
                  <About override={override} version={rule.version} />
                </td>
                <td>
                  <button
                    type="button"
                    className="text-button"
                    disabled={busy || given === ''}
                    title={given === '' ? t('rules.thresholds.removeHint') : undefined}
                    onClick={() => remove(override.threshold, code)}
                  >
                    {t('rules.thresholds.remove')}
                  </button>
                </td>
              </tr>
            )),
          )}
        </tbody>
      </table>
      <form
        className="thresholds-form"
        onSubmit={(event) => {
          event.preventDefault();
          add();
        }}
      >
        {chosen && (
          <>
            <Select
              size="small"
              value={chosen.name}
              aria-label={t('rules.thresholds.threshold')}
              popupMatchSelectWidth={false}
              options={thresholds.map((one) => ({ value: one.name, label: local(one) }))}
              onChange={setName}
            />
            <Select
              size="small"
              mode="multiple"
              className="thresholds-rooms"
              value={stations}
              maxTagCount="responsive"
              placeholder={t('rules.thresholds.station')}
              aria-label={t('rules.thresholds.station')}
              showSearch={{ optionFilterProp: 'label' }}
              options={rooms}
              onChange={setStations}
            />
            <Input
              size="small"
              className="thresholds-value"
              value={value}
              maxLength={40}
              placeholder={t('rules.thresholds.value', { example: quantityText(chosen.value, chosen.unit) })}
              aria-label={t('rules.thresholds.value', { example: quantityText(chosen.value, chosen.unit) })}
              onChange={(event) => setValue(event.target.value)}
            />
          </>
        )}
        <Input
          size="small"
          className="thresholds-reason"
          value={reason}
          maxLength={300}
          placeholder={t('rules.thresholds.reason')}
          aria-label={t('rules.thresholds.reason')}
          onChange={(event) => setReason(event.target.value)}
        />
        <button type="submit" className="button" disabled={!mayAdd}>
          {t('rules.thresholds.add')}
        </button>
        {said && <output className={said.wrong ? 'is-wrong' : ''}>{said.text}</output>}
      </form>
      <p className="alarm-keys">{t('rules.thresholds.hint')}</p>
    </div>
  );
}

/** Who chose it and why; that it is not in force, or was chosen for another version of the rule. */
function About({ override, version }: { override: ThresholdOverride; version: number }) {
  const { t } = useWords();
  const wrong = override.problems[0];
  return (
    <>
      {`${t('rules.by', { name: override.author })} · ${override.reason}`}
      {override.version !== version && (
        <em>{` · ${t('rules.thresholds.older', { version: override.version })}`}</em>
      )}
      {wrong && (
        <em className="is-wrong">{` · ${t('rules.thresholds.notInForce', { reason: problemText(t, wrong) })}`}</em>
      )}
    </>
  );
}

/** Stations that the rule looks at. */
function useRooms({ kinds }: RuleEntryText) {
  const { local } = useWords();
  const stations = useStations().data?.stations;
  return useMemo(
    () =>
      (stations ?? [])
        .filter(({ kind }) => kinds.length === 0 || kinds.includes(kind))
        .map(({ code, name }) => ({ value: code, label: `${local(name)} ${code}` })),
    [stations, kinds, local],
  );
}

/** A number without a unit is one in that of the threshold. */
const withUnit = (value: string, { unit }: RuleThreshold): string =>
  unit !== null && /^-?\d+(\.\d+)?$/.test(value.trim()) ? quantityText(Number(value), unit) : value.trim();

/** Changes, one at a time, and what is said of the last. */
function useChanges() {
  const { t } = useWords();
  const client = useQueryClient();
  const by = useOperator((operator) => operator.name).trim();
  const [said, setSaid] = useState<{ text: string; wrong: boolean } | null>(null);
  const [busy, setBusy] = useState(false);
  const reasonOf = (error: unknown): string => {
    if (!(error instanceof RequestError)) return (error as Error).message;
    if (error.status === 0) return t('rules.refused.offline');
    if (error.status === 404) return t('rules.thresholds.gone');
    if (error.status >= 500) return t('rules.thresholds.unwritable');
    return error.issues.map((issue) => problemText(t, issue)).join(' · ') || error.message;
  };
  const attempt = async (
    done: 'added' | 'removed',
    work: (by: string) => Promise<unknown>,
  ): Promise<boolean> => {
    if (by === '') {
      setSaid({ text: t('alarms.whoMissing'), wrong: true });
      return false;
    }
    setBusy(true);
    try {
      await work(by);
      setSaid({ text: t(`rules.thresholds.${done}`), wrong: false });
      return true;
    } catch (error) {
      setSaid({ text: t('rules.thresholds.failed', { reason: reasonOf(error) }), wrong: true });
      return false;
    } finally {
      setBusy(false);
      await forgetRules(client);
    }
  };
  return { said, busy, attempt };
}
