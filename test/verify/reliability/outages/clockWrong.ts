import { setTimeout as pause } from 'node:timers/promises';
import { DAY } from '#twin/units.ts';
import { lasting, type Outage } from '../outage.ts';

/** The gateways' clock is a day behind, then right, then a day ahead, then right again. */
export const clockWrong: Outage = {
  row: 'clock-wrong',
  async run(world) {
    const wrong = lasting(world, { long: 120, short: 4 });
    for (const offset of [-DAY, DAY]) {
      await world.house.restartGateways(['--clock-offset', String(offset)]);
      await pause(wrong);
      await world.house.restartGateways([]);
      await world.allLive();
    }
    const { faults } = await world.house.health();
    return {
      wrongS: (2 * wrong) / 1000,
      clockOffsets: faults.clockOffset ?? 0,
      futureTimes: faults.futureTime ?? 0,
    };
  },
};
