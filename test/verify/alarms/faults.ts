import type { RoomFaultName } from '#sim/scenario/faultNames.ts';
import type { ScenarioEvent } from '#sim/scenario/schema.ts';
import { pumpFamily } from '#twin/curves/pump.ts';
import { everyPump, everySet } from './everywhere.ts';
import type { FaultTrial, Here } from './fault.ts';
import { middling } from './rooms.ts';
import { SLOW_FAULTS } from './slowFaults.ts';

const MIN = 60;
const H = 3600;
const NOW = '0 s';
const NOON = '2026-11-18 11:00';
const MORNING = '2026-11-18 06:30';
const EVENING = '2026-11-18 18:00';
const NIGHT = '2026-11-18 01:00';

const anyRoom = () => true;
const tanks: FaultTrial['rooms'] = ({ kind }) => kind === 'tank';
const electric: FaultTrial['rooms'] = ({ inlet }) => inlet.kind === 'electric';
const inline: FaultTrial['rooms'] = ({ kind }) => kind === 'inline';
/** Pumps rest in the deep of the night: a seventh of the mean is less than a twentieth of what one pump gives. */
const rests: FaultTrial['rooms'] = ({ pumpSets, meanDemand }) => {
  const homes = pumpSets.reduce((sum, set) => sum + set.homes, 0);
  return pumpSets.every(
    (set) => (meanDemand * set.homes) / homes / 7 < pumpFamily(set.pumps[0]!.family).ratedFlow / 20,
  );
};
const spare: FaultTrial['rooms'] = ({ pumpSets }) => pumpSets.every(({ pumps }) => pumps.length > 1);

type Event<What extends ScenarioEvent['do']> = Extract<ScenarioEvent, { do: What }>;
/** A fault of the set and the pump that runs in it. */
const room =
  (fault: RoomFaultName, size = 1) =>
  ({ station, set, running }: Here): ScenarioEvent[] => [
    { do: 'room-fault', at: NOW, station: station.code, set, pump: running, fault, size },
  ];
const sensor =
  (point: string, fault: Event<'sensor-fault'>['fault'], by: number | ((here: Here) => number) = 0) =>
  (here: Here): Event<'sensor-fault'>[] => [
    {
      do: 'sensor-fault',
      at: NOW,
      station: here.station.code,
      set: here.set,
      point,
      fault,
      by: typeof by === 'number' ? by : by(here),
    },
  ];
const fill = (share: number) => (here: Here) => {
  const { state, spec } = here.city.rooms[here.room]!;
  if (spec.tank) state.volume = share * spec.tank.volume;
};
const stuck =
  (position: number) =>
  ({ station }: Here): ScenarioEvent[] => [{ do: 'valve-stuck', at: NOW, station: station.code, position }];

/** Of one pump of a set, m³/h. */
function ratedFlow({ city, room: i, station, set }: Pick<Here, 'city' | 'room' | 'station' | 'set'>): number {
  const k = station.pumpSets.findIndex(({ zone }) => zone === set);
  return city.model.rooms[i]!.spec.sets[k]!.ratedFlow;
}

