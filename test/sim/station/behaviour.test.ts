import { describe, expect, it } from 'vitest';
import { writeOutput } from '#sim/station/outputs.ts';
import { ATMOSPHERE, PREVENTER_LOSS } from '#sim/station/spec.ts';
import type { Room } from '#sim/station/state.ts';
import { stepRoom } from '#sim/station/step.ts';
import type { PumpSet } from '#twin/model/station.ts';
import { pumpSet, station } from './builder.ts';
import { Trial } from './trial.ts';

const HOUR = 3600;
const running = (room: Room, k = 0) => room.sets[k]!.pumps.filter((pump) => pump.run === 1).length;

/** A room for a thousand homes: the pulses of single taps do not move it. */
const large = () =>
  station({
    meanDemand: 14.6,
    tank: { compartments: 2, volume: 80, height: 2.5 },
    inlet: { kind: 'electric', dn: 100, maxFlow: 45 },
    pumpSets: [
      pumpSet({ homes: 1000, bladderLitres: 200, pump: { family: '20', stages: 6, motorKw: 7.5, count: 3 } }),
    ],
  });

/** A few dozen homes: hardly any flow at night. */
const small = () =>
  station({
    meanDemand: 0.7,
    tank: { compartments: 1, volume: 6, height: 2 },
    inlet: { kind: 'float', dn: 50, maxFlow: 5 },
    pumpSets: [
      pumpSet({ homes: 50, bladderLitres: 200, pump: { family: '5', stages: 12, motorKw: 2.2, count: 2 } }),
    ],
  });

describe('a stand-by whose check valve leaks', () => {
  it.each(['tank', 'inline'] as const)('lets back what the pressure across it drives: %s', (kind) => {
    const room = kind === 'tank' ? large() : station({ kind: 'inline' });
    const trial = new Trial(room).run(12 * HOUR);
    const { sets, state } = trial.room;
    const [set] = sets;
    const idle = set!.pumps.find(({ run, hz }) => run === 0 && hz === 0)!;
    idle.checkLeak = 2;
    trial.run(60);
    const suction = kind === 'tank' ? (state.volume / 32) * 0.00981 : state.stabilised;
    expect(idle.flow).toBeCloseTo(-2 * Math.sqrt(set!.state.pressure - suction), 1);
    expect(idle.flow).toBeLessThan(0);
  });
});

