/** No message is larger: a birth of twenty thousand metrics is a megabyte or two. */
export const LARGEST_MESSAGE_BYTES = 4 * 1024 * 1024;

/** What all nodes that nobody has registered may take together. */
export const STRANGERS = {
  /** messages and bytes at once, and how many more a second */
  messages: 2000,
  messagesPerSecond: 1000,
  bytes: 32e6,
  bytesPerSecond: 4e6,
  /** nodes, and bytes of their births, that are kept in mind */
  remembered: 5000,
  rememberedBytes: 32e6,
  /** who was not understood in this time, and who was and is silent for this, makes room when all places are taken, ms */
  unprovenMs: 10_000,
  silentMs: 600_000,
} as const;

/** Connections to the embedded broker. */
export const MOST_CONNECTIONS = 10_000;

/** What the embedded broker keeps in memory: messages and bytes. */
export interface Kept {
  /** retained, by topic; STATE of hosts apart from all others */
  states: number;
  stateBytes: number;
  retained: number;
  retainedBytes: number;
  /** for one client that is away, and for all of them together */
  queued: number;
  queuedBytes: number;
}
export const KEPT: Kept = {
  states: 1000,
  stateBytes: 1e6,
  retained: 20_000,
  retainedBytes: 64e6,
  queued: 100_000,
  queuedBytes: 128e6,
};
