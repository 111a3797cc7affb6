import { type Template, templateOf } from '#twin/catalogue/template.ts';
import type { PumpFamily } from '#twin/curves/families.data.ts';
import { pumpFamily } from '#twin/curves/pump.ts';
import {
  CONTRACT_PRESSURE,
  type InletValve,
  type PumpSet,
  type PumpUnit,
  type Station,
  type StationKind,
} from '#twin/model/station.ts';
import { cubicMetresPerSecond, metresFromMpa, mpaFromMetres } from '#twin/units.ts';
import type { PumpCondition, RoomCondition } from './condition.ts';
import { AS_NEW } from './condition.ts';
import { type Motor, motor } from './motor.ts';

/** A pump room ready for simulation: everything that does not change while it runs. */
export interface RoomSpec {
  code: string;
  kind: StationKind;
  template: Template;
  condition: RoomCondition;
  tank: TankSpec | null;
  inlet: InletSpec;
  sets: readonly SetSpec[];
  /** motors of all pumps together, kW */
  ratedKw: number;
}

export interface TankSpec {
  /** m³, m² and m up to the overflow */
  volume: number;
  area: number;
  height: number;
  compartments: 1 | 2;
}

export interface InletSpec {
  kind: InletValve['kind'];
  /** m³/h at 1 bar, fully open, contract limit taken into account */
  kv: number;
  /** loss of the service branch, MPa/(m³/h)² */
  branch: number;
  /** m³/h */
  maxFlow: number;
}

export interface SetSpec {
  /** MPa */
  setpoint: number;
  /** static pressure of the critical and of the mean fixture, MPa */
  topStatic: number;
  meanStatic: number;
  /** flow all pumps but the stand-by deliver at best efficiency, m³/h */
  designFlow: number;
  /** pressure lost between the room and the critical point at `designFlow`, MPa */
  riserLoss: number;
  /** one pump at its best efficiency, m³/h */
  ratedFlow: number;
  /** head of the first pump at no flow and 50 Hz, m */
  shutoffHead: number;
  /** m³ of the bladder tank and its gas pressure when empty of water, MPa absolute */
  bladder: number;
  precharge: number;
  /** water stored by the pipes behind the pumps, m³/MPa */
  elasticity: number;
  /** flow lost behind the pumps at the set-point, m³/h */
  leak: number;
  /** conductance of the direct supply around the pumps, m³/h/√MPa; 0 when there is none */
  bypass: number;
  pumps: readonly PumpSpec[];
}

export interface PumpSpec {
  family: PumpFamily;
  stages: number;
  motor: Motor;
  /** head at no flow and 50 Hz, m; head lost inside pump, check valve and header, m/(m³/h)² */
  shutoffHead: number;
  resistance: number;
  condition: PumpCondition;
}

/** Pumps that one set may have. */
export const MOST_PUMPS = 16;
/** Atmospheric pressure, MPa. */
export const ATMOSPHERE = 0.1013;
/** Share of the rated head lost in check valve, suction and header of one pump at its rated flow. */
const FITTINGS_SHARE = 0.03;
/** bar in a MPa */
const BAR = 10;
/** What regulators and fixtures leave of the pressure at the critical point at rest, and at full flow, MPa. */
const CRITICAL_MAX = 0.3;
const CRITICAL_MIN = 0.13;
/** Pressure the branch and meter lose at the contract limit, MPa. */
const BRANCH_LOSS = 0.025;
/** The same of the backflow preventer of a room that draws directly. */
export const PREVENTER_LOSS = 0.015;

/**
 * The room of a station.
 * @param condition how worn and how used it is; as new when absent
 * @throws RangeError naming station and cause when the description cannot be simulated
 */