describe('a pump room on a normal day', () => {
  it('holds its set-point within 0.02 MPa', () => {
    const trial = new Trial(large()).run(120);
    let outside = 0;
    trial.run(24 * HOUR - 120, ({ sets }) => {
      if (Math.abs(sets[0]!.state.pressure - 0.5) > 0.02) outside++;
    });
    expect(outside / (24 * HOUR - 120)).toBeLessThan(0.01);
  });

  it('adds a pump for the morning and the evening and does with one at night', () => {
    const most = new Array<number>(24).fill(0);
    new Trial(large()).run(24 * HOUR, (room, second) => {
      const hour = Math.floor(second / HOUR);
      most[hour] = Math.max(most[hour]!, running(room));
    });
    expect(Math.max(...most.slice(1, 5))).toBe(1);
    expect(Math.max(...most.slice(7, 9))).toBeGreaterThan(1);
    expect(Math.max(...most.slice(19, 23))).toBeGreaterThan(1);
  });

  it('fills its tank between 60 % and 86 % by an electric valve', () => {
    const levels: number[] = [];
    let strokes = 0;
    let open = false;
    new Trial(large()).run(24 * HOUR, ({ state }) => {
      levels.push(state.volume / 80);
      if (state.valve > 0.99 !== open) {
        open = !open;
        strokes++;
      }
    });
    expect(Math.min(...levels)).toBeGreaterThan(0.5);
    expect(Math.max(...levels)).toBeLessThan(0.9);
    expect(strokes).toBeGreaterThan(10);
    expect(strokes).toBeLessThan(80);
  });

  it('measures at each rest of its pumps what bladder tank and pipes have given', () => {
    const trial = new Trial(small()).run(5 * HOUR);
    const { storage } = trial.room.sets[0]!.state;
    const { setpoint, bladder, precharge, elasticity } = trial.room.spec.sets[0]!;
    const yieldAt = (pressure: number) =>
      1000 * (elasticity + (bladder * precharge) / (pressure + ATMOSPHERE) ** 2);
    expect(storage).toBeGreaterThan(yieldAt(setpoint + 0.06));
    expect(storage).toBeLessThan(yieldAt(setpoint - 0.06));
  });

  it('keeps the largest step of its pressure for a minute', () => {
    const trial = new Trial(large()).run(10 * 60);
    const { state } = trial.room.sets[0]!;
    expect(state.surge).toBeLessThan(0.02);
    state.surge = 0.25;
    state.surgeAge = 0;
    trial.run(59);
    expect(state.surge).toBe(0.25);
    trial.run(3);
    expect(state.surge).toBeLessThan(0.02);
  });

  it('empties its sump, and has its tank cleaned by the crew that comes after two months', () => {
    const trial = new Trial(small());
    trial.room.state.sump = 0.121;
    trial.room.state.sinceCleaned = 61;
    trial.room.state.visitIn = 10 * HOUR;
    trial.run(9 * HOUR);
    expect(trial.room.state.sump).toBe(0.03);
    expect(trial.room.state.sinceCleaned).toBeCloseTo(61 + 9 / 24, 6);
    trial.run(2 * HOUR);
    expect(trial.room.state.sinceCleaned).toBeLessThan(0.1);
  });

  it('sleeps at night when hardly anyone draws, on its bladder tank, and wakes in time', () => {
    let asleep = 0;
    let lowest = 1;
    const trial = new Trial(small());
    trial.run(5 * HOUR, ({ sets }) => {
      asleep += sets[0]!.state.asleep;
      lowest = Math.min(lowest, sets[0]!.state.pressure);
    });
    expect(asleep).toBeGreaterThan(0.1 * 5 * HOUR);
    expect(lowest).toBeGreaterThan(0.35);
    expect(trial.room.sets[0]!.pumps.reduce((sum, pump) => sum + pump.starts, 0)).toBeLessThan(6 * 10);
  });

  it('lets its pumps take turns', () => {
    const { sets } = new Trial(large()).run(96 * HOUR).room;
    const hours = sets[0]!.pumps.map((pump) => pump.runHours);
    const sum = hours.reduce((total, h) => total + h, 0);
    for (const h of hours) expect(h / sum).toBeGreaterThan(0.2);
  });
});

