import type { Template } from '#twin/catalogue/template.ts';

/** Live: in order, from the present. Late: of the past, in any order. The numbers stand in the database. */
export const Kind = { live: 0, late: 1 } as const;
export type Kind = (typeof Kind)[keyof typeof Kind];

/** Frames of one station that are not sealed yet, in memory as the bytes of twin/wire/frame. */
export interface Segment {
  readonly station: number;
  readonly kind: Kind;
  readonly template: Template;
  readonly blocks: Block[];
  bytes: number;
  frames: number;
  /** the earliest and latest time of its frames, ms */
  t0: number;
  t1: number;
  /** the ticks in which its frames were written: needed again after a restart as long as it is not sealed */
  firstSeq: number;
  lastSeq: number;
  /** when it was begun and last added to, by the clock of the history, ms */
  readonly begun: number;
  touched: number;
}

export interface Block {
  bytes: Uint8Array;
  used: number;
}

export function newSegment(station: number, kind: Kind, template: Template, now: number): Segment {
  return {
    station,
    kind,
    template,
    blocks: [],
    bytes: 0,
    frames: 0,
    t0: Number.POSITIVE_INFINITY,
    t1: Number.NEGATIVE_INFINITY,
    firstSeq: Number.POSITIVE_INFINITY,
    lastSeq: Number.NEGATIVE_INFINITY,
    begun: now,
    touched: now,
  };
}

/** Its frames as one array of their own. */
export function bytesOf(segment: Segment): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(segment.bytes);
  let at = 0;
  for (const block of segment.blocks) {
    all.set(block.bytes.subarray(0, block.used), at);
    at += block.used;
  }
  return all;
}

/** A station's segment loses half a block on average: small against its ten minutes, 25 kB. */
const BLOCK = 4096;
const SLAB = 256;

/** Memory of all segments, in blocks that are used again: thousands of logs grow without being copied. */
export class Arena {
  private readonly free: Uint8Array[] = [];

  /** Appends one frame, which stays in one piece. */
  append(segment: Segment, frame: Uint8Array, t: number, seq: number): void {
    let block = segment.blocks.at(-1);
    if (!block || block.used + frame.length > block.bytes.length) {
      block = { bytes: this.take(frame.length), used: 0 };
      segment.blocks.push(block);
    }
    block.bytes.set(frame, block.used);
    block.used += frame.length;
    segment.bytes += frame.length;
    segment.frames++;
    segment.t0 = Math.min(segment.t0, t);
    segment.t1 = Math.max(segment.t1, t);
    segment.firstSeq = Math.min(segment.firstSeq, seq);
    segment.lastSeq = Math.max(segment.lastSeq, seq);
  }

  /** Takes the memory of a segment back; it must not be read any more. */
  release(segment: Segment): void {
    for (const block of segment.blocks) if (block.bytes.length === BLOCK) this.free.push(block.bytes);
    segment.blocks.length = 0;
  }

  private take(atLeast: number): Uint8Array {
    if (atLeast > BLOCK) return new Uint8Array(atLeast);
    if (this.free.length === 0) {
      const slab = new Uint8Array(BLOCK * SLAB);
      for (let i = 0; i < SLAB; i++) this.free.push(slab.subarray(i * BLOCK, (i + 1) * BLOCK));
    }
    return this.free.pop()!;
  }
}
