import { emptySheet, encodeDelta, encodeSnapshot, type Resolution, type Sheet } from '#twin/wire/sheet.ts';
import type { Subscriber } from './subscriber.ts';

/** What a topic sends: its present sheet. `sheet()` may return another object when the shape changed. */
export interface TopicSource {
  name: string;
  resolution: Resolution;
  sheet(now: number): Sheet;
}

/** One topic and who watches it. A tick is encoded once, whoever many read it. */
export class Topic {
  readonly subscribers = new Set<Subscriber>();
  /** who gets a snapshot as soon as its connection has room */
  private readonly behind = new Set<Subscriber>();
  private sent: Sheet | undefined;
  private readonly source: TopicSource;

  constructor(source: TopicSource) {
    this.source = source;
  }

  /** The newcomer gets a snapshot at the next tick. */
  join(subscriber: Subscriber): void {
    this.subscribers.add(subscriber);
    this.behind.add(subscriber);
  }

  leave(subscriber: Subscriber): void {
    this.subscribers.delete(subscriber);
    this.behind.delete(subscriber);
  }

  /**
   * Sends what changed. Who is behind, or new, gets a snapshot as soon as its connection has room: never more than
   * one message waits for a slow reader, and it holds the latest values.
   */
  tick(now: number): void {
    if (this.subscribers.size === 0) return;
    const sheet = this.source.sheet(now);
    const { name, resolution } = this.source;
    let delta: Uint8Array | null = null;
    if (this.sent && this.sent.rows === sheet.rows)
      delta = encodeDelta(name, now, this.sent, sheet, resolution);
    else {
      this.sent = emptySheet(sheet.rows, sheet.columns);
      this.sent.values.set(sheet.values);
      for (const subscriber of this.subscribers) this.behind.add(subscriber);
    }
    let snapshot: Uint8Array | undefined;
    for (const subscriber of this.subscribers) {
      const behind = this.behind.has(subscriber);
      if (!behind && delta === null) continue;
      if (!subscriber.ready()) {
        this.behind.add(subscriber);
        continue;
      }
      if (behind) {
        // what receivers of deltas have, so that all of them agree from here on
        snapshot ??= encodeSnapshot(name, now, this.sent, resolution);
        this.behind.delete(subscriber);
        subscriber.send(snapshot);
      } else subscriber.send(delta!);
    }
  }
}
