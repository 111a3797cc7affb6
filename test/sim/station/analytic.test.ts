import { describe, expect, it } from 'vitest';
import { AS_NEW } from '#sim/station/condition.ts';
import { duty, gather, share } from '#sim/station/duty.ts';
import { pumpPower } from '#sim/station/electric.ts';
import { floatOpening, inletFlow } from '#sim/station/inlet.ts';
import { moment, NOW } from '#sim/station/moment.ts';
import { motor, motorCurrent, motorLoss } from '#sim/station/motor.ts';
import { stepPressure, storedWater } from '#sim/station/pressure.ts';
import { type Rooms, setAt } from '#sim/station/rooms.ts';
import { roomSpec } from '#sim/station/spec.ts';
import { newRoom } from '#sim/station/state.ts';
import { decayRate, mixedAge, mixedConcentration } from '#sim/station/water.ts';
import { pumpHead } from '#twin/curves/pump.ts';
import { mpaFromMetres } from '#twin/units.ts';
import { pumpSet, station } from './builder.ts';
import { Trial } from './trial.ts';

describe('a tank', () => {
  it('holds what flows in less what flows out, to a billionth', () => {
    const trial = new Trial(station());
    const { state, sets } = trial.room;
    const start = state.volume;
    let pumped = 0;
    trial.run(6 * 3600, () => {
      pumped += sets[0]!.state.pumped / 3600;
    });
    expect(state.volume + state.spilled).toBeCloseTo(start + state.inletTotal - pumped, 9);
  });

  it('overflows when its valve is stuck open, and only then', () => {
    const trial = new Trial(station());
    const { state } = trial.room;
    state.valve = 1;
    state.valveFault = 1;
    trial.run(3 * 3600);
    expect(state.volume).toBeCloseTo(24, 6);
    expect(state.spilled).toBeGreaterThan(5);
  });

  it('fills through an electric valve at Kv √Δp', () => {
    const { inlet } = roomSpec(station());
    const flow = inletFlow(inlet, 0.25, 1);
    const behindBranch = 0.25 - inlet.branch * flow ** 2;
    expect(flow).toBeCloseTo(inlet.kv * Math.sqrt(10 * (behindBranch - 0.03)), 9);
    expect(inletFlow(inlet, 0.02, 1)).toBe(0);
  });

  it('shuts a float valve over the last 0.12 m', () => {
    expect(floatOpening(2, 2.5)).toBe(1);
    expect(floatOpening(2.2, 2.5)).toBe(0);
    expect(floatOpening(2.14, 2.5)).toBeCloseTo(0.5, 9);
  });
});

describe('water in a mixed tank', () => {
  const mixing = { inflow: 5, volume: 20, dt: 2 };

  it('comes to the chlorine of the balance q (Cin − C) = k C V', () => {
    const decay = decayRate(0.5, 1.09, 28);
    let chlorine = 0.1;
    for (let i = 0; i < 50; i++) chlorine = mixedConcentration(chlorine, 0.4, decay, mixing);
    expect(5 * (0.4 - chlorine)).toBeCloseTo(decay * chlorine * 20, 9);
  });

  it('decays by the exponential when nothing flows', () => {
    const decay = decayRate(0.5, 1.09, 20);
    expect(mixedConcentration(0.4, 9, decay, { ...mixing, inflow: 0, dt: 24 })).toBeCloseTo(
      0.4 * Math.exp(-0.5),
      12,
    );
  });

  it('is as old as the tank needs to be exchanged, and ages by the hour when it stands', () => {
    let age = 0;
    for (let i = 0; i < 50; i++) age = mixedAge(age, mixing);
    expect(age).toBeCloseTo(20 / 5, 9);
    expect(mixedAge(7, { ...mixing, inflow: 0 })).toBeCloseTo(9, 9);
  });

  it('does not depend on the length of the step', () => {
    let fine = 0.2;
    for (let i = 0; i < 7200; i++) fine = mixedConcentration(fine, 0.4, 0.03, { ...mixing, dt: 2 / 7200 });
    expect(mixedConcentration(0.2, 0.4, 0.03, mixing)).toBeCloseTo(fine, 9);
  });
});

