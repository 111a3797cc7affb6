import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { postgis } from '@electric-sql/pglite-postgis';
import { PGLiteSocketServer } from '@electric-sql/pglite-socket';
import { type EmbeddedMessage, SOCKET_NAME } from '#server/database/embedded.ts';
import { inheritLock } from './inherit.ts';

/**
 * The embedded database: node --import tsx bin/database.ts DATA_DIR SOCKET_DIR, started by the server with a
 * channel to it. It serves one session on a socket and ends when the channel closes, that is, when its
 * parent ends.
 */

process.on('disconnect', () => process.exit(0));
// a parent that was killed while this file was being read is not heard of any more
if (!process.connected) process.exit(0);
// the parent decides when to end; a Ctrl-C in the terminal reaches both
process.on('SIGINT', () => {});
process.on('SIGTERM', () => process.exit(0));

main().catch((error: unknown) => {
  say({ type: 'failed', reason: error instanceof Error ? error.message : String(error) });
  process.exit(1);
});

async function main(): Promise<void> {
  const [folder, sockets] = process.argv.slice(2);
  if (!folder || !sockets) throw new Error('usage: database DATA_DIR SOCKET_DIR');
  process.on('exit', await inheritLock(join(folder, 'database.lock'), folder));

  const files = join(folder, 'pg');
  const complete = join(folder, 'pg.complete');
  // one that was interrupted while being created cannot be used
  if (!existsSync(complete)) rmSync(files, { recursive: true, force: true });
  say({ type: 'step', step: existsSync(complete) ? 'starting' : 'creating' });
  const database = await PGlite.create({ dataDir: files, extensions: { postgis } });
  writeFileSync(complete, '');

  const socket = join(sockets, SOCKET_NAME);
  rmSync(socket, { force: true });
  process.on('exit', () => rmSync(socket, { force: true }));
  await new PGLiteSocketServer({ db: database, path: socket, maxConnections: 1 }).start();
  say({ type: 'ready' });
}

function say(message: EmbeddedMessage): void {
  if (process.connected) process.send?.(message);
}
