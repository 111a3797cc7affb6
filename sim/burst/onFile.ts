/** What a utility has on file of its mains: enough to say how a burst would be felt. */

export interface MainOnFile {
  id: string;
  /** mm */
  dn: number;
  /** m */
  length: number;
  /** supply zone of its upstream end */
  zone: string;
  /** nodes, `from` upstream as drawn */
  from: string;
  to: string;
}

export interface StationOnFile {
  code: string;
  /** a booster's node is the suction side of its pumps */
  booster: boolean;
  /** supply zone it belongs to; a booster to that which it feeds */
  zone: string;
  node: string;
  /** m³/h */
  meanDemand: number;
}

export interface ZoneOnFile {
  id: string;
  /** mean demand of its own nodes, m³/h */
  meanDemand: number;
  /** where its water comes from: the node behind the pumps of its works, or the code of its booster */
  outlet?: string | null;
  booster?: string | null;
}

/** What a station saw: before the pressure fell, and now. */
export interface Seen {
  code: string;
  /** by how much its inlet pressure has fallen, MPa */
  drop: number;
  /** what it drew then and draws now, m³/h; NaN: not known */
  before: number;
  now: number;
}
