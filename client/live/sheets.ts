import { decodeSheet, type Resolution, type Sheet } from '#twin/wire/sheet.ts';

export interface LiveSheet {
  sheet: Sheet;
  /** server's time of the latest message, ms since epoch */
  time: number;
}

/**
 * The latest sheet of every watched topic, outside React. Readers subscribe to a topic and read typed arrays;
 * the arrays are changed in place, so a reader keeps no slice of them.
 */
export class LiveSheets {
  private readonly sheets = new Map<string, LiveSheet>();
  private readonly versions = new Map<string, number>();
  private readonly readers = new Map<string, Set<() => void>>();
  private readonly resolutionOf: (topic: string) => Resolution;

  constructor(resolutionOf: (topic: string) => Resolution) {
    this.resolutionOf = resolutionOf;
  }

  get(topic: string): LiveSheet | undefined {
    return this.sheets.get(topic);
  }

  /** Grows by one with each message of the topic. */
  version(topic: string): number {
    return this.versions.get(topic) ?? 0;
  }

  /** Applies a message and tells the topic's readers. Throws on bytes that do not fit what was had before. */
  apply(bytes: Uint8Array): void {
    const message = decodeSheet(bytes, (topic) => this.sheets.get(topic)?.sheet, this.resolutionOf);
    const sheet = message.kind === 'snapshot' ? message.sheet : this.sheets.get(message.topic)!.sheet;
    this.sheets.set(message.topic, { sheet, time: message.time });
    this.changed(message.topic);
  }

  /** Forgets a topic that nobody watches any more. */
  forget(topic: string): void {
    if (!this.sheets.delete(topic)) return;
    this.changed(topic);
  }

  subscribe(topic: string, reader: () => void): () => void {
    const readers = this.readers.get(topic) ?? new Set();
    this.readers.set(topic, readers);
    readers.add(reader);
    return () => {
      readers.delete(reader);
      if (readers.size === 0) this.readers.delete(topic);
    };
  }

  private changed(topic: string): void {
    this.versions.set(topic, this.version(topic) + 1);
    for (const reader of this.readers.get(topic) ?? []) reader();
  }
}
