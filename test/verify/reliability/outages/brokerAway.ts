import { setTimeout as pause } from 'node:timers/promises';
import { lasting, type Outage } from '../outage.ts';

/** The broker is stopped; the embedded one, inside the server, cannot be reached by any gateway. */
export const brokerAway: Outage = {
  row: 'broker-away',
  async run(world) {
    const { mosquitto, network } = world;
    const away = lasting(world, { long: 600, short: 5 });
    if (mosquitto) await mosquitto.stop();
    else network.set('cut');
    await pause(away);
    if (mosquitto) await mosquitto.start();
    network.set('open');
    return { awayS: away / 1000 };
  },
};
