import type { Network } from '#gis/network/model.ts';
import type { Station } from '#twin/model/station.ts';

export interface BilingualName {
  zh: string;
  en: string;
}

/** Administrative district. Only a name and a place: no borders. */
export interface District {
  /** six-digit division code */
  code: string;
  name: BilingualName;
  /** WGS 84 degrees */
  lon: number;
  lat: number;
  population: number;
}

/** Hydraulic supply zone: fed by one works, or by one booster station out of its works' zone. */
export interface SupplyZone {
  id: string;
  name: BilingualName;
  kind: 'works' | 'booster';
  /** works whose water it is */
  works: string;
  /** code of the booster station that feeds it */
  booster?: string;
  /** mean demand of its own nodes, m³/h */
  meanDemand: number;
  /** head aimed at where it is fed, m above sea level, hour by hour */
  feedHead: number[];
}

/** Water treatment works with its clear-water pumping station. */
export interface Works {
  id: string;
  name: BilingualName;
  district: string;
  lon: number;
  lat: number;
  /** of the clear-water level, m */
  elevation: number;
  /** m³/d */
  capacity: number;
  /** mean outflow, m³/d */
  meanOutflow: number;
  /** ids in the network: clear-water tank, pumping station, outlet node */
  reservoir: string;
  pump: string;
  outlet: string;
}

/** Class of a main by its diameter (trunk from DN 700, distribution from DN 200); crossing = under or over water. */
export type MainKind = 'trunk' | 'distribution' | 'service' | 'crossing';

export interface MainFacts {
  kind: MainKind;
  /** supply zone of its upstream end */
  zone: string;
  /** closed because it lies between two zones */
  boundary: boolean;
}

export interface DemoCity {
  seed: number;
  /** nothing here is a survey of the real network */
  synthetic: true;
  name: BilingualName;
  districts: District[];
  supplyZones: SupplyZone[];
  works: Works[];
  /** EPANET model; coordinates are WGS 84 degrees, `Demand.category` is the code of the station that draws it */
  network: Network;
  /** pump rooms, then boosters */
  stations: Station[];
  /** supply zone id and district code by network node id */
  nodeZone: Map<string, string>;
  nodeDistrict: Map<string, string>;
  /** facts of each pipe of the network by its id */
  mains: Map<string, MainFacts>;
}
