import type { Station } from '#twin/model/station.ts';
import type { Language, Notice } from '#twin/notification/text.ts';
import type { Rule } from '#twin/rules/load.ts';
import type { AlarmSummary } from '#twin/wire/alarms.ts';
import type { Occurrence } from '../alarms/occurrence.ts';
import type { Registry } from '../registry/registry.ts';
import type { OutboxRow } from './outboxRow.ts';
import { standingOf } from './teller.ts';

interface Around {
  /** while it is open */
  alarm: Occurrence | undefined;
  rule: Rule | undefined;
  station: Station | undefined;
  language: Language;
  site: string;
}

/** What a message says of its alarm, as it stands at this moment. */
export function noticeOf(row: OutboxRow, { alarm, rule, station, language, site }: Around): Notice {
  const { key, kind, n, alarm: id, priority, station: place, about, attemptedAt } = row;
  const standing = standingOf(alarm);
  const likeliest = alarm?.diagnosis[0] ?? rule?.text;
  return {
    key,
    kind,
    n,
    alarm: id,
    rule: row.rule,
    priority,
    name: rule?.text.name[language] ?? row.rule,
    cause: likeliest?.cause[language] ?? '',
    remedy: likeliest?.remedy[language] ?? '',
    place,
    placeName: station?.name[language] ?? areaName(place, language),
    spot: about.spot,
    since: about.since,
    state: standing.over
      ? 'over'
      : !standing.active
        ? 'returned'
        : standing.acknowledged
          ? 'acknowledged'
          : 'standing',
    link: station ? `${site}/stations/${encodeURIComponent(place)}` : `${site}/alarms?id=${id}`,
    mayRepeat: attemptedAt !== null,
  };
}

const AREAS = {
  zh: { city: '全市', zone: '供水分区', district: '行政区' },
  en: { city: 'the whole city', zone: 'supply zone', district: 'district' },
} as const;

function areaName(place: string, language: Language): string {
  const words = AREAS[language];
  if (place === 'city') return words.city;
  const [kind, id] = place.split(':');
  return kind === 'zone' || kind === 'district' ? `${words[kind]} ${id}` : place;
}

/** Districts that an alarm touches: of a zone those of its rooms, of the city all. */
export function districtsOf({ stations }: Registry, alarm: AlarmSummary): string[] {
  if (alarm.district !== '') return [alarm.district];
  const within = stations.filter(
    ({ station }) => alarm.station === 'city' || station.supplyZone === alarm.supplyZone,
  );
  return [...new Set(within.map(({ station }) => station.district))];
}
