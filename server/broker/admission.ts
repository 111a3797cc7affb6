import type { Payload } from '#twin/wire/sparkplug/payload.ts';
import { BDSEQ_METRIC, parseTopic, type SparkplugTopic } from '#twin/wire/sparkplug/topics.ts';
import type { RefusalLog } from '../refusals.ts';
import { readPayload } from '../sparkplug/compressed.ts';
import { LARGEST_MESSAGE_BYTES } from './limits.ts';
import type { Strangers } from './strangers.ts';

export interface AdmissionOptions {
  now: () => number;
  refused: RefusalLog;
  strangers: Strangers;
  /** whether an edge node's id is the code of a registered station */
  knows: (node: string) => boolean;
  /** told of a station's group that made room for another */
  forgotten: (group: string, node: string) => void;
}

/** A group that a station's id is heard in. */
interface Group {
  name: string;
  since: number;
  last: number;
}

/** A station has one group, perhaps a new one after a change; more of them are invented. */
const GROUPS_OF_A_STATION = 4;
/** A group that was just heard makes no room for another; one that was heard for half a minute only when it is silent as long. */
const SILENT_MS = 5000;
const ESTABLISHED_MS = 30_000;
const LONGEST_TOPIC = 512;

/**
 * The door before the Sparkplug host. Registered stations pass (the host guards itself against each of them); nodes
 * that nobody has registered share one allowance, so that invented ids, however many, take neither time nor memory
 * from the others. A stranger turned away is heard later: its next message has the host ask for its birth.
 */
export class Admission {
  private readonly groups = new Map<string, Group[]>();
  private readonly options: AdmissionOptions;

  constructor(options: AdmissionOptions) {
    this.options = options;
  }

  /** Whether a message goes on to the host; what does not is counted. Never throws. */
  admits(topicText: string, bytes: Uint8Array): boolean {
    const { refused, strangers } = this.options;
    const size = bytes.length;
    if (size > LARGEST_MESSAGE_BYTES) {
      refused.count('messageTooLarge');
      return false;
    }
    const topic = topicText.length <= LONGEST_TOPIC ? parseTopic(topicText) : null;
    if (topic && this.isStation(topic)) return true;
    if (!strangers.spends(size)) return false;
    // what is no Sparkplug topic, or says that a node has gone, is not remembered by anybody
    if (!topic || topic.type === 'NDEATH') return true;
    if (this.claims(topic, bytes)) return true;
    return strangers.keeps(topic.group, topic.node, (before) => weightOf(topic, size, before));
  }

  private isStation({ group, node }: SparkplugTopic): boolean {
    if (!this.options.knows(node)) return false;
    const known = this.groups.get(node);
    const heard = known?.find(({ name }) => name === group);
    if (heard) heard.last = this.options.now();
    else if (known && known.length >= GROUPS_OF_A_STATION) return false;
    else this.enter(group, node);
    return true;
  }

  /** A birth as it should be gets a station's place, whatever was invented before, unless all places are in use. */
  private claims({ type, group, node }: SparkplugTopic, bytes: Uint8Array): boolean {
    const known = this.groups.get(node);
    if (type !== 'NBIRTH' || !known || !isBirth(bytes)) return false;
    const now = this.options.now();
    const [least] = known
      .filter(({ since, last }) => now - last > (last - since < ESTABLISHED_MS ? SILENT_MS : ESTABLISHED_MS))
      .sort((a, b) => a.last - b.last);
    if (!least) return false;
    known.splice(known.indexOf(least), 1);
    this.options.forgotten(least.name, node);
    this.enter(group, node);
    return true;
  }

  private enter(name: string, node: string): void {
    const now = this.options.now();
    this.groups.set(node, [...(this.groups.get(node) ?? []), { name, since: now, last: now }]);
    this.options.strangers.release(name, node);
  }
}

/** A node's own birth replaces what was remembered of it, a device's adds to it; data adds nothing. */
function weightOf({ type }: SparkplugTopic, size: number, before: number): number {
  if (type === 'NBIRTH') return size;
  return type === 'DBIRTH' ? before + size : before;
}

/** Whether a payload has what the specification asks of an NBIRTH: a sequence number, a bdSeq, a metric with a name. */
function isBirth(bytes: Uint8Array): boolean {
  let payload: Payload;
  try {
    payload = readPayload(bytes, LARGEST_MESSAGE_BYTES).payload;
  } catch {
    return false;
  }
  const { seq, metrics } = payload;
  const names = metrics.flatMap(({ name }) => name ?? []);
  return seq !== undefined && seq <= 255 && names.includes(BDSEQ_METRIC) && names.length > 1;
}
