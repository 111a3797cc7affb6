import type { Refusal } from '#twin/wire/api.ts';
import { parseTopic, type SparkplugTopic } from '#twin/wire/sparkplug/topics.ts';
import type { RefusalLog } from '../refusals.ts';
import { LARGEST_MESSAGE_BYTES, STRANGERS } from './limits.ts';

export interface AdmissionOptions {
  now: () => number;
  refused: RefusalLog;
  /** whether an edge node's id is the code of a registered station */
  knows: (node: string) => boolean;
}

/** A station has one group, perhaps a new one after a change; more of them are invented. */
const GROUPS_OF_A_STATION = 4;
const LONGEST_TOPIC = 512;

/**
 * The door before the Sparkplug host. Registered stations pass (the host guards itself against each of them); nodes
 * that nobody has registered share one allowance, so that invented ids, however many, take neither time nor memory
 * from the others. A stranger turned away is heard later: its next message has the host ask for its birth.
 */
export class Admission {
  /** groups that a station's id was heard in */
  private readonly groups = new Map<string, string[]>();
  /** bytes of the births of each stranger, by `group/node` */
  private readonly remembered = new Map<string, number>();
  private rememberedBytes = 0;
  private messages: number = STRANGERS.messages;
  private bytes: number = STRANGERS.bytes;
  private filledAt: number;
  private readonly options: AdmissionOptions;

  constructor(options: AdmissionOptions) {
    this.options = options;
    this.filledAt = options.now();
  }

  /** Whether a message of `size` bytes goes on to the host; what does not is counted. Never throws. */
  admits(topicText: string, size: number): boolean {
    if (size > LARGEST_MESSAGE_BYTES) return this.refuse('messageTooLarge');
    const topic = topicText.length <= LONGEST_TOPIC ? parseTopic(topicText) : null;
    if (topic && this.isStation(topic)) return true;
    if (!this.spend(size)) return this.refuse('strangersFlooding');
    // what is no Sparkplug topic, or says that a node has gone, is not remembered by anybody
    if (!topic || topic.type === 'NDEATH') return true;
    return this.remember(topic, size) || this.refuse('strangersFull');
  }

  private refuse(refusal: Refusal): false {
    this.options.refused.count(refusal);
    return false;
  }

  private isStation({ group, node }: SparkplugTopic): boolean {
    if (!this.options.knows(node)) return false;
    const known = this.groups.get(node) ?? [];
    if (known.includes(group)) return true;
    if (known.length >= GROUPS_OF_A_STATION) return false;
    this.groups.set(node, [...known, group]);
    this.forget(`${group}/${node}`);
    return true;
  }

  private spend(size: number): boolean {
    const now = this.options.now();
    const seconds = Math.max(0, now - this.filledAt) / 1000;
    this.filledAt = now;
    this.messages = Math.min(STRANGERS.messages, this.messages + seconds * STRANGERS.messagesPerSecond);
    this.bytes = Math.min(STRANGERS.bytes, this.bytes + seconds * STRANGERS.bytesPerSecond);
    if (this.messages < 1 || this.bytes < size) return false;
    this.messages--;
    this.bytes -= size;
    return true;
  }

  /** A node's own birth replaces what was remembered of it, a device's adds to it; data adds nothing. */
  private remember({ group, node, type }: SparkplugTopic, size: number): boolean {
    const key = `${group}/${node}`;
    const known = this.remembered.get(key);
    if (known === undefined && this.remembered.size >= STRANGERS.remembered) return false;
    const before = known ?? 0;
    const after = type === 'NBIRTH' ? size : type === 'DBIRTH' ? before + size : before;
    if (after > before && this.rememberedBytes - before + after > STRANGERS.rememberedBytes) return false;
    this.remembered.set(key, after);
    this.rememberedBytes += after - before;
    return true;
  }

  private forget(key: string): void {
    this.rememberedBytes -= this.remembered.get(key) ?? 0;
    this.remembered.delete(key);
  }
}
