import { setTimeout as pause } from 'node:timers/promises';
import { lasting, type Outage } from '../outage.ts';

/** Everything is ended in order and started again, one after the other, as for an update. */
export const rollingRestart: Outage = {
  row: 'rolling-restart',
  async run(world) {
    const { house, mosquitto, postgres } = world;
    const apart = lasting(world, { long: 30, short: 1 });
    if (postgres) {
      postgres.stop();
      postgres.start();
      await pause(apart);
    }
    if (mosquitto) {
      await mosquitto.stop();
      await mosquitto.start();
      await pause(apart);
    }
    const server = house.server.pid()!;
    process.kill(server, 'SIGTERM');
    while (house.server.pid() === server) await pause(50);
    await pause(apart);
    await house.restartGateways([]);
    await pause(apart);
    return {};
  },
};
