import { once } from 'node:events';
import type { Worker } from 'node:worker_threads';
import type { Localisation } from '#sim/burst/suspects.ts';
import type { AskedArea } from '#twin/alarm/located.ts';
import { emptyTrace, inletFalls, traceInlets } from '#twin/diagnosis/inletTrace.ts';
import type { TwinState } from '#twin/state/columns.ts';
import { MINUTE, SECOND } from '#twin/units.ts';
import type { Suspects } from '#twin/wire/alarms.ts';
import type { SuspectsOf } from '../alarms/occurrence.ts';
import type { Database } from '../database/database.ts';
import type { Registry } from '../registry/registry.ts';
import { startThread } from '../threads.ts';
import { boundsOf, readOnFile } from './onFile.ts';
import type { BurstAnswer, BurstQuestion } from './worker.ts';

export interface BurstFinderOptions {
  database: Database;
  registry: Registry;
  note: (note: string) => void;
}

/**
 * An area is asked while its alarm is delayed, so that the first message can tell, and again as more is known. Inlets
 * are remembered every thirty seconds: before that few have shown their fall.
 */
const ASKED_AFTER = [45 * SECOND, 2 * MINUTE, 4 * MINUTE, 10 * MINUTE];
/** Mains that are listed of a stretch: the map shows no more either. */
const MOST_LISTED = 60;

/** What is known of an area that is asked. */
interface Place {
  since: number;
  asked: number;
  found: Suspects | null;
}

/** Where a main may have burst: asked in a thread, which is there only while an area is asked. */
export class BurstFinder {
  private readonly trace = emptyTrace();
  private readonly places = new Map<string, Place>();
  private readonly options: BurstFinderOptions;
  private worker: Promise<Worker> | undefined;
  private working: Promise<void> | undefined;
  private closed = false;

  constructor(options: BurstFinderOptions) {
    this.options = options;
  }

  /** Remembers what the inlets do, and begins to ask when an area is due. Never waits. */
  see(state: TwinState, areas: readonly AskedArea[], now: number): void {
    traceInlets(this.trace, state, now);
    const standing = new Set(areas.map(keyOf));
    for (const key of this.places.keys()) if (!standing.has(key)) this.places.delete(key);
    for (const area of areas)
      if (!this.places.has(keyOf(area)))
        this.places.set(keyOf(area), { since: area.since, asked: 0, found: null });
    if (this.places.size === 0) return this.rest();
    if (this.working || this.closed) return;
    const due = areas.find((area) => {
      const { since, asked } = this.places.get(keyOf(area))!;
      return asked < ASKED_AFTER.length && now >= since + ASKED_AFTER[asked]!;
    });
    if (!due) return;
    const place = this.places.get(keyOf(due))!;
    place.asked++;
    this.working = this.ask(due, place, now)
      .catch((error: Error) => this.failed(error))
      .finally(() => {
        this.working = undefined;
      });
  }

  readonly suspectsOf: SuspectsOf = ({ rule, station }) =>
    this.places.get(keyOf({ rule, area: station }))?.found ?? null;

  /** Resolves when what is asked now is answered. */
  async settled(): Promise<void> {
    await this.working;
  }

  async close(): Promise<void> {
    this.closed = true;
    const thread = await this.worker?.catch(() => undefined);
    await thread?.terminate();
  }

  /** In the zone of the area; or, where it fell further behind a booster that draws from it, there. */
  private async ask({ area }: AskedArea, place: Place, now: number): Promise<void> {
    const zone = area.replace(/^zone:/, '');
    const own = this.fallsIn(zone);
    const behind = this.zonesFedFrom(zone)
      .map((fed) => this.fallsIn(fed))
      .filter(({ deepest }) => deepest > own.deepest)
      .sort((a, b) => b.deepest - a.deepest);
    for (const { zone: asked, seen } of [...behind.slice(0, 1), own]) {
      if (!seen) continue;
      const found = await this.locate({ zone: asked, seen: seen.falls });
      // what a booster's own source lacks is found in the zone that it draws from
      const elsewhere = asked !== zone && (found?.suspects[0]?.confidence ?? 0) <= (found?.source ?? 0);
      if (!found || elsewhere) continue;
      place.found = await this.told(found, seen.at, now);
      return;
    }
  }

  private async locate(question: BurstQuestion): Promise<BurstAnswer> {
    const thread = await this.running();
    thread.postMessage(question);
    const [answer] = (await once(thread, 'message')) as [BurstAnswer];
    return answer;
  }

  /** What the inlets of the city did when those of a zone fell, and by how much one of these fell at most, MPa. */
  private fallsIn(zone: string) {
    const { stations } = this.options.registry;
    const within = stations.filter(({ station }) => station.supplyZone === zone).map(({ code }) => code);
    // of the whole city: boosters that draw from a zone belong to the one they feed
    const seen = inletFalls(
      this.trace,
      stations.map(({ code }) => code),
      within,
    );
    const rooms = new Set(within);
    const own = seen?.falls.filter(({ code }) => rooms.has(code)) ?? [];
    return { zone, seen, deepest: Math.max(0, ...own.map(({ drop }) => drop)) };
  }

  private zonesFedFrom(zone: string): string[] {
    const { stations } = this.options.registry;
    return stations.flatMap(({ station }) => (station.drawsFrom === zone ? station.supplyZone : []));
  }

  private async told(found: Localisation, onset: number, time: number): Promise<Suspects> {
    const { suspects, source, sourceDrop, rooms } = found;
    const stretches: Suspects['stretches'] = [];
    for (const { mains, ...stretch } of suspects) {
      const bounds = await boundsOf(this.options.database, mains);
      stretches.push({ ...stretch, mains: mains.slice(0, MOST_LISTED), count: mains.length, bounds });
    }
    return { time, onset, rooms, source, sourceDrop, stretches };
  }

  private running(): Promise<Worker> {
    const { database, registry } = this.options;
    this.worker ??= readOnFile(database, registry).then((onFile) =>
      startThread(new URL('./worker.ts', import.meta.url), onFile),
    );
    return this.worker;
  }

  private rest(): void {
    const resting = this.worker;
    if (!resting || this.working) return;
    this.worker = undefined;
    void resting.then((thread) => thread.terminate()).catch(() => undefined);
  }

  private failed(error: Error): void {
    this.worker = undefined;
    if (!this.closed) this.options.note(`where a main burst was not found out: ${error.message}`);
  }
}

const keyOf = ({ rule, area }: Pick<AskedArea, 'rule' | 'area'>): string => `${rule} ${area}`;
