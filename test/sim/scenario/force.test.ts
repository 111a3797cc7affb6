import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { buildCity } from '#sim/city/build.ts';
import type { Circumstances, City } from '#sim/city/model.ts';
import { startCity } from '#sim/city/start.ts';
import { stepCity } from '#sim/city/step.ts';
import { Random } from '#sim/random.ts';
import { copyCircumstances, type Force, force, type Standing } from '#sim/scenario/force.ts';
import { Instruments } from '#sim/scenario/instruments.ts';
import { type ScenarioEvent, scenarioSchema } from '#sim/scenario/schema.ts';
import { MORNING, town } from '#test/sim/city/town.ts';

const model = buildCity(town(), { seed: 1 });
let city: City;
let base: Circumstances;
let inForce: Force;

beforeEach(() => {
  city = startCity(model, MORNING, 1);
  base = copyCircumstances(city.circumstances);
  inForce = force(city, base);
});

function event(facts: Record<string, unknown>): ScenarioEvent {
  const scenario = scenarioSchema.parse({
    name: { zh: '试验', en: 'Trial' },
    teaches: {
      zh: '两件事发生在同一个地方，先后结束时各自还剩下什么。',
      en: 'What is left of two events on one place when one of them is over.',
    },
    start: '2026-11-18 06:30',
    length: '1h',
    events: [{ at: '0 s', ...facts }],
    expect: [{ that: 'P_OUT of all stays above 0' }],
  });
  return scenario.events[0]!;
}

const leakAt = (node: string) => city.circumstances.leak[model.h.nodeIndex.get(node)!]!;
const room = (code: string) => city.rooms[model.roomOf.get(code)!]!;
const live = (seconds: number) => {
  for (let i = 0; i < seconds; i++) {
    inForce.refresh();
    stepCity(city);
  }
};

describe('two events on one place', () => {
  it('add up, and the first to end takes only its own part with it', () => {
    const first = inForce.begin(event({ do: 'burst', node: 'N2', flow: 90 }));
    const alone = leakAt('N2');
    const second = inForce.begin(event({ do: 'burst', node: 'N2', flow: 180 }));
    expect(leakAt('N2')).toBeCloseTo(3 * alone, 9);
    inForce.end(first);
    expect(leakAt('N2')).toBeCloseTo(2 * alone, 9);
    inForce.end(second);
    expect(leakAt('N2')).toBe(0);
  });

  it('let a growing leak go on growing when a burst beside it is mended', () => {
    inForce.begin(event({ do: 'growing-leak', node: 'N2', flow: 90, over: '10min' }));
    const burst = inForce.begin(event({ do: 'burst', node: 'N2', flow: 180 }));
    live(300);
    inForce.end(burst);
    const half = leakAt('N2');
    live(600);
    expect(leakAt('N2') / half).toBeCloseTo(2, 1);
  });

  it('leave a room without power while either cut lasts', () => {
    const room1 = inForce.begin(event({ do: 'power-cut', stations: 'SM-0001' }));
    const zone = inForce.begin(event({ do: 'power-cut', stations: 'zone Z-W1' }));
    inForce.end(room1);
    live(5);
    expect(room('SM-0001').state.mains).toBe(0);
    inForce.end(zone);
    live(5);
    expect(room('SM-0001').state.mains).toBe(1);
  });

  it('let a valve stand where the later one put it, then where the earlier one did', () => {
    const open = inForce.begin(event({ do: 'valve-stuck', station: 'SM-0001', position: 100 }));
    const shut = inForce.begin(event({ do: 'valve-stuck', station: 'SM-0001', position: 0 }));
    live(60);
    expect(room('SM-0001').state.valve).toBe(0);
    inForce.end(shut);
    live(60);
    expect(room('SM-0001').state.valve).toBe(1);
    expect(room('SM-0001').state.valveFault).toBe(1);
    inForce.end(open);
    expect(room('SM-0001').state.valveFault).toBe(0);
  });

  it('freeze a transmitter at what it read, its bias included', () => {
    inForce.begin(event({ do: 'sensor-fault', station: 'SM-0001', point: 'P_OUT', fault: 'bias', by: 0.02 }));
    const { state } = room('SM-0001').sets[0]!;
    const read = state.pressure + 0.02;
    inForce.begin(event({ do: 'sensor-fault', station: 'SM-0001', point: 'P_OUT', fault: 'frozen' }));
    expect(state.pressureFrozen).toBeCloseTo(read, 9);
  });
});

it('follows a base that moves under what is in force', () => {
  inForce.begin(event({ do: 'demand-surge', stations: 'SM-0001', factor: 2 }));
  base.demand.fill(1.1);
  inForce.refresh(true);
  expect(city.circumstances.demand[model.roomOf.get('SM-0001')!]).toBeCloseTo(2.2, 9);
});

