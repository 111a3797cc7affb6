import mqtt, { type IClientOptions, type MqttClient } from 'mqtt';
import { NAMESPACE, stateTopic } from '#twin/wire/sparkplug/topics.ts';
import { brokerTrouble } from '../broker/trouble.ts';
import { type Echo, echoOf } from './echo.ts';

/**
 * The host application's MQTT connection: will on STATE, subscriptions, then the STATE birth with the will's own
 * timestamp (sections 5.3 and 6.4.24), again after every reconnection and whenever our STATE is seen offline.
 */
export interface HostConnectionOptions {
  url: string;
  mqtt: IClientOptions;
  hostId: string;
  /** groups to subscribe to; empty: all */
  groups: readonly string[];
  now: () => number;
  /** must not throw: an exception here would end the process */
  receive: (topic: string, payload: Uint8Array, retained: boolean) => void;
  /** `detail`: why it is not connected, as a sentence for people */
  onState: (connected: boolean, detail: string) => void;
}

export interface HostConnection {
  /** At QoS 0, not retained. Nothing is sent before the birth nor after the death: they are a host's first and last words. */
  publish(topic: string, payload: Uint8Array): void;
  /**
   * Goes offline while it is held, so that gateways keep what they measure: STATE offline, disconnected; then connects
   * anew. Saying again what is so already does nothing.
   */
  hold(held: boolean): void;
  readonly held: boolean;
  /** how far it is behind with what the broker has for it, ms; 0 while it is not connected */
  readonly lag: number;
  /** Publishes STATE offline, of now, and disconnects. */
  close(): Promise<void>;
}

const RETRY_MS = 2000;
const FAREWELL_MS = 3000;
/** How full the history's memory is when gateways are to wait, and when no more: what is on its way has room meanwhile. */
const HELD_AT = 0.8;
const FREE_AT = 0.6;

/**
 * Behind by so much, what the broker keeps for a host is soon more than it may, and soon older than what gateways send again after
 * a host was offline (two minutes): it goes offline before.
 */
const BEHIND_MS = 45_000;
const ECHO_MS = 1000;
const CLOCK_SET_BACK =
  'the broker keeps a STATE of this host that is later than its clock, which was set back: it is born anew after that';

/**
 * Whether a host that is held or not is to be.
 * @param pressure how full the memory behind it is, 0 to 1
 * @param lag ms; a held one has left all that it was behind with to the gateways
 */
export const holdsBack = (held: boolean, pressure: number, lag: number): boolean =>
  pressure > (held ? FREE_AT : HELD_AT) || (!held && lag > BEHIND_MS);

