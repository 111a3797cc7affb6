import type { Random } from '#sim/random.ts';
import type { House } from '#test/support/house.ts';
import type { TestMosquitto } from '#test/support/mosquitto.ts';
import type { Network } from '#test/support/network.ts';
import type { TestPostgres } from '#test/support/postgres.ts';
import type { SmallDisk } from '#test/support/smallDisk.ts';
import type { LiveWatch } from './liveWatch.ts';

export type Form = 'long' | 'short';
export type Pair = 'servers' | 'embedded';

/** A city that lives, and everything of it that can be broken. */
export interface World {
  pair: Pair;
  form: Form;
  /** factor on how long things last */
  scale: number;
  house: House;
  /** between gateways and broker */
  network: Network;
  /** absent: the embedded ones */
  mosquitto?: TestMosquitto;
  postgres?: TestPostgres;
  /** under the database, under the gateways' queue; absent where nothing may be mounted */
  disks?: { database: SmallDisk; queue: SmallDisk };
  live: LiveWatch;
  random: Random;
  /** codes of the stations in the field */
  stations: readonly string[];
  say(text: string): void;
  /** resolves when every station is live */
  allLive(): Promise<void>;
}

/** Figures of a row besides those that every row has. */
export type Figures = Record<string, number | string | null>;

/** One kind of outage: breaks something, mends it again, and says what else it saw. */
export interface Outage {
  row: string;
  /** so many stations, evenly chosen, are compared value by value; all when absent */
  compared?: number;
  run(world: World): Promise<Figures>;
  /** how long what was produced may take to arrive after it, ms; by the form when absent */
  delivered?(world: World): number;
  /** the most that a figure may be; one that is null, since its run was too short to say, is passed over */
  atMost?: Readonly<Record<string, number>>;
  /** why it cannot run here; absent or undefined: it can */
  unable?(world: World): string | undefined;
}

/** How long this form of a row lasts, ms. */
export const lasting = ({ form, scale }: World, seconds: Record<Form, number>): number =>
  1000 * seconds[form] * scale;
