import { setTimeout as pause } from 'node:timers/promises';
import type { Outage } from '../outage.ts';

const TIMES = { long: 20, short: 2 };
/** Between the server's return and the next kill, ms. */
const APART = { long: [1000, 30_000], short: [500, 2000] } as const;

/** The server is killed with -9 at random moments while values come in, also while it starts. */
export const serverKilled: Outage = {
  row: 'server-killed',
  async run({ form, house, random }) {
    const times = TIMES[form];
    for (let i = 0; i < times; i++) {
      const [least, most] = APART[form];
      await pause(random.between(least, most));
      const pid = house.server.pid()!;
      process.kill(pid, 'SIGKILL');
      while (house.server.pid() === pid) await pause(50);
    }
    return { killed: times };
  },
};
