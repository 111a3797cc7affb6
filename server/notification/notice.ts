import { PLATFORM } from '#twin/alarm/alarm.ts';
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
    cause: [suspectText(alarm, language), likeliest?.cause[language]]
      .filter(Boolean)
      .join(WORDS[language].stop),
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

const WORDS = {
  zh: {
    stop: '；',
    main: (id: string, dn: number, km: string, percent: number) =>
      `疑似爆管 ${id} 一带，DN ${dn} 及以下共 ${km} km（${percent} %）`,
    source: (percent: number) => `水厂或加压站供水不足（${percent} %）`,
  },
  en: {
    stop: '; ',
    main: (id: string, dn: number, km: string, percent: number) =>
      `burst suspected around ${id}, ${km} km of up to DN ${dn} (${percent} %)`,
    source: (percent: number) => `works or booster give too little (${percent} %)`,
  },
} as const;

/** Where a main may have burst, when that was asked; empty: it was not. */
function suspectText(alarm: Occurrence | undefined, language: Language): string {
  const words = WORDS[language];
  const { stretches = [], source = 0 } = alarm?.suspects ?? {};
  const [first] = stretches;
  const percent = (share: number) => Math.round(100 * share);
  if (first && first.confidence > source)
    return words.main(first.mains[0]!, first.dn, (first.length / 1000).toFixed(1), percent(first.confidence));
  return source > 0 ? words.source(percent(source)) : '';
}

const AREAS = {
  zh: { city: '全市', platform: '平台', zone: '供水分区', district: '行政区' },
  en: { city: 'the whole city', platform: 'the platform', zone: 'supply zone', district: 'district' },
} as const;

function areaName(place: string, language: Language): string {
  const words = AREAS[language];
  if (place === 'city' || place === PLATFORM) return words[place];
  const [kind, id] = place.split(':');
  return kind === 'zone' || kind === 'district' ? `${words[kind]} ${id}` : place;
}

/** Districts that an alarm touches: of a zone those of its rooms, of the city, and of the platform, all. */
export function districtsOf({ stations }: Registry, alarm: AlarmSummary): string[] {
  if (alarm.district !== '') return [alarm.district];
  const within = stations.filter(
    ({ station }) =>
      alarm.station === 'city' || alarm.station === PLATFORM || station.supplyZone === alarm.supplyZone,
  );
  return [...new Set(within.map(({ station }) => station.district))];
}
