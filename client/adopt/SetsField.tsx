import { InputNumber } from 'antd';
import { PRESSURE_ZONES } from '#twin/model/station.ts';
import { useWords } from '../i18n/i18n.ts';
import type { Draft } from './draft.ts';

interface Props {
  sets: Draft['sets'];
  onSets(sets: Draft['sets']): void;
}

/** How many pumps each pressure zone has; none means the zone is not there. */
export function SetsField({ sets, onSets }: Props) {
  const { t } = useWords();
  const change = (zone: (typeof PRESSURE_ZONES)[number], pumps: number) => {
    const next = PRESSURE_ZONES.map((one) => ({
      zone: one,
      pumps: one === zone ? pumps : (sets.find((set) => set.zone === one)?.pumps ?? 0),
    })).filter((set) => set.pumps > 0);
    if (next.length > 0) onSets(next);
  };
  return (
    <fieldset className="sets-field">
      <legend>
        {t('adopt.sets')} · {t('adopt.pumps')}
      </legend>
      {PRESSURE_ZONES.map((zone) => (
        // biome-ignore lint/a11y/noLabelWithoutControl: InputNumber is the control
        <label key={zone}>
          <span>{t(`zone.${zone}`)}</span>
          <InputNumber
            min={0}
            max={9}
            value={sets.find((set) => set.zone === zone)?.pumps ?? 0}
            onChange={(pumps) => change(zone, pumps ?? 0)}
          />
        </label>
      ))}
    </fieldset>
  );
}
