import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Random } from '#sim/random.ts';
import { readRoom } from '#sim/station/points.ts';
import { Sensors } from '#sim/station/sensors.ts';
import { settleRoom } from '#sim/station/settle.ts';
import { roomSpec } from '#sim/station/spec.ts';
import { newRoom, type Room, restoreRoom, saveRoom } from '#sim/station/state.ts';
import { type RoomInputs, stepRoom } from '#sim/station/step.ts';
import type { InletValve, StationKind } from '#twin/model/station.ts';
import { pumpSet, station } from './builder.ts';
import { Trial } from './trial.ts';

const anyStation = fc
  .record({
    kind: fc.constantFrom<StationKind>('tank', 'inline', 'booster'),
    valve: fc.constantFrom<InletValve['kind']>('float', 'electric'),
    family: fc.constantFrom('3', '10', '20', '45', 'B150-24'),
    pumps: fc.integer({ min: 1, max: 4 }),
    sets: fc.integer({ min: 1, max: 3 }),
    setpoint: fc.double({ min: 0.25, max: 1.4, noNaN: true }),
    topHeight: fc.double({ min: 0, max: 120, noNaN: true }),
    bladderLitres: fc.double({ min: 0, max: 1000, noNaN: true }),
    volume: fc.double({ min: 2, max: 300, noNaN: true }),
    height: fc.double({ min: 1, max: 4, noNaN: true }),
    maxFlow: fc.double({ min: 1, max: 600, noNaN: true }),
  })
  .map(({ kind, valve, family, pumps, sets, volume, height, maxFlow, ...set }) =>
    station({
      kind,
      pumpSets: Array.from({ length: sets }, (_, k) =>
        pumpSet({
          ...set,
          zone: (['LO', 'MI', 'HI'] as const)[k]!,
          pump: { family, stages: family.startsWith('B') ? 1 : 8, motorKw: 11, count: pumps },
        }),
      ),
      inlet: { kind: kind === 'tank' ? valve : 'none', dn: 100, maxFlow },
      ...(kind === 'tank' ? { tank: { compartments: 1 as const, volume, height } } : {}),
    }),
  );

/** What may happen to a room for some minutes. */
const anyEvent = fc.record({
  mains: fc.double({ min: 0, max: 0.8, noNaN: true }),
  power: fc.constantFrom(0, 1, 1, 1),
  demand: fc.double({ min: 0, max: 80, noNaN: true }),
  settle: fc.boolean(),
  fault: fc.boolean(),
});

const inputsOf = (room: Room): RoomInputs => ({
  mains: 0.3,
  power: 1,
  chlorine: 0.4,
  water: 24,
  outside: 27,
  hour: 9,
  demand: new Float64Array(room.sets.length),
});

