import { setTimeout as pause } from 'node:timers/promises';
import type { z } from 'zod';
import { clientIdOf } from '#edge/node/session.ts';
import { GROUP } from '#test/support/house.ts';
import { until } from '#test/support/until.ts';
import type { alarmHistory } from '#twin/wire/alarms.ts';
import type { DataHealth } from '#twin/wire/api.ts';
import { lasting, type Outage } from '../outage.ts';
import { StateWatch } from '../stateWatch.ts';

/** Every tenth station keeps its connection, to see that the others' history does not disturb it. */
const KEPT = 10;
/** Every fifth of the lost ones sends in order. */
const HELD = 5;
/** Ten times as fast as they were made: a broker hands a subscriber everything in order, so more delays all others. */
const HELD_PER_SECOND = 5;

/**
 * The stations lose their connection and then send what they gathered: most of them as history, interleaved with
 * what is new, as our gateway does; a fifth in order before anything new, as gateways do that hold their messages.
 */
export const stationsLost: Outage = {
  row: 'stations-lost',
  compared: 200,
  atMost: {
    // a station reports every two seconds, so its last message is two seconds old before the next is late
    othersWorstAgeS: 2 + 2,
    othersDelayWorstS: 2,
    worstAgeAfterS: 5,
  },
  // gateways replay at a pace that keeps live values ahead: as long as they were away, and comparing takes its time
  delivered: (world) => lasting(world, { long: 2 * 1800, short: 120 }),
  async run(world) {
    const { network, stations, house, live } = world;
    const away = lasting(world, { long: 1800, short: 6 });
    const kept = new Set(stations.filter((_, i) => i % KEPT === 0));
    const lost = stations.filter((code) => !kept.has(code));
    const clients = lost.map((code) => clientIdOf(GROUP, code));
    const held = clients.filter((_, i) => i % HELD === 0);
    const cut = clients.filter((_, i) => i % HELD !== 0);
    const before = await house.health();
    const others = await StateWatch.open(house.url, [...kept]);
    live.take();
    live.expect((code) => kept.has(code));
    network.set('cut', cut);
    network.set('held', held);
    await pause(away);
    // an outage that none had shows nothing
    const { live: stillLive } = (await house.health()).stations;
    if (stillLive > kept.size) throw new Error(`${stillLive} stations are live, ${kept.size} should be`);
    const state = await StateWatch.open(house.url, stations);
    network.heldPerSecond = HELD_PER_SECOND;
    network.set('open');
    const flushed = Date.now();
    await world.allLive();
    const returned = Date.now();
    const { worst: othersWorstAgeS } = live.take();
    const { delayP99S: othersDelayP99S, delayWorstS: othersDelayWorstS, ...undisturbed } = others.close();
    const everyone = new Set(stations);
    live.expect((code) => everyone.has(code));
    await until('what was held is sent', () => network.waiting === 0, away);
    const sent = Date.now();
    await pause(lasting(world, { long: 120, short: 4 }));
    const after = live.take();
    network.heldPerSecond = Number.POSITIVE_INFINITY;
    // what the lost ones show first is as old as their loss: no delay
    const { delayP99S: _, delayWorstS: __, ...disturbed } = state.close();
    const wrong = [disturbed, undisturbed].reduce((n, w) => n + w.timesBackwards + w.totalsFallen, 0);
    return {
      awayS: away / 1000,
      cut: cut.length,
      held: held.length,
      othersWorstAgeS,
      othersDelayP99S,
      othersDelayWorstS,
      allLiveAfterS: (returned - flushed) / 1000,
      heldSentAfterS: (sent - flushed) / 1000,
      worstAgeAfterS: after.worst,
      p99AgeAfterS: after.p99,
      historical: (await house.health()).totals.historical - before.totals.historical,
      ...faultsBetween(before, await house.health()),
      told: await toldOf(house.url, new Set(lost), flushed),
      ...disturbed,
      ...(wrong > 0 && { failed: 'history disturbed the live state' }),
    };
  },
};

/** What the values of history would count as, were they taken for live ones. */
function faultsBetween(before: DataHealth, after: DataHealth) {
  const more = (fault: 'spike' | 'frozen' | 'duplicate') =>
    (after.faults[fault] ?? 0) - (before.faults[fault] ?? 0);
  return { spikes: more('spike'), frozen: more('frozen'), duplicates: more('duplicate') };
}

/** What people were told of these stations since then: `rule ×times`, nothing when all was quiet. */
async function toldOf(url: string, stations: ReadonlySet<string>, since: number): Promise<string> {
  const answer = await fetch(`${url}/api/alarms/history?told=yes&limit=1000`);
  const { alarms } = (await answer.json()) as z.infer<typeof alarmHistory>;
  const counts = new Map<string, number>();
  for (const { rule, station, toldAt } of alarms)
    if (stations.has(station) && toldAt !== null && toldAt >= since)
      counts.set(rule, (counts.get(rule) ?? 0) + 1);
  return [...counts].map(([rule, times]) => `${rule} ×${times}`).join(', ');
}
