import { setTimeout as pause } from 'node:timers/promises';
import { recordAll } from '#test/support/broker.ts';
import { stateTopic } from '#twin/wire/sparkplug/topics.ts';
import { lasting, type Outage } from '../outage.ts';

/** Of two seconds the server has so little, ms: enough to answer a broker's pings, by far too little to take in what comes. */
const GIVEN = { stopped: 1950, runs: 50 };

/** The machine gives the server nearly nothing for minutes: what the broker has for it grows. */
export const serverStarved: Outage = {
  row: 'server-starved',
  async run(world) {
    const { house } = world;
    const recorder = await recordAll(house.mqttUrl, stateTopic('+'));
    const pid = house.server.pid()!;
    const until = Date.now() + lasting(world, { long: 300, short: 6 });
    try {
      while (Date.now() < until) {
        process.kill(pid, 'SIGSTOP');
        await pause(GIVEN.stopped);
        process.kill(pid, 'SIGCONT');
        await pause(GIVEN.runs);
      }
    } finally {
      process.kill(pid, 'SIGCONT');
    }
    await world.allLive();
    const states = recorder.heard.map(
      ({ payload }) => (JSON.parse(payload.toString()) as { online: boolean }).online,
    );
    await recorder.close();
    return { wentOffline: states.filter((online) => !online).length };
  },
};
