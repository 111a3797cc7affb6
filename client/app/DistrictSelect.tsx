import { Select } from 'antd';
import { useCity } from '../api/queries.ts';
import { useWords } from '../i18n/i18n.ts';
import { useView } from '../state/view.ts';

/** Narrows map, list and counts to one district. */
export function DistrictSelect() {
  const { t, local } = useWords();
  const { district, set } = useView();
  const city = useCity().data;
  const options = [
    { value: '', label: t('district.all') },
    ...(city?.districts ?? []).map(({ code, name }) => ({ value: code, label: local(name) })),
  ];
  return (
    <Select
      className="district-select"
      variant="borderless"
      value={district}
      options={options}
      popupMatchSelectWidth={false}
      aria-label={t('district.label')}
      onChange={(value) => set({ district: value })}
    />
  );
}
