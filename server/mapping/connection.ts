import mqtt, { type IClientOptions } from 'mqtt';
import { Redeliveries } from './redeliveries.ts';

export interface JsonConnectionOptions {
  url: string;
  mqtt: IClientOptions;
  clientId: string;
  filters: readonly string[];
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
/** SUBACK's failure code (MQTT 3.1.1, section 3.9.3). */
const REFUSED: number = 128;

/** Listens to the topics of a mapping, again after every loss of the broker. */
export function listenToJson(options: JsonConnectionOptions): { close(): Promise<void> } {
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
  client.on('message', (topic, payload, { retain, dup, messageId }) => {
    if (redeliveries.isRepeated({ dup, messageId, topic, payload })) options.onRepeated(topic);
    else options.receive(topic, payload, retain);
  });
  return { close: () => client.endAsync(true) };
}
