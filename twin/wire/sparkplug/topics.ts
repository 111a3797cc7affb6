/** Topics of Sparkplug B 3.0, section 4.1. */
export type MessageType = 'NBIRTH' | 'NDEATH' | 'NDATA' | 'NCMD' | 'DBIRTH' | 'DDEATH' | 'DDATA' | 'DCMD';

const MESSAGE_TYPES: ReadonlySet<string> = new Set([
  'NBIRTH',
  'NDEATH',
  'NDATA',
  'NCMD',
  'DBIRTH',
  'DDEATH',
  'DDATA',
  'DCMD',
]);

export interface SparkplugTopic {
  group: string;
  type: MessageType;
  node: string;
  device?: string;
}

export const NAMESPACE = 'spBv1.0';
export const REBIRTH_METRIC = 'Node Control/Rebirth';
export const BDSEQ_METRIC = 'bdSeq';

export const stateTopic = (hostId: string): string => `${NAMESPACE}/STATE/${hostId}`;

export const nodeTopic = (group: string, type: MessageType, node: string, device?: string): string =>
  device === undefined
    ? `${NAMESPACE}/${group}/${type}/${node}`
    : `${NAMESPACE}/${group}/${type}/${node}/${device}`;

/** The parts of a topic, or null when it is none of Sparkplug's (STATE topics included). */
export function parseTopic(topic: string): SparkplugTopic | null {
  const parts = topic.split('/');
  const [namespace, group, type, node, device] = parts;
  if (namespace !== NAMESPACE || parts.length < 4 || parts.length > 5) return null;
  if (!group || !node || !type || !MESSAGE_TYPES.has(type) || device === '') return null;
  const aboutDevice = type.startsWith('D');
  if (aboutDevice !== (device !== undefined)) return null;
  const parsed: SparkplugTopic = { group, type: type as MessageType, node };
  if (device !== undefined) parsed.device = device;
  return parsed;
}
