import { fingerprint } from '../sparkplug/fingerprint.ts';

/** What of a publication says whether it came before; `messageId` is missing at QoS 0. */
export interface Publication {
  dup: boolean;
  messageId?: number | undefined;
  topic: string;
  payload: Uint8Array;
}

/**
 * Tells publications that were taken already. A broker that did not get our acknowledgement sends a message again in the
 * same session, marked DUP and under its old packet id (MQTT 3.1.1, sections 3.3.1.1 and 4.4): the same message under
 * the same id is the one that was taken. Ids are used again, so that nothing is told without the mark. What a gateway
 * sends twice to the broker reaches us as two messages without a mark: only a time of their own tells them apart.
 */
export class Redeliveries {
  /** of the messages that were taken, by packet id: 65,535 at most */
  private readonly taken = new Map<number, string>();

  /** Notes a publication; whether it was taken before. */
  isRepeated({ dup, messageId, topic, payload }: Publication): boolean {
    if (messageId === undefined) return false;
    // 65,535 topics of 64 kB each would be 4 GB
    const message = `${fingerprint(payload)} ${payload.length} ${fingerprint(Buffer.from(topic))} ${topic.length}`;
    if (dup && this.taken.get(messageId) === message) return true;
    this.taken.set(messageId, message);
    return false;
  }

  /** The broker has begun another session: its packet ids say nothing of the one before. */
  forget(): void {
    this.taken.clear();
  }
}
