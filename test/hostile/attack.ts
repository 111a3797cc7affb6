import { readPayload } from '#server/sparkplug/compressed.ts';
import { type Message, TestNode } from '#test/support/sparkplug.ts';
import { nodeTopic } from '#twin/wire/sparkplug/topics.ts';
import type { HostileMessage } from './payloads.ts';
import { type HostileScene, VICTIM } from './scene.ts';

/** Slower than the flood guard, so that every payload is looked at. */
const BETWEEN_MS = 20;

/**
 * Lets the city hear a hostile message in the name of the attacked station. Throws when the host does, when bytes that
 * are no payload are not counted as such, or when the neighbour's value has changed. True when the bytes were readable.
 */
export function attack(scene: HostileScene, message: HostileMessage, neighbourValue: number): boolean {
  const { city, clock, hear } = scene;
  clock.pass(BETWEEN_MS);
  const readable = canRead(message.bytes);
  const before = city.faults.totals.unreadablePayload;
  hear(asMessage(message));
  const counted = city.faults.totals.unreadablePayload - before;
  const command = message.type === 'NCMD' || message.type === 'DCMD';
  if (!readable && !command && counted !== 1) throw new Error('unreadable bytes were not counted');
  if (readable && counted > 0)
    throw new Error(`a readable payload could not be digested: ${city.faults.newest()[0]?.detail}`);
  if (scene.neighbourValue('LO/P_OUT') !== neighbourValue) throw new Error('the neighbour was disturbed');
  return readable;
}

/** The attacked station is born as it should be, so that data finds a birth. */
export function reborn(scene: HostileScene): void {
  scene.clock.pass(1000);
  scene.hear(new TestNode(scene.clock.now, VICTIM).birth());
}

function asMessage({ type, bytes }: HostileMessage): Message {
  const device = type.startsWith('D') ? 'PLC' : undefined;
  return { topic: nodeTopic('G', type, VICTIM, device), bytes };
}

/** What the host unpacks at most. */
const LARGEST = 8 * 2 ** 20;

function canRead(bytes: Uint8Array): boolean {
  try {
    readPayload(bytes, LARGEST);
    return true;
  } catch {
    return false;
  }
}
