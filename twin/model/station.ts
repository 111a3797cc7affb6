/**
 * The assets of a pump room, as every part of the house sees them. Units: MPa, m³/h, m, kW, litres.
 * Words: docs/architecture.md "Words".
 */

/** tank = 水箱 + 恒压变频; inline = 无负压/叠压; booster = 区域加压泵站 */
export type StationKind = 'tank' | 'inline' | 'booster';
export const STATION_KINDS: readonly StationKind[] = ['tank', 'inline', 'booster'];

/** Pressure zone of a building: low, middle, high, super-high. */
export type PressureZone = 'LO' | 'MI' | 'HI' | 'SP';
export const PRESSURE_ZONES: readonly PressureZone[] = ['LO', 'MI', 'HI', 'SP'];

export interface PumpUnit {
  /** P1 … P4, unique in its pump set */
  id: string;
  /** curve family of twin/curves (rated flow class) and number of stages */
  family: string;
  stages: number;
  /** rated shaft power of the motor, kW */
  motorKw: number;
  model: string;
  maker: string;
  year: number;
}

export interface PumpSet {
  zone: PressureZone;
  /** constant-pressure set-point at the outlet, MPa */
  setpoint: number;
  pumps: PumpUnit[];
  /** homes (or equivalent homes) served */
  homes: number;
  /** height of the highest fixture above the pump room floor, m */
  topHeight: number;
  /** volume of the bladder tank, litres */
  bladderLitres: number;
}

export interface WaterTank {
  /** compartments with a level of their own: 1 or 2 */
  compartments: 1 | 2;
  /** m³ of all compartments together */
  volume: number;
  /** height of the walls up to the overflow, m */
  height: number;
}

/** Pressure before an inlet valve at which its contract limit is reached, MPa. */
export const CONTRACT_PRESSURE = 0.2;

export interface InletValve {
  kind: 'float' | 'electric' | 'none';
  /** nominal diameter, mm */
  dn: number;
  /** contract limit of the inflow, m³/h: what passes at `CONTRACT_PRESSURE` before the valve */
  maxFlow: number;
}

export interface Meter {
  /** 'inlet' or the pressure zone it measures */
  at: 'inlet' | PressureZone;
  dn: number;
  /** m³/h */
  maxFlow: number;
}

export interface Station {
  /** unique, also the Sparkplug edge node id: letters, digits, '-' */
  code: string;
  name: { zh: string; en: string };
  kind: StationKind;
  /** administrative district code and hydraulic supply zone id */
  district: string;
  supplyZone: string;
  /** of a booster: the supply zone from which it feeds its own */
  drawsFrom?: string;
  /** node of the mains network it draws from */
  node: string;
  /** WGS 84 degrees */
  lon: number;
  lat: number;
  /** of the pump room floor, m */
  elevation: number;
  /** demand pattern (twin/demand) and mean demand, m³/h */
  pattern: string;
  meanDemand: number;
  pumpSets: PumpSet[];
  tank?: WaterTank;
  inlet: InletValve;
  meters: Meter[];
  year: number;
}
