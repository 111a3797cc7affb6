import { useQuery } from '@tanstack/react-query';
import { useNavigate } from 'react-router';
import type { SearchHit } from '#twin/wire/api.ts';
import { searchQuery, useCity, useStations } from '../api/queries.ts';
import { useWords } from '../i18n/i18n.ts';
import { useCamera } from '../state/camera.ts';
import { useMoment } from '../state/moment.ts';
import { usePointed } from '../state/pointed.ts';
import { COLOURINGS, useView } from '../state/view.ts';
import { type Entry, findStations, newHits, ordered } from './entries.ts';

/** What the search offers for a text: stations, works, mains, pages and actions. */
export function useEntries(q: string): { entries: Entry[]; searching: boolean } {
  const { t, local } = useWords();
  const navigate = useNavigate();
  const stations = useStations().data?.stations ?? [];
  const city = useCity().data;
  const { theme, language, set } = useView();
  const trimmed = q.trim();
  const answer = useQuery({ ...searchQuery(trimmed), enabled: trimmed !== '' });
  const found = findStations(stations, q);
  const hits = trimmed === '' ? [] : newHits(answer.data?.hits ?? [], found);
  const districtOf = (code: string) => city?.districts.find((district) => district.code === code);

  const goTo = (hit: SearchHit) => () => {
    if (hit.type === 'station') return navigate(`/stations/${encodeURIComponent(hit.id)}`);
    navigate('/');
    usePointed.getState().choose(hit.type === 'main' ? hit.id : '');
    useCamera
      .getState()
      .ask({ kind: 'place', lon: hit.lon, lat: hit.lat, zoom: hit.type === 'main' ? 16 : 13.5 });
  };
  const page = (to: string, label: string): Entry => ({
    id: to,
    group: 'pages',
    label,
    detail: '',
    run: () => navigate(to),
  });
  const action = (id: string, label: string, detail: string, run: () => void): Entry => ({
    id,
    group: 'actions',
    label,
    detail,
    run,
  });
  const entries: Entry[] = [
    ...found.map((station): Entry => {
      const district = districtOf(station.district);
      return {
        id: station.code,
        group: 'stations',
        label: local(station.name),
        detail: [station.code, t(`kind.${station.kind}`), district ? local(district.name) : ''].join(' · '),
        run: () => navigate(`/stations/${encodeURIComponent(station.code)}`),
      };
    }),
    ...hits.map(
      (hit): Entry => ({
        id: `${hit.type}:${hit.id}`,
        group: hit.type === 'station' ? 'stations' : hit.type === 'main' ? 'mains' : 'works',
        label: local(hit.label),
        detail: local(hit.detail),
        run: goTo(hit),
      }),
    ),
    page('/', t('nav.map')),
    page('/health', t('nav.health')),
    page('/adopt', t('nav.adopt')),
    ...COLOURINGS.map((colouring) =>
      action(`colour:${colouring}`, t(`colouring.${colouring}`), t('colouring.title'), () =>
        set({ colouring }),
      ),
    ),
    action('theme', t(theme === 'dark' ? 'action.toLight' : 'action.toDark'), '', () =>
      set({ theme: theme === 'dark' ? 'light' : 'dark' }),
    ),
    action('language', t('action.language'), t('action.languageHint'), () =>
      set({ language: language === 'zh' ? 'en' : 'zh' }),
    ),
    action('city', t('action.wholeCity'), '', () => useCamera.getState().ask({ kind: 'city' })),
    action('live', t('action.backToLive'), 'L', () => useMoment.getState().show('live')),
  ];
  return { entries: ordered(entries, q), searching: answer.isFetching };
}
