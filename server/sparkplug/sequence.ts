import type { DataFault } from '#twin/wire/api.ts';
import type { EdgeNode, HeldMessage } from './nodeTable.ts';

export interface SequenceOptions {
  /** how long a message that came too early waits for the ones before it, ms */
  reorderTimeoutMs: number;
  apply: (node: EdgeNode, message: HeldMessage) => void;
  askRebirth: (node: EdgeNode) => void;
  /** runs what a timer does; must not throw */
  guard: (node: EdgeNode, work: () => void) => void;
  fault: (fault: DataFault, station: string, detail: string) => void;
}

/** This many messages in a row with old numbers are no repetitions: the node has begun anew without a birth. */
const OLD_IN_A_ROW = 4;
/** What may wait for a missing message: messages of one node, bytes over all nodes. */
export const MOST_HELD = 64;
export const MOST_HELD_BYTES = 64 * 2 ** 20;

/** Section 6.4.6: numbers grow by one modulo 256; one that comes too early waits, then a rebirth is asked. */
export class Sequence {
  private heldBytes = 0;
  private readonly options: SequenceOptions;

  constructor(options: SequenceOptions) {
    this.options = options;
  }

  /** One message of a node that is born. A number that is missing or none of 0…255 is taken as the next. */
  take(node: EdgeNode, seq: number | undefined, message: HeldMessage): void {
    const usable = seq !== undefined && seq <= 255;
    if (!usable || node.seq < 0) {
      if (usable) node.seq = seq;
      return this.options.apply(node, message);
    }
    const ahead = (seq - node.seq + 256) % 256;
    if (ahead === 0 || ahead > 128) return this.repeated(node, seq, message);
    node.oldInARow = 0;
    if (ahead > 1) return this.hold(node, seq, message);
    node.seq = seq;
    this.options.apply(node, message);
    this.drain(node);
  }

  /** What waits is given up without being taken: a birth or a death has made it void. */
  forget(node: EdgeNode): void {
    clearTimeout(node.holdTimer);
    node.holdTimer = undefined;
    for (const { bytes } of node.held.values()) this.heldBytes -= bytes;
    node.held.clear();
    node.oldInARow = 0;
  }

  private repeated(node: EdgeNode, seq: number, message: HeldMessage): void {
    this.options.fault('duplicate', node.node, `sequence ${seq} after ${node.seq}`);
    if (++node.oldInARow < OLD_IN_A_ROW) return;
    this.forget(node);
    node.seq = seq;
    this.options.apply(node, message);
    this.options.askRebirth(node);
  }

  private hold(node: EdgeNode, seq: number, message: HeldMessage): void {
    if (node.held.has(seq)) return this.options.fault('duplicate', node.node, `sequence ${seq}, waiting`);
    node.held.set(seq, message);
    this.heldBytes += message.bytes;
    if (node.held.size > MOST_HELD || this.heldBytes > MOST_HELD_BYTES) {
      this.options.fault('reorderFull', node.node, `${node.held.size} messages wait for one`);
      clearTimeout(node.holdTimer);
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
      this.heldBytes -= message.bytes;
      node.seq = next;
      this.options.apply(node, message);
      next = (node.seq + 1) % 256;
    }
    if (node.held.size > 0 || !node.holdTimer) return;
    clearTimeout(node.holdTimer);
    node.holdTimer = undefined;
  }

  /** The missing message did not come: what came is taken all the same, and the node is asked for its birth. */
  private giveUp(node: EdgeNode): void {
    node.holdTimer = undefined;
    if (!node.born || node.held.size === 0) return;
    const expected = (node.seq + 1) % 256;
    this.options.fault('sequenceGap', node.node, `${expected} is missing, ${node.held.size} came after it`);
    const early = [...node.held].sort(
      (a, b) => ((a[0] - expected + 256) % 256) - ((b[0] - expected + 256) % 256),
    );
    this.forget(node);
    for (const [seq, message] of early) {
      node.seq = seq;
      this.options.apply(node, message);
    }
    this.options.askRebirth(node);
  }
}
