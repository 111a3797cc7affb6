import { Suspense, useEffect, useState } from 'react';
import { Outlet } from 'react-router';
import { useStations } from '../api/queries.ts';
import { useWords } from '../i18n/i18n.ts';
import { useLive } from '../live/hooks.ts';
import { Waiting } from '../panels/Waiting.tsx';
import { Palette } from '../search/Palette.tsx';
import { LinkBanner } from './LinkBanner.tsx';
import { TopBar } from './TopBar.tsx';

/** What every page has: the top bar, the search, and the word about a lost link. */
export function Frame() {
  const { t } = useWords();
  const [searching, setSearching] = useState(false);
  const live = useLive();
  const stations = useStations().data?.stations;

  // sheets can only be read once the templates are known; children watch after this has run
  if (stations) live.setTemplates(templatesOf(stations));

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (!(event.metaKey || event.ctrlKey) || event.key.toLowerCase() !== 'k') return;
      event.preventDefault();
      setSearching((open) => !open);
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);

  return (
    <div className="frame">
      <TopBar onSearch={() => setSearching(true)} />
      <LinkBanner />
      <main className="stage">
        <Suspense fallback={<Waiting words={t('loading.page')} />}>
          <Outlet />
        </Suspense>
      </main>
      {searching && <Palette onClose={() => setSearching(false)} />}
    </div>
  );
}

const known = new WeakMap<object, ReadonlyMap<string, string>>();

function templatesOf(stations: readonly { code: string; template: string }[]): ReadonlyMap<string, string> {
  const hit = known.get(stations);
  if (hit) return hit;
  const made = new Map(stations.map(({ code, template }) => [code, template]));
  known.set(stations, made);
  return made;
}
