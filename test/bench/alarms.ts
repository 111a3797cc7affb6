import { performance } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import { Engine } from 'json-rules-engine';
import { buildDemoCity, DEMO_SEED } from '#gis/city/city.ts';
import { readXiamenLand } from '#gis/io/land.ts';
import { RULES, rulesIn } from '#server/alarms/ruleFolder.ts';
import { median, round } from '#test/support/figures.ts';
import { random } from '#test/support/telemetry.ts';
import { createEngine, tick } from '#twin/alarm/engine.ts';
import { createBaselines, learn } from '#twin/baseline/city.ts';
import { templateOf } from '#twin/catalogue/template.ts';
import { loadRules } from '#twin/rules/load.ts';
import { addStation, emptyState, type TemplateColumns, type TwinState } from '#twin/state/columns.ts';
import { Quality } from '#twin/state/quality.ts';

/**
 * What alarms cost: npm run -s bench -- alarms --json [--stations 2100] [--ticks 1500]
 * The whole library over the demo city, whose outlet pressures move at every look, once with all values known and once with some
 * that are not; beside a hand-written loop over the same columns
 * with the same delays, and beside json-rules-engine on one simple rule. One core. What a day costs is reckoned from the mean
 * look, as the answer says itself.
 */
const { values: options } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'boolean' },
    stations: { type: 'string', default: '2100' },
    ticks: { type: 'string', default: '1500' },
  },
});
const STATIONS = Number(options.stations);
const TICKS = Number(options.ticks);
/** looks of a day, every two seconds */
const DAY_LOOKS = 43_200;
/** looks until the loops are compiled as they stay */
const WARM = 200;
const START = Date.UTC(2026, 9, 1);
const TICK_MS = 2000;

const SIMPLE = JSON.stringify([
  {
    id: 'LOW-OUTLET',
    name: { zh: '低压', en: 'Low' },
    priority: 2,
    when: 'LO/P_OUT < LO/P_SET - 0.05 MPa',
    for: '30 s',
    clear: 'LO/P_OUT > LO/P_SET - 0.03 MPa',
    clearFor: '60 s',
    cause: { zh: '-', en: '-' },
    remedy: { zh: '-', en: '-' },
    version: 1,
    author: 'bench',
    reason: 'bench',
  },
]);

const library = rulesIn(RULES);

async function measure() {
  const city = aCity();
  const looks = lookTimes(createEngine(library, city), city);
  const cityTick = median(looks);

  const simpleRules = loadRules([{ file: 'simple.yaml', yaml: SIMPLE }]);
  const simple = createEngine(simpleRules, city);
  const hand = new Map([...city.byTemplate.values()].map((columns) => [columns, new HandLoop(columns)]));
  let time = START + 1e9;
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let i = 0; i < TICKS; i++) {
    move(city, i, time);
    time += TICK_MS;
    ours.push(timed(() => tick(simple, time)));
    theirs.push(
      timed(() => {
        for (const loop of hand.values()) loop.step(time);
      }),
    );
  }

  const someUnknown = aCity();
  loseSome(someUnknown);
  const tickSomeUnknown = median(lookTimes(createEngine(library, someUnknown), someUnknown));

  const perTick = evaluations(city);
  const ourSimple = median(lookTimes(createEngine(simpleRules, city), city));
  const peer = await jsonRulesPerSecond();
  const result = {
    date: new Date().toISOString().slice(0, 10),
    stations: STATIONS,
    rules: library.length,
    ruleEvaluationsPerSecond: Math.round(perTick / (cityTick / 1000)),
    handLoopRatio: round(median(ours) / median(theirs)),
    jsonRulesEngineRatio: round(STATIONS / (ourSimple / 1000) / peer),
    jsonRulesEnginePerSecond: Math.round(peer),
    cityTickMs: round(cityTick),
    cityTickMsSomeUnknown: round(tickSomeUnknown),
    ...learning(city),
    // not all looks cost the same: windows turn
    dayReplaySeconds: round((mean(looks) * DAY_LOOKS) / 1000),
    dayReplayIs: `reckoned: ${DAY_LOOKS} times the mean of ${looks.length} looks at outlet pressures that move at every look; no recorded day is replayed`,
  };
  return result;
}

/** The same rule written by hand, as one would who knows only this rule. */
class HandLoop {
  private readonly phase: Uint8Array;
  private readonly since: Float64Array;
  raised = 0;
  constructor(private readonly columns: TemplateColumns) {
    this.phase = new Uint8Array(columns.capacity);
    this.since = new Float64Array(columns.capacity);
  }
  step(now: number): void {
    const { template, values, qualities, codes } = this.columns;
    const out = template.index.get('LO/P_OUT')!;
    const set = template.index.get('LO/P_SET')!;
    const [p, sp] = [values[out]!, values[set]!];
    const [pq, sq] = [qualities[out]!, qualities[set]!];
    const { phase, since } = this;
    for (let row = 0; row < codes.length; row++) {
      if (pq[row] !== Quality.good || sq[row] !== Quality.good) continue;
      const low = p[row]! < sp[row]! - 0.05;
      const back = p[row]! > sp[row]! - 0.03;
      switch (phase[row]) {
        case 0:
          if (low) {
            phase[row] = 1;
            since[row] = now;
          }
          break;
        case 1:
          if (!low) phase[row] = 0;
          else if (now - since[row]! >= 30_000) {
            phase[row] = 2;
            this.raised++;
          }
          break;
        case 2:
          if (back) {
            phase[row] = 3;
            since[row] = now;
          }
          break;
        default:
          if (!back) phase[row] = 2;
          else if (now - since[row]! >= 60_000) phase[row] = 0;
      }
    }
  }
}