const FAST_FAULTS: readonly FaultTrial[] = [
  {
    id: 'F01',
    name: { zh: '泵后爆管', en: 'Burst behind the pumps' },
    class: 'telemetry',
    start: NOON,
    before: 70 * MIN,
    within: 5 * MIN,
    rooms: anyRoom,
    events: ({ city, room: i, station }) => {
      const rated = city.model.rooms[i]!.spec.sets.reduce(
        (sum, { ratedFlow, pumps }) => sum + ratedFlow * pumps.length,
        0,
      );
      return [{ do: 'riser-burst', at: NOW, station: station.code, flow: 3 * rated }];
    },
  },
  {
    id: 'F03',
    name: { zh: '止回阀泄漏', en: 'Check valve leaks' },
    class: 'feature',
    start: NOON,
    before: 40 * MIN,
    // a valve shows it while its pump rests: in a busy hour all may run
    within: 3 * H,
    rooms: (station) => tanks(station) && spare(station),
    events: ({ city, room: i, station, set, standing }) => [
      {
        do: 'check-valve-leak',
        at: NOW,
        station: station.code,
        set,
        pump: standing,
        conductance: 0.3 * ratedFlow({ city, room: i, station, set }),
      },
    ],
  },
  {
    id: 'F04',
    name: { zh: '缺水干转', en: 'Tank runs dry' },
    class: 'telemetry',
    start: NOON,
    before: 40 * MIN,
    within: 2 * H,
    rooms: tanks,
    prepare: fill(0.62),
    events: room('tank-drain-open', 3),
  },
  {
    id: 'F05',
    name: { zh: '汽蚀', en: 'Cavitation' },
    class: 'feature',
    start: EVENING,
    before: 30 * MIN,
    within: 20 * MIN,
    rooms: middling,
    events: room('cavitating'),
  },
  {
    id: 'F08',
    name: { zh: '变频器过热', en: 'Drive overheats' },
    class: 'telemetry',
    start: EVENING,
    before: 30 * MIN,
    within: H,
    rooms: middling,
    events: room('drive-fan-dead'),
  },
  {
    id: 'F09',
    name: { zh: '变频器跳闸', en: 'Drive trips' },
    class: 'telemetry',
    start: NOON,
    before: 20 * MIN,
    within: MIN,
    rooms: anyRoom,
    events: ({ station, set, running }) => [
      { do: 'pump-trip', at: NOW, station: station.code, set, pump: running },
    ],
  },
  {
    id: 'F10',
    name: { zh: '电机过载', en: 'Motor overloaded' },
    class: 'telemetry',
    start: EVENING,
    before: 30 * MIN,
    within: 15 * MIN,
    rooms: middling,
    events: room('rotor-rubs'),
  },
  {
    id: 'F10-VOLTAGE',
    name: { zh: '电压过低', en: 'Voltage too low' },
    class: 'telemetry',
    start: NOON,
    before: 20 * MIN,
    within: 5 * MIN,
    rooms: anyRoom,
    events: room('voltage-low'),
  },
  {
    id: 'F11',
    name: { zh: '三相不平衡', en: 'Phases unbalanced' },
    class: 'telemetry',
    start: NOON,
    before: 20 * MIN,
    within: 5 * MIN,
    rooms: anyRoom,
    events: room('phases-unbalanced'),
  },
  {
    id: 'F12',
    name: { zh: '轴承损坏', en: 'Bearing defect' },
    class: 'feature',
    start: EVENING,
    before: 30 * MIN,
    within: H,
    rooms: middling,
    events: room('bearing-worn'),
  },
  {
    id: 'F13',
    name: { zh: '机械密封泄漏', en: 'Mechanical seal leaks' },
    class: 'telemetry',
    start: EVENING,
    before: 40 * MIN,
    within: 2 * H,
    rooms: middling,
    events: room('seal-leaking'),
  },
  {
    id: 'F14',
    name: { zh: '不对中', en: 'Misaligned' },
    class: 'feature',
    start: EVENING,
    before: 30 * MIN,
    within: 30 * MIN,
    rooms: middling,
    events: room('misaligned'),
  },
  {
    id: 'F15',
    name: { zh: '传感器不变化', en: 'Sensor frozen' },
    class: 'telemetry',
    start: NOON,
    before: 40 * MIN,
    within: H,
    rooms: anyRoom,
    events: sensor('P_IN', 'frozen'),
  },
  {
    id: 'F15-VOLTAGE',
    name: { zh: '电压测量不变化', en: 'Voltage reading frozen' },
    class: 'telemetry',
    start: NOON,
    before: 40 * MIN,
    within: H,
    rooms: anyRoom,
    events: sensor('U_B', 'frozen'),
  },
  {
    id: 'F16',
    name: { zh: '流量计漂移', en: 'Flow meter drifts' },
    class: 'telemetry',
    start: MORNING,
    before: 3 * H,
    within: 4 * H,
    rooms: ({ meanDemand }) => meanDemand > 12,
    events: sensor('F_OUT', 'bias', ({ city, room: i, station, set }) => {
      const k = station.pumpSets.findIndex(({ zone }) => zone === set);
      return city.model.rooms[i]!.means[k]!;
    }),
  },
  {
    id: 'F17',
    name: { zh: '信号跳变', en: 'Spikes' },
    class: 'telemetry',
    start: NOON,
    before: 20 * MIN,
    within: 20 * MIN,
    rooms: anyRoom,
    events: sensor('P_IN', 'spikes', 0.4),
  },
  {
    id: 'F18',
    name: { zh: '液位计误差', en: 'Level transmitter wrong' },
    class: 'telemetry',
    start: NOON,
    before: 20 * MIN,
    within: 2 * H,
    rooms: tanks,
    events: sensor('L1', 'drift', 0.3),
  },
  {
    id: 'F19',
    name: { zh: '进水阀关不严', en: 'Inlet valve fails open' },
    class: 'telemetry',
    start: NIGHT,
    before: 20 * MIN,
    within: 2 * H,
    rooms: tanks,
    prepare: fill(0.84),
    events: stuck(100),
  },
  {
    id: 'F20',
    name: { zh: '进水阀打不开', en: 'Inlet valve fails closed' },
    class: 'telemetry',
    start: MORNING,
    before: 20 * MIN,
    within: 30 * MIN,
    rooms: tanks,
    prepare: fill(0.59),
    events: stuck(0),
  },
  {
    id: 'F21',
    name: { zh: '市政水压低', en: 'Mains pressure low' },
    class: 'telemetry',
    start: NOON,
    before: 20 * MIN,
    within: 10 * MIN,
    rooms: anyRoom,
    events: ({ station }) => [{ do: 'burst', at: NOW, node: `N-${station.code}`, flow: 1500 }],
  },
  {
    id: 'F22',
    name: { zh: '叠压进水保护抖动', en: 'Inlet protection chatters' },
    class: 'telemetry',
    start: NOON,
    before: 70 * MIN,
    within: 30 * MIN,
    rooms: inline,
    events: room('inlet-switch-loose'),
  },
  {
    id: 'F23',
    name: { zh: '停电', en: 'Power lost' },
    class: 'telemetry',
    start: NOON,
    before: 20 * MIN,
    within: MIN,
    rooms: anyRoom,
    events: ({ station }) => [{ do: 'power-cut', at: NOW, stations: station.code }],
  },
  {
    id: 'F24',
    name: { zh: '通信中断', en: 'Communications lost' },
    class: 'telemetry',
    start: NOON,
    before: 20 * MIN,
    within: 3 * MIN,
    rooms: anyRoom,
    events: ({ station }) => [{ do: 'comms-loss', at: NOW, stations: station.code }],
  },
  {
    id: 'F25',
    name: { zh: '压力振荡', en: 'Pressure hunting' },
    class: 'telemetry',
    start: EVENING,
    before: 30 * MIN,
    within: 30 * MIN,
    rooms: (station) => tanks(station) && middling(station),
    events: ({ station, set }) => [
      { do: 'detuned-loop', at: NOW, station: station.code, set, gain: 8, lag: 4 },
    ],
  },
  {
    id: 'F26',
    name: { zh: '启停频繁', en: 'Too many starts' },
    class: 'telemetry',
    start: NIGHT,
    before: 70 * MIN,
    within: 2 * H,
    rooms: (station) => tanks(station) && station.meanDemand < 6,
    events: everySet('sleep-delay-lost'),
  },
  {
    id: 'F27',
    name: { zh: '气压罐失效', en: 'Bladder tank flat' },
    class: 'feature',
    start: NIGHT,
    before: 70 * MIN,
    within: 4 * H,
    rooms: rests,
    events: everySet('bladder-flat'),
  },
  {
    id: 'F28',
    name: { zh: '加减泵不当', en: 'Staging wrong' },
    class: 'telemetry',
    start: '2026-11-18 00:00',
    before: 25 * H,
    within: 5 * H,
    rooms: (station) => spare(station) && station.meanDemand > 6,
    events: room('staging-lost'),
  },
  {
    id: 'F29',
    name: { zh: '水泵不轮换', en: 'No rotation' },
    class: 'records',
    start: NOON,
    before: 20 * MIN,
    within: 90 * MIN,
    rooms: spare,
    events: room('no-rotation'),
  },
  {
    id: 'F30',
    name: { zh: '备用泵不可用', en: 'Stand-by not available' },
    class: 'records',
    start: NOON,
    before: 20 * MIN,
    within: 25 * H,
    rooms: spare,
    events: ({ station, set, standing }) => [
      {
        do: 'room-fault',
        at: NOW,
        station: station.code,
        set,
        pump: standing,
        fault: 'pump-in-hand',
        size: 1,
      },
    ],
  },
  {
    id: 'F31',
    name: { zh: '水锤', en: 'Water hammer' },
    class: 'feature',
    start: NIGHT,
    before: 70 * MIN,
    within: 3 * H,
    rooms: rests,
    events: everyPump('check-valve-slams'),
  },
  {
    id: 'F32',
    name: { zh: '水泵进气', en: 'Air in the pump' },
    class: 'telemetry',
    start: EVENING,
    before: 30 * MIN,
    within: H,
    rooms: middling,
    events: room('air'),
  },
  {
    id: 'F33',
    name: { zh: '出水超压', en: 'Over-pressure' },
    class: 'telemetry',
    start: NOON,
    before: 20 * MIN,
    within: 5 * MIN,
    rooms: anyRoom,
    events: room('controller-blind'),
  },
  {
    id: 'F34',
    name: { zh: '余氯低', en: 'Chlorine low' },
    class: 'telemetry',
    start: NOON,
    before: 20 * MIN,
    within: 3 * H,
    rooms: tanks,
    events: room('contaminated', 3),
  },
  {
    id: 'F35',
    name: { zh: '浊度高', en: 'Turbidity high' },
    class: 'telemetry',
    start: NOON,
    before: 20 * MIN,
    within: H,
    rooms: anyRoom,
    events: room('silt-stirred'),
  },
  {
    id: 'F36',
    name: { zh: '余氯仪故障', en: 'Analyser is still' },
    class: 'telemetry',
    start: NOON,
    before: 40 * MIN,
    within: 75 * MIN,
    rooms: anyRoom,
    events: sensor('CL2', 'frozen'),
  },
  {
    id: 'F36-TURBIDITY',
    name: { zh: '浊度仪不变化', en: 'Turbidity meter is still' },
    class: 'telemetry',
    start: NOON,
    before: 40 * MIN,
    within: 75 * MIN,
    rooms: anyRoom,
    events: sensor('TURB', 'frozen'),
  },
  {
    id: 'F37',
    name: { zh: '泵房积水', en: 'Room flooded' },
    class: 'telemetry',
    start: NOON,
    before: 20 * MIN,
    within: MIN,
    rooms: anyRoom,
    events: room('flooded'),
  },
  {
    id: 'F38',
    name: { zh: '泵房过热潮湿', en: 'Room hot and damp' },
    class: 'telemetry',
    start: NOON,
    before: 20 * MIN,
    within: 6 * H,
    rooms: anyRoom,
    events: room('ventilation-dead'),
  },
  {
    id: 'F39',
    name: { zh: '人孔打开', en: 'Hatch open' },
    class: 'telemetry',
    start: NOON,
    before: 20 * MIN,
    within: MIN,
    rooms: tanks,
    events: room('hatch-open'),
  },
  {
    id: 'F41',
    name: { zh: '水表倒走', en: 'Meter runs back' },
    class: 'telemetry',
    start: NOON,
    before: 20 * MIN,
    within: 20 * MIN,
    rooms: anyRoom,
    // a meter that has counted for years
    prepare: ({ city, room: i }) => {
      city.rooms[i]!.state.inletTotal += 50_000;
    },
    events: room('meter-back-flow', 4),
  },
  {
    id: 'F42',
    name: { zh: '清洗超期', en: 'Cleaning overdue' },
    class: 'records',
    start: NOON,
    before: 20 * MIN,
    within: 20 * MIN,
    rooms: tanks,
    events: room('cleaning-missed'),
  },
  {
    id: 'F43',
    name: { zh: '时钟错误', en: 'Clock wrong' },
    class: 'telemetry',
    start: NOON,
    before: 20 * MIN,
    within: 20 * MIN,
    rooms: anyRoom,
    events: room('clock-wrong'),
  },
  {
    id: 'F44',
    name: { zh: '阀位不符', en: 'Valve not where it was sent' },
    class: 'telemetry',
    start: MORNING,
    before: 20 * MIN,
    within: 30 * MIN,
    rooms: electric,
    prepare: fill(0.59),
    events: stuck(40),
  },
  {
    id: 'F45',
    name: { zh: '串接倒流', en: 'Cross-connection' },
    class: 'telemetry',
    start: NOON,
    before: 20 * MIN,
    within: 5 * MIN,
    rooms: anyRoom,
    events: room('foreign-water'),
  },
];

/** The faults that can be put into a room today, in the order of the knowledge base. */
export const FAULTS: readonly FaultTrial[] = [...FAST_FAULTS, ...SLOW_FAULTS].sort((a, b) =>
  a.id < b.id ? -1 : 1,
);
