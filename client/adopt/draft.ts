import { type Template, template } from '#twin/catalogue/template.ts';
import type { AdoptRequest, City, UnregisteredStation } from '#twin/wire/api.ts';

/** What is being entered: the request, with coordinates that may still be missing. */
export type Draft = Omit<AdoptRequest, 'lon' | 'lat'> & { lon: number | null; lat: number | null };

export type DraftProblem =
  | { field: 'nameZh' | 'nameEn' | 'district' | 'supplyZone' | 'lon' | 'lat'; problem: 'required' }
  | { field: 'lon' | 'lat'; problem: 'outside' }
  | { field: 'mapping'; problem: 'duplicate'; point: string };

/** A draft with what the gateway's own names suggest. */
export function draftOf(station: UnregisteredStation, city: City): Draft {
  return {
    code: station.code,
    name: { zh: '', en: '' },
    kind: station.suggestion.kind,
    district: city.districts[0]?.code ?? '',
    supplyZone: city.supplyZones[0]?.id ?? '',
    sets: station.suggestion.sets.length > 0 ? station.suggestion.sets : [{ zone: 'LO', pumps: 1 }],
    mapping: { ...station.suggestion.mapping },
    lon: null,
    lat: null,
  };
}

/** The points that a station of the drafted shape has. */
export const templateOfDraft = ({ kind, sets }: Draft): Template => template({ kind, sets });

/** The draft without mappings to points that its shape does not have. */
export function pruned(draft: Draft): Draft {
  const { index } = templateOfDraft(draft);
  const mapping = Object.fromEntries(Object.entries(draft.mapping).filter(([, point]) => index.has(point)));
  return { ...draft, mapping };
}

/** All that keeps a draft from being sent. */
export function problemsOf(draft: Draft, city: City): DraftProblem[] {
  const problems: DraftProblem[] = [];
  if (draft.name.zh.trim() === '') problems.push({ field: 'nameZh', problem: 'required' });
  if (draft.name.en.trim() === '') problems.push({ field: 'nameEn', problem: 'required' });
  if (draft.district === '') problems.push({ field: 'district', problem: 'required' });
  if (draft.supplyZone === '') problems.push({ field: 'supplyZone', problem: 'required' });
  const [west, south, east, north] = city.bounds;
  problems.push(...coordinate('lon', draft.lon, west, east), ...coordinate('lat', draft.lat, south, north));
  const seen = new Set<string>();
  for (const point of Object.values(draft.mapping)) {
    if (seen.has(point)) problems.push({ field: 'mapping', problem: 'duplicate', point });
    seen.add(point);
  }
  return problems;
}

/** The request of a draft without problems. Throws when a coordinate is missing. */
export function requestOf(draft: Draft): AdoptRequest {
  const { lon, lat } = draft;
  if (lon === null || lat === null) throw new Error(`${draft.code} has no place`);
  return { ...draft, name: { zh: draft.name.zh.trim(), en: draft.name.en.trim() }, lon, lat };
}

function coordinate(field: 'lon' | 'lat', value: number | null, low: number, high: number): DraftProblem[] {
  if (value === null) return [{ field, problem: 'required' }];
  return value < low || value > high ? [{ field, problem: 'outside' }] : [];
}
