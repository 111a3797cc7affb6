import type { SearchHit, StationSummary } from '#twin/wire/api.ts';

export type EntryGroup = 'stations' | 'works' | 'mains' | 'pages' | 'actions';

/** One line of the search: what it is called, what it is, what choosing it does. */
export interface Entry {
  id: string;
  group: EntryGroup;
  label: string;
  detail: string;
  run(): void;
}

const GROUPS: readonly EntryGroup[] = ['stations', 'works', 'mains', 'pages', 'actions'];
const LOCAL_LIMIT = 8;

/** Stations by name or code from the list that is already here: the first answer needs no request. */
export function findStations(stations: readonly StationSummary[], q: string): StationSummary[] {
  const wanted = q.trim().toLowerCase();
  if (wanted === '') return [];
  const starts: StationSummary[] = [];
  const holds: StationSummary[] = [];
  for (const station of stations) {
    const texts = [station.code, station.name.zh, station.name.en].map((text) => text.toLowerCase());
    if (texts.some((text) => text.startsWith(wanted))) starts.push(station);
    else if (texts.some((text) => text.includes(wanted))) holds.push(station);
    if (starts.length >= LOCAL_LIMIT) break;
  }
  return [...starts, ...holds].slice(0, LOCAL_LIMIT);
}

/** Hits of the server that are not here already. */
export const newHits = (hits: readonly SearchHit[], had: readonly StationSummary[]): SearchHit[] =>
  hits.filter((hit) => hit.type !== 'station' || !had.some(({ code }) => code === hit.id));

/** Entries in the order of their groups; pages and actions only where their words match. */
export function ordered(entries: readonly Entry[], q: string): Entry[] {
  const wanted = q.trim().toLowerCase();
  const shown = entries.filter(
    ({ group, label, detail }) =>
      (group !== 'pages' && group !== 'actions') ||
      wanted === '' ||
      `${label} ${detail}`.toLowerCase().includes(wanted),
  );
  return GROUPS.flatMap((group) => shown.filter((entry) => entry.group === group));
}
