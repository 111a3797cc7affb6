import mqtt, { type IClientOptions } from 'mqtt';

export interface JsonConnectionOptions {
  url: string;
  mqtt: IClientOptions;
  clientId: string;
  filters: readonly string[];
  /** must not throw: an exception here would end the process */
  receive: (topic: string, payload: Uint8Array, retained: boolean) => void;
  /** the broker refuses a subscription or cannot be reached; it is tried again */
  onTrouble: (message: string) => void;
}

const RETRY_MS = 2000;

/** Listens to the topics of a mapping, again after every loss of the broker. */
export function listenToJson(options: JsonConnectionOptions): { close(): Promise<void> } {
  const client = mqtt.connect(options.url, {
    ...options.mqtt,
    clientId: options.clientId,
    clean: true,
    reconnectPeriod: RETRY_MS,
    resubscribe: false,
  });
  client.on('connect', () =>
    client.subscribe([...options.filters], { qos: 1 }, (error) => {
      if (error) options.onTrouble(`the topics of the mapping: ${error.message}`);
    }),
  );
  client.on('error', (error) => options.onTrouble(error.message));
  client.on('message', (topic, payload, { retain }) => options.receive(topic, payload, retain));
  return { close: () => client.endAsync(true) };
}
