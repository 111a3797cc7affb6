import { parseArgs } from 'node:util';
import { buildDemoCity, DEMO_SEED } from '#gis/city/city.ts';
import { readXiamenLand } from '#gis/io/land.ts';
import { RULES, rulesIn } from '#server/alarms/ruleFolder.ts';
import { Random } from '#sim/random.ts';
import type { Station } from '#twin/model/station.ts';
import { HOUR } from '#twin/units.ts';
import { FAULTS, type Fault } from './alarms/faults.ts';
import { Rooms } from './alarms/rooms.ts';

/**
 * npm run -s verify -- alarms [--seed N] [--rooms 5] [--only power] [--days 3] [--quiet-rooms 40] [--json]
 *
 * Each fault is put into some rooms of differing kind, drawn by the seed: it must be told in time, its own cause
 * first. Then some rooms live through ordinary days: nearly nothing may be told. Rooms stand by themselves here,
 * with a steady main; what rooms have in common is tested by test/twin/alarm/area.test.ts.
 */
const { values: options } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'boolean', default: false },
    seed: { type: 'string', default: '1' },
    rooms: { type: 'string', default: '5' },
    only: { type: 'string', default: '' },
    days: { type: 'string', default: '3' },
    'quiet-rooms': { type: 'string', default: '40' },
  },
});
const seed = Number(options.seed);
const rules = rulesIn(RULES);
const random = new Random(seed, 77);
const stations = buildDemoCity(DEMO_SEED, readXiamenLand()).stations;

const WARM_UP = 20 * 60;
/** Recall, right first causes, and annunciations per 100 rooms and day that are to be reached. */
const GOALS = { recall: 0.95, first: 0.9, told: 1, urgent: 0.3 };

const trials = FAULTS.filter(({ name }) => name.includes(options.only)).map(tryFault);
const raised = trials.flatMap(({ rooms }) => rooms);
const recall = share(raised.filter(({ heard }) => heard).length, raised.length);
const first = share(raised.filter(({ right }) => right).length, raised.length);
const days = Array.from({ length: Number(options.days) }, (_, day) => ordinaryDay(day));
const roomDays = days.length * Number(options['quiet-rooms']);
const told = days.flatMap(({ told: some }) => some);
const per100 = (count: number) => (roomDays === 0 ? 0 : (100 * count) / roomDays);
const result = {
  seed,
  faults: trials.length,
  rooms: raised.length,
  recall,
  rightFirstCause: first,
  confusion: trials.map(({ fault, rooms }) => ({
    fault,
    first: countBy(rooms.map((room) => room.first)),
    slowest: slowest(rooms),
  })),
  ordinary: {
    roomDays,
    toldPer100RoomDays: per100(told.length),
    urgentPer100RoomDays: per100(told.filter(({ priority }) => priority <= 2).length),
    told: countBy(told.map(({ rule }) => rule)),
  },
};
if (options.json) process.stdout.write(`${JSON.stringify(result, null, 1)}\n`);
else show();
const failed =
  recall < GOALS.recall ||
  first < GOALS.first ||
  result.ordinary.toldPer100RoomDays > GOALS.told ||
  result.ordinary.urgentPer100RoomDays > GOALS.urgent;
process.exit(failed ? 1 : 0);

interface Found {
  station: string;
  first: string;
  heard: boolean;
  right: boolean;
  /** s */
  after: number;
}

function tryFault(fault: Fault): { fault: string; rooms: Found[] } {
  process.stderr.write(`${fault.name}…\n`);
  const fitting = stations.filter(
    ({ kind, inlet }) =>
      (!fault.kinds || fault.kinds.includes(kind)) && (!fault.electric || inlet.kind === 'electric'),
  );
  const drawn = draw(fitting, Number(options.rooms));
  // a working morning: everything runs
  const rooms = new Rooms(drawn, rules, localTimeOf(2026, 10, 18, 9), seed);
  rooms.run(WARM_UP);
  const since = rooms.time;
  for (const room of rooms.living) fault.inject(room);
  rooms.run(fault.within, () => drawn.every(({ code }) => rooms.told(code, since).length > 0));
  return {
    fault: fault.name,
    rooms: drawn.map(({ code }) => {
      const all = rooms.told(code, since);
      const heard = all.some(({ rule }) => fault.says.includes(rule));
      const right = all[0] !== undefined && fault.says.includes(all[0].rule);
      const after = all[0] ? (all[0].time - since) / 1000 : Number.POSITIVE_INFINITY;
      return { station: code, first: all[0]?.rule ?? '–', heard, right, after };
    }),
  };
}

/** A weekday, a Saturday, a day of heat in turn. */
function ordinaryDay(day: number): { told: { rule: string; priority: number; station: string }[] } {
  const kind = (['weekday', 'saturday', 'heat'] as const)[day % 3]!;
  const start = { weekday: [2026, 10, 18], saturday: [2026, 10, 21], heat: [2026, 6, 22] } as const;
  process.stderr.write(`${kind}…\n`);
  const [year, month, date] = start[kind];
  // a booster feeds a part of the mains, which is not there
  const drawn = draw(
    stations.filter(({ kind }) => kind !== 'booster'),
    Number(options['quiet-rooms']),
  );
  const rooms = new Rooms(drawn, rules, localTimeOf(year, month, date, 0), seed + 100 * day, true);
  for (const room of rooms.living) {
    if (kind !== 'heat') continue;
    room.demand = 1.25;
    room.warmer = 3;
  }
  rooms.run((24 * HOUR) / 1000);
  const heard = rooms.log.filter(({ annunciates }) => annunciates);
  for (const { time, rule, station, spot, evidence } of heard)
    process.stderr.write(
      `  ${new Date(time).toISOString()} ${rule} ${station} ${spot} ${JSON.stringify(evidence)}\n`,
    );
  return { told: heard };
}

/** Rooms drawn by the seed, of as many kinds as there are. */
function draw(from: readonly Station[], count: number): Station[] {
  const byKind = new Map<string, Station[]>();
  for (const station of from) {
    const some = byKind.get(station.kind) ?? [];
    some.push(station);
    byKind.set(station.kind, some);
  }
  const kinds = [...byKind.values()];
  const drawn = new Set<Station>();
  for (let i = 0; drawn.size < Math.min(count, from.length); i++) {
    const some = kinds[i % kinds.length]!;
    drawn.add(some[Math.floor(random.uniform() * some.length)]!);
  }
  return [...drawn];
}

function localTimeOf(year: number, month: number, date: number, hour: number): number {
  return Date.UTC(year, month, date, hour) - 8 * HOUR;
}

function share(part: number, whole: number): number {
  return whole === 0 ? 1 : part / whole;
}

function countBy(names: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}

function slowest(rooms: readonly Found[]): number {
  return Math.max(...rooms.map(({ after }) => after));
}

function show(): void {
  for (const { fault, first: firsts, slowest: longest } of result.confusion) {
    const said = Object.entries(firsts).map(([rule, count]) => `${rule} ${count}`);
    process.stdout.write(`${fault.padEnd(38)} ${said.join(', ')} (slowest ${longest} s)\n`);
  }
  const { confusion: _, ...figures } = result;
  process.stdout.write(`${JSON.stringify(figures, null, 1)}\n`);
}
