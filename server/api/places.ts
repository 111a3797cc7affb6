import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

export interface PlacesOptions {
  /** live sockets and all others */
  most: number;
  /** an answer that is under way longer than this no longer keeps its place, ms */
  answerMs: number;
  now: () => number;
  /** told of each connection that lost its place or got none */
  full: () => void;
}

/**
 * The places of a web server. When all are taken a newcomer gets that of the connection that has asked for nothing for
 * longest, or has not come to the end of its question; then that of an answer which is not read. Whoever asks at once
 * is so answered, however many hold on to their connection.
 */
export function keepPlaces(server: Server, { most, answerMs, now, full }: PlacesOptions): void {
  /** in the order in which they began */
  const asking = new Set<Socket>();
  const answered = new Map<Socket, number>();
  const holding = new Set<Socket>();

  const slowest = (newcomer: Socket): Socket | undefined => {
    for (const socket of asking) if (socket !== newcomer) return socket;
    const [oldest] = answered;
    return oldest && now() - oldest[1] > answerMs ? oldest[0] : undefined;
  };
  server.on('connection', (socket: Socket) => {
    holding.add(socket);
    asking.add(socket);
    socket.once('close', () => free(socket));
    if (holding.size <= most) return;
    full();
    const loser = slowest(socket) ?? socket;
    free(loser);
    loser.destroy();
  });
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    const { socket } = request;
    const asked = () => {
      if (!asking.delete(socket)) return;
      answered.set(socket, now());
    };
    if (hasBody(request)) request.once('end', asked);
    else asked();
    response.once('finish', () => {
      leave(socket);
      if (holding.has(socket)) asking.add(socket);
    });
  });
  // a live socket keeps its place; it has its own limits
  server.on('upgrade', ({ socket }: IncomingMessage) => {
    leave(socket);
    // who listens to upgrades has to answer them, also while there is nobody yet who could
    if (server.listenerCount('upgrade') === 1)
      socket.end('HTTP/1.1 503 Service Unavailable\r\nRetry-After: 2\r\nConnection: close\r\n\r\n');
  });

  function free(socket: Socket): void {
    holding.delete(socket);
    leave(socket);
  }

  function leave(socket: Socket): void {
    asking.delete(socket);
    answered.delete(socket);
  }
}

const hasBody = ({ headers }: IncomingMessage): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
