import type { PointDefinition, PointScope, PointType } from './definition.ts';

/**
 * The point catalogue (测点表). Order is the order of every template.
 * Ranges and limits: GB 51348-2019 §18.10 (what a pump room must monitor), GB 5749-2022 (water quality),
 * ISO 10816-7 category II (vibration), GB/T 12325 (supply voltage); the rest is engineering practice. What raises
 * alarms are the thresholds of `rules/`, which a station can have otherwise (`rules/overrides/`).
 */

const S = 1000;
const MIN = 60 * S;
const TANKS = ['tank'] as const;
const INLINES = ['inline', 'booster'] as const;

type Extra = Partial<Omit<PointDefinition, 'tag' | 'scope' | 'type'>>;

function point(
  scope: PointScope,
  type: PointType,
  tag: string,
  zh: string,
  en: string,
  unit: string,
  range: [min: number, max: number],
  resolution: number,
  interval: number,
  extra: Extra = {},
): PointDefinition {
  const [min, max] = range;
  return {
    tag,
    scope,
    zh,
    en,
    type,
    unit,
    min,
    max,
    resolution,
    deadband: resolution,
    scan: S,
    interval,
    ...extra,
  };
}

const analog = (scope: PointScope, ...rest: Tail) => point(scope, 'analog', ...rest);
const total = (scope: PointScope, ...rest: Tail) => point(scope, 'total', ...rest);
const flag = (scope: PointScope, tag: string, zh: string, en: string, extra: Extra = {}) =>
  point(scope, 'bool', tag, zh, en, '', [0, 1], 1, 15 * MIN, extra);
type Tail = [
  tag: string,
  zh: string,
  en: string,
  unit: string,
  range: [number, number],
  resolution: number,
  interval: number,
  extra?: Extra,
];

