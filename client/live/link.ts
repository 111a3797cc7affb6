import { type LiveNotice, liveNotice } from '#twin/wire/live.ts';
import { backoff } from './backoff.ts';

/** What the link needs of a WebSocket; tests give a fake one. */
export interface LiveSocket {
  binaryType: string;
  onopen: (() => void) | null;
  onclose: (() => void) | null;
  onmessage: ((event: { data: unknown }) => void) | null;
  send(text: string): void;
  close(): void;
}

export interface LinkPorts {
  open(): LiveSocket;
  /** Resolves true when the server answers a small request; must settle within `PROBE_LIMIT`. */
  probe(): Promise<boolean>;
  now(): number;
  random(): number;
  setTimer(run: () => void, ms: number): () => void;
}

export type LinkState =
  | { phase: 'connecting' }
  | { phase: 'open' }
  | { phase: 'lost'; since: number; retryAt: number; attempt: number };

export interface LinkEvents {
  state(state: LinkState): void;
  sheet(bytes: Uint8Array): void;
  notice(notice: LiveNotice): void;
}

/** Silence after which the server is asked whether it is still there, ms. */
export const SILENCE_LIMIT = 1500;
/** How long that answer may take, ms. Together they keep "lost" under three seconds. */
export const PROBE_LIMIT = 1200;
/** A server that answers but sends nothing for so long has forgotten this socket, ms. */
export const FORGOTTEN_LIMIT = 12_000;

const WATCH_EVERY = 250;

export interface Link {
  /** Replaces what is watched; sent again after every reconnection. */
  watch(topics: readonly string[]): void;
  retryNow(): void;
  close(): void;
}

/**
 * Keeps one live socket open: notices a broken link within three seconds even when nothing says so, comes back
 * by itself, and asks again for what was watched (the server then answers with whole snapshots).
 */
export function openLink(ports: LinkPorts, events: LinkEvents): Link {
  let socket: LiveSocket | null = null;
  let watched: readonly string[] = [];
  let opened = false;
  let heard = false;
  let closed = false;
  let attempt = 0;
  let lostSince = 0;
  let lastHeard = 0;
  let stopRetry = () => {};
  let stopWatchdog = () => {};

  const connect = () => {
    stopRetry();
    if (attempt === 0) events.state({ phase: 'connecting' });
    const own = ports.open();
    socket = own;
    own.binaryType = 'arraybuffer';
    own.onopen = () => {
      if (own !== socket) return;
      opened = true;
      lastHeard = ports.now();
      sendWatch();
      watchdog(own);
    };
    own.onmessage = ({ data }) => {
      if (own !== socket) return;
      lastHeard = ports.now();
      if (!heard) settle();
      if (data instanceof ArrayBuffer) take(new Uint8Array(data));
      else if (typeof data === 'string') note(data);
    };
    own.onclose = () => own === socket && lose();
    // an opening that neither succeeds nor fails is a failure
    stopWatchdog();
    stopWatchdog = ports.setTimer(() => own === socket && !opened && lose(), 5000);
  };

  // an open socket that says nothing proves nothing: only its first message ends the loss
  const settle = () => {
    heard = true;
    lostSince = 0;
    events.state({ phase: 'open' });
  };

  const take = (bytes: Uint8Array) => {
    try {
      events.sheet(bytes);
      attempt = 0;
    } catch {
      // a sheet that cannot be read means both ends disagree: begin again from a snapshot, ever more slowly
      lose();
    }
  };

  const note = (text: string) => {
    const parsed = liveNotice.safeParse(parseJson(text));
    if (parsed.success) events.notice(parsed.data);
  };

  const watchdog = (own: LiveSocket, due = ports.now()) => {
    stopWatchdog();
    const again = (wait = WATCH_EVERY) => {
      const next = ports.now() + wait;
      stopWatchdog = ports.setTimer(() => own === socket && watchdog(own, next), wait);
    };
    // a page that was busy has not listened: what came meanwhile is still waiting to be taken
    if (ports.now() - due > WATCH_EVERY) return again();
    const silence = ports.now() - lastHeard;
    if (silence < SILENCE_LIMIT || (heard && watched.length === 0)) {
      return again();
    }
    if (silence > FORGOTTEN_LIMIT) return lose();
    const asked = ports.now();
    let settled = false;
    const judge = (alive: boolean) => {
      if (settled || own !== socket) return;
      settled = true;
      stopWatchdog();
      if (!alive && lastHeard < asked) return lose();
      again(SILENCE_LIMIT);
    };
    stopWatchdog = ports.setTimer(() => judge(false), PROBE_LIMIT);
    ports.probe().then(judge, () => judge(false));
  };

  const lose = () => {
    const old = socket;
    socket = null;
    opened = false;
    heard = false;
    stopWatchdog();
    old?.close();
    if (closed) return;
    if (lostSince === 0) lostSince = ports.now();
    const wait = backoff(attempt++, ports.random);
    events.state({ phase: 'lost', since: lostSince, retryAt: ports.now() + wait, attempt });
    stopRetry = ports.setTimer(connect, wait);
  };

  const sendWatch = () => {
    if (socket && opened) socket.send(JSON.stringify({ watch: watched }));
  };

  connect();
  return {
    watch(topics) {
      if (topics.length === watched.length && topics.every((topic, i) => topic === watched[i])) return;
      watched = [...topics];
      sendWatch();
    },
    retryNow() {
      if (!socket) connect();
    },
    close() {
      closed = true;
      stopRetry();
      lose();
    },
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