describe('protection', () => {
  it('stops before the tank runs dry and starts again a minute after the level is back', () => {
    const trial = new Trial(large());
    const { room, inputs } = trial;
    inputs.mains = 0;
    let stoppedAt = -1;
    trial.run(12 * HOUR, ({ state }, second) => {
      if (state.dry === 1 && stoppedAt < 0) stoppedAt = second;
    });
    expect(stoppedAt).toBeGreaterThan(0);
    expect(running(room)).toBe(0);
    expect(room.state.volume / 80).toBeGreaterThan(0.09);
    inputs.mains = 0.3;
    let backAt = -1;
    let risenAt = -1;
    trial.run(2 * HOUR, ({ state }, second) => {
      if (risenAt < 0 && state.volume > 0.2 * 80) risenAt = second;
      if (backAt < 0 && state.dry === 0) backAt = second;
    });
    expect(backAt - risenAt).toBeGreaterThanOrEqual(59);
    expect(backAt - risenAt).toBeLessThan(120);
    expect(room.sets[0]!.state.pressure).toBeCloseTo(0.5, 1);
  });

  it('stands still in a power cut and fills the riser gently when the power returns', () => {
    const trial = new Trial(large()).run(8 * HOUR);
    const { room, inputs } = trial;
    const before = room.state.energy;
    inputs.power = 0;
    trial.run(900);
    expect(room.state.energy).toBe(before);
    expect(room.sets[0]!.state.pressure).toBeLessThan(0.3);
    expect(running(room)).toBe(0);
    expect(room.state.upsVolts).toBeLessThan(27);
    inputs.power = 1;
    let steepest = 0;
    let last = room.sets[0]!.state.pressure;
    trial.run(600, ({ sets }, second) => {
      const { pressure } = sets[0]!.state;
      if (second > 20) steepest = Math.max(steepest, pressure - last);
      last = pressure;
    });
    expect(steepest).toBeLessThan(0.03);
    expect(room.sets[0]!.state.pressure).toBeCloseTo(0.5, 1);
  });

  it('hands over to the stand-by within ten seconds when a pump trips', () => {
    const trial = new Trial(large()).run(3 * HOUR);
    const { room } = trial;
    const pump = room.sets[0]!.pumps.find((p) => p.run === 1)!;
    pump.fault = 1;
    let lowest = 1;
    let taken = -1;
    trial.run(120, ({ sets }, second) => {
      lowest = Math.min(lowest, sets[0]!.state.pressure);
      if (taken < 0 && sets[0]!.pumps.some((p) => p.run === 1)) taken = second;
    });
    expect(pump.run).toBe(0);
    expect(taken).toBeLessThan(10);
    expect(lowest).toBeGreaterThan(0.25);
    expect(room.sets[0]!.state.pressure).toBeCloseTo(0.5, 1);
  });

  it('stops a set whose pressure runs away', () => {
    const trial = new Trial(large()).run(HOUR);
    const { state } = trial.room.sets[0]!;
    state.pressure = 0.5;
    state.setpoint = 0.3;
    let tripped = 0;
    trial.run(60, () => {
      tripped += state.tripped;
      if (state.tripped === 0) state.pressure = Math.max(state.pressure, 0.45);
    });
    expect(tripped).toBeGreaterThan(0);
  });

  it('slows a direct-drawing room down before the main falls, stops it, and lets it return', () => {
    const trial = new Trial(station({ kind: 'inline' })).run(12 * HOUR);
    const { room, inputs } = trial;
    inputs.mains = 0.18;
    trial.run(120);
    expect(room.state.speedCap).toBeLessThan(50);
    expect(room.state.dry).toBe(0);
    inputs.mains = 0.1;
    trial.run(60);
    expect(room.state.dry).toBe(1);
    expect(running(room)).toBe(0);
    inputs.mains = 0.3;
    trial.run(50);
    expect(room.state.dry).toBe(1);
    trial.run(300);
    expect(room.state.dry).toBe(0);
    expect(room.sets[0]!.state.pressure).toBeCloseTo(0.5, 1);
  });

  it('supplies a direct-drawing room around its pumps while the main suffices', () => {
    const low = station({ kind: 'inline', pumpSets: [pumpSet({ setpoint: 0.3, topHeight: 15 })] });
    const trial = new Trial(low);
    trial.inputs.mains = 0.42;
    trial.run(2 * HOUR);
    expect(running(trial.room)).toBe(0);
    expect(trial.room.sets[0]!.state.pressure).toBeGreaterThan(0.3);
    expect(trial.room.sets[0]!.state.total).toBeGreaterThan(1);
  });

  describe('around its pumps, whose inlet gives way to what it draws', () => {
    const choice = { family: '5', stages: 6, motorKw: 2.2, count: 2 };
    const low = pumpSet({ setpoint: 0.47, homes: 90, pump: choice });
    const house = (...pumpSets: PumpSet[]) =>
      station({
        kind: 'inline',
        meanDemand: 1.33,
        inlet: { kind: 'none', dn: 50, maxFlow: 5.9 },
        pumpSets,
      });
    /** Lets each set draw so much, m³/h, for four minutes. @returns by how much its inflow moved at most in the last two */
    const draw = (trial: Trial, demand: readonly number[]) => {
      trial.inputs.mains = 0.544;
      let [before, most] = [0, 0];
      for (let t = 0; t < 120; t++) {
        trial.inputs.demand.set(demand);
        stepRoom(trial.room, trial.inputs, 2, trial.random);
        const { inflow } = trial.room.state;
        if (t > 60) most = Math.max(most, Math.abs(inflow - before));
        before = inflow;
      }
      return most;
    };
    /** What branch and preventer lose of the pressure in the main at a flow, MPa. */
    const lostAt = ({ spec: { inlet } }: Room, flow: number) =>
      (inlet.branch + PREVENTER_LOSS / inlet.maxFlow ** 2) * flow * flow;

    it('draws steadily', () => {
      const trial = new Trial(house(low));
      expect(draw(trial, [2.5])).toBeLessThan(0.05);
      const { state, sets, spec } = trial.room;
      const around = (state.inflow / spec.sets[0]!.bypass) ** 2;
      expect(state.inflow).toBeGreaterThan(2);
      expect(sets[0]!.state.pressure).toBeCloseTo(0.544 - lostAt(trial.room, state.inflow) - around, 3);
    });

    it('gives no more than its branch leaves it beside another set that runs', () => {
      const high = pumpSet({ zone: 'MI', setpoint: 0.8, homes: 90, pump: { ...choice, stages: 12 } });
      const trial = new Trial(house(low, high));
      expect(draw(trial, [1.2, 2])).toBeLessThan(0.1);
      const { state, sets, spec } = trial.room;
      expect([0, 1].map((k) => running(trial.room, k))).toEqual([0, 1]);
      const around = (sets[0]!.state.pumped / spec.sets[0]!.bypass) ** 2;
      expect(sets[0]!.state.pressure).toBeCloseTo(0.544 - lostAt(trial.room, state.inflow) - around, 3);
    });

    it('shares its branch between two sets at rest', () => {
      const trial = new Trial(house(low, { ...low, zone: 'MI' }));
      expect(draw(trial, [1.2, 1.4])).toBeLessThan(0.1);
      expect(trial.room.sets[0]!.state.pressure).toBeLessThan(
        0.544 - lostAt(trial.room, trial.room.state.inflow),
      );
    });
  });
});

