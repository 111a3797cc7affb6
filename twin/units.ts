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
/** s in an hour: flows are per hour, steps in seconds. */
export const secondsPerHour = HOUR / SECOND;

/** Metres of water column → MPa. */
export const mpaFromMetres = (metres: number): number => metres / METRES_PER_MPA;
/** MPa → metres of water column. */
export const metresFromMpa = (mpa: number): number => mpa * METRES_PER_MPA;
/** m³/h → m³/s. */
export const cubicMetresPerSecond = (perHour: number): number => perHour / secondsPerHour;
/** s → h. */
export const hoursFromSeconds = (seconds: number): number => seconds / secondsPerHour;
/** m³ of a flow in m³/h over some seconds; kWh of a power in kW. */
export const overSeconds = (perHour: number, seconds: number): number => (perHour * seconds) / secondsPerHour;
/** Hydraulic power in kW of a flow in m³/h lifted by a head in m. */
export const hydraulicKw = (flow: number, head: number): number =>
  (WATER_DENSITY * GRAVITY * cubicMetresPerSecond(flow) * head) / 1000;

/** What one of another unit is in ours: `value × factor + offset`. Psi and kgf/cm² by NIST SP 811. */
const LINEAR: Readonly<Record<string, Readonly<Record<string, readonly [factor: number, offset?: number]>>>> =
  {
    MPa: {
      kPa: [1e-3],
      Pa: [1e-6],
      bar: [0.1],
      mbar: [1e-4],
      mH2O: [mpaFromMetres(1)],
      m: [mpaFromMetres(1)],
      'kgf/cm²': [0.0980665],
      psi: [0.006894757],
    },
    'm³/h': {
      'm³/s': [3600],
      'm³/min': [60],
      'm³/d': [1 / 24],
      'L/s': [3.6],
      'L/min': [0.06],
      'L/h': [1e-3],
    },
    'm³': { L: [1e-3] },
    m: { cm: [0.01], mm: [1e-3] },
    kW: { W: [1e-3], MW: [1e3] },
    kWh: { Wh: [1e-3], MWh: [1e3], J: [1 / 3.6e6], MJ: [1 / 3.6] },
    '°C': { '°F': [5 / 9, -160 / 9], K: [1, -273.15] },
    'mg/L': { 'µg/L': [1e-3], 'g/m³': [1], ppm: [1] },
    ms: { s: [1e3] },
    h: { s: [1 / 3600], min: [1 / 60], d: [24] },
    A: { mA: [1e-3] },
    V: { mV: [1e-3], kV: [1e3] },
    '%': { '1': [100], '‰': [0.1] },
    'mm/s': { 'm/s': [1e3], 'cm/s': [10] },
    'µS/cm': { 'mS/cm': [1e3] },
  };

/** How units are often typed. */
const spelled = (unit: string): string =>
  unit
    .replace(/m3/g, 'm³')
    .replace(/cm2/g, 'cm²')
    .replace(/^l(?=\/|$)/, 'L')
    .replace(/\/l$/, '/L')
    .replace(/^u(?=[gS])/, 'µ')
    .replace(/^deg(?=[CF]$)/, '°');

/** `[factor, offset]` that bring a value of `from` to `to`, undefined when they measure different things. */
export function conversion(from: string, to: string): readonly [factor: number, offset: number] | undefined {
  const unit = spelled(from);
  if (unit === to) return [1, 0];
  const known = Object.hasOwn(LINEAR, to) ? LINEAR[to]! : {};
  const linear = Object.hasOwn(known, unit) ? known[unit] : undefined;
  return linear && [linear[0], linear[1] ?? 0];
}

/** The units that can be brought to `to`, itself first. */
export const convertibleTo = (to: string): string[] => [to, ...Object.keys(LINEAR[to] ?? {})];
