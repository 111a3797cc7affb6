import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { notificationsQuery } from '../alarms/queries.ts';
import { useWords } from '../i18n/i18n.ts';
import { Glyph } from '../panels/Glyph.tsx';

/** Says that channels of notification are down, and which; nothing while none is. */
export function ChannelsDown() {
  const { t, local } = useWords();
  const down = useQuery(notificationsQuery).data?.channels.filter(({ state }) => state === 'down') ?? [];
  if (down.length === 0) return null;
  return (
    <Link className="notice" to="/alarms?tab=channels">
      <Glyph name="warning" />
      {t('alarms.channels.down', { count: down.length })}: {down.map(({ name }) => local(name)).join(' · ')}
      <b>{t('alarms.channels.goto')}</b>
    </Link>
  );
}
