import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';

/** A request as a robot got it. */
export interface Received {
  path: string;
  query: URLSearchParams;
  headers: IncomingMessage['headers'];
  // biome-ignore lint/suspicious/noExplicitAny: whatever was sent
  body: any;
}

type Answer = (response: ServerResponse, received: Received) => void;

export const OK: Answer = (response) => response.end('{"errcode":0,"errmsg":"ok"}');
/** takes the request and never answers */
export const HANGS: Answer = () => undefined;
export const says =
  (status: number, text: string): Answer =>
  (response) =>
    response.writeHead(status).end(text);

/** A real HTTP server that plays a robot: it remembers what it got and answers as it is told. */
export class Robot {
  readonly received: Received[] = [];
  answer: Answer = OK;
  private readonly server = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const url = new URL(request.url ?? '/', 'http://robot');
    const received: Received = {
      path: url.pathname,
      query: url.searchParams,
      headers: request.headers,
      body: JSON.parse(Buffer.concat(parts).toString()),
    };
    this.received.push(received);
    this.answer(response, received);
  });

  async start(port = 0): Promise<this> {
    await new Promise<void>((done) => this.server.listen(port, '127.0.0.1', done));
    return this;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  url(path: string): string {
    return `http://127.0.0.1:${this.port}${path}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((done) => this.server.close(done));
  }
}

/** A real SMTP server that takes mail of one user, or says why not. */
export class MailServer {
  readonly mails: string[] = [];
  refuse: { code: number; words: string } | null = null;
  /** addresses for which nothing is taken */
  unknown = new Set<string>();
  private readonly server: SMTPServer;

  constructor(user: string, password: string) {
    this.server = new SMTPServer({
      disabledCommands: ['STARTTLS'],
      authMethods: ['PLAIN', 'LOGIN'],
      allowInsecureAuth: true,
      onAuth: (auth, _session, done) => {
        if (auth.username === user && auth.password === password) return done(null, { user });
        done(Object.assign(new Error(`no login with ${auth.password}`), { responseCode: 535 }));
      },
      onRcptTo: ({ address }, _session, done) =>
        this.unknown.has(address)
          ? done(Object.assign(new Error(`no mailbox ${address}`), { responseCode: 550 }))
          : done(),
      onData: (stream, _session, done) => {
        const parts: Buffer[] = [];
        stream.on('data', (part: Buffer) => parts.push(part));
        stream.on('end', () => {
          const { refuse } = this;
          if (refuse) return done(Object.assign(new Error(refuse.words), { responseCode: refuse.code }));
          this.mails.push(Buffer.concat(parts).toString());
          done();
        });
      },
    });
    // clients that are cut off in the middle are part of the test
    this.server.on('error', () => undefined);
  }

  async start(): Promise<this> {
    await new Promise<void>((done) => this.server.listen(0, '127.0.0.1', done));
    return this;
  }

  get port(): number {
    return (this.server.server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    await new Promise<void>((done) => this.server.close(done));
  }
}
