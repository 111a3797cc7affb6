import { useQuery } from '@tanstack/react-query';
import type { City } from '#twin/wire/api.ts';
import { mainQuery } from '../api/queries.ts';
import { formatValue } from '../format/number.ts';
import { useWords } from '../i18n/i18n.ts';
import { CloseButton } from '../panels/CloseButton.tsx';
import { usePointed } from '../state/pointed.ts';

/** The main that was clicked: diameter, length, zone. */
export function MainCard({ city }: { city: City }) {
  const { t, local } = useWords();
  const { main, choose } = usePointed();
  const { data, error } = useQuery({ ...mainQuery(main), enabled: main !== '' });
  if (main === '') return null;
  const zone = city.supplyZones.find(({ id }) => id === data?.supplyZone);
  return (
    <section className="main-card" aria-label={`${t('main.title')} ${main}`}>
      <header>
        <span>{t('main.title')}</span>
        <code>{main}</code>
        <CloseButton onClose={() => choose('')} />
      </header>
      {error && <p>{error.message}</p>}
      {data && (
        <dl>
          <dt>{t('main.dn')}</dt>
          <dd>DN&nbsp;{data.dn}</dd>
          <dt>{t('main.length')}</dt>
          <dd>{formatValue(data.length, 1)}&nbsp;m</dd>
          <dt>{t('main.kind')}</dt>
          <dd>{data.kind}</dd>
          <dt>{t('main.zone')}</dt>
          <dd>{zone ? local(zone.name) : data.supplyZone}</dd>
        </dl>
      )}
    </section>
  );
}
