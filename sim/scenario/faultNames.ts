import { CLOCK_WRONG, SIGHT_NAMES } from './disturbance.ts';
import { ROOM_FAULTS } from './roomFaults.ts';

/** Every fault of a room that an event can name. */
export const ROOM_FAULT_NAMES: readonly string[] = [
  ...new Set([...Object.keys(ROOM_FAULTS), ...SIGHT_NAMES, CLOCK_WRONG]),
].sort();