describe('whatever begins and ends in whatever order', () => {
  const anyEvent = fc.constantFrom(
    { do: 'burst', node: 'N2', flow: 50 },
    { do: 'growing-leak', node: 'N2', flow: 50, over: '5min' },
    { do: 'power-cut', stations: 'all' },
    { do: 'power-cut', stations: 'SM-0001' },
    { do: 'demand-surge', stations: 'zone Z-W1', factor: 1.5 },
    { do: 'heat-wave', factor: 1.2, warmer: 4 },
    { do: 'works-outage', works: 'W1' },
    { do: 'source-chlorine', stations: 'all', factor: 0.5, over: '10min' },
    { do: 'comms-loss', stations: 'all' },
    { do: 'pump-trip', station: 'SM-0001', pump: 'P1' },
    { do: 'check-valve-leak', station: 'SM-0001', pump: 'P1', conductance: 2 },
    { do: 'detuned-loop', station: 'SM-0001', gain: 3 },
    { do: 'valve-stuck', station: 'SM-0001', position: 40 },
    { do: 'sensor-fault', station: 'SM-0001', point: 'L1', fault: 'drift', by: 0.1 },
    { do: 'sensor-fault', station: 'SM-0001', point: 'L1', fault: 'frozen' },
    { do: 'sensor-fault', station: 'SM-0001', point: 'P_OUT', fault: 'frozen' },
    { do: 'sensor-fault', station: 'SM-0001', point: 'P_OUT', fault: 'loss' },
    { do: 'sensor-fault', station: 'SM-0001', point: 'L1', fault: 'noise', by: 0.1 },
  );
  const marks = () => {
    const { state, sets } = room('SM-0001');
    const [set] = sets;
    return [
      ...Object.values(copyCircumstances(city.circumstances)).map((column) => [...column]),
      [state.valveFault, state.levelError, set!.state.pressureError, set!.state.pressureFrozen],
      [set!.state.tuning, ...set!.pumps.flatMap(({ fault, checkLeak }) => [fault, checkLeak])],
      [...inForce.offline],
    ];
  };

  it('leaves no mark once all of it is over', () => {
    const untouched = marks();
    fc.assert(
      fc.property(fc.array(fc.tuple(anyEvent, fc.nat(1000)), { maxLength: 8 }), (happenings) => {
        const standing: Standing[] = [];
        for (const [facts, turn] of happenings) {
          standing.push(inForce.begin(event(facts)));
          if (turn % 3 === 0) inForce.end(standing.splice(turn % standing.length, 1)[0]!);
          live(2);
        }
        for (const one of standing) inForce.end(one);
        expect(marks()).toEqual(untouched);
        expect(inForce.standing).toEqual([]);
      }),
      { numRuns: 40 },
    );
  });
});

describe('a transmitter', () => {
  const at = (point: string) => model.rooms[0]!.spec.template.index.get(point)!;
  const reads = (point: string, times: number) => {
    const instruments = new Instruments(city, [0], new Random(5));
    instruments.breakBy(inForce.standing);
    return Array.from({ length: times }, () => instruments.read(0, city.time)[at(point)]!);
  };

  it('that is lost shows nothing, and the controller keeps what it read last', () => {
    const before = room('SM-0001').sets[0]!.state.pressure;
    inForce.begin(event({ do: 'sensor-fault', station: 'SM-0001', point: 'P_OUT', fault: 'loss' }));
    inForce.begin(event({ do: 'sensor-fault', station: 'SM-0001', point: 'CL2', fault: 'loss' }));
    live(1);
    expect(reads('LO/P_OUT', 1)[0]).toBeNaN();
    expect(reads('CL2', 1)[0]).toBeNaN();
    expect(room('SM-0001').sets[0]!.state.pressureFrozen).toBeCloseTo(before, 6);
    for (const one of [...inForce.standing]) inForce.end(one);
    expect(reads('LO/P_OUT', 1)[0]).not.toBeNaN();
    expect(room('SM-0001').sets[0]!.state.pressureFrozen).toBe(0);
  });

  it('that is noisy shows more than it does, around the same', () => {
    const spread = (values: number[]) => Math.max(...values) - Math.min(...values);
    const sound = spread(reads('L1', 50));
    inForce.begin(event({ do: 'sensor-fault', station: 'SM-0001', point: 'L1', fault: 'noise', by: 0.1 }));
    live(1);
    const noisy = reads('L1', 50);
    expect(spread(noisy)).toBeGreaterThan(5 * sound);
    expect(room('SM-0001').state.levelError).toBe(0);
  });
});
