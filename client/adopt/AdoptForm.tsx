import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Input, InputNumber, Select } from 'antd';
import { useState } from 'react';
import { STATION_KINDS } from '#twin/model/station.ts';
import type { City, UnregisteredStation } from '#twin/wire/api.ts';
import { postJson } from '../api/http.ts';
import { stationsQuery, unregisteredQuery } from '../api/queries.ts';
import { useWords } from '../i18n/i18n.ts';
import { type Draft, draftOf, problemsOf, pruned, requestOf } from './draft.ts';
import { Field } from './Field.tsx';
import { MappingTable } from './MappingTable.tsx';
import { SetsField } from './SetsField.tsx';

interface Props {
  station: UnregisteredStation;
  city: City;
  onDone(code: string): void;
}

/** Registers one station: its name and place, its shape, and which metric becomes which point. */
export function AdoptForm({ station, city, onDone }: Props) {
  const { t, local } = useWords();
  const [draft, setDraft] = useState<Draft>(() => draftOf(station, city));
  const [asked, setAsked] = useState(false);
  const queries = useQueryClient();
  const adopt = useMutation({
    mutationFn: () => postJson('/api/stations/adopt', requestOf(draft)),
    onSuccess: () => {
      queries.invalidateQueries({ queryKey: unregisteredQuery.queryKey });
      queries.invalidateQueries({ queryKey: stationsQuery.queryKey });
      onDone(station.code);
    },
  });
  const change = (part: Partial<Draft>) => setDraft((old) => pruned({ ...old, ...part }));
  const problems = problemsOf(draft, city);
  const problemOf = (field: string) => {
    const found = asked ? problems.find((one) => one.field === field) : undefined;
    if (!found) return undefined;
    return found.problem === 'duplicate'
      ? t('adopt.duplicate', { point: found.point })
      : t(found.problem === 'outside' ? 'adopt.outside' : 'adopt.required');
  };
  const submit = (event: React.FormEvent) => {
    event.preventDefault();
    setAsked(true);
    if (problems.length === 0) adopt.mutate();
  };
  return (
    <form className="card adopt-form" onSubmit={submit}>
      <h2>
        <code>{station.code}</code>
      </h2>
      <div className="fields">
        <Field label={t('adopt.nameZh')} problem={problemOf('nameZh')}>
          <Input
            value={draft.name.zh}
            onChange={(e) => change({ name: { ...draft.name, zh: e.target.value } })}
          />
        </Field>
        <Field label={t('adopt.nameEn')} problem={problemOf('nameEn')}>
          <Input
            value={draft.name.en}
            onChange={(e) => change({ name: { ...draft.name, en: e.target.value } })}
          />
        </Field>
        <Field label={t('adopt.kind')}>
          <Select
            value={draft.kind}
            options={STATION_KINDS.map((kind) => ({ value: kind, label: t(`kind.${kind}`) }))}
            onChange={(kind) => change({ kind })}
          />
        </Field>
        <Field label={t('adopt.district')} problem={problemOf('district')}>
          <Select
            value={draft.district}
            options={city.districts.map(({ code, name }) => ({ value: code, label: local(name) }))}
            onChange={(district) => change({ district })}
          />
        </Field>
        <Field label={t('adopt.supplyZone')} problem={problemOf('supplyZone')}>
          <Select
            value={draft.supplyZone}
            options={city.supplyZones.map(({ id, name }) => ({ value: id, label: local(name) }))}
            onChange={(supplyZone) => change({ supplyZone })}
          />
        </Field>
        <Field label={t('adopt.lon')} problem={problemOf('lon')}>
          <InputNumber value={draft.lon} step={0.0001} onChange={(lon) => change({ lon })} />
        </Field>
        <Field label={t('adopt.lat')} problem={problemOf('lat')}>
          <InputNumber value={draft.lat} step={0.0001} onChange={(lat) => change({ lat })} />
        </Field>
        <SetsField sets={draft.sets} onSets={(sets) => change({ sets })} />
      </div>
      <MappingTable
        station={station}
        draft={draft}
        problem={problemOf('mapping')}
        onMapping={(mapping) => change({ mapping })}
      />
      {adopt.error && (
        <p className="form-error" role="alert">
          {t('adopt.failed', { reason: adopt.error.message })} {t('adopt.failedKept')}
        </p>
      )}
      <button type="submit" className="button is-primary" disabled={adopt.isPending}>
        {t(adopt.isPending ? 'adopt.submitting' : 'adopt.submit')}
      </button>
    </form>
  );
}