/** Resolves at the first connection; rejects with the broker's reason when that fails. Later losses reconnect. */
export function connectHost(options: HostConnectionOptions): Promise<HostConnection> {
  const topic = stateTopic(options.hostId);
  let client: MqttClient | undefined;
  let echo: Echo | undefined;
  let closed = false;
  let held = false;
  let announced = false;
  let leaving: Promise<void> = Promise.resolve();
  let timestamp = 0;
  /** the latest time of any STATE of ours, this process's or one before it that the broker kept */
  let latest = 0;
  const state = (online: boolean, time: number) => JSON.stringify({ online, timestamp: time });
  const announce = (as: MqttClient) => {
    announced = true;
    as.publish(topic, state(true, timestamp), { qos: 1, retain: true });
  };

  const open = (settle?: { resolve: () => void; reject: (error: Error) => void }) => {
    // gateways believe no STATE that is older than the last one: a clock that was set back must not leave them waiting
    timestamp = Math.max(options.now(), latest + 1);
    latest = timestamp;
    announced = false;
    const current = mqtt.connect(options.url, {
      ...options.mqtt,
      clientId: `host-${options.hostId}`,
      clean: true,
      reconnectPeriod: 0,
      resubscribe: false,
      will: { topic, payload: Buffer.from(state(false, timestamp)), qos: 1, retain: true },
    });
    client = current;
    const own = echoOf(options.hostId);
    echo = own;
    let saying: NodeJS.Timeout | undefined;
    const listenToItself = () =>
      current.subscribe(own.topic, (error, granted) => {
        // where it may not hear itself it may not speak either: a broker could cut it off for that
        if (error || !granted?.every(({ qos }) => qos < 128) || client !== current) return;
        const say = () => client === current && own.say((word) => void current.publish(own.topic, word));
        saying = setInterval(say, ECHO_MS).unref();
      });
    let failure = 'connection closed';
    // a broker with a backlog answers a ping behind all of it: whatever it says first shows that it is there
    let asked = false;
    current.on('packetsend', ({ cmd }) => {
      if (cmd === 'pingreq') asked = true;
    });
    current.on('packetreceive', () => {
      if (asked) current.reschedulePing(true);
      asked = false;
    });
    current.on('connect', () => {
      const groups =
        options.groups.length > 0
          ? options.groups.map((group) => `${NAMESPACE}/${group}/#`)
          : [`${NAMESPACE}/#`];
      current.subscribe([...groups, topic], { qos: 1 }, (error) => {
        // held or closed meanwhile: it has said its birth and its death
        if (closed || client !== current) return;
        if (error) return current.end(true);
        announce(current);
        listenToItself();
        options.onState(true, '');
        settle?.resolve();
        // from here on a loss is no failure to start
        settle = undefined;
      });
    });
    current.on('message', (name, payload, { retain }) => {
      if (name === own.topic) return own.heard(payload);
      if (!name.startsWith(`${NAMESPACE}/STATE/`)) return options.receive(name, payload, retain);
      // its own end comes back to it too
      if (name !== topic || closed || client !== current) return;
      const { online, time } = readState(payload);
      if (retain && time > timestamp) {
        latest = time;
        client = undefined;
        if (announced) options.onState(false, CLOCK_SET_BACK);
        leaving = farewell(current);
        void leaving.then(() => !closed && !client && !held && open(settle));
      } else if (announced && !online) announce(current);
    });
    current.on('error', (error) => {
      failure = brokerTrouble(error);
      current.end(true);
    });
    current.on('close', () => {
      clearInterval(saying);
      if (closed || client !== current) return;
      client = undefined;
      options.onState(false, `the broker cannot be reached: ${failure}`);
      settle?.reject(new Error(failure));
      settle = undefined;
      setTimeout(() => !closed && !client && !held && open(), RETRY_MS).unref();
    });
  };

  return new Promise((resolve, reject) => {
    open({
      resolve: () =>
        resolve({
          publish: (to, payload) => {
            if (announced && !closed) client?.publish(to, Buffer.from(payload), { qos: 0, retain: false });
          },
          hold,
          get held() {
            return held;
          },
          get lag() {
            return client && echo ? echo.lag : 0;
          },
          close,
        }),
      reject: (error) => {
        closed = true;
        reject(error);
      },
    });
  });

  function hold(wanted: boolean): void {
    if (wanted === held || closed) return;
    held = wanted;
    if (!held) {
      // two connections of one client id would cut each other off, the last word of the first unsaid
      void leaving.then(() => !closed && !client && !held && open());
      return;
    }
    const current = client;
    client = undefined;
    options.onState(false, 'no more can be taken in, gateways hold what they measure');
    if (current) leaving = farewell(current);
  }

  async function close(): Promise<void> {
    closed = true;
    await leaving;
    if (client) await farewell(client);
  }

  async function farewell(current: MqttClient): Promise<void> {
    // a broker that does not answer any more must not hold up the end
    const patience = setTimeout(() => current.end(true), FAREWELL_MS);
    // its first word is its birth, also where its subscription is not answered yet
    if (current.connected && !announced) announce(current);
    if (current.connected) {
      // a clock that was set back must not make the end older than the birth
      const end = Math.max(timestamp, options.now());
      latest = Math.max(latest, end);
      await current.publishAsync(topic, state(false, end), { qos: 1, retain: true }).catch(() => undefined);
    }
    await current.endAsync().catch(() => undefined);
    clearTimeout(patience);
  }
}

/** What a STATE says; one that cannot be read says neither online nor a time, nor does one whose next millisecond has no number. */
function readState(payload: Uint8Array): { online: boolean; time: number } {
  try {
    const { online, timestamp } = JSON.parse(new TextDecoder().decode(payload)) as Record<string, unknown>;
    return { online: online === true, time: Number.isSafeInteger(timestamp) ? Number(timestamp) : 0 };
  } catch {
    return { online: false, time: 0 };
  }
}
