/** What an alarm concerns: figures count by it, lists group by it. */
export const EQUIPMENT = [
  'pump',
  'drive',
  'valve',
  'tank',
  'instrument',
  'power',
  'pipes',
  'mains',
  'water',
  'room',
  'communication',
  'platform',
] as const;
export type Equipment = (typeof EQUIPMENT)[number];
