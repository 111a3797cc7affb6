import { Select } from 'antd';
import { inOrderFor, isQuick, namesRule } from '#sim/scenario/proposal.ts';
import type { ScenarioEntry } from '#twin/wire/scenarios.ts';
import { useWords } from '../i18n/i18n.ts';
import { formatLength } from './length.ts';

interface Props {
  rule: string;
  scenarios: readonly ScenarioEntry[];
  picked: readonly string[];
  onPick(ids: string[]): void;
}

/** Which scenarios a rule is tried over, with about how long each takes: those that name it, quick ones, long ones. */
export function ScenarioPicker({ rule, scenarios, picked, onPick }: Props) {
  const { t, local, ages } = useWords();
  const ordered = inOrderFor(rule, scenarios);
  const group = (label: string, of: readonly ScenarioEntry[]) => ({
    label,
    options: of.map(({ id, name }) => ({ value: id, label: local(name) })),
  });
  const costs = new Map(
    scenarios.map(({ id, rooms, estimateSeconds }) => [
      id,
      t('rules.scenarios.cost', { count: rooms, time: formatLength(estimateSeconds, ages) }),
    ]),
  );
  const others = ordered.filter((entry) => !namesRule(entry, rule));
  const groups = [
    group(
      t('rules.scenarios.naming'),
      ordered.filter((entry) => namesRule(entry, rule)),
    ),
    group(t('rules.scenarios.quick'), others.filter(isQuick)),
    group(
      t('rules.scenarios.long'),
      others.filter((entry) => !isQuick(entry)),
    ),
  ];
  return (
    <Select
      size="small"
      mode="multiple"
      allowClear
      className="backtest-rooms"
      value={[...picked]}
      maxTagCount="responsive"
      placeholder={t('rules.scenarios.choose')}
      aria-label={t('rules.scenarios.choose')}
      showSearch={{ optionFilterProp: 'label' }}
      listHeight={360}
      options={groups.filter(({ options }) => options.length > 0)}
      optionRender={({ label, value }) => (
        <span className="scenario-option">
          <span>{label}</span>
          <small>{costs.get(String(value))}</small>
        </span>
      )}
      onChange={onPick}
    />
  );
}
