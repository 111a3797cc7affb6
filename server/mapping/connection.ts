import mqtt, { type IClientOptions } from 'mqtt';
import { Redeliveries } from './redeliveries.ts';

export interface JsonConnectionOptions {
  url: string;
  mqtt: IClientOptions;
  clientId: string;
  filters: readonly string[];
  /** asked before each message: when nothing more can be taken it holds itself, until it is let go */
  isFull: () => boolean;
  /** must not throw: an exception here would end the process */
  receive: (topic: string, payload: Uint8Array, retained: boolean) => void;
  /** a message that was received before came again, and was passed over */
  onRepeated: (topic: string) => void;
  /** the broker does not let us read a topic; it is asked again at the next connection */
  onRefused: (filter: string, reason: string) => void;
  /** the broker cannot be reached; it is tried again */
  onTrouble: (message: string) => void;
}

const RETRY_MS = 2000;
/** A broker that does not answer is left without its word. */
const FAREWELL_MS = 3000;
/** SUBACK's failure code (MQTT 3.1.1, section 3.9.3). */
const REFUSED: number = 128;

export interface JsonConnection {
  /**
   * Leaves while it is held, its subscriptions kept: the broker keeps what comes at QoS 1 meanwhile, up to its bounds, and
   * says it afterwards. Saying again what is so already does nothing.
   */
  hold(held: boolean): void;
  close(): Promise<void>;
}

/** Listens to the topics of a mapping, again after every loss of the broker. */
export function listenToJson(options: JsonConnectionOptions): JsonConnection {
  const client = mqtt.connect(options.url, {
    ...options.mqtt,
    clientId: options.clientId,
    // who speaks JSON has no queue of its own: the broker keeps what comes while we are away (MQTT 3.1.1, section 4.1)
    clean: false,
    reconnectPeriod: RETRY_MS,
    resubscribe: false,
  });
  const redeliveries = new Redeliveries();
  client.on('connect', ({ sessionPresent }) => {
    if (!sessionPresent) redeliveries.forget();
    // one by one, so that each is answered for itself
    for (const filter of options.filters)
      client.subscribe(filter, { qos: 1 }, (error, granted) => {
        const refused = granted?.some(({ qos }) => qos === REFUSED);
        if (client.connected && (error || refused)) options.onRefused(filter, error?.message ?? 'refused');
      });
  });
  client.on('error', (error) => options.onTrouble(error.message));
  let held = false;
  let closed = false;
  /** this connection is being left, also when another one is wanted already */
  let leaving = false;
  let ending = false;
  client.on('connect', () => {
    leaving = held;
  });
  // what comes while it leaves is not acknowledged, as nothing is that fails: the broker says it again
  client.handleMessage = (_packet, done) => done(leaving ? new Error('held') : undefined);
  client.on('message', (topic, payload, { retain, dup, messageId }) => {
    if (options.isFull()) hold(true);
    if (leaving) return;
    if (redeliveries.isRepeated({ dup, messageId, topic, payload })) options.onRepeated(topic);
    else options.receive(topic, payload, retain);
  });
  function hold(wanted: boolean): void {
    if (wanted === held || closed) return;
    held = wanted;
    if (held) leave();
    else if (!ending) client.reconnect();
  }
  /** One end at a time; whether it is wanted again is looked at when it has come. */
  function leave(): void {
    leaving = true;
    if (ending) return;
    ending = true;
    const patience = setTimeout(() => client.stream?.destroy(), FAREWELL_MS).unref();
    client.end(() => {
      clearTimeout(patience);
      ending = false;
      if (!held && !closed) client.reconnect();
    });
  }
  return {
    hold,
    close() {
      closed = true;
      return client.endAsync(true);
    },
  };
}
