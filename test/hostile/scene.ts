import { Admission } from '#server/broker/admission.ts';
import { Strangers } from '#server/broker/strangers.ts';
import { createLiveCity, type LiveCity } from '#server/city.ts';
import type { History } from '#server/history/history.ts';
import { RefusalLog } from '#server/refusals.ts';
import { Registry } from '#server/registry/registry.ts';
import { readSettings } from '#server/settings.ts';
import { VirtualClock } from '#test/support/clock.ts';
import { fakeDatabase, stationRows } from '#test/support/fakeDatabase.ts';
import { type Message, TestNode } from '#test/support/sparkplug.ts';
import { aStation } from '#test/support/stations.ts';

/** The city's side from the broker to the history's door, on a clock that only the caller moves. */
export interface HostileScene {
  clock: VirtualClock;
  city: LiveCity;
  refused: RefusalLog;
  /** frames given to the history */
  frames: () => number;
  hear(...messages: Message[]): void;
  /** a registered station that behaves, born already */
  neighbour: TestNode;
  /** what the twin holds of a point of the neighbour now */
  neighbourValue(point: string): number;
  close(): void;
}

export const VICTIM = 'SM-0001';
const NEIGHBOUR = 'SM-0002';

/** Two registered stations: one that is attacked, and its neighbour, which must not notice. */
export async function aHostileScene(): Promise<HostileScene> {
  const clock = new VirtualClock();
  const database = fakeDatabase([
    [/FROM station WHERE registered/, stationRows(aStation(VICTIM), aStation(NEIGHBOUR))],
  ]);
  const registry = await Registry.load(database);
  const refused = new RefusalLog();
  let frames = 0;
  const append = () => {
    frames++;
    return true;
  };
  const city = createLiveCity({
    settings: readSettings({}),
    database,
    history: { append, appendLate: append } as unknown as History,
    registry,
    now: clock.now,
    publish: () => undefined,
  });
  const strangers = new Strangers({ now: clock.now, refused, ...city.strangers });
  const admission = new Admission({
    now: clock.now,
    refused,
    strangers,
    knows: (node) => registry.byCode.has(node),
    forgotten: city.strangers.forgotten,
  });
  const hear = (...messages: Message[]) => {
    for (const { topic, bytes } of messages)
      if (admission.admits(topic, bytes)) city.host.receive(topic, bytes);
  };
  const neighbour = new TestNode(clock.now, NEIGHBOUR);
  hear(neighbour.birth());
  const { place } = registry.byCode.get(NEIGHBOUR)!;
  return {
    clock,
    city,
    refused,
    frames: () => frames,
    hear,
    neighbour,
    neighbourValue: (point) => place.columns.values[place.columns.template.index.get(point)!]![place.row]!,
    close: () => city.host.stop(),
  };
}
