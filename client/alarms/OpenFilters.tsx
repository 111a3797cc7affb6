import { Select } from 'antd';
import type { AlarmSummary } from '#twin/wire/alarms.ts';
import { useCity } from '../api/queries.ts';
import { useWords } from '../i18n/i18n.ts';
import { FilterField } from '../panels/FilterField.tsx';
import type { AlarmFilter, GroupBy, Show } from './lines.ts';
import type { Naming } from './names.ts';
import { PRIORITY_WORDS } from './PriorityMark.tsx';

interface Props {
  alarms: readonly AlarmSummary[];
  naming: Naming;
  filter: AlarmFilter;
  by: GroupBy;
  onFilter(filter: AlarmFilter): void;
  onGroup(by: GroupBy): void;
}

const SHOWS: readonly Show[] = ['current', 'silent', 'all'];
const GROUPS: readonly GroupBy[] = [
  'none',
  'rule',
  'station',
  'zone',
  'district',
  'kind',
  'equipment',
  'maker',
];

/** Which of the open alarms are shown, and in which groups. */
export function OpenFilters({ alarms, naming, filter, by, onFilter, onGroup }: Props) {
  const { t } = useWords();
  const change = (part: Partial<AlarmFilter>) => onFilter({ ...filter, ...part });
  const rules = [...new Set(alarms.map(({ rule }) => rule))].sort();
  return (
    <div className="alarm-filters">
      <Select
        size="small"
        value={filter.show}
        aria-label={t('alarms.show.label')}
        popupMatchSelectWidth={false}
        options={SHOWS.map((show) => ({ value: show, label: t(`alarms.show.${show}`) }))}
        onChange={(show) => change({ show })}
      />
      <FilterField
        size="small"
        className="alarm-text"
        label={t('alarms.filter.text')}
        value={filter.text}
        onChange={(text) => change({ text })}
      />
      <PrioritySelect value={filter.priority} onChange={(priority) => change({ priority })} />
      <Select
        size="small"
        value={filter.rule}
        aria-label={t('alarms.filter.rule')}
        popupMatchSelectWidth={false}
        options={[
          { value: '', label: t('alarms.filter.rule') },
          ...rules.map((rule) => ({ value: rule, label: naming.rule(rule) })),
        ]}
        onChange={(rule) => change({ rule })}
      />
      <DistrictFilter value={filter.district} naming={naming} onChange={(district) => change({ district })} />
      <GroupSelect value={by} onChange={onGroup} />
    </div>
  );
}

export function GroupSelect({ value, onChange }: { value: GroupBy; onChange(by: GroupBy): void }) {
  const { t } = useWords();
  return (
    <Select
      size="small"
      value={value}
      aria-label={t('alarms.groupBy.label')}
      popupMatchSelectWidth={false}
      options={GROUPS.map((group) => ({ value: group, label: t(`alarms.groupBy.${group}`) }))}
      onChange={onChange}
    />
  );
}

export function PrioritySelect({ value, onChange }: { value: number; onChange(priority: number): void }) {
  const { t } = useWords();
  return (
    <Select
      size="small"
      value={value}
      aria-label={t('alarms.filter.priority')}
      popupMatchSelectWidth={false}
      options={[
        { value: 0, label: t('alarms.filter.priority') },
        ...PRIORITY_WORDS.map((word, i) => ({ value: i + 1, label: t(`alarms.priority.${word}`) })),
      ]}
      onChange={onChange}
    />
  );
}

export function DistrictFilter({
  value,
  naming,
  onChange,
}: {
  value: string;
  naming: Naming;
  onChange(district: string): void;
}) {
  const { t } = useWords();
  const districts = useCity().data?.districts ?? [];
  return (
    <Select
      size="small"
      value={value}
      aria-label={t('alarms.filter.district')}
      popupMatchSelectWidth={false}
      options={[
        { value: '', label: t('alarms.filter.district') },
        ...districts.map(({ code }) => ({ value: code, label: naming.district(code) })),
      ]}
      onChange={onChange}
    />
  );
}
