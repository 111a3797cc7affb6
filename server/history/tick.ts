import { promisify } from 'node:util';
import { deflateRaw, inflateRawSync } from 'node:zlib';
import { type Template, templateById } from '#twin/catalogue/template.ts';
import { ByteReader, ByteWriter } from '#twin/wire/bytes.ts';
import type { Kind } from './log.ts';

/**
 * One row of a tick table: every frame that arrived within a tick, of all stations.
 *
 *     templates (count, ids) · entries: (station · 2 + kind) · template · length · frame
 *
 * deflated at the cheapest level, which halves it.
 */

const deflate = promisify(deflateRaw);

/** Collects the frames of the tick that is open. */
export class TickWriter {
  private readonly out = new ByteWriter(1 << 17);
  private readonly templates = new Map<Template, number>();

  get size(): number {
    return this.out.length;
  }

  add(station: number, kind: Kind, template: Template, frame: Uint8Array): void {
    let index = this.templates.get(template);
    if (index === undefined) {
      index = this.templates.size;
      this.templates.set(template, index);
    }
    this.out.varint(2 * station + kind);
    this.out.varint(index);
    this.out.varint(frame.length);
    this.out.raw(frame);
  }

  /** The bytes of this tick; the next one begins empty. */
  take(): Uint8Array {
    const head = new ByteWriter(1024);
    head.varint(this.templates.size);
    for (const template of this.templates.keys()) head.text(template.id);
    head.raw(this.out.toBytes());
    this.out.clear();
    this.templates.clear();
    return head.toBytes();
  }
}

/** Off the main thread. */
export function packTick(bytes: Uint8Array): Promise<Buffer> {
  return deflate(bytes, { level: 1 });
}

/** Shows each frame of a packed row in its order; the bytes are a view into the unpacked row. */
export function readTick(
  packed: Uint8Array,
  visit: (station: number, kind: Kind, template: Template, frame: Uint8Array) => void,
): void {
  const from = new ByteReader(inflateRawSync(packed));
  const templates = Array.from({ length: from.varint() }, () => templateById(from.text()));
  while (!from.done) {
    const who = from.varint();
    const template = templates[from.varint()];
    if (!template) throw new RangeError('a tick names a template that it does not list');
    visit(Math.floor(who / 2), (who % 2) as Kind, template, from.raw(from.varint()));
  }
}
