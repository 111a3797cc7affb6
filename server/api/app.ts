import { existsSync } from 'node:fs';
import { join } from 'node:path';
import express, { type ErrorRequestHandler, type Express } from 'express';
import type { RefusalLog } from '../refusals.ts';
import { contentPolicy } from './contentPolicy.ts';
import { type Endpoint, HttpError, mount, openApi } from './route.ts';
import { isSameOrigin } from './sameOrigin.ts';

export interface AppOptions {
  /** we listen on this machine's own address */
  local: boolean;
  refused: RefusalLog;
  tileSource: string | null;
  endpoints: readonly Endpoint[];
  /** folder of the built client; absent while only the API is served */
  clientDir: string | undefined;
  /** null while the process is fit for work, else the reason it is not */
  ready: () => string | null;
  metrics: () => Promise<{ type: string; text: string }>;
  onError: (error: Error, path: string) => void;
}

/** The HTTP application: API, health, metrics, and the built client for every other path. */
export function createApp(options: AppOptions): Express {
  const app = express();
  app.disable('x-powered-by');
  const policy = contentPolicy(options.tileSource);
  app.use((request, response, next) => {
    if (!isSameOrigin(request.headers, options.local)) {
      options.refused.count('foreignOrigin');
      response.status(403).json({ error: 'this server answers its own page only' });
      return;
    }
    response.set('X-Content-Type-Options', 'nosniff');
    response.set('Referrer-Policy', 'same-origin');
    response.set('Content-Security-Policy', policy);
    next();
  });
  app.use(express.json({ limit: '1mb' }));
  app.get('/healthz', (_request, response) => void response.json({ alive: true }));
  app.get('/readyz', (_request, response) => {
    const reason = options.ready();
    response.status(reason ? 503 : 200).json(reason ? { ready: false, reason } : { ready: true });
  });
  app.get('/metrics', async (_request, response) => {
    const { type, text } = await options.metrics();
    response.type(type).send(text);
  });
  const document = openApi(options.endpoints);
  app.get('/api/openapi.json', (_request, response) => void response.json(document));
  mount(app, options.endpoints);
  app.use(['/api', '/tiles'], () => {
    throw new HttpError(404, 'there is nothing at this address');
  });
  if (options.clientDir && existsSync(options.clientDir)) serveClient(app, options.clientDir);
  app.use(onError(options));
  return app;
}

/** Hashed assets may be kept for ever; the page itself is asked for again each time. */
function serveClient(app: Express, dir: string): void {
  app.use(
    '/assets',
    express.static(join(dir, 'assets'), { immutable: true, maxAge: '1y', fallthrough: false }),
  );
  app.use(express.static(dir, { index: false, maxAge: 0 }));
  app.use((request, response, next) => {
    if (request.method !== 'GET' || !request.accepts('html')) return next();
    response.set('Cache-Control', 'no-cache').sendFile(join(dir, 'index.html'));
  });
}

const onError =
  ({ onError: report, refused }: AppOptions): ErrorRequestHandler =>
  (error: Error & Partial<Pick<HttpError, 'status' | 'details' | 'issues'>>, request, response, next) => {
    if (response.headersSent) return next(error);
    const status =
      typeof error.status === 'number' && error.status >= 400 && error.status < 600 ? error.status : 500;
    if (status === 413) refused.count('httpBodyTooLarge');
    if (status >= 500) report(error, request.path);
    const body = { error: status >= 500 ? 'the server could not answer; see its log' : error.message };
    // what is not there is left out
    response.status(status).json({ ...body, details: error.details, issues: error.issues });
  };
