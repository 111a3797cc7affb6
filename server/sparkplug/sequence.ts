import type { DataFault } from '#twin/wire/api.ts';
import { type EdgeNode, type HeldMessage, RECENT } from './nodeTable.ts';

export interface SequenceOptions {
  /** how long a message that came too early waits for the ones before it, ms */
  reorderTimeoutMs: number;
  apply: (node: EdgeNode, message: HeldMessage) => void;
  /** messages are missing */
  gap: (node: EdgeNode) => void;
  /** runs what a timer does; must not throw */
  guard: (node: EdgeNode, work: () => void) => void;
  fault: (fault: DataFault, station: string, detail: string) => void;
}

/** What may wait for a missing message: messages of one node, bytes in memory over all nodes. */
export const MOST_HELD = 64;
export const MOST_HELD_BYTES = 64 * 2 ** 20;

/**
 * Section 6.4.6: numbers grow by one modulo 256. A message with any other number waits for those before it, then a
 * rebirth is asked for. Only the very message that was taken before under its number is a repetition.
 */
export class Sequence {
  private heldBytes = 0;
  private readonly options: SequenceOptions;

  constructor(options: SequenceOptions) {
    this.options = options;
  }

  /** One message of a node that is born. A number that is missing or none of 0…255 is taken as the next. */
  take(node: EdgeNode, seq: number | undefined, message: HeldMessage): void {
    const usable = seq !== undefined && seq <= 255;
    if (!usable) return this.options.apply(node, message);
    if (node.seq < 0) return this.apply(node, seq, message);
    if ((node.seq - seq + 256) % 256 < RECENT && node.recent[seq % RECENT] === message.fingerprint)
      return this.options.fault('duplicate', node.node, `sequence ${seq} after ${node.seq}`);
    if (seq !== (node.seq + 1) % 256) return this.hold(node, seq, message);
    this.apply(node, seq, message);
    this.drain(node);
  }

  /** Takes what waits, by its number: a birth or death ends the sequence, but what was measured before it is still true. */
  release(node: EdgeNode): void {
    const expected = (node.seq + 1) % 256;
    const early = [...node.held].sort(
      (a, b) => ((a[0] - expected + 256) % 256) - ((b[0] - expected + 256) % 256),
    );
    this.forget(node);
    for (const [seq, message] of early) this.apply(node, seq, message);
  }

  /** Nothing waits any more. */
  forget(node: EdgeNode): void {
    clearTimeout(node.holdTimer);
    node.holdTimer = undefined;
    for (const { weight } of node.held.values()) this.heldBytes -= weight;
    node.held.clear();
  }

  private apply(node: EdgeNode, seq: number, message: HeldMessage): void {
    node.seq = seq;
    node.recent[seq % RECENT] = message.fingerprint;
    this.options.apply(node, message);
  }

  private hold(node: EdgeNode, seq: number, message: HeldMessage): void {
    const waiting = node.held.get(seq);
    if (waiting?.fingerprint === message.fingerprint)
      return this.options.fault('duplicate', node.node, `sequence ${seq}, which waits`);
    // two messages of one number: the node has begun anew without a birth
    if (waiting) this.giveUp(node);
    node.held.set(seq, message);
    this.heldBytes += message.weight;
    if (node.held.size > MOST_HELD || this.heldBytes > MOST_HELD_BYTES) {
      this.options.fault('reorderFull', node.node, `${node.held.size} messages wait for one`);
      return this.giveUp(node);
    }
    node.holdTimer ??= setTimeout(
      () => this.options.guard(node, () => this.giveUp(node)),
      this.options.reorderTimeoutMs,
    );
  }

  private drain(node: EdgeNode): void {
    let next = (node.seq + 1) % 256;
    for (let message = node.held.get(next); message; message = node.held.get(next)) {
      node.held.delete(next);
      this.heldBytes -= message.weight;
      this.apply(node, next, message);
      next = (node.seq + 1) % 256;
    }
    if (node.held.size > 0 || !node.holdTimer) return;
    clearTimeout(node.holdTimer);
    node.holdTimer = undefined;
  }

  /** The missing message did not come: what came is taken all the same, and the node is asked for its birth. */
  private giveUp(node: EdgeNode): void {
    clearTimeout(node.holdTimer);
    node.holdTimer = undefined;
    if (!node.born || node.held.size === 0) return;
    const expected = (node.seq + 1) % 256;
    this.options.fault('sequenceGap', node.node, `${expected} is missing, ${node.held.size} came after it`);
    this.release(node);
    this.options.gap(node);
  }
}
