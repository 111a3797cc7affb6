/** Every fault of a room that an event can name. */
export const ROOM_FAULT_NAMES = [
  'air',
  'bearing-worn',
  'bladder-flat',
  'cavitating',
  'clock-wrong',
  'contaminated',
  'controller-blind',
  'drive-fan-dead',
  'flooded',
  'foreign-water',
  'hatch-open',
  'inlet-switch-loose',
  'meter-back-flow',
  'misaligned',
  'no-rotation',
  'phases-unbalanced',
  'pump-in-hand',
  'silt-stirred',
  'sleep-delay-lost',
  'smoke',
  'staging-lost',
  'tank-drain-open',
  'ventilation-dead',
  'voltage-low',
] as const;

export type RoomFaultName = (typeof ROOM_FAULT_NAMES)[number];
