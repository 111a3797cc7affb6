import { useQuery } from '@tanstack/react-query';
import { Checkbox, Select } from 'antd';
import { useState } from 'react';
import { useSearchParams } from 'react-router';
import { STATION_KINDS } from '#twin/model/station.ts';
import type { RuleEntryText } from '#twin/wire/rules.ts';
import type { Naming } from '../alarms/names.ts';
import { PrioritySelect } from '../alarms/OpenFilters.tsx';
import { PriorityMark } from '../alarms/PriorityMark.tsx';
import { useWords } from '../i18n/i18n.ts';
import { FailedNote } from '../panels/FailedNote.tsx';
import { FilterField } from '../panels/FilterField.tsx';
import { Note } from '../panels/Note.tsx';
import { Waiting } from '../panels/Waiting.tsx';
import { newRule } from './newRule.ts';
import { rulesQuery } from './queries.ts';
import { RuleEditor } from './RuleEditor.tsx';
import './rules.css';

/** What stands in the address for a rule that has no id yet; ids are in capitals. */
const NEW = 'new';
const ALL = { text: '', priority: 0, kind: '', edited: false };

/** Every alarm rule, and the one that is looked at: its text, what it would have raised, its versions. */
export function RulesTab({ naming }: { naming: Naming }) {
  const { t, local } = useWords();
  const query = useQuery(rulesQuery);
  const [filter, setFilter] = useState(ALL);
  const [search, setSearch] = useSearchParams();
  const id = search.get('rule');
  const change = (part: Partial<typeof ALL>) => setFilter({ ...filter, ...part });
  const open = (rule: string) =>
    setSearch(
      (before) => {
        const next = new URLSearchParams(before);
        next.set('rule', rule);
        return next;
      },
      { replace: true },
    );
  if (!query.data)
    return query.error ? (
      <FailedNote what="alarms" error={query.error} onRetry={() => query.refetch()} />
    ) : (
      <Waiting words={t('rules.loading')} />
    );
  const shown = query.data.filter((rule) => matches(rule, filter));
  const picked = id === NEW ? newRule : query.data.find((rule) => rule.id === id);
  const ids = new Set(query.data.map((rule) => rule.id));
  return (
    <div className="rules">
      <div className="rules-side">
        <div className="alarm-filters">
          <FilterField
            size="small"
            label={t('rules.filter')}
            value={filter.text}
            onChange={(text) => change({ text })}
          />
          <PrioritySelect value={filter.priority} onChange={(priority) => change({ priority })} />
          <Select
            size="small"
            value={filter.kind}
            aria-label={t('rules.allKinds')}
            popupMatchSelectWidth={false}
            options={[
              { value: '', label: t('rules.allKinds') },
              ...STATION_KINDS.map((kind) => ({ value: kind as string, label: t(`kind.${kind}`) })),
            ]}
            onChange={(kind) => change({ kind })}
          />
          <Checkbox checked={filter.edited} onChange={(event) => change({ edited: event.target.checked })}>
            {t('rules.onlyEdited')}
          </Checkbox>
          <button type="button" className="button" aria-current={id === NEW} onClick={() => open(NEW)}>
            {t('rules.add')}
          </button>
          <span className="alarm-picked">{t('rules.count', { count: shown.length })}</span>
        </div>
        {shown.length === 0 ? (
          <Note glyph="search" title={t('rules.none')}>
            <button type="button" className="button" onClick={() => setFilter(ALL)}>
              {t('alarms.filter.clear')}
            </button>
          </Note>
        ) : (
          <ul className="rules-list">
            {shown.map((rule) => (
              <li key={rule.id}>
                <button
                  type="button"
                  aria-current={rule.id === id}
                  onClick={() => open(rule.id)}
                  onKeyDown={moveFocus}
                >
                  {rule.priority === null ? <i /> : <PriorityMark priority={rule.priority} />}
                  <b>{rule.name ? local(rule.name) : rule.id}</b>
                  <Source rule={rule} />
                  <code>{rule.id}</code>
                </button>
              </li>
            ))}
          </ul>
        )}
      </div>
      {picked ? (
        <RuleEditor key={id} rule={picked} ids={ids} naming={naming} onAdded={open} />
      ) : (
        <Note glyph="bell" title={t('rules.pick')} hint={t('rules.pickHint')} />
      )}
    </div>
  );
}

/** Whether it is the library's; what is not in force says so. */
export function Source({ rule: { source, inForce } }: { rule: RuleEntryText }) {
  const { t } = useWords();
  if (!inForce && source !== 'removed')
    return <em className="alarm-chip is-wrong">{t('rules.notInForce')}</em>;
  return source === 'library' ? <i /> : <em className="alarm-chip">{t(`rules.source.${source}`)}</em>;
}

function matches(rule: RuleEntryText, { text, priority, kind, edited }: typeof ALL): boolean {
  const words = `${rule.id} ${rule.name?.zh ?? ''} ${rule.name?.en ?? ''}`.toLowerCase();
  return (
    words.includes(text.trim().toLowerCase()) &&
    (priority === 0 || rule.priority === priority) &&
    (kind === '' || rule.kinds.length === 0 || rule.kinds.includes(kind)) &&
    (!edited || rule.source !== 'library')
  );
}

/** ↑ and ↓ go through the list. */
function moveFocus(event: React.KeyboardEvent<HTMLButtonElement>): void {
  if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
  const item = event.currentTarget.parentElement;
  const next = event.key === 'ArrowDown' ? item?.nextElementSibling : item?.previousElementSibling;
  next?.querySelector('button')?.focus();
  event.preventDefault();
}
