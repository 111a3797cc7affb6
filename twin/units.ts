/** Every conversion between units of the field and SI lives here and nowhere else. */

/** Standard gravity, m/s² (ISO 80000-3). */
export const GRAVITY = 9.80665;
/** Density of water at 20 °C, kg/m³ (IAPWS-95). */
export const WATER_DENSITY = 998.2;

const METRES_PER_MPA = 1e6 / (WATER_DENSITY * GRAVITY);

export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** Metres of water column → MPa. */
export const mpaFromMetres = (metres: number): number => metres / METRES_PER_MPA;
/** MPa → metres of water column. */
export const metresFromMpa = (mpa: number): number => mpa * METRES_PER_MPA;
/** m³/h → m³/s. */
export const cubicMetresPerSecond = (perHour: number): number => perHour / 3600;
/** Hydraulic power in kW of a flow in m³/h lifted by a head in m. */
export const hydraulicKw = (flow: number, head: number): number =>
  (WATER_DENSITY * GRAVITY * cubicMetresPerSecond(flow) * head) / 1000;
