/**
 * Random error of the sensors of a pump room, one standard deviation: in the point's unit, and as a share of
 * the value. Engineering values for transmitters of class 0.25–0.5, magnetic flow meters, online analysers
 * and drive read-outs. What is not listed is exact: switches, codes, counters.
 */
export const SENSOR_NOISE: Readonly<Record<string, { own: number; share?: number }>> = {
  P_IN: { own: 0.0012 },
  F_IN: { own: 0.03, share: 0.005 },
  L1: { own: 0.002 },
  L2: { own: 0.002 },
  ZV_IN: { own: 0.1 },
  P_STAB: { own: 0.0012 },
  P_TOT: { own: 0.006, share: 0.004 },
  PF_TOT: { own: 0.002 },
  U_A: { own: 0.25 },
  U_B: { own: 0.25 },
  U_C: { own: 0.25 },
  CL2: { own: 0.003 },
  TURB: { own: 0.002, share: 0.01 },
  PH: { own: 0.01 },
  T_W: { own: 0.015 },
  COND: { own: 0.2 },
  T_ROOM: { own: 0.015 },
  RH: { own: 0.15 },
  NOISE: { own: 0.4 },
  UPS_V: { own: 0.012 },
  RSSI: { own: 0.8 },
  RTT: { own: 2, share: 0.04 },
  P_OUT: { own: 0.0012 },
  P_END: { own: 0.0012 },
  F_OUT: { own: 0.03, share: 0.005 },
  HZ: { own: 0.012 },
  I: { own: 0.008, share: 0.005 },
  KW: { own: 0.006, share: 0.005 },
  T_MOT: { own: 0.1 },
  T_VFD: { own: 0.1 },
  VIB_HF: { own: 0.01, share: 0.04 },
  VIB: { own: 0.01, share: 0.03 },
  SUMP: { own: 0.001 },
  P_STEP: { own: 0.001, share: 0.02 },
};

/** Meters and drives read exactly zero at rest: no noise on a value of zero. */
export const ZERO_AT_REST: ReadonlySet<string> = new Set([
  'F_IN',
  'F_OUT',
  'HZ',
  'I',
  'KW',
  'U_A',
  'U_B',
  'U_C',
  'P_TOT',
]);
