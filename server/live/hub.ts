import type { IncomingHttpHeaders, Server } from 'node:http';
import { type WebSocket, WebSocketServer } from 'ws';
import { type LiveNotice, watchMessage } from '#twin/wire/live.ts';
import type { RefusalLog } from '../refusals.ts';
import { Subscriber } from './subscriber.ts';
import { Topic, type TopicSource } from './topic.ts';

export interface HubOptions {
  server: Server;
  path: string;
  refused: RefusalLog;
  /** whether who asks may */
  admits: (headers: IncomingHttpHeaders) => boolean;
  now: () => number;
  tickMs: number;
  /** the source of a topic, undefined for a name nobody has */
  source: (topic: string) => TopicSource | undefined;
  hello: () => LiveNotice;
  maxClients: number;
}

const MAX_MESSAGE_BYTES = 16 * 1024;
const PING_MS = 15_000;
/** A client may say this much at once, and again after as long: a person's page says a few words when it is turned. */
const MESSAGES = { most: 50, everyMs: 10_000 };
/** Who is refused has this long to read why. */
const FAREWELL_MS = 1000;

/** Close codes of RFC 6455 and its registry. */
export const CloseCode = { tooManyMessages: 1008, full: 1013 } as const;

/** The live socket: who watches what, and a tick that sends what changed. */
export class LiveHub {
  private readonly topics = new Map<string, Topic>();
  private readonly subscribers = new Map<WebSocket, Subscriber>();
  /** what each watches, by topic name */
  private readonly watched = new WeakMap<Subscriber, Map<string, Topic>>();
  private readonly sockets: WebSocketServer;
  private readonly timers: NodeJS.Timeout[] = [];
  private readonly options: HubOptions;
  /** clients that were ever let in */
  admitted = 0;

  constructor(options: HubOptions) {
    this.options = options;
    this.sockets = new WebSocketServer({
      noServer: true,
      maxPayload: MAX_MESSAGE_BYTES,
      perMessageDeflate: false,
    });
    options.server.on('upgrade', (request, socket, head) => {
      if (request.url?.split('?')[0] !== options.path) return socket.destroy();
      if (!options.admits(request.headers)) {
        options.refused.count('foreignOrigin');
        return socket.destroy();
      }
      this.sockets.handleUpgrade(request, socket, head, (accepted) => this.accept(accepted));
    });
    this.timers.push(setInterval(() => this.tick(), options.tickMs));
    this.timers.push(setInterval(() => this.ping(), PING_MS));
  }

  get clients(): number {
    return this.subscribers.size;
  }

  notifyAll(notice: LiveNotice): void {
    for (const subscriber of this.subscribers.values()) subscriber.notify(notice);
  }

  close(): void {
    for (const timer of this.timers) clearInterval(timer);
    for (const socket of this.subscribers.keys()) socket.terminate();
    this.sockets.close();
  }

  private accept(socket: WebSocket): void {
    socket.on('error', () => socket.terminate());
    if (this.subscribers.size >= this.options.maxClients) return this.refuse(socket);
    const subscriber = new Subscriber(socket, this.options.now, () =>
      this.options.refused.count('liveTooSlow'),
    );
    this.admitted++;
    this.subscribers.set(socket, subscriber);
    this.watched.set(subscriber, new Map());
    subscriber.notify(this.options.hello());
    let alive = true;
    socket.on('pong', () => {
      alive = true;
    });
    const talk = { said: 0, since: this.options.now() };
    socket.on('message', (data, binary) => {
      if (this.talksTooMuch(talk)) return this.hush(socket);
      if (!binary) this.watch(subscriber, String(data));
    });
    socket.on('close', () => {
      for (const name of [...this.topicsOf(subscriber).keys()]) this.leave(subscriber, name);
      this.subscribers.delete(socket);
    });
    this.checks.set(socket, () => {
      if (!alive) return subscriber.drop();
      alive = false;
      socket.ping();
    });
  }

  private refuse(socket: WebSocket): void {
    this.options.refused.count('liveClientsFull');
    this.end(socket, CloseCode.full, 'too many clients, try again later');
  }

  private talksTooMuch(talk: { said: number; since: number }): boolean {
    const now = this.options.now();
    if (now - talk.since >= MESSAGES.everyMs) Object.assign(talk, { said: 0, since: now });
    return ++talk.said > MESSAGES.most;
  }

  private hush(socket: WebSocket): void {
    if (socket.readyState !== socket.OPEN) return;
    this.options.refused.count('liveTooManyMessages');
    this.end(socket, CloseCode.tooManyMessages, 'too many messages');
  }

  /** Says why, and waits only so long for a peer that does not listen. */
  private end(socket: WebSocket, code: number, reason: string): void {
    socket.close(code, reason);
    setTimeout(() => socket.terminate(), FAREWELL_MS).unref();
  }

  private readonly checks = new WeakMap<WebSocket, () => void>();

  private ping(): void {
    for (const socket of this.subscribers.keys()) this.checks.get(socket)?.();
  }

  private watch(subscriber: Subscriber, text: string): void {
    let wanted: string[];
    try {
      wanted = watchMessage.parse(JSON.parse(text)).watch;
    } catch (error) {
      return subscriber.notify({ notice: 'bad-message', reason: (error as Error).message.slice(0, 300) });
    }
    for (const name of [...this.topicsOf(subscriber).keys()])
      if (!wanted.includes(name)) this.leave(subscriber, name);
    for (const name of wanted) if (!this.topicsOf(subscriber).has(name)) this.join(subscriber, name);
  }

  private join(subscriber: Subscriber, name: string): void {
    let topic = this.topics.get(name);
    if (!topic) {
      const source = this.options.source(name);
      if (!source) return subscriber.notify({ notice: 'unknown-topic', topic: name });
      topic = new Topic(source);
      this.topics.set(name, topic);
    }
    topic.join(subscriber);
    this.topicsOf(subscriber).set(name, topic);
  }

  private leave(subscriber: Subscriber, name: string): void {
    const topic = this.topicsOf(subscriber).get(name);
    this.topicsOf(subscriber).delete(name);
    topic?.leave(subscriber);
    if (topic?.subscribers.size === 0) this.topics.delete(name);
  }

  private topicsOf(subscriber: Subscriber): Map<string, Topic> {
    return this.watched.get(subscriber)!;
  }

  private tick(): void {
    const now = this.options.now();
    for (const topic of this.topics.values()) topic.tick(now);
  }
}
