import type { City } from '#sim/city/model.ts';
import type { PumpSpec, RoomSpec, SetSpec } from '#sim/station/spec.ts';
import type { PumpState, RoomState, SetState } from '#sim/station/state.ts';
import { cubicMetresPerSecond, WATER_DENSITY } from '#twin/units.ts';
import type { RoomFaultName } from './faultNames.ts';
import type { Layer } from './layer.ts';
import type { ScenarioEvent } from './schema.ts';
import { isWear, wearLayer } from './wear.ts';

/** Where in a room a fault sits. */
interface Spot {
  spec: RoomSpec;
  state: RoomState;
  set: SetState;
  setSpec: SetSpec;
  pump: PumpState;
  pumpSpec: PumpSpec;
}

/**
 * A fault that moves the state of a room, second by second, as the broken part would. What relaxes towards a value
 * (temperatures, turbidity) is pushed against its relaxation and settles where push and relaxation meet.
 */
interface RoomFault {
  /** once a second. @param size 1 is what an engineer would call a clear case @param seconds since it began */
  push: (spot: Spot, size: number, seconds: number) => void;
  /** puts back what does not come back by itself */
  mend?: (spot: Spot) => void;
}

/** Time constants of drive and room, s, as the physics has them. */
const DRIVE = 300;
const ROOM = 5400;
const MOISTURE = 3600;
const SETTLING = 1800;
/** The controller lets a set sleep after so many seconds of little flow; this many are enough here. */
const SOON_ASLEEP = 10;
const LONG_ENOUGH = 1000;
/** Water column that a late check valve stops at 0.2 m/s, MPa: density times the speed of sound in steel pipes times that. */
const HAMMER = (WATER_DENSITY * 1250 * 0.2) / 1e6;
/** m² of the sump. */
const SUMP_AREA = 0.5;

