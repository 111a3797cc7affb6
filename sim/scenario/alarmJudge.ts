import type { City } from '#sim/city/model.ts';
import { type AlarmExpectation, isMeant, parseAlarmExpectation } from './alarmStatement.ts';
import { secondsOf } from './duration.ts';
import type { Verdict } from './judge.ts';
import { roomsIn } from './measure.ts';
import type { Scenario } from './schema.ts';
import type { Selector } from './statement.ts';
import type { AlarmEntry } from './watch.ts';

type Expected = Scenario['expect'][number];
type Told = (entry: AlarmEntry) => boolean;

/**
 * How an expectation about alarms came out; null when a sentence is about something else.
 * @param log of the whole run
 * @param began when the first event happened, s after the start; undefined when none did
 */
export function judgeAlarms(
  city: City,
  { that, from, until }: Expected,
  all: readonly Expected[],
  log: readonly AlarmEntry[],
  began: number | undefined,
): Verdict | null {
  const expected = parseAlarmExpectation(that);
  if (!expected) return null;
  const start = from !== undefined ? secondsOf(from)! : expected.kind === 'raised' ? (began ?? 0) : 0;
  const end = until === undefined ? Number.POSITIVE_INFINITY : secondsOf(until)!;
  const told = log.filter(({ annunciates, at }) => annunciates && at >= start && at <= end);
  switch (expected.kind) {
    case 'raised': {
      const found = told.find(toldOf(city, expected));
      const late = found ? found.at - start : Number.NaN;
      return { that, met: late <= expected.within, value: late, ...placeOf(found) };
    }
    case 'silent':
      return none(that, told.filter(toldOf(city, expected)));
    case 'no other': {
      const named = all.flatMap((one) => namedBy(city, one.that));
      const others = told.filter(
        (entry) => entry.priority <= expected.priority && !named.some((isNamed) => isNamed(entry)),
      );
      return none(that, others);
    }
    case 'at most':
      return crowd(that, told, expected);
  }
}

/** What another expectation says is raised is no surprise, at its stations at any time. */
function namedBy(city: City, that: string): Told[] {
  const expected = parseAlarmExpectation(that);
  return expected?.kind === 'raised' ? [toldOf(city, expected)] : [];
}

function toldOf(city: City, { rule, selector }: { rule: string; selector: Selector }): Told {
  const codes = new Set(roomsIn(city, selector).map((room) => city.model.rooms[room]!.station.code));
  const within = ({ spot }: AlarmEntry) =>
    selector.set === undefined || spot === selector.set || spot.startsWith(`${selector.set}/`);
  // alarms of areas are named `district:350203`, `zone:Z-GD`, `city`
  const isArea = (station: string) =>
    selector.of === 'all'
      ? station === 'city' || station.includes(':')
      : station === `${selector.of}:${selector.name}`;
  return (entry) =>
    isMeant(rule, entry.rule) && (codes.has(entry.station) || isArea(entry.station)) && within(entry);
}

const none = (that: string, found: readonly AlarmEntry[]): Verdict => ({
  that,
  met: found.length === 0,
  value: found.length,
  ...placeOf(found[0]),
});

const placeOf = (entry: AlarmEntry | undefined): Pick<Verdict, 'of' | 'at'> =>
  entry
    ? { of: [entry.rule, entry.station, entry.spot].filter(Boolean).join(' '), at: entry.at }
    : { of: 'nothing told', at: -1 };

function crowd(
  that: string,
  told: readonly AlarmEntry[],
  { count, seconds }: Extract<AlarmExpectation, { kind: 'at most' }>,
): Verdict {
  let most = 0;
  let at = -1;
  let first = 0;
  told.forEach((entry, last) => {
    while (entry.at - told[first]!.at >= seconds) first++;
    if (last - first + 1 <= most) return;
    most = last - first + 1;
    at = told[first]!.at;
  });
  return { that, met: most <= count, value: most, of: 'annunciations', at };
}
