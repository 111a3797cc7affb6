import { layoutOf } from './fields.ts';

const layout = layoutOf({
  /** of the room under way: pressure in the main and before the pumps, MPa; highest frequency allowed, Hz */
  mains: 0,
  suction: 0,
  cap: 0,
  /** mean volume of its tank over the step, m³ */
  meanVolume: 0,
  /** °C around its pumps; shares of the way that temperatures of winding and heat sink go in the step */
  surroundings: 0,
  winding: 0,
  sink: 0,
  /** °C: where winding and heat sink of the last turning pump end at its duty */
  hot: 0,
  warm: 0,
  /** of the set under way: what its building would take, m³/h; Hz: just holding the pressure, lowest; Hz/MPa */
  demand: 0,
  /** m³/h that the other sets draw through its branch */
  others: 0,
  /** MPa before the way around its pumps; what that way carries, m³/h/√MPa; what the others' flow adds to its loss, MPa/(m³/h) */
  upstream: 0,
  bypass: 0,
  crowded: 0,
  zero: 0,
  lowest: 0,
  gain: 0,
  /** length of the part of the step under way, s */
  h: 0,
  /** conductance of all its check valves that let water back, m³/h/√MPa */
  leaking: 0,
});

/**
 * What holds for the room and the pump set under way: scratch that functions of a step hand to each other. Numbers
 * with a fraction that are passed as arguments are put on the heap one by one; here they are not, and a step
 * leaves nothing to collect. Functions of a step give it, its places and sizes of records names within their own file:
 * those the compiler takes for constants, what is imported it looks up at every use.
 */
export const moment = new Float64Array(layout.size);
/** Places in `moment`. */
export const NOW = layout.at;