function aCity(): TwinState {
  const state = emptyState();
  // every template of the demo city, of which half have a handful of stations: each costs as much as a large one
  const { stations } = buildDemoCity(DEMO_SEED, readXiamenLand());
  for (const station of stations.slice(0, STATIONS)) addStation(state, station.code, templateOf(station).id);
  const draw = random(1);
  for (const columns of state.byTemplate.values()) {
    columns.template.points.forEach((point, index) => {
      for (let row = 0; row < columns.codes.length; row++) {
        columns.qualities[index]![row] = Quality.good;
        columns.times[index]![row] = START;
        columns.values[index]![row] =
          point.type === 'bool' ? (HEALTHY.has(point.tag) ? 1 : 0) : usual(point.tag) + 0.002 * draw();
        columns.lastMessage[row] = START;
      }
    });
  }
  return state;
}

/** One station of each template is silent, and one transmitter in fifty frozen: what is not known spoils short cuts. */
function loseSome(state: TwinState): void {
  for (const columns of state.byTemplate.values())
    columns.qualities.forEach((quality, index) => {
      for (let row = index % 50; row < columns.codes.length; row += 50) quality[row] = Quality.frozen;
      quality[0] = Quality.stale;
    });
}

const USUAL: Readonly<Record<string, number>> = {
  P_IN: 0.3,
  P_OUT: 0.5,
  P_SET: 0.5,
  U_A: 380,
  U_B: 380,
  U_C: 380,
  UPS_V: 27,
  STORE: 100,
  CL2: 0.3,
  PH: 7.5,
  RSSI: -70,
  T_ROOM: 20,
};
const HEALTHY = new Set(['MAINS_OK', 'AVAIL', 'AUTO']);

function usual(tag: string): number {
  return USUAL[tag] ?? 0.1;
}

/** Every outlet pressure moves a little; one in a hundred swings through its limit. */
function move(state: TwinState, i: number, now: number): void {
  for (const columns of state.byTemplate.values()) {
    const out = columns.values[columns.template.index.get('LO/P_OUT')!]!;
    say(columns, now);
    for (let row = 0; row < columns.codes.length; row++)
      out[row] = row % 100 === i % 100 ? 0.4 : 0.5 + 0.001 * ((row + i) % 7);
  }
}

/** ms that the process computed in each look, once it is warm: what others took of the core does not count. */
function lookTimes(engine: ReturnType<typeof createEngine>, state: TwinState): number[] {
  const times: number[] = [];
  for (let i = 0; i < TICKS; i++) {
    const now = START + TICK_MS * i;
    move(state, i, now);
    const before = process.cpuUsage();
    tick(engine, now);
    const { user, system } = process.cpuUsage(before);
    times.push((user + system) / 1000);
  }
  return times.slice(WARM);
}

/** What it costs to learn what is usual, ms a look: over two hours of looks, and the dearest of them. */
function learning(state: TwinState): { learnMeanMs: number; learnMostMs: number } {
  const baselines = createBaselines();
  const times: number[] = [];
  for (let now = START; now < START + 2 * 3_600_000; now += TICK_MS)
    times.push(timed(() => learn(baselines, state, now)));
  const warm = times.slice(200);
  return {
    learnMeanMs: round(mean(warm)),
    learnMostMs: round(Math.max(...warm)),
  };
}

/** Every room is heard, and says again what is unchanged. */
function say(columns: TemplateColumns, now: number): void {
  columns.lastMessage.fill(now);
  for (const times of columns.times) times.fill(now);
}

/** Conditions decided at one look: rules × spots × stations. */
function evaluations(state: TwinState): number {
  const engine = createEngine(library, state);
  tick(engine, START);
  let sum = 0;
  for (const { cells } of [...engine.sites.values()].flat()) sum += cells.phase.length;
  return sum;
}

async function jsonRulesPerSecond(): Promise<number> {
  const engine = new Engine();
  engine.addRule({
    conditions: { all: [{ fact: 'outlet', operator: 'lessThan', value: 0.45 }] },
    event: { type: 'low' },
  });
  const rates: number[] = [];
  for (let run = 0; run < 5; run++) {
    const began = performance.now();
    for (let i = 0; i < 2000; i++) await engine.run({ outlet: 0.5 });
    rates.push(2000 / ((performance.now() - began) / 1000));
  }
  return median(rates);
}

function timed(what: () => unknown): number {
  const began = performance.now();
  what();
  return performance.now() - began;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, one) => sum + one, 0) / values.length;
}

process.stdout.write(`${JSON.stringify(await measure(), null, 2)}\n`);
