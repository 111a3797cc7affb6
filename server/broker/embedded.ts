import { createServer, type Server, type Socket } from 'node:net';
import { Aedes } from 'aedes';

/** The broker inside the server process, for one machine: MQTT 3.1.1 on 127.0.0.1, no credentials. */
export interface EmbeddedBroker {
  url: string;
  port: number;
  close(): Promise<void>;
}

/** Rejects with the port's error (`EADDRINUSE`) when it is taken. Port 0 chooses a free one. */
export async function startBroker(port: number): Promise<EmbeddedBroker> {
  const aedes = await Aedes.createBroker({ concurrency: 100, queueLimit: 100_000 });
  const sockets = new Set<Socket>();
  const server: Server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    aedes.handle(socket);
  });
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
