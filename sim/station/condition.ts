/** What sets a real room apart from its drawings: wear, losses, water and surroundings. */
export interface RoomCondition {
  /** a pump without a condition of its own */
  pump: PumpCondition;
  /** by pump set and pump, in the station's order */
  sets: readonly { pumps: readonly PumpCondition[] }[];
  /** factor on the loss of the service branch */
  branchFactor: number;
  /** share of the mean demand that leaks away behind the pumps */
  leakShare: number;
  /** bulk decay of chlorine at 20 °C, 1/d, and its factor per °C */
  chlorineDecay: number;
  decayPerDegree: number;
  /** quality of the arriving water */
  source: SourceWater;
  /** lighting, controls, ventilation, kW */
  baseLoad: number;
  /** °C above the outside, relative humidity in %, dB(A) of the idle room */
  roomWarmth: number;
  humidity: number;
  quietNoise: number;
  /** V between phases, mean of the three */
  voltage: number;
  /** dBm and ms */
  signal: number;
  roundTrip: number;
  /** mean days between visits of people */
  daysBetweenVisits: number;
  /** stroke of an electric inlet valve, s */
  valveStroke: number;
}

export interface PumpCondition {
  /** head and efficiency as a share of the new pump's */
  head: number;
  efficiency: number;
  /** extra loss of a clogged strainer at the rated flow, share of the rated head */
  clogging: number;
  /** vibration at full speed and best efficiency, mm/s */
  vibration: number;
  /** back-flow through the stopped pump's check valve, m³/h/√MPa */
  checkLeak: number;
}

export interface SourceWater {
  /** mg/L */
  chlorine: number;
  /** NTU */
  turbidity: number;
  ph: number;
  /** µS/cm */
  conductivity: number;
}

/** A room as drawn: what a model without knowledge of the place assumes. */
export const AS_NEW: RoomCondition = {
  pump: { head: 1, efficiency: 1, clogging: 0, vibration: 1, checkLeak: 0 },
  sets: [],
  branchFactor: 1,
  leakShare: 0,
  chlorineDecay: 0.5,
  decayPerDegree: 1.09,
  source: { chlorine: 0.4, turbidity: 0.15, ph: 7.3, conductivity: 150 },
  baseLoad: 0.35,
  roomWarmth: 2,
  humidity: 60,
  quietNoise: 42,
  voltage: 385,
  signal: -75,
  roundTrip: 45,
  daysBetweenVisits: 10,
  valveStroke: 45,
};
