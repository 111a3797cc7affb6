import { setTimeout as pause } from 'node:timers/promises';
import { clientIdOf } from '#edge/node/session.ts';
import { GROUP } from '#test/support/house.ts';
import { lasting, type Outage } from '../outage.ts';

const WEATHER = { delayMs: 400, dropShare: 0.01, doubleShare: 0.01 };

/**
 * A network that delays everything, loses and doubles publications, breaks connections, and leaves every tenth
 * station half open: nothing passes, and nobody is told.
 */
export const badNetwork: Outage = {
  row: 'bad-network',
  async run(world) {
    const { network, stations } = world;
    const before = { ...network.counters };
    const end = Date.now() + lasting(world, { long: 600, short: 6 });
    network.weather = WEATHER;
    const halfOpen = stations.filter((_, i) => i % 10 === 0).map((code) => clientIdOf(GROUP, code));
    network.set('silent', halfOpen);
    while (Date.now() < end) {
      await pause(2000);
      network.breakSome(0.05);
    }
    network.clear();
    network.set('open');
    return {
      delayMs: WEATHER.delayMs,
      dropped: network.counters.dropped - before.dropped,
      doubled: network.counters.doubled - before.doubled,
      cuts: network.counters.cuts - before.cuts,
      halfOpen: halfOpen.length,
    };
  },
};
