import { ie3Efficiency, ratedCurrent } from '#twin/curves/motor.ts';

/** Motor and drive together: losses, currents and power factor. Power in kW, current in A. */

const DRIVE_EFFICIENCY = 0.97;
/**
 * Losses of a motor on a drive as a share of rated power, at relative speed s and torque τ:
 * constant + s + τ². Fitted on a 7.5 kW IE3 motor with a 97 % drive; other sizes are scaled to their
 * own full-load efficiency.
 */
const LOSS = { constant: 0.025, speed: 0.03, torque: 0.084 } as const;
const FULL_LOAD_LOSS = LOSS.constant + LOSS.speed + LOSS.torque;
/** Magnetising share of the rated current: what is left at no torque. */
const MAGNETISING = 0.35;

export interface Motor {
  ratedKw: number;
  /** A */
  ratedCurrent: number;
  /** factor on the fitted losses */
  lossScale: number;
  /** losses of motor and drive at full load, kW */
  ratedLoss: number;
}

/** @param ratedKw rated shaft power */
export function motor(ratedKw: number): Motor {
  const efficiency = ie3Efficiency(ratedKw);
  const ratedLoss = ratedKw * (1 / (efficiency * DRIVE_EFFICIENCY) - 1);
  return {
    ratedKw,
    ratedCurrent: ratedCurrent(ratedKw),
    lossScale: ratedLoss / ratedKw / FULL_LOAD_LOSS,
    ratedLoss,
  };
}

/** Losses of motor and drive, kW. @param shaftKw power at the shaft @param speed share of rated speed, > 0 */
export function motorLoss({ ratedKw, lossScale }: Motor, shaftKw: number, speed: number): number {
  return ratedKw * lossScale * lossShare(shaftKw / ratedKw / speed, speed);
}

/** Output current of the drive, A. */
export function motorCurrent({ ratedKw, ratedCurrent }: Motor, shaftKw: number, speed: number): number {
  return ratedCurrent * currentShare(shaftKw / ratedKw / speed);
}

/** Losses over rated power and scale, at a torque and speed that are shares of the rated ones. */
export function lossShare(torque: number, speed: number): number {
  return LOSS.constant + LOSS.speed * speed + LOSS.torque * torque * torque;
}

/** Current over the rated one. */
export function currentShare(torque: number): number {
  return Math.sqrt(MAGNETISING * MAGNETISING + (1 - MAGNETISING * MAGNETISING) * torque * torque);
}

/** Power factor of the room at its feeder: drives with line chokes lose some of it at part load. */
export function powerFactor(kw: number, ratedKw: number): number {
  const idle = 1 - Math.min(1, kw / Math.max(ratedKw, 0.1));
  return 0.965 - 0.06 * idle * idle;
}
