import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { lasting, type Outage, type World } from '../outage.ts';

/** PostgreSQL first hangs and then is gone, as a crash leaves it; the embedded database hangs and is killed. */
export const databaseAway: Outage = {
  row: 'database-away',
  async run(world) {
    const away = lasting(world, { long: 300, short: 5 });
    const { postgres } = world;
    world.live.expect((code) => world.stations.includes(code));
    if (postgres) {
      postgres.freeze();
      await pause(away / 3);
      postgres.thaw();
      postgres.stop('immediate');
      await pause((2 * away) / 3);
      postgres.start();
    } else {
      const pid = embeddedPid(world);
      process.kill(pid, 'SIGSTOP');
      await pause(away);
      process.kill(embeddedPid(world), 'SIGKILL');
    }
    return { awayS: away / 1000, liveWorstAgeWhileAwayS: world.live.take().worst };
  },
};

/** The embedded database's process says its number in its lock. */
function embeddedPid({ house }: World): number {
  return (JSON.parse(readFileSync(join(house.dataDir, 'database.lock'), 'utf8')) as { pid: number }).pid;
}