export const POINTS: readonly PointDefinition[] = [
  // Hydraulics of the station
  analog('station', 'P_IN', '进水压力', 'Inlet pressure', 'MPa', [0, 1], 0.001, 10 * S, {
    deadband: 0.005,
    limits: { ll: 0.1, l: 0.18, h: 0.5, hh: 0.6 },
    lively: true,
  }),
  analog('station', 'F_IN', '进水流量', 'Inlet flow', 'm³/h', [0, 3000], 0.1, 10 * S, { deadband: 0.5 }),
  total('station', 'V_IN', '进水累计', 'Inlet total', 'm³', [0, 99_999_999], 0.1, 15 * MIN, {
    deadband: 1,
    scan: 10 * S,
  }),
  analog('station', 'L1', '1 号水箱液位', 'Tank 1 level', 'm', [0, 4], 0.001, 10 * S, {
    deadband: 0.01,
    lively: true,
    kinds: TANKS,
  }),
  analog('station', 'L2', '2 号水箱液位', 'Tank 2 level', 'm', [0, 4], 0.001, 10 * S, {
    deadband: 0.01,
    lively: true,
    kinds: TANKS,
  }),
  flag('station', 'LSHH', '超高液位开关', 'High-high level switch', { kinds: TANKS }),
  flag('station', 'LSLL', '超低液位开关', 'Low-low level switch', { kinds: TANKS }),
  analog('station', 'ZV_IN', '进水阀开度', 'Inlet valve opening', '%', [0, 100], 0.1, 10 * S, {
    deadband: 1,
    kinds: TANKS,
  }),
  analog('station', 'ZV_CMD', '进水阀指令', 'Inlet valve command', '%', [0, 100], 0.1, 10 * S, {
    deadband: 0.1,
    writable: true,
    kinds: TANKS,
  }),
  flag('station', 'V_FLT', '进水阀故障', 'Inlet valve fault', { kinds: TANKS }),
  analog('station', 'P_STAB', '稳流罐压力', 'Stabilising tank pressure', 'MPa', [-0.1, 1], 0.001, 10 * S, {
    deadband: 0.005,
    limits: { ll: -0.01, l: 0.02 },
    lively: true,
    kinds: INLINES,
  }),
  flag('station', 'VAC_VLV', '真空抑制器动作', 'Vacuum suppressor open', { kinds: INLINES }),

  // Energy
  total('station', 'KWH', '有功电量', 'Active energy', 'kWh', [0, 99_999_999], 0.1, 15 * MIN, {
    deadband: 1,
  }),
  analog('station', 'P_TOT', '总有功功率', 'Total active power', 'kW', [0, 1500], 0.01, MIN, {
    deadband: 0.2,
  }),
  analog('station', 'PF_TOT', '总功率因数', 'Total power factor', '', [0, 1], 0.001, MIN, {
    deadband: 0.02,
    limits: { l: 0.85 },
  }),
  analog('station', 'U_A', 'A 相电压', 'Voltage phase A', 'V', [0, 450], 0.1, MIN, {
    deadband: 2,
    limits: { ll: 323, l: 342, h: 418, hh: 437 },
    lively: true,
  }),
  analog('station', 'U_B', 'B 相电压', 'Voltage phase B', 'V', [0, 450], 0.1, MIN, {
    deadband: 2,
    limits: { ll: 323, l: 342, h: 418, hh: 437 },
    lively: true,
  }),
  analog('station', 'U_C', 'C 相电压', 'Voltage phase C', 'V', [0, 450], 0.1, MIN, {
    deadband: 2,
    limits: { ll: 323, l: 342, h: 418, hh: 437 },
    lively: true,
  }),

  // Water quality
  analog('station', 'CL2', '余氯', 'Free chlorine', 'mg/L', [0, 5], 0.001, MIN, {
    deadband: 0.01,
    limits: { ll: 0.05, l: 0.1, hh: 2 },
    lively: true,
  }),
  analog('station', 'TURB', '浊度', 'Turbidity', 'NTU', [0, 20], 0.001, MIN, {
    deadband: 0.01,
    limits: { h: 0.5, hh: 1 },
    lively: true,
  }),
  analog('station', 'PH', 'pH', 'pH', '', [0, 14], 0.01, MIN, {
    deadband: 0.03,
    limits: { ll: 6.5, l: 6.7, h: 8.3, hh: 8.5 },
  }),
  analog('station', 'T_W', '水温', 'Water temperature', '°C', [0, 50], 0.01, MIN, {
    deadband: 0.1,
    limits: { h: 30 },
  }),
  analog('station', 'COND', '电导率', 'Conductivity', 'µS/cm', [0, 2000], 0.1, MIN, { deadband: 2 }),

  // Environment and security
  analog('station', 'T_ROOM', '室温', 'Room temperature', '°C', [-20, 60], 0.01, MIN, {
    deadband: 0.1,
    limits: { ll: 2, l: 5, h: 35, hh: 40 },
  }),
  analog('station', 'RH', '室内湿度', 'Room humidity', '%', [0, 100], 0.1, MIN, {
    deadband: 1,
    limits: { h: 80, hh: 90 },
  }),
  analog('station', 'NOISE', '噪声', 'Noise', 'dB(A)', [30, 110], 0.1, MIN, {
    deadband: 1,
    limits: { h: 80, hh: 85 },
  }),
  flag('station', 'FLOOD', '积水', 'Floor flooded'),
  analog('station', 'SUMP', '集水坑水位', 'Level of the sump', 'm', [0, 2], 0.001, MIN, {
    deadband: 0.005,
    limits: { h: 0.15 },
  }),
  flag('station', 'SMOKE', '烟感', 'Smoke'),
  flag('station', 'DOOR', '门禁打开', 'Door open'),
  flag('station', 'HATCH', '水箱人孔打开', 'Tank hatch open', { kinds: TANKS }),
  // from the record of cleanings, kept by the gateway
  analog('station', 'CLEANED', '距上次清洗', 'Since the last cleaning', 'd', [0, 9999], 0.1, 15 * MIN, {
    scan: 10 * S,
    limits: { h: 75, hh: 90 },
    kinds: TANKS,
  }),

  // Supply and communications
  flag('station', 'MAINS_OK', '市电正常', 'Mains power present'),
  analog('station', 'UPS_V', 'UPS 电压', 'UPS voltage', 'V', [0, 32], 0.01, MIN, {
    deadband: 0.1,
    limits: { l: 22 },
  }),
  analog('station', 'RSSI', '信号强度', 'Signal strength', 'dBm', [-130, -40], 0.1, MIN, {
    deadband: 2,
    limits: { l: -95 },
  }),
  analog('station', 'RTT', '往返时延', 'Round-trip time', 'ms', [0, 10_000], 0.1, MIN, { deadband: 10 }),
  analog('station', 'BUFFER', '网关缓存条数', 'Gateway queue', '', [0, 10_000_000], 1, MIN, { deadband: 10 }),

  // Per pump set
  analog('set', 'P_OUT', '出水压力', 'Outlet pressure', 'MPa', [0, 2.5], 0.001, 5 * S, {
    deadband: 0.003,
    limits: { relativeTo: 'P_SET', ll: -0.1, l: -0.05, h: 0.05, hh: 0.1 },
    lively: true,
  }),
  analog('set', 'P_SET', '设定压力', 'Pressure set-point', 'MPa', [0, 2.5], 0.001, 15 * MIN, {
    writable: true,
    scan: 10 * S,
  }),
  analog('set', 'P_END', '最不利点压力', 'Critical-point pressure', 'MPa', [0, 0.6], 0.001, MIN, {
    deadband: 0.005,
    limits: { ll: 0.05, l: 0.1, h: 0.35 },
  }),
  analog('set', 'F_OUT', '出水流量', 'Outlet flow', 'm³/h', [0, 3000], 0.1, 10 * S, { deadband: 0.5 }),
  total('set', 'V_OUT', '出水累计', 'Outlet total', 'm³', [0, 99_999_999], 0.1, 15 * MIN, {
    deadband: 1,
    scan: 10 * S,
  }),
  // features that the gateway works out: of ten values a second, and from one rest of the pumps to the next start
  analog('set', 'P_STEP', '压力突变', 'Largest pressure step in a second', 'MPa', [0, 2.5], 0.001, MIN, {
    deadband: 0.02,
  }),
  analog('set', 'STORE', '停泵蓄水', 'Water given at rest', 'L/MPa', [0, 20_000], 0.1, 15 * MIN, {
    deadband: 1,
  }),

  // Per pump
  flag('pump', 'RUN', '运行', 'Running'),
  flag('pump', 'FLT', '故障', 'Fault'),
  flag('pump', 'AUTO', '自动', 'Automatic'),
  flag('pump', 'AVAIL', '可用', 'Available'),
  analog('pump', 'HZ', '频率', 'Frequency', 'Hz', [0, 55], 0.01, 5 * S, { deadband: 0.2 }),
  analog('pump', 'I', '电流', 'Current', 'A', [0, 600], 0.01, 10 * S, { deadband: 0.2 }),
  analog('pump', 'KW', '功率', 'Power', 'kW', [0, 400], 0.01, 10 * S, { deadband: 0.1 }),
  analog('pump', 'T_MOT', '电机温度', 'Motor temperature', '°C', [0, 180], 0.1, MIN, {
    deadband: 0.5,
    limits: { h: 120, hh: 140 },
  }),
  analog('pump', 'T_VFD', '变频器温度', 'Drive temperature', '°C', [0, 110], 0.1, MIN, {
    deadband: 0.5,
    limits: { h: 75, hh: 85 },
  }),
  analog('pump', 'VIB', '振动速度', 'Vibration velocity', 'mm/s', [0, 20], 0.01, MIN, {
    deadband: 0.1,
    limits: { h: 5.1, hh: 8.5 },
  }),
  analog('pump', 'VIB_HF', '轴承频段振动', 'Vibration in the bearing band', 'g', [0, 20], 0.01, MIN, {
    deadband: 0.1,
    limits: { h: 2.5, hh: 5 },
  }),
  total('pump', 'N_START', '启动次数', 'Starts', '', [0, 9_999_999], 1, 15 * MIN, { scan: MIN }),
  total('pump', 'RUN_H', '运行时间', 'Running hours', 'h', [0, 999_999], 0.01, 15 * MIN, {
    deadband: 0.1,
    scan: MIN,
  }),
];