describe('a main that nearly does the work of the pumps', () => {
  it('lets them turn slowly and coolly, however much runs through them', () => {
    const trial = new Trial(station({ kind: 'inline', meanDemand: 30 }));
    trial.inputs.mains = 0.49;
    let hottest = 0;
    trial.run(9 * HOUR, ({ sets }) => {
      for (const { motorTemperature } of sets[0]!.pumps) hottest = Math.max(hottest, motorTemperature);
    });
    expect(hottest).toBeLessThan(100);
  });
});

describe('remote control', () => {
  it('moves the set-point, within what pumps and pipes were built for', () => {
    const trial = new Trial(large()).run(600);
    writeOutput(trial.room, 'LO/P_SET', 0.46);
    trial.run(300);
    expect(trial.room.sets[0]!.state.pressure).toBeCloseTo(0.46, 1);
    expect(() => writeOutput(trial.room, 'LO/P_SET', 0.9)).toThrow(/SM-0001.*LO\/P_SET.*0\.625/);
    expect(() => writeOutput(trial.room, 'LO/P_OUT', 0.5)).toThrow(/cannot be written/);
    expect(() => writeOutput(trial.room, 'XX', 1)).toThrow(/not one of its points/);
  });

  it('holds a valve command until the tank is nearly full', () => {
    const trial = new Trial(large()).run(600);
    const { room } = trial;
    writeOutput(room, 'ZV_CMD', 100);
    trial.run(60);
    expect(room.state.valve).toBe(1);
    let highest = 0;
    trial.run(HOUR, ({ state }) => {
      highest = Math.max(highest, state.volume / 80);
    });
    expect(highest).toBeGreaterThan(0.87);
    expect(highest).toBeLessThan(0.97);
    const floating = new Trial(small()).room;
    expect(() => writeOutput(floating, 'ZV_CMD', 50)).toThrow(/no electric valve/);
  });
});
