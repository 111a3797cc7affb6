import type { RequestListener, Server } from 'node:http';
import { type EmbeddedBroker, startBroker } from './broker/embedded.ts';
import type { RefusalLog } from './refusals.ts';
import type { Settings } from './settings.ts';

/** The broker inside this process, unless one is given. Rejects with one sentence when its port is taken. */
export async function openBroker(
  settings: Settings,
  refused: RefusalLog,
): Promise<EmbeddedBroker | undefined> {
  if (settings.mqttUrl) return undefined;
  try {
    return await startBroker(settings.mqttPort, { refused });
  } catch (error) {
    throw portError(error, settings.mqttPort, 'MQTT_PORT', 'the embedded broker');
  }
}

/** Answers whoever asks while the server is still starting. */
export const stillStarting: RequestListener = (_request, response) => {
  response.writeHead(503, { 'Content-Type': 'application/json', 'Retry-After': '2' });
  response.end(JSON.stringify({ error: 'the server is starting' }));
};

/** Resolves with the port it listens on. Rejects with one sentence when it is taken. */
export function listen(http: Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    http.once('error', (error) => reject(portError(error, port, 'PORT', 'the web server')));
    http.listen(port, host, () => resolve((http.address() as { port: number }).port));
  });
}

function portError(error: unknown, port: number, variable: string, who: string): Error {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code !== 'EADDRINUSE') return new Error(`${who} cannot listen: ${message}`);
  return new Error(
    `port ${port} is taken, so ${who} cannot listen: end what uses it or set ${variable} to another`,
  );
}