const ROOM_FAULTS: Readonly<Partial<Record<RoomFaultName, RoomFault>>> = {
  /** drain left open after cleaning: takes `size` times the contract limit of the inflow */
  'tank-drain-open': {
    push: ({ spec, state }, size) => {
      state.volume = Math.max(0, state.volume - size * cubicMetresPerSecond(spec.inlet.maxFlow));
    },
  },
  /** fan of a drive dead: without it the heat sink's resistance is three times as high */
  'drive-fan-dead': {
    push: ({ state, pump, pumpSpec }, size) => {
      if (pump.hz < 0.5) return;
      const rise = 10 + (60 * pump.kw) / pumpSpec.motor.ratedKw;
      pump.driveTemperature += (size * rise) / DRIVE;
      pump.driveTemperature = Math.max(pump.driveTemperature, state.roomTemperature);
    },
  },
  /** supply 16 % low: noise of the supply is 0.4 % of it */
  'voltage-low': {
    push: ({ state }, size) => {
      state.sag = -40 * size;
    },
    mend: ({ state }) => {
      state.sag = 0;
    },
  },
  /** one phase 5 % high, one 5 % low */
  'phases-unbalanced': {
    push: ({ state }, size) => {
      state.unbalance = 25 * size;
    },
    mend: ({ state }) => {
      state.unbalance = 0;
    },
  },
  /** somebody set the sleep delay to nothing */
  'sleep-delay-lost': {
    push: ({ set }) => {
      if (set.lowTime > SOON_ASLEEP) set.lowTime = LONG_ENOUGH;
    },
  },
  /** membrane of the bladder tank burst: pipes alone give what sleeping pumps do not */
  'bladder-flat': {
    push: ({ set, setSpec: { bladder, elasticity, precharge, meanStatic } }, size) => {
      if (set.wanted > 0 || set.pressure <= meanStatic) return;
      const absolute = set.pressure + 0.1013;
      const yielding = absolute > precharge ? (bladder * precharge) / (absolute * absolute) : 0;
      const taken = cubicMetresPerSecond(set.delivered);
      set.pressure -= size * taken * (1 / elasticity - 1 / (elasticity + yielding));
    },
  },
  /** the check valve of a pump shuts late when it stops, and the water that runs back by then is stopped at once */
  'check-valve-slams': {
    push: ({ set, pump }, size) => {
      if (pump.run === 1 || pump.hz === 0 || set.surge > HAMMER * size) return;
      set.surge = HAMMER * size;
      set.surgeAge = 0;
    },
  },
  /** the mechanical seal of a pump lets 60 L/h run to the sump while it turns */
  'seal-leaking': {
    push: ({ state, pump }, size) => {
      if (pump.run === 1) state.sump += (cubicMetresPerSecond(0.06) * size) / SUMP_AREA;
    },
  },
  /** nobody has cleaned the tank for a quarter */
  'cleaning-missed': {
    push: ({ state }, size) => {
      state.sinceCleaned = Math.max(state.sinceCleaned, 91 * size);
    },
  },
  /** the delay after which a pump is dropped is endless, and two run from the start */
  'staging-lost': {
    push: ({ set }) => {
      set.dropTime = 0;
      if (set.wanted === 1) set.wanted = 2;
    },
  },
  /** the inlet's pressure switch drops out every five minutes though the main is well */
  'inlet-switch-loose': {
    push: ({ state }, _, seconds) => {
      if (seconds % 300 >= 1) return;
      state.dry = 1;
      state.dryTime = 0;
    },
  },
  /** one pump has run thousands of hours that the others have not */
  'no-rotation': {
    push: ({ pump }, size) => {
      pump.runHours = Math.max(pump.runHours, 60_000 * size);
    },
  },
  /** a pump left in hand */
  'pump-in-hand': {
    push: ({ pump }) => {
      pump.manual = 1;
    },
    mend: ({ pump }) => {
      pump.manual = 0;
    },
  },
  /** debris or a swollen packing brakes the rotor of a pump with four fifths of the motor's rated torque */
  'rotor-rubs': {
    push: ({ pump }, size) => {
      pump.drag = 0.8 * size;
    },
    mend: ({ pump }) => {
      pump.drag = 0;
    },
  },
  /** the controller's own input reads 0.15 MPa too little; the transmitter that is reported does not */
  'controller-blind': {
    push: ({ set }, size) => {
      set.pressureError = -0.15 * size;
    },
    mend: ({ set }) => {
      set.pressureError = 0;
    },
  },
  /** something in the tank eats the chlorine: half of it in ten minutes */
  contaminated: {
    push: ({ state }, size) => {
      state.chlorine *= 1 - (size * Math.LN2) / 600;
    },
  },
  /** silt stirred up: 3 NTU */
  'silt-stirred': {
    push: ({ state }, size) => {
      state.turbidity += (3 * size) / SETTLING;
    },
  },
  flooded: {
    push: ({ state }) => {
      state.flood = 1;
    },
    mend: ({ state }) => {
      state.flood = 0;
    },
  },
  smoke: {
    push: ({ state }) => {
      state.smoke = 1;
    },
    mend: ({ state }) => {
      state.smoke = 0;
    },
  },
  /** ventilation dead: 28 °C warmer than it would be, and damp */
  'ventilation-dead': {
    push: ({ state }, size) => {
      state.roomTemperature += (28 * size) / ROOM;
      state.humidity = Math.min(100, state.humidity + (25 * size) / MOISTURE);
    },
  },
  'hatch-open': {
    push: ({ state }) => {
      state.hatch = 1;
    },
    mend: ({ state }) => {
      state.hatch = 0;
    },
  },
  /** water runs back through the inlet meter, 12 m³/h */
  'meter-back-flow': {
    push: ({ state }, size) => {
      state.inletTotal -= cubicMetresPerSecond(state.inflow + 12 * size);
    },
  },
};

type FaultEvent = Extract<ScenarioEvent, { do: 'room-fault' }>;

/** The layer of a fault that moves a room's state; one that only sensors see leaves it alone. */
export function faultLayer(city: City, event: FaultEvent): Layer {
  if (isWear(event.fault)) return wearLayer(city, event, event.fault);
  const fault = ROOM_FAULTS[event.fault];
  if (!fault) return { lift: () => {}, lay: () => {}, moving: false };
  const i = city.model.roomOf.get(event.station)!;
  const room = city.rooms[i]!;
  const { pumpSets } = city.model.rooms[i]!.station;
  const k = pumpSets.findIndex(({ zone }) => zone === event.set);
  const p = pumpSets[k]!.pumps.findIndex(({ id }) => id === event.pump);
  const spot: Spot = {
    spec: room.spec,
    state: room.state,
    set: room.sets[k]!.state,
    setSpec: room.spec.sets[k]!,
    pump: room.sets[k]!.pumps[p]!,
    pumpSpec: room.spec.sets[k]!.pumps[p]!,
  };
  return {
    lift: () => fault.mend?.(spot),
    lay: (seconds) => fault.push(spot, event.size, seconds),
    moving: true,
  };
}