describe('electricity', () => {
  it('loses about 13 % at full load of 7.5 kW', () => {
    const drive = motor(7.5);
    expect(7.5 / (7.5 + motorLoss(drive, 7.5, 1))).toBeCloseTo(0.901 * 0.97, 9);
    expect(motorCurrent(drive, 7.5, 1)).toBeCloseTo(drive.ratedCurrent, 9);
    // no torque: what a dry-running pump draws
    expect(motorCurrent(drive, 0, 1) / drive.ratedCurrent).toBeCloseTo(0.35, 9);
  });

  it('counts the energy of a known duty point', () => {
    const set = pumpSet({ pump: { family: '15', stages: 7, motorKw: 5.5, count: 1 } });
    const pump = roomSpec(station({ pumpSets: [set] })).sets[0]!.pumps[0]!;
    const shaft = 5.19;
    expect(pumpPower(pump, 17, 50)).toBeCloseTo(shaft + motorLoss(motor(5.5), shaft, 1), 1);

    const trial = new Trial(station({ pumpSets: [set] }));
    const { state, sets } = trial.room;
    trial.run(60);
    let expected = state.energy;
    trial.run(3600, () => {
      expected += (sets[0]!.pumps[0]!.kw + AS_NEW.baseLoad) / 3600;
    });
    expect(state.energy).toBeCloseTo(expected, 9);
  });

  it('gives a rotor that is braked the torque, and moves no more water for it', () => {
    const braked = (drag: number) => {
      const trial = new Trial(station());
      const pump = trial.room.sets[0]!.pumps[0]!;
      trial.run(600, () => {
        pump.drag = drag;
      });
      return pump;
    };
    const [free, rubs] = [braked(0), braked(0.8)];
    expect(rubs.flow).toBe(free.flow);
    const { motor: plate } = roomSpec(station()).sets[0]!.pumps[0]!;
    // torque of the shaft from the current, which is what the drive gives
    const torque = ({ current }: typeof free) =>
      Math.sqrt(((current / plate.ratedCurrent) ** 2 - 0.35 ** 2) / (1 - 0.35 ** 2));
    expect(torque(rubs) - torque(free)).toBeCloseTo(0.8, 9);
    expect(rubs.kw - free.kw).toBeGreaterThan(0.8 * plate.ratedKw * (rubs.hz / 50));
  });
});

/** The only set of a room for `h` s at the speeds its pumps have, 0.02 MPa before them. */
function balance(rooms: Rooms, demand: number, h: number): void {
  const { row, constants } = rooms;
  moment[NOW.suction] = 0.02;
  moment[NOW.demand] = demand;
  moment[NOW.h] = h;
  gather(rooms, 0);
  stepPressure(row, setAt(rooms, 0), constants.row, constants.setStart, duty.turning);
  share(rooms, 0, false);
}

describe('a pump set in balance', () => {
  it('delivers where the pump curve meets what the building takes', () => {
    const spec = roomSpec(station());
    const set = spec.sets[0]!;
    const { rooms, sets } = newRoom(spec);
    const room = sets[0]!;
    const pump = room.pumps[0]!;
    pump.hz = 45;
    for (let i = 0; i < 200; i++) balance(rooms, 6, 1);
    const { family, stages, resistance } = set.pumps[0]!;
    const fittings = resistance - stages * family.a;
    const head = pumpHead(family, stages, pump.flow, 0.9) - fittings * pump.flow ** 2;
    expect(room.state.pressure).toBeCloseTo(0.02 + mpaFromMetres(head), 4);
    expect(pump.flow).toBeCloseTo(room.state.delivered, 2);
  });

  it('loses no water: what is pumped is delivered or stored', () => {
    const spec = roomSpec(station());
    const set = spec.sets[0]!;
    const { rooms, sets } = newRoom(spec);
    const room = sets[0]!;
    let pumped = 0;
    let delivered = 0;
    const cycle = (hz: number) => {
      room.pumps[0]!.hz = hz;
      for (let i = 0; i < 100; i++) {
        balance(rooms, 5, 0.25);
        pumped += (room.state.pumped * 0.25) / 3600;
        delivered += (room.state.delivered * 0.25) / 3600;
      }
    };
    const before = storedWater(set, room.state.pressure);
    for (const hz of [42, 50, 0, 44]) cycle(hz);
    expect(pumped - delivered).toBeCloseTo(storedWater(set, room.state.pressure) - before, 9);
  });
});
