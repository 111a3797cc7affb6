import { Select } from 'antd';
import { useCity } from '../api/queries.ts';
import { useWords } from '../i18n/i18n.ts';
import { useCamera } from '../state/camera.ts';
import { useView } from '../state/view.ts';

/** Narrows map, list and counts to one district. */
export function DistrictSelect() {
  const { t, local } = useWords();
  const { district, set } = useView();
  const ask = useCamera((camera) => camera.ask);
  const city = useCity().data;
  const choose = (code: string) => {
    set({ district: code });
    const place = city?.districts.find((one) => one.code === code);
    ask(place ? { kind: 'place', lon: place.lon, lat: place.lat, zoom: 12.3 } : { kind: 'city' });
  };
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
      onChange={choose}
    />
  );
}
