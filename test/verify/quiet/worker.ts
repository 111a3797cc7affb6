import { parentPort } from 'node:worker_threads';
import { buildDemoCity, DEMO_SEED } from '#gis/city/city.ts';
import { readXiamenLand } from '#gis/io/land.ts';
import { RULES, rulesIn } from '#server/alarms/ruleFolder.ts';
import { Random } from '#sim/random.ts';
import type { AlarmEvent } from '#twin/alarm/alarm.ts';
import type { Station } from '#twin/model/station.ts';
import { quietDay } from './days.ts';
import { QuietRooms } from './rooms.ts';

/** One day of some rooms. */
export interface QuietAsk {
  day: number;
  seed: number;
  rooms: number;
  hours: number;
}

const rules = rulesIn(RULES);
const stations = buildDemoCity(DEMO_SEED, readXiamenLand()).stations.filter(({ kind }) => kind !== 'booster');

parentPort!.on('message', (ask: QuietAsk) => {
  parentPort!.postMessage(live(ask));
});

function live({ day, seed, rooms: count, hours }: QuietAsk): AlarmEvent[] {
  const { start, demand, warmer } = quietDay(day);
  const rooms = new QuietRooms(draw(count, new Random(seed + 100 * day, 77)), rules, start, seed + 100 * day);
  for (const room of rooms.living) Object.assign(room, { demand, warmer });
  rooms.run(hours * 3600);
  return rooms.log.filter(({ annunciates }) => annunciates);
}

/** Rooms drawn by the seed, as many of each kind. */
function draw(count: number, random: Random): Station[] {
  const kinds = ['tank', 'inline'].map((one) => stations.filter(({ kind }) => kind === one));
  const drawn = new Set<Station>();
  for (let i = 0; drawn.size < count; i++) {
    const some = kinds[i % kinds.length]!;
    drawn.add(some[Math.floor(random.uniform() * some.length)]!);
  }
  return [...drawn];
}
