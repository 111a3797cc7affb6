import { parseArgs } from 'node:util';
import { buildDemoCity, DEMO_SEED } from '#gis/city/city.ts';
import { readXiamenLand } from '#gis/io/land.ts';
import { RULES, rulesIn } from '#server/alarms/ruleFolder.ts';
import { Random } from '#sim/random.ts';
import type { AlarmEvent } from '#twin/alarm/alarm.ts';
import type { Station } from '#twin/model/station.ts';
import { HOUR } from '#twin/units.ts';
import { QuietRooms } from './quiet/rooms.ts';

/**
 * npm run -s verify -- quiet [--seed N] [--rooms 40] [--days 3] [--hours 24] [--json]
 *
 * Rooms drawn by the seed, worn as the plant's are, live through ordinary days (a weekday, a Saturday, a day of heat
 * in turn) under the library: nearly nothing may be told. Rooms stand by themselves here, with a steady main;
 * boosters are left out, since the part of the mains that they feed is not there. Exit code 1 above the goals.
 */
const { values: options } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'boolean', default: false },
    seed: { type: 'string', default: '1' },
    rooms: { type: 'string', default: '40' },
    days: { type: 'string', default: '3' },
    hours: { type: 'string', default: '24' },
  },
});
/** Annunciations per 100 rooms and day, of any priority and of 1 and 2. */
const GOALS = { told: 1, urgent: 0.3 };
/** Local midnight in UTC+8, demand against an ordinary day, °C above it. */
const DAYS = [
  { name: 'weekday', start: Date.UTC(2026, 10, 18) - 8 * HOUR, demand: 1, warmer: 0 },
  { name: 'saturday', start: Date.UTC(2026, 10, 21) - 8 * HOUR, demand: 1, warmer: 0 },
  { name: 'heat', start: Date.UTC(2026, 6, 22) - 8 * HOUR, demand: 1.25, warmer: 3 },
] as const;

const seed = Number(options.seed);
const count = Number(options.rooms);
const hours = Number(options.hours);
const rules = rulesIn(RULES);
const random = new Random(seed, 77);
const stations = buildDemoCity(DEMO_SEED, readXiamenLand()).stations.filter(({ kind }) => kind !== 'booster');

const told = Array.from({ length: Number(options.days) }, (_, day) => live(day)).flat();
const roomDays = (Number(options.days) * count * hours) / 24;
const per100 = (some: readonly AlarmEvent[]) => (100 * some.length) / roomDays;
const result = {
  seed,
  roomDays,
  toldPer100RoomDays: per100(told),
  urgentPer100RoomDays: per100(told.filter(({ priority }) => priority <= 2)),
  told: told.map(
    ({ time, rule, station, spot }) => `${new Date(time).toISOString()} ${rule} ${station} ${spot}`,
  ),
};
process.stdout.write(`${JSON.stringify(result, null, options.json ? undefined : 1)}\n`);
process.exit(result.toldPer100RoomDays > GOALS.told || result.urgentPer100RoomDays > GOALS.urgent ? 1 : 0);

function live(day: number): AlarmEvent[] {
  const { name, start, demand, warmer } = DAYS[day % DAYS.length]!;
  process.stderr.write(`${name}…\n`);
  const rooms = new QuietRooms(draw(), rules, start, seed + 100 * day);
  for (const room of rooms.living) Object.assign(room, { demand, warmer });
  rooms.run(hours * 3600);
  return rooms.log.filter(({ annunciates }) => annunciates);
}

/** Rooms drawn by the seed, as many of each kind. */
function draw(): Station[] {
  const kinds = ['tank', 'inline'].map((one) => stations.filter(({ kind }) => kind === one));
  const drawn = new Set<Station>();
  for (let i = 0; drawn.size < count; i++) {
    const some = kinds[i % kinds.length]!;
    drawn.add(some[Math.floor(random.uniform() * some.length)]!);
  }
  return [...drawn];
}
