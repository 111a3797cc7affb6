import { type Layout, layoutOf } from './fields.ts';
import { PREVENTER_LOSS, type PumpSpec, type RoomSpec, type SetSpec } from './spec.ts';

/** Codes of the kinds of station in a record. */
export const KIND = { tank: 0, inline: 1, booster: 2 } as const;

/**
 * What does not change while rooms run, as records in a row: those of the rooms, from `setStart` of the sets, from
 * `pumpStart` of the pumps. Equal pumps share one record. Units as in `spec.ts`.
 */
export interface Constants {
  /** another one once a pump has got a record of its own */
  row: Float64Array;
  readonly setStart: number;
  /** where the record of each pump stands in the row */
  readonly ofPump: Int32Array;
}

const zeros = <Field extends string>(...fields: readonly Field[]) =>
  layoutOf(Object.fromEntries(fields.map((field) => [field, 0])) as Record<Field, number>);
export const roomConstants = zeros(
  'kind',
  'tankVolume',
  'tankArea',
  'tankHeight',
  'float',
  'kv',
  'branch',
  'maxFlow',
  'ratedKw',
  'baseLoad',
  'roomWarmth',
  'humidity',
  'daysBetweenVisits',
  'valveStroke',
  'chlorineDecay',
  'decayPerDegree',
  'turbidity',
  'ph',
  'conductivity',
  'quietSound',
  'voltage',
  'signal',
  'roundTrip',
);
export const setConstants = zeros(
  'topStatic',
  'meanStatic',
  'designFlow',
  'riserLoss',
  'ratedFlow',
  'shutoffHead',
  'bladder',
  'precharge',
  'elasticity',
  'leak',
  'bypass',
  'through',
  'branch',
  'perSpan',
);
export const pumpConstants = zeros(
  'shutoffHead',
  'conductance',
  'curveHead',
  'curveLoss',
  'ratedFlow',
  'maxEfficiency',
  'wear',
  'vibration',
  'ratedKw',
  'ratedCurrent',
  'lossScale',
  'ratedLoss',
);

/** The constants of some rooms, in their order. */
export function constantsOf(specs: readonly RoomSpec[]): Constants {
  const sets = specs.flatMap(({ sets, inlet }) => sets.map((set) => ({ set, inlet })));
  const pumps = sets.flatMap(({ set }) => set.pumps);
  const records = [
    ...specs.map((spec) => recordOf(roomConstants, ofRoom(spec))),
    ...sets.map(({ set, inlet }) => recordOf(setConstants, ofSet(set, inlet))),
  ];
  const setStart = specs.length * roomConstants.size;
  let length = setStart + sets.length * setConstants.size;
  const known = new Map<string, number>();
  const pumpPlaces = pumps.map((pump) => {
    const record = pumpRecord(pump);
    const key = record.join();
    const hit = known.get(key);
    if (hit !== undefined) return hit;
    records.push(record);
    known.set(key, length);
    length += record.length;
    return length - record.length;
  });
  return { row: Float64Array.from(records.flat()), setStart, ofPump: Int32Array.from(pumpPlaces) };
}

/** The record of a pump as built. */
export const pumpRecord = (pump: PumpSpec): number[] => recordOf(pumpConstants, ofPump(pump));

/**
 * Sees that a pump has a record of its own, so that it can be changed without its equals.
 * @param p number of the pump
 * @returns where the record stands
 */
export function ownRecord(constants: Constants, p: number): number {
  const { row, ofPump } = constants;
  const shared = ofPump[p]!;
  if (ofPump.every((place, other) => place !== shared || other === p)) return shared;
  constants.row = new Float64Array(row.length + pumpConstants.size);
  constants.row.set(row);
  constants.row.copyWithin(row.length, shared, shared + pumpConstants.size);
  ofPump[p] = row.length;
  return row.length;
}

function recordOf<Field extends string>({ at }: Layout<Field>, values: Record<Field, number>): number[] {
  return (Object.keys(at) as Field[]).map((field) => values[field]);
}

function ofRoom({ kind, tank, inlet, condition, ratedKw }: RoomSpec) {
  return {
    kind: KIND[kind],
    tankVolume: tank?.volume ?? 0,
    tankArea: tank?.area ?? 1,
    tankHeight: tank?.height ?? 1,
    /** 1 for a float valve */
    float: inlet.kind === 'float' ? 1 : 0,
    kv: inlet.kv,
    branch: inlet.branch,
    maxFlow: inlet.maxFlow,
    ratedKw,
    baseLoad: condition.baseLoad,
    roomWarmth: condition.roomWarmth,
    humidity: condition.humidity,
    daysBetweenVisits: condition.daysBetweenVisits,
    valveStroke: condition.valveStroke,
    /** bulk decay at 20 °C, 1/h, and the logarithm of its factor per °C */
    chlorineDecay: condition.chlorineDecay / 24,
    decayPerDegree: Math.log(condition.decayPerDegree),
    turbidity: condition.source.turbidity,
    ph: condition.source.ph,
    conductivity: condition.source.conductivity,
    /** sound power of the idle room, relative as decibels are */
    quietSound: 10 ** (condition.quietNoise / 10),
    voltage: condition.voltage,
    signal: condition.signal,
    roundTrip: condition.roundTrip,
  };
}

function ofSet(set: SetSpec, inlet: RoomSpec['inlet']) {
  const { topStatic, meanStatic, designFlow, riserLoss, ratedFlow, shutoffHead } = set;
  const { bladder, precharge, elasticity, leak, bypass } = set;
  const branch = inlet.branch + PREVENTER_LOSS / inlet.maxFlow ** 2;
  return {
    topStatic,
    meanStatic,
    designFlow,
    riserLoss,
    ratedFlow,
    shutoffHead,
    bladder,
    precharge,
    elasticity,
    leak,
    bypass,
    /** bypass, branch and backflow preventer one behind the other, m³/h/√MPa; the latter two alone, MPa/(m³/h)² */
    through: bypass > 0 ? 1 / Math.sqrt(1 / bypass ** 2 + branch) : 0,
    branch,
    /** of the pressure at which demand is named, above the mean fixture, 1/MPa */
    perSpan: 1 / (set.setpoint - meanStatic),
  };
}

function ofPump({ family, stages, motor, shutoffHead, resistance, condition }: PumpSpec) {
  return {
    shutoffHead,
    /** square of the flow that one metre drives through it, (m³/h)²/m */
    conductance: 1 / resistance,
    /** curve of the pump as new: m, m/(m³/h)², m³/h */
    curveHead: stages * family.shutoffHeadPerStage,
    curveLoss: stages * family.a,
    ratedFlow: family.ratedFlow,
    maxEfficiency: family.maxEfficiency,
    /** shaft power over that of the pump as new */
    wear: condition.head / condition.efficiency,
    vibration: condition.vibration,
    ratedKw: motor.ratedKw,
    ratedCurrent: motor.ratedCurrent,
    lossScale: motor.lossScale,
    ratedLoss: motor.ratedLoss,
  };
}
