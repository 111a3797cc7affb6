/**
 * EPANET's numerical constants (Rossman et al., EPANET 2.2 User Manual, EPA/600/R-20/133, chapter 12; source
 * text of release 2.3.5), which are in feet and cubic feet per second, in metres and m³/s. Results agree with
 * EPANET to a millimetre only with its own constants.
 */

export const foot = 0.3048;
export const cubicFoot = foot ** 3;

/** Head loss per flow of a closed link and of an open valve without loss, s/m². */
export const closedResistance = (1e8 * foot) / cubicFoot;
export const openResistance = (1e-6 * foot) / cubicFoot;

/** Conductance that fixes a head or a head difference, m²/s. */
export const stiffConductance = (1e8 * cubicFoot) / foot;

/** Gradients below this one are replaced by a line through zero, s/m². */
export const leastGradient = (1e-7 * foot) / cubicFoot;

/** What counts as a difference of head (m) and a flow (m³/s) when a status is decided. */
export const headTolerance = 0.0005 * foot;
export const flowTolerance = 1e-4 * cubicFoot;

/** The flow that stands for none, m³/s. */
export const noFlow = 1e-6 * cubicFoot;

/** Stiffness of the barriers that keep pressure-driven demands within their range, m per m³/s, and its rounding, m². */
export const barrierSlope = (1e9 * foot) / cubicFoot;
export const barrierRounding = 1e-6 * foot * foot;

/** A pressure-driven demand is settled when it is this near to its curve, m³/s. */
export const demandTolerance = 1e-4 * cubicFoot;

/** Kinematic viscosity of water at 20 °C, m²/s. */
export const waterViscosity = 1.1e-5 * foot * foot;

/** kW in 1 m³/s raised by 1 m: 62.4 lb/ft³ of water, 550 ft·lb/s to the horsepower of 0.7457 kW. */
export const hydraulicPower = 0.7457 / 8.814 / (foot * cubicFoot);

/** Link status, ordered so that everything up to `closed` carries no flow. */
export const Status = {
  /** a pump that cannot deliver the head asked of it */
  noHead: 0,
  /** shut for now: it leads into a full tank or out of an empty one */
  heldShut: 1,
  closed: 2,
  open: 3,
  /** a valve that holds its setting */
  active: 4,
  /** an FCV that cannot deliver its flow */
  noFlow: 6,
  /** a PRV or PSV that cannot hold its pressure */
  noPressure: 7,
} as const;
