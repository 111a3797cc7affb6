import type { SensorFault } from '#sim/station/sensors.ts';
import type { StationKind } from '#twin/model/station.ts';
import type { LivingRoom } from './livingRoom.ts';

/** A fault as it is put into the physics or into a sensor, and what must be said of it. */
export interface Fault {
  name: string;
  /** kinds of room that can have it; all when absent */
  kinds?: readonly StationKind[];
  /** needs an electric inlet valve */
  electric?: boolean;
  inject: (room: LivingRoom) => void;
  /** rule of the first annunciation, and any that means the same cause */
  says: readonly string[];
  /** s after the injection */
  within: number;
}

const MINUTE = 60;
const HOUR = 3600;

const sensor = (point: string, fault: SensorFault) => (room: LivingRoom) => room.sensors.fault(point, fault);
const bias = (point: string, by: number) => sensor(point, { kind: 'bias', by });
/** the same point of the first pump of the first set */
const ofPump = (tag: string, by: number) => (room: LivingRoom) => {
  const { zone, pumps } = room.station.pumpSets[0]!;
  room.sensors.fault(`${zone}/${pumps[0]!.id}/${tag}`, { kind: 'bias', by });
};
const ofSet = (tag: string, fault: SensorFault) => (room: LivingRoom) =>
  room.sensors.fault(`${room.station.pumpSets[0]!.zone}/${tag}`, fault);

export const FAULTS: readonly Fault[] = [
  {
    name: 'power cut',
    inject: (room) => {
      room.power = 0;
    },
    says: ['F23-POWER-LOSS'],
    within: MINUTE,
  },
  {
    name: 'gateway silent',
    inject: (room) => {
      room.silent = true;
    },
    says: ['F24-COMMS-LOSS'],
    within: 3 * MINUTE,
  },
  {
    name: 'pump tripped',
    inject: ({ room }) => {
      room.sets[0]!.pumps[0]!.fault = 1;
    },
    says: ['F09-PUMP-FAULT'],
    within: MINUTE,
  },
  {
    name: 'all pumps of a set tripped',
    inject: ({ room }) => {
      for (const pump of room.sets[0]!.pumps) pump.fault = 1;
    },
    says: ['F09-PUMP-FAULT'],
    within: MINUTE,
  },
  {
    name: 'demand beyond the pumps',
    inject: (room) => {
      room.demand = 60;
    },
    says: ['F01-PRESSURE-LOST', 'F22-INLET-LIMITED'],
    within: 10 * MINUTE,
  },
  {
    name: 'low pressure in the main',
    inject: (room) => {
      room.mains = 0.06;
    },
    says: ['F21-LOW-INLET'],
    within: 5 * MINUTE,
  },
  {
    name: 'inlet valve stuck open',
    kinds: ['tank'],
    inject: ({ room }) => {
      room.state.valveFault = 1;
      room.state.valve = 1;
    },
    says: ['F19-OVERFLOW', 'F44-VALVE-MISMATCH'],
    within: 8 * HOUR,
  },
  {
    name: 'inlet valve stuck shut',
    kinds: ['tank'],
    electric: true,
    inject: ({ room }) => {
      room.state.valveFault = 1;
      room.state.valve = 0;
    },
    says: ['F20-NO-FILLING'],
    within: 12 * HOUR,
  },
  {
    name: 'controller reads too little pressure',
    inject: ({ room }) => {
      room.sets[0]!.state.pressureError = -0.15;
    },
    says: ['F33-OVER-PRESSURE'],
    within: 10 * MINUTE,
  },
  {
    name: 'pressure reading frozen',
    inject: ofSet('P_OUT', { kind: 'freeze' }),
    says: ['F15-PRESSURE-FROZEN'],
    within: 50 * MINUTE,
  },
  {
    name: 'chlorine reading frozen',
    inject: sensor('CL2', { kind: 'freeze' }),
    says: ['F36-ANALYSER'],
    within: 75 * MINUTE,
  },
  {
    name: 'no chlorine arrives',
    kinds: ['inline', 'booster'],
    inject: (room) => {
      room.chlorine = 0;
    },
    says: ['F34-CHLORINE-LOW'],
    within: 2 * HOUR,
  },
  { name: 'turbid water', inject: bias('TURB', 2), says: ['F35-TURBIDITY-HIGH'], within: 12 * MINUTE },
  { name: 'pH too high', inject: bias('PH', 2), says: ['PH-OUT'], within: 12 * MINUTE },
  { name: 'room flooded', inject: bias('FLOOD', 1), says: ['F37-FLOOD'], within: MINUTE },
  { name: 'smoke', inject: bias('SMOKE', 1), says: ['SMOKE'], within: MINUTE },
  { name: 'hatch open', kinds: ['tank'], inject: bias('HATCH', 1), says: ['F39-HATCH-OPEN'], within: MINUTE },
  { name: 'drive hot', inject: ofPump('T_VFD', 80), says: ['F08-DRIVE-HOT'], within: 3 * MINUTE },
  { name: 'motor hot', inject: ofPump('T_MOT', 120), says: ['MOTOR-HOT'], within: 3 * MINUTE },
  { name: 'vibration', inject: ofPump('VIB', 9), says: ['F12-VIBRATION'], within: 15 * MINUTE },
  {
    name: 'one phase low',
    inject: bias('U_B', -30),
    says: ['F11-PHASE-UNBALANCE'],
    within: 3 * MINUTE,
  },
  {
    name: 'voltage low',
    inject: (room) => {
      for (const phase of ['U_A', 'U_B', 'U_C']) room.sensors.fault(phase, { kind: 'bias', by: -70 });
    },
    says: ['F10-UNDERVOLTAGE'],
    within: 3 * MINUTE,
  },
  {
    name: 'pump starts too often',
    inject: (room) => {
      const { zone, pumps } = room.station.pumpSets[0]!;
      room.sensors.fault(`${zone}/${pumps[0]!.id}/N_START`, { kind: 'drift', perHour: 30, since: room.time });
    },
    says: ['F26-EXCESSIVE-STARTS'],
    within: 75 * MINUTE,
  },
  {
    name: 'inlet meter runs back',
    inject: (room) => room.sensors.fault('V_IN', { kind: 'drift', perHour: -600, since: room.time }),
    says: ['F41-METER-REVERSE'],
    within: 25 * MINUTE,
  },
  { name: 'battery worn', inject: bias('UPS_V', -8), says: ['UPS-LOW'], within: 8 * MINUTE },
  { name: 'weak signal', inject: bias('RSSI', -45), says: ['F24-SIGNAL-WEAK'], within: 35 * MINUTE },
];
