import { createServer, type Server, type Socket } from 'node:net';
import { Aedes } from 'aedes';
import { RefusalLog } from '../refusals.ts';
import { boundKeeping, type Keeper } from './keeping.ts';
import { KEPT, type Kept, LARGEST_MESSAGE_BYTES, MOST_CONNECTIONS } from './limits.ts';
import { PacketGuard } from './packetGuard.ts';

/** The broker inside the server process, for one machine: MQTT 3.1.1 on 127.0.0.1, no credentials. */
export interface EmbeddedBroker {
  url: string;
  port: number;
  close(): Promise<void>;
}

export interface BrokerOptions {
  refused?: RefusalLog;
  mostConnections?: number;
  kept?: Kept;
}

/** A topic and the packet's own fields beside the payload. */
const HEADER_BYTES = 64 * 1024;

/** Rejects with the port's error (`EADDRINUSE`) when it is taken. Port 0 chooses a free one. */
export async function startBroker(
  port: number,
  { refused = new RefusalLog(), mostConnections = MOST_CONNECTIONS, kept = KEPT }: BrokerOptions = {},
): Promise<EmbeddedBroker> {
  // no limit on what is under way: beyond one all wait for whoever reads slowest, then are let go by recursion, of which some
  // 3,000 are too many (mqemitter 7.1, its pull request 204). Whoever reads nothing for a minute is cut off (`drainTimeout`)
  const aedes = await Aedes.createBroker({ concurrency: 0, queueLimit: 100_000 });
  const { persistence, clients } = aedes as unknown as {
    persistence: Keeper;
    clients: Record<string, object>;
  };
  boundKeeping(persistence, (id) => Object.hasOwn(clients, id), refused, kept);
  const sockets = new Set<Socket>();
  const server: Server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    aedes.handle(socket);
    // aedes reads on 'readable'; whoever listens to 'data' after it sees the same bytes just before it parses them
    const guard = new PacketGuard(LARGEST_MESSAGE_BYTES + HEADER_BYTES);
    socket.on('data', (bytes) => {
      if (socket.destroyed || guard.sees(bytes)) return;
      refused.count('mqttPacketTooLarge');
      socket.destroy();
    });
  });
  server.maxConnections = mostConnections;
  server.on('drop', () => refused.count('mqttConnectionsFull'));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', 4096, resolve);
  });
  const bound = (server.address() as { port: number }).port;
  return {
    url: `mqtt://127.0.0.1:${bound}`,
    port: bound,
    close: () =>
      new Promise((done) => {
        aedes.close(() => {
          server.close(() => done());
          // whoever connected and never said who it is
          for (const socket of sockets) socket.destroy();
        });
      }),
  };
}
