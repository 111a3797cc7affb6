import type { RefusalLog } from '../refusals.ts';
import type { Kept } from './limits.ts';

/** What a broker's memory keeps, as aedes calls it. */
export interface Keeper {
  storeRetained(packet: Message): Promise<unknown>;
  outgoingEnqueueCombi(subscriptions: readonly Subscriber[], packet: Message): Promise<unknown>;
  /** resolves to the message that was taken out of a client's queue, if there was one */
  outgoingClearMessageId(client: { id: string }, packet: object): Promise<unknown>;
}
interface Message {
  topic: string;
  payload: Uint8Array | string;
}
interface Subscriber {
  clientId: string;
}

/** What a message takes in memory beside its topic and payload, about. */
const MESSAGE_BYTES = 500;
const STATES = 'spBv1.0/STATE/';
const weightOf = ({ topic, payload }: Message): number => MESSAGE_BYTES + 2 * topic.length + payload.length;

/**
 * Bounds what a broker keeps in memory: retained messages, and what waits for clients that are away. What is beyond is
 * counted and not kept; it is handed on to whoever is there all the same. STATE has room of its own, so that nobody else's retained
 * messages take it from a host.
 * @param isHere whether a client is connected: what is under way to it is not refused
 */
export function boundKeeping(
  keeper: Keeper,
  isHere: (clientId: string) => boolean,
  refused: RefusalLog,
  limits: Kept,
): void {
  const states = new Retained(limits.states, limits.stateBytes);
  const others = new Retained(limits.retained, limits.retainedBytes);
  const queues = new Queues(limits.queued, limits.queuedBytes);
  const storeRetained = keeper.storeRetained.bind(keeper);
  const enqueue = keeper.outgoingEnqueueCombi.bind(keeper);
  const clear = keeper.outgoingClearMessageId.bind(keeper);

  keeper.storeRetained = (packet) => {
    const retained = packet.topic.startsWith(STATES) ? states : others;
    if (packet.payload.length === 0) retained.forget(packet.topic);
    else if (!retained.takes(packet.topic, weightOf(packet))) {
      refused.count('mqttRetainedFull');
      // what stood there before is not the last word any more
      return storeRetained({ ...packet, payload: new Uint8Array(0) });
    }
    return storeRetained(packet);
  };
  keeper.outgoingEnqueueCombi = (subscriptions, packet) => {
    const weight = weightOf(packet);
    const taking = subscriptions.filter(({ clientId }) => {
      if (isHere(clientId) || queues.hasRoom(clientId, weight)) return true;
      refused.count('mqttQueueFull');
      return false;
    });
    for (const { clientId } of taking) queues.add(clientId, weight);
    return enqueue(taking, packet);
  };
  keeper.outgoingClearMessageId = async (client, packet) => {
    const gone = await clear(client, packet);
    if (gone) queues.remove(client.id);
    return gone;
  };
}

/** How many retained messages there are, and their weight. */
class Retained {
  private readonly weights = new Map<string, number>();
  private bytes = 0;
  private readonly most: number;
  private readonly mostBytes: number;

  constructor(most: number, mostBytes: number) {
    this.most = most;
    this.mostBytes = mostBytes;
  }

  /** Whether a topic's message has room; that of before goes either way. */
  takes(topic: string, weight: number): boolean {
    this.forget(topic);
    if (this.weights.size >= this.most || this.bytes + weight > this.mostBytes) return false;
    this.weights.set(topic, weight);
    this.bytes += weight;
    return true;
  }

  forget(topic: string): void {
    this.bytes -= this.weights.get(topic) ?? 0;
    this.weights.delete(topic);
  }
}

/** How much waits for each client, and for all of them. */
class Queues {
  private readonly byClient = new Map<string, { count: number; bytes: number }>();
  private bytes = 0;
  private readonly most: number;
  private readonly mostBytes: number;

  constructor(most: number, mostBytes: number) {
    this.most = most;
    this.mostBytes = mostBytes;
  }

  hasRoom(client: string, weight: number): boolean {
    return (this.byClient.get(client)?.count ?? 0) < this.most && this.bytes + weight <= this.mostBytes;
  }

  add(client: string, weight: number): void {
    const queue = this.byClient.get(client) ?? { count: 0, bytes: 0 };
    this.byClient.set(client, { count: queue.count + 1, bytes: queue.bytes + weight });
    this.bytes += weight;
  }

  /** One message less; which one is not known (at QoS 2 its payload goes before it), so it is one of mean weight. */
  remove(client: string): void {
    const queue = this.byClient.get(client);
    if (!queue) return;
    const weight = queue.bytes / queue.count;
    this.bytes -= weight;
    if (queue.count === 1) this.byClient.delete(client);
    else this.byClient.set(client, { count: queue.count - 1, bytes: queue.bytes - weight });
  }
}