export function roomSpec(station: Station, condition: RoomCondition = AS_NEW): RoomSpec {
  const fail = (cause: string): never => {
    throw new RangeError(`station ${station.code}: ${cause}`);
  };
  if (station.pumpSets.length === 0) fail('has no pump set');
  if (station.kind === 'tank' && !station.tank) fail('is of kind tank but has none');
  const maxFlow = station.inlet.maxFlow;
  if (!(maxFlow > 0)) fail(`inlet flow limit is ${maxFlow} m³/h`);
  const share = (set: PumpSet) => set.homes / station.pumpSets.reduce((sum, s) => sum + s.homes, 0);
  const sets = station.pumpSets.map((set, k) => {
    if (set.pumps.length === 0) fail(`pump set ${set.zone} has no pump`);
    if (set.pumps.length > MOST_PUMPS) fail(`pump set ${set.zone} has more than ${MOST_PUMPS} pumps`);
    if (!(set.setpoint > 0)) fail(`pump set ${set.zone} has the set-point ${set.setpoint} MPa`);
    return setSpec(station, set, condition, condition.sets[k]?.pumps ?? [], station.meanDemand * share(set));
  });
  return {
    code: station.code,
    kind: station.kind,
    template: templateOf(station),
    condition,
    tank: station.kind === 'tank' ? tankSpec(station.tank!, fail) : null,
    inlet: {
      kind: station.kind === 'tank' ? station.inlet.kind : 'none',
      kv: Math.min(valveKvs(station.inlet.dn), maxFlow / Math.sqrt(BAR * CONTRACT_PRESSURE)),
      branch: (condition.branchFactor * BRANCH_LOSS) / maxFlow ** 2,
      maxFlow,
    },
    sets,
    ratedKw: station.pumpSets.flatMap((set) => set.pumps).reduce((sum, pump) => sum + pump.motorKw, 0),
  };
}

/** Flow of an open float or control valve at 1 bar, m³/h: 100 for DN 100, with the area of the seat. */
function valveKvs(dn: number): number {
  return 100 * (dn / 100) ** 2;
}

function tankSpec(tank: NonNullable<Station['tank']>, fail: (cause: string) => never): TankSpec {
  if (!(tank.volume > 0 && tank.height > 0)) fail(`tank of ${tank.volume} m³ and ${tank.height} m height`);
  return {
    volume: tank.volume,
    area: tank.volume / tank.height,
    height: tank.height,
    compartments: tank.compartments,
  };
}

function setSpec(
  station: Station,
  set: PumpSet,
  condition: RoomCondition,
  worn: readonly PumpCondition[],
  meanFlow: number,
): SetSpec {
  const pumps = set.pumps.map((unit, k) => pumpSpec(unit, worn[k] ?? AS_NEW_PUMP));
  const rise = Math.min(mpaFromMetres(set.topHeight), 0.85 * set.setpoint);
  const topStatic = Math.max(rise, set.setpoint - CRITICAL_MAX);
  const margin = set.setpoint - topStatic;
  const ratedFlow = pumps[0]!.family.ratedFlow;
  const bladder = set.bladderLitres / 1000;
  return {
    setpoint: set.setpoint,
    topStatic,
    meanStatic: rise / 2,
    designFlow: ratedFlow * Math.max(1, pumps.length - 1),
    riserLoss: Math.min(0.4 * margin, Math.max(0, margin - CRITICAL_MIN)),
    ratedFlow,
    shutoffHead: pumps[0]!.shutoffHead,
    bladder,
    precharge: 0.9 * set.setpoint + ATMOSPHERE,
    // pipes, trapped air and hoses of a riser swallow about a second of rated flow per MPa
    elasticity: 0.005 + cubicMetresPerSecond(ratedFlow),
    leak: condition.leakShare * meanFlow,
    bypass: station.kind === 'tank' ? 0 : 2 * ratedFlow * Math.sqrt(1 / 0.05),
    pumps,
  };
}

const AS_NEW_PUMP: PumpCondition = AS_NEW.pump;

function pumpSpec(unit: PumpUnit, condition: PumpCondition): PumpSpec {
  const family = pumpFamily(unit.family);
  const rated = unit.stages * family.ratedHeadPerStage;
  return {
    family,
    stages: unit.stages,
    motor: motor(unit.motorKw),
    shutoffHead: unit.stages * family.shutoffHeadPerStage * condition.head,
    resistance:
      unit.stages * family.a + ((FITTINGS_SHARE + condition.clogging) * rated) / family.ratedFlow ** 2,
    condition,
  };
}

/** Frequency at which pumps of a set just reach a pressure at no flow, Hz. Pressures in MPa, head in m. */
export function zeroFlowFrequency(shutoffHead: number, pressure: number, suction: number): number {
  return 50 * Math.sqrt(Math.max(0, metresFromMpa(pressure - suction)) / shutoffHead);
}
