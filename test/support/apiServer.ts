import { createServer } from 'node:http';
import { type AppOptions, createApp } from '#server/api/app.ts';
import { RefusalLog } from '#server/refusals.ts';

/** Endpoints over real HTTP. */
export interface ApiServer {
  /** without a slash at its end */
  url: string;
  get(path: string): Promise<unknown>;
  send(method: string, path: string, body: unknown): Promise<Response>;
  close(): void;
}

/** Serves endpoints on 127.0.0.1; `options` are of the app, where it is to be other than healthy and mute. */
export async function serveApi(
  endpoints: AppOptions['endpoints'],
  options: Partial<AppOptions> = {},
): Promise<ApiServer> {
  const server = createServer(
    createApp({
      refused: new RefusalLog(),
      tileSource: null,
      endpoints,
      local: true,
      clientDir: undefined,
      ready: () => null,
      metrics: async () => ({ type: 'text/plain', text: '' }),
      onError: () => undefined,
      ...options,
    }),
  );
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const url = `http://127.0.0.1:${(server.address() as { port: number }).port}`;
  return {
    url,
    get: async (path) => (await fetch(url + path)).json(),
    send: (method, path, body) =>
      fetch(url + path, {
        method,
        body: JSON.stringify(body),
        headers: { 'content-type': 'application/json' },
      }),
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
