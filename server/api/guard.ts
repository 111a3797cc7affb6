import { createServer, type RequestListener, type Server } from 'node:http';
import type { Refusal } from '#twin/wire/api.ts';
import type { RefusalLog } from '../refusals.ts';
import { keepPlaces } from './places.ts';

/** How patient the web server is with whoever connects. */
export interface Patience {
  /** a request's headers must be there in this time, ms */
  headersMs: number;
  /** the whole request, ms */
  requestMs: number;
  /** a connection on which nothing moves is ended, ms; live sockets have their own pings */
  idleMs: number;
  /** live sockets and all others; above that a newcomer takes the place of the slowest */
  connections: number;
}

const PATIENCE: Patience = { headersMs: 10_000, requestMs: 30_000, idleMs: 60_000, connections: 4000 };
const HEADER_BYTES = 16 * 1024;
const CHECK_MS = 1000;

const REASONS: Record<string, [refusal: Refusal, status: string]> = {
  ERR_HTTP_REQUEST_TIMEOUT: ['httpTooSlow', '408 Request Timeout'],
  HPE_HEADER_OVERFLOW: ['httpHeaderTooLarge', '431 Request Header Fields Too Large'],
};

/** A web server that neither slow nor endless requests can hold up; what it turns away is counted. */
export function guardedServer(
  listener: RequestListener,
  refused: RefusalLog,
  given: Partial<Patience> = {},
): Server {
  const patience = { ...PATIENCE, ...given };
  const server = createServer(
    {
      headersTimeout: patience.headersMs,
      requestTimeout: patience.requestMs,
      connectionsCheckingInterval: Math.min(CHECK_MS, patience.headersMs / 4),
      maxHeaderSize: HEADER_BYTES,
    },
    listener,
  );
  server.setTimeout(patience.idleMs);
  keepPlaces(server, {
    most: patience.connections,
    answerMs: patience.headersMs,
    now: () => performance.now(),
    full: () => refused.count('httpConnectionsFull'),
  });
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    // a peer that has gone is nobody's fault
    if (error.code === 'ECONNRESET' || !socket.writable) return socket.destroy();
    const [refusal, status] = REASONS[error.code ?? ''] ?? ['httpMalformed', '400 Bad Request'];
    refused.count(refusal);
    socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\n\r\n`, () => socket.destroy());
  });
  return server;
}
