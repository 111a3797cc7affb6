import { setTimeout as pause } from 'node:timers/promises';
import { lasting, type Outage, type World } from '../outage.ts';

const unable = ({ disks }: World) =>
  disks ? undefined : 'a small disk can only be mounted by root on Linux';

/** No byte is free where the database lives. A PostgreSQL that gave up is started again, as its system would. */
export const databaseDiskFull: Outage = {
  row: 'database-disk-full',
  unable,
  async run(world) {
    const full = lasting(world, { long: 120, short: 5 });
    const disk = world.disks!.database;
    world.live.expect((code) => world.stations.includes(code));
    await disk.fill();
    for (let left = full; left > 0; left -= 1000) {
      // what is freed by a database that is in trouble is filled again
      await pause(1000);
      await disk.fill();
    }
    disk.free();
    const stopped = world.postgres !== undefined && !world.postgres.running();
    if (stopped) world.postgres!.start();
    return {
      fullS: full / 1000,
      databaseStopped: stopped ? 'yes' : 'no',
      liveWorstAgeWhileFullS: world.live.take().worst,
    };
  },
};

/** No byte is free where the gateways keep their queue: what cannot be synced is not produced, but still shown live. */
export const queueDiskFull: Outage = {
  row: 'queue-disk-full',
  unable,
  async run(world) {
    const full = lasting(world, { long: 120, short: 5 });
    const disk = world.disks!.queue;
    world.live.expect((code) => world.stations.includes(code));
    await disk.fill();
    for (let left = full; left > 0; left -= 1000) {
      await pause(1000);
      await disk.fill();
    }
    disk.free();
    return {
      fullS: full / 1000,
      droppedUnsent: world.house.counters().droppedUnsent ?? 0,
      liveWorstAgeWhileFullS: world.live.take().worst,
    };
  },
};
