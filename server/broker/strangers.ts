import type { RefusalLog } from '../refusals.ts';
import { STRANGERS } from './limits.ts';

export interface StrangersOptions {
  now: () => number;
  refused: RefusalLog;
  /** whether something of this node could be understood: it was born, or said values in JSON */
  understood: (group: string, node: string) => boolean;
  /** told of each node that made room: whoever keeps something of it may forget it */
  forgotten: (group: string, node: string) => void;
}

interface Stranger {
  group: string;
  node: string;
  /** what is kept of it in memory */
  bytes: number;
  /** when it was first heard; once it was understood, when it was last heard */
  at: number;
}

/**
 * What all nodes that nobody has registered share, whatever they speak: messages and bytes in time, places and bytes in
 * memory. Places are kept by who is heard and understood; who has not been understood, or is silent, makes room.
 */
export class Strangers {
  /** each by `at`, the oldest first */
  private readonly unproven = new Map<string, Stranger>();
  private readonly proven = new Map<string, Stranger>();
  private keptBytes = 0;
  private messages: number = STRANGERS.messages;
  private bytes: number = STRANGERS.bytes;
  private filledAt: number;
  private readonly options: StrangersOptions;

  constructor(options: StrangersOptions) {
    this.options = options;
    this.filledAt = options.now();
  }

  get size(): number {
    return this.unproven.size + this.proven.size;
  }

  /** Takes one message of `size` bytes off what all of them may send now; false, and counted, when that is too much. */
  spends(size: number): boolean {
    const now = this.options.now();
    const seconds = Math.max(0, now - this.filledAt) / 1000;
    this.filledAt = now;
    this.messages = Math.min(STRANGERS.messages, this.messages + seconds * STRANGERS.messagesPerSecond);
    this.bytes = Math.min(STRANGERS.bytes, this.bytes + seconds * STRANGERS.bytesPerSecond);
    if (this.messages < 1 || this.bytes < size) return this.refuse('strangersFlooding');
    this.messages--;
    this.bytes -= size;
    return true;
  }

  /**
   * Gives the node a place, or keeps it in the one it has; `weight` says what will be kept of it, by what is kept now,
   * both bytes. False, and counted, when nobody makes room.
   */
  keeps(group: string, node: string, weight: (before: number) => number): boolean {
    const { now, understood } = this.options;
    const key = `${group}/${node}`;
    const known = this.unproven.get(key) ?? this.proven.get(key);
    const stranger = known ?? { group, node, bytes: 0, at: now() };
    // it stands aside, so that it does not make room for itself
    this.unproven.delete(key);
    const wasProven = this.proven.delete(key);
    this.keptBytes -= stranger.bytes;
    const after = weight(stranger.bytes);
    const grows = after > stranger.bytes;
    const fits = () =>
      this.size < STRANGERS.remembered && (!grows || this.keptBytes + after <= STRANGERS.rememberedBytes);
    while (!fits() && this.makeRoom());
    const room = fits();
    if (room) stranger.bytes = after;
    else if (!known) return this.refuse('strangersFull');
    this.keptBytes += stranger.bytes;
    if (wasProven || (known && understood(group, node))) this.proven.set(key, { ...stranger, at: now() });
    else this.unproven.set(key, stranger);
    return room || this.refuse('strangersFull');
  }

  /** It is none any more: its place is free, and what others keep of it stays. */
  release(group: string, node: string): void {
    const key = `${group}/${node}`;
    this.keptBytes -= (this.unproven.get(key) ?? this.proven.get(key))?.bytes ?? 0;
    this.unproven.delete(key);
    this.proven.delete(key);
  }

  private makeRoom(): boolean {
    const now = this.options.now();
    for (const [strangers, patience] of [
      [this.unproven, STRANGERS.unprovenMs],
      [this.proven, STRANGERS.silentMs],
    ] as const) {
      const [oldest] = strangers.values();
      if (!oldest || now - oldest.at < patience) continue;
      this.release(oldest.group, oldest.node);
      this.options.forgotten(oldest.group, oldest.node);
      return true;
    }
    return false;
  }

  private refuse(refusal: 'strangersFlooding' | 'strangersFull'): false {
    this.options.refused.count(refusal);
    return false;
  }
}
