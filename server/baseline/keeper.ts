import { type Baselines, createBaselines } from '#twin/baseline/city.ts';
import { loadBaseline, saveBaseline } from '#twin/baseline/station.ts';
import type { Database } from '../database/database.ts';
import { BaselineStore } from './store.ts';

/** So many turns make a round: every station is written once in it. A turn a minute, a round three hours. */
const TURNS = 180;

/**
 * Keeps what is usual over restarts: the stations whose baseline has changed are written in rounds, some at each turn,
 * and all that is left at the end. A server that is killed loses what its stations learnt since their last turn.
 */
export class BaselineKeeper {
  readonly baselines: Baselines;
  private readonly store: BaselineStore;
  private readonly note: (note: string) => void;
  private round: number;
  /** stations that the round has not written yet */
  private left: string[];
  private failing = false;
  private running: Promise<void> = Promise.resolve();

  private constructor(
    store: BaselineStore,
    baselines: Baselines,
    round: number,
    left: string[],
    note: (note: string) => void,
  ) {
    this.store = store;
    this.baselines = baselines;
    this.round = round;
    this.left = left;
    this.note = note;
  }

  /** Takes up where the last server left off. */
  static async begin(database: Database, note: (note: string) => void): Promise<BaselineKeeper> {
    const store = new BaselineStore(database);
    const { baselines, round, done } = await store.load();
    const known = new Map([...baselines].map(([code, saved]) => [code, loadBaseline(saved)] as const));
    // a round that was broken off is gone on with: until it is whole the one before is needed
    const left = [...known.keys()].filter((code) => !done.has(code));
    return new BaselineKeeper(store, createBaselines(known), round, left, note);
  }

  /** Writes the next few; what could not be written is tried at the next turn. */
  turn(): Promise<void> {
    this.running = this.running.then(() => this.next());
    return this.running;
  }

  private async next(): Promise<void> {
    const { byStation, changed } = this.baselines;
    try {
      if (this.left.length === 0) {
        if (changed.size === 0) return;
        await this.store.begin(this.round + 1);
        this.round++;
        this.left = [...byStation.keys()];
      }
      const count = Math.ceil(byStation.size / TURNS);
      await this.write(this.left.slice(0, count));
      this.left = this.left.slice(count);
      if (this.failing) this.note('baselines are written again');
      this.failing = false;
    } catch (error) {
      if (!this.failing) this.note(`baselines cannot be written: ${(error as Error).message}`);
      this.failing = true;
    }
  }

  /** Writes everything that has changed. */
  async close(): Promise<void> {
    await this.running;
    if (this.round === 0) this.round = 1;
    await this.write([...this.baselines.changed]);
  }

  private async write(codes: readonly string[]): Promise<void> {
    const { byStation, changed } = this.baselines;
    const some = codes.map((code) => [code, saveBaseline(byStation.get(code)!)] as const);
    // what changes while it is written is changed again
    for (const code of codes) changed.delete(code);
    try {
      await this.store.save(this.round, some);
    } catch (error) {
      for (const code of codes) changed.add(code);
      throw error;
    }
  }
}
