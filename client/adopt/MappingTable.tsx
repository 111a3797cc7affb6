import { Select } from 'antd';
import { useMemo } from 'react';
import type { UnregisteredStation } from '#twin/wire/api.ts';
import { useWords } from '../i18n/i18n.ts';
import { type Draft, templateOfDraft } from './draft.ts';

interface Props {
  station: UnregisteredStation;
  draft: Draft;
  problem?: string | undefined;
  onMapping(mapping: Draft['mapping']): void;
}

/** Each metric of the gateway, its value now, and the point it becomes. */
export function MappingTable({ station, draft, problem, onMapping }: Props) {
  const { t, local } = useWords();
  const template = templateOfDraft(draft);
  const options = useMemo(
    () => template.points.map((point) => ({ value: point.name, label: `${point.name}  ${local(point)}` })),
    [template, local],
  );
  const map = (metric: string, point: string | undefined) => {
    const { [metric]: _, ...rest } = draft.mapping;
    onMapping(point === undefined ? rest : { ...rest, [metric]: point });
  };
  return (
    <>
      <h3>
        {t('adopt.mapping')}{' '}
        <small>
          {t('adopt.mapped', { count: Object.keys(draft.mapping).length, total: station.metrics.length })}
        </small>{' '}
        {problem && <em role="alert">{problem}</em>}
      </h3>
      <div className="table-scroll">
        <table className="plain-table">
          <thead>
            <tr>
              <th>{t('adopt.metric')}</th>
              <th className="is-number">{t('adopt.current')}</th>
              <th>{t('adopt.target')}</th>
            </tr>
          </thead>
          <tbody>
            {station.metrics.map(({ name, datatype, unit, value }) => (
              <tr key={name}>
                <td>
                  <code>{name}</code> <small>{datatype}</small>
                </td>
                <td className="is-number">
                  {value} <small>{unit}</small>
                </td>
                <td>
                  <Select
                    className="point-select"
                    showSearch={{ optionFilterProp: 'label' }}
                    allowClear
                    placeholder={t('adopt.unmapped')}
                    aria-label={`${name}: ${t('adopt.target')}`}
                    value={draft.mapping[name] ?? null}
                    options={options}
                    onChange={(point: string | null | undefined) => map(name, point ?? undefined)}
                  />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}
