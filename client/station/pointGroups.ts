import type { Template, TemplatePoint } from '#twin/catalogue/template.ts';

export type GroupKey = 'hydraulics' | 'sets' | 'pumps' | 'energy' | 'quality' | 'environment' | 'comms';

export interface PointGroup {
  key: GroupKey;
  points: TemplatePoint[];
}

const ORDER: readonly GroupKey[] = [
  'hydraulics',
  'sets',
  'pumps',
  'energy',
  'quality',
  'environment',
  'comms',
];

/** Station points by what they are about; a tag that is in no list is hydraulics. */
const GROUP_OF_TAG: Record<string, GroupKey> = Object.fromEntries([
  ...['KWH', 'P_TOT', 'PF_TOT', 'U_A', 'U_B', 'U_C'].map((tag) => [tag, 'energy']),
  ...['CL2', 'TURB', 'PH', 'T_W', 'COND'].map((tag) => [tag, 'quality']),
  ...['T_ROOM', 'RH', 'NOISE', 'FLOOD', 'SUMP', 'SMOKE', 'DOOR', 'HATCH', 'CLEANED'].map((tag) => [
    tag,
    'environment',
  ]),
  ...['MAINS_OK', 'UPS_V', 'RSSI', 'RTT', 'BUFFER'].map((tag) => [tag, 'comms']),
]);

/** The points of a template in groups, in catalogue order; groups without points are left out. */
export function pointGroups(template: Template): PointGroup[] {
  return ORDER.map((key) => ({
    key,
    points: template.points.filter((point) => groupOf(point) === key),
  })).filter(({ points }) => points.length > 0);
}

function groupOf({ scope, tag }: TemplatePoint): GroupKey {
  if (scope === 'set') return 'sets';
  if (scope === 'pump') return 'pumps';
  return GROUP_OF_TAG[tag] ?? 'hydraulics';
}

/** Tags that the process picture reads. */
const PICTURE_TAGS = new Set(
  'P_IN F_IN L1 L2 ZV_IN V_FLT P_STAB VAC_VLV P_OUT P_SET F_OUT RUN FLT AVAIL HZ KW'.split(' '),
);

/** Names of the points that the process picture of a template reads. */
export const picturePoints = (template: Template): string[] =>
  template.points.filter(({ tag }) => PICTURE_TAGS.has(tag)).map(({ name }) => name);
