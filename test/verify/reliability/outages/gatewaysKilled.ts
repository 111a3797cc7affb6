import { setTimeout as pause } from 'node:timers/promises';
import type { Outage } from '../outage.ts';

const TIMES = { long: 10, short: 2 };
const APART = { long: [1000, 30_000], short: [500, 2000] } as const;

/** All gateways are killed with -9 at random moments. */
export const gatewaysKilled: Outage = {
  row: 'gateways-killed',
  async run({ form, house, random }) {
    const times = TIMES[form];
    for (let i = 0; i < times; i++) {
      const [least, most] = APART[form];
      await pause(random.between(least, most));
      const pid = house.edge().pid()!;
      process.kill(pid, 'SIGKILL');
      while (house.edge().pid() === pid) await pause(50);
    }
    return { killed: times };
  },
};
