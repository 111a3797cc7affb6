import { writeSync } from 'node:fs';
import { parentPort } from 'node:worker_threads';
import { buildDemoCity, DEMO_SEED } from '#gis/city/city.ts';
import { readXiamenLand } from '#gis/io/land.ts';
import { RULES, rulesIn } from '#server/alarms/ruleFolder.ts';
import { Random } from '#sim/random.ts';
import { plantModel } from '#test/support/plantModel.ts';
import type { AlarmEvent } from '#twin/alarm/alarm.ts';
import type { Station } from '#twin/model/station.ts';
import { liveCity } from './city.ts';
import { quietDay } from './days.ts';
import { QuietRooms } from './rooms.ts';

/** One day of some rooms, each for itself, or of the whole city on its mains. */
export interface QuietAsk {
  day: number;
  seed: number;
  rooms: number | 'city';
  hours: number;
  /** how often the whole city is looked at; some rooms are at every two seconds */
  look: string;
}

const rules = rulesIn(RULES);
const city = buildDemoCity(DEMO_SEED, readXiamenLand());
const stations = city.stations.filter(({ kind }) => kind !== 'booster');

parentPort!.on('message', (ask: QuietAsk) => {
  parentPort!.postMessage(live(ask));
});

function live({ day, seed: ofRun, rooms: count, hours, look }: QuietAsk): AlarmEvent[] {
  const { name, start, demand, warmer } = quietDay(day);
  const seed = ofRun + 100 * day;
  if (count === 'city') {
    // at once: this thread is busy until the day is over, and a stream would wait for it
    const say = (hour: number, told: number) => writeSync(2, `${name}: ${hour} h, ${told} told\n`);
    const log = liveCity(plantModel(city, seed), rules, quietDay(day), { seed, hours, look }, say);
    return log.filter(({ annunciates }) => annunciates);
  }
  const rooms = new QuietRooms(draw(count, new Random(seed, 77)), rules, start, seed);
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
