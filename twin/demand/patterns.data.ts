/**
 * Demand over a day by land use: 24 hourly multipliers, index 0 = 00–01 h local time, mean 1.
 * Engineering shapes of Chinese cities (evening-dominated homes, morning-dominated offices), not measurements:
 * a utility replaces them by its own.
 */
const shapes = {
  RES_HIGH_weekday: [
    0.35, 0.22, 0.16, 0.14, 0.17, 0.4, 1.05, 1.62, 1.38, 1.02, 0.92, 1.02, 1.15, 0.92, 0.76, 0.74, 0.84, 1.1,
    1.42, 1.72, 1.98, 2.02, 1.75, 1.15,
  ],
  RES_HIGH_weekend: [
    0.5, 0.32, 0.22, 0.18, 0.18, 0.26, 0.55, 0.98, 1.34, 1.51, 1.44, 1.39, 1.37, 1.12, 0.98, 0.92, 0.98, 1.15,
    1.41, 1.61, 1.74, 1.71, 1.29, 0.85,
  ],
  RES_OLD: [
    0.4, 0.3, 0.24, 0.22, 0.3, 0.7, 1.31, 1.46, 1.26, 1.13, 1.16, 1.36, 1.29, 0.99, 0.83, 0.83, 0.96, 1.33,
    1.56, 1.59, 1.53, 1.43, 1.13, 0.7,
  ],
  OFFICE_weekday: [
    0.12, 0.1, 0.1, 0.1, 0.12, 0.2, 0.45, 1.1, 2.1, 2.2, 2.05, 2.0, 1.7, 1.75, 1.95, 1.9, 1.8, 1.55, 0.95,
    0.6, 0.45, 0.35, 0.22, 0.14,
  ],
  MALL: [
    0.25, 0.18, 0.15, 0.15, 0.18, 0.25, 0.4, 0.61, 0.86, 1.16, 1.57, 1.92, 1.87, 1.52, 1.21, 1.11, 1.21, 1.62,
    1.92, 1.87, 1.57, 1.16, 0.81, 0.45,
  ],
  HOSPITAL: [
    0.6, 0.55, 0.5, 0.5, 0.55, 0.75, 1.1, 1.3, 1.35, 1.35, 1.3, 1.3, 1.2, 1.15, 1.2, 1.2, 1.15, 1.15, 1.15,
    1.15, 1.1, 1.0, 0.8, 0.65,
  ],
  SCHOOL_day: [
    0.1, 0.08, 0.08, 0.08, 0.1, 0.35, 1.6, 2.09, 2.0, 2.0, 2.09, 2.29, 1.9, 1.4, 1.8, 1.8, 1.7, 1.1, 0.6, 0.3,
    0.2, 0.15, 0.12, 0.1,
  ],
  HOTEL: [
    0.75, 0.45, 0.3, 0.25, 0.3, 0.6, 1.31, 1.86, 1.61, 1.21, 1.0, 0.95, 0.95, 0.85, 0.8, 0.8, 0.85, 1.0, 1.15,
    1.26, 1.36, 1.56, 1.61, 1.21,
  ],
  CITY_total: [
    0.63, 0.53, 0.48, 0.46, 0.48, 0.61, 0.93, 1.27, 1.3, 1.22, 1.18, 1.17, 1.15, 1.07, 1.02, 1.0, 1.02, 1.1,
    1.22, 1.32, 1.38, 1.36, 1.22, 0.91,
  ],
} as const satisfies Record<string, readonly number[]>;

/** The shapes scaled to a mean of exactly 1, so that base demand times 24 h is the day's volume. */
export const demandPatterns: Readonly<Record<string, readonly number[]>> = Object.fromEntries(
  Object.entries(shapes).map(([name, shape]) => [name, scaledToMeanOne(shape)]),
);

function scaledToMeanOne(shape: readonly number[]): number[] {
  const mean = shape.reduce((sum, m) => sum + m, 0) / shape.length;
  return shape.map((m) => m / mean);
}