describe('any room whatever happens to it', () => {
  it('keeps its level in the tank, its totals growing and every number a number', () => {
    fc.assert(
      fc.property(anyStation, fc.array(anyEvent, { minLength: 1, maxLength: 8 }), (drawn, events) => {
        const room = newRoom(roomSpec(drawn));
        const inputs = inputsOf(room);
        const random = new Random(1);
        const points = new Float64Array(room.spec.template.points.length);
        let inlet = 0;
        let energy = 0;
        let outlet = 0;
        for (const event of events) {
          inputs.mains = event.mains;
          inputs.power = event.power;
          inputs.demand.fill(event.demand);
          room.sets[0]!.pumps[0]!.fault = event.fault ? 1 : 0;
          if (event.settle) settleRoom(room, inputs, 300, random);
          else for (let i = 0; i < 90; i++) stepRoom(room, inputs, 1, random);
          expect(saveRoom(room).every(Number.isFinite)).toBe(true);
          readRoom(room, points);
          expect(points.every(Number.isFinite)).toBe(true);
          if (room.spec.tank) {
            expect(room.state.volume).toBeGreaterThanOrEqual(0);
            expect(room.state.volume).toBeLessThanOrEqual(room.spec.tank.volume);
          }
          for (const { state } of room.sets) expect(state.pressure).toBeGreaterThanOrEqual(0);
          const out = room.sets.reduce((sum, { state }) => sum + state.total, 0);
          expect(room.state.inletTotal).toBeGreaterThanOrEqual(inlet);
          expect(room.state.energy).toBeGreaterThanOrEqual(energy);
          expect(out).toBeGreaterThanOrEqual(outlet);
          inlet = room.state.inletTotal;
          energy = room.state.energy;
          outlet = out;
        }
      }),
      { numRuns: 150 },
    );
  });

  it('gives every point a reading within its range', () => {
    fc.assert(
      fc.property(anyStation, fc.double({ min: 0, max: 30, noNaN: true }), (drawn, demand) => {
        const room = newRoom(roomSpec(drawn));
        const inputs = inputsOf(room);
        inputs.demand.fill(demand);
        const random = new Random(2);
        for (let i = 0; i < 60; i++) stepRoom(room, inputs, 1, random);
        const { template } = room.spec;
        const truth = new Float64Array(template.points.length);
        readRoom(room, truth);
        const readings = new Sensors(template).read(truth, 0, random);
        for (const { index, name, min, max } of template.points) {
          expect(readings[index], name).toBeGreaterThanOrEqual(min);
          expect(readings[index], name).toBeLessThanOrEqual(max);
        }
      }),
      { numRuns: 60 },
    );
  });
});

describe('a small tank whose valve stands open without power', () => {
  it('is full after minutes, to the last digit, and the rest is spilled', () => {
    fc.assert(
      fc.property(fc.double({ min: 1, max: 3, noNaN: true }), (volume) => {
        const inlet = { kind: 'electric', dn: 100, maxFlow: 120 } as const;
        const room = newRoom(roomSpec(station({ inlet, tank: { compartments: 1, volume, height: 1 } })));
        const before = room.state.volume;
        room.state.valve = 1;
        settleRoom(room, { ...inputsOf(room), mains: 0.5, power: 0 }, 300, new Random(1));
        expect(room.state.volume).toBe(volume);
        expect(room.state.spilled).toBeCloseTo(room.state.inletTotal + before - volume, 9);
      }),
    );
  });
});

describe('the state of a room', () => {
  const hashOf = (room: Room) => createHash('sha256').update(saveRoom(room)).digest('hex');

  it('is the same for the same seed and another for another', () => {
    const run = (seed: number) => hashOf(new Trial(station(), { seed }).run(7200).room);
    expect(run(3)).toBe(run(3));
    expect(run(3)).not.toBe(run(4));
  });

  it('forks: a copy goes on as the original does', () => {
    const original = new Trial(station()).run(3600).room;
    const copy = newRoom(original.spec);
    restoreRoom(copy, saveRoom(original));
    for (const room of [original, copy]) {
      const inputs = inputsOf(room);
      const random = new Random(5);
      inputs.demand.fill(6);
      for (let i = 0; i < 600; i++) stepRoom(room, inputs, 1, random);
    }
    expect(hashOf(copy)).toBe(hashOf(original));
  });

  it('refuses a saved state with a hole in it', () => {
    const { room } = new Trial(station());
    const saved = saveRoom(room);
    saved[0] = Number.NaN;
    expect(() => restoreRoom(room, saved)).toThrow(/SM-0001: number 0 is NaN/);
    expect(() => restoreRoom(room, saved.subarray(1))).toThrow(/SM-0001 has .* instead of/);
  });
});

describe('a station that cannot be simulated', () => {
  it('is named with its cause', () => {
    expect(() => roomSpec(station({ pumpSets: [] }))).toThrow(/SM-0001: has no pump set/);
    const { tank: _, ...untanked } = station();
    expect(() => roomSpec(untanked)).toThrow(/SM-0001: is of kind tank but has none/);
    expect(() => roomSpec(station({ inlet: { kind: 'float', dn: 80, maxFlow: 0 } }))).toThrow(
      /flow limit is 0/,
    );
  });
});
