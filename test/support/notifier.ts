import { openDatabase } from '#server/database/database.ts';
import { Notifier } from '#test/server/notification/aNotifier.ts';

/**
 * A server's alarms and notifications as a process of its own, for tests that kill it: a room with low inlet pressure,
 * a WeCom-like webhook at `url`, the database at `databaseUrl`. Says `ready` and then a line per message settled.
 */
const [databaseUrl, url] = process.argv.slice(2) as [string, string];
const database = await openDatabase({ url: databaseUrl, dataDir: '' });
const one = await Notifier.start({
  database,
  now: Date.now,
  book: {
    channels: { hook: { kind: 'webhook', url } },
    routes: [{ id: 'all', tell: ['hook'], repeat: { every: '1 h' } }],
  },
});
process.stdout.write('ready\n');
setInterval(() => {
  one.hear({ P_IN: 0.1 });
  one.desk.look().catch(() => undefined);
  one.notifications.turn();
}, 100);
