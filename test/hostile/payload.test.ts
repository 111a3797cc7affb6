import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { encodePayload } from '#twin/wire/sparkplug/payload.ts';
import type { MessageType } from '#twin/wire/sparkplug/topics.ts';
import { attack, reborn } from './attack.ts';
import { type HostileMessage, hostileMessage, realPayloads } from './payloads.ts';
import { aHostileScene, type HostileScene } from './scene.ts';

const CORPUS = join(import.meta.dirname, 'corpus');

/** Small files, each a payload that once did harm or that is meant to: `<what it is>.<message type>.bin`. */
const corpus = (): { name: string; message: HostileMessage }[] =>
  readdirSync(CORPUS).map((name) => ({
    name,
    message: {
      type: name.split('.')[1] as MessageType,
      bytes: new Uint8Array(readFileSync(join(CORPUS, name))),
    },
  }));

let scene: HostileScene;
beforeEach(async () => {
  scene = await aHostileScene();
  reborn(scene);
});
afterEach(() => scene.close());

describe('payloads made to harm', () => {
  test('twenty thousand of them: none ends the host, each is counted, the neighbour is as before', () => {
    let heard = 0;
    fc.assert(
      fc.property(hostileMessage, (message) => {
        if (heard++ % 100 === 0) reborn(scene);
        attack(scene, message, 0.5);
      }),
      { numRuns: 20_000, seed: 1 },
    );
    const { faults, rates, host } = scene.city;
    expect(faults.totals.unreadablePayload).toBeGreaterThan(1000);
    expect(rates.totals.messages).toBeGreaterThan(100);
    expect(host.nodes.size).toBe(2);
  });

  test.each(corpus())('$name of the corpus', ({ message }) => {
    attack(scene, message, 0.5);
    reborn(scene);
    for (const real of realPayloads()) attack(scene, real, 0.5);
  });

  test('four megabytes of empty metrics are refused before they are two million of them', () => {
    const bytes = new Uint8Array(4 * 1024 * 1024).map((_, i) => (i % 2 === 0 ? 0x12 : 0));
    expect(attack(scene, { type: 'NBIRTH', bytes }, 0.5)).toBe(false);
  });

  test('a name of megabytes is told by its beginning', () => {
    const name = '水'.repeat(1_000_000);
    const bytes = encodePayload({ seq: 0, metrics: [{ name, datatype: 99, field: 'double', value: 1 }] });
    attack(scene, { type: 'NBIRTH', bytes }, 0.5);
    const told = scene.city.faults.newest();
    expect(told.length).toBeGreaterThan(0);
    for (const { detail } of told) expect(detail.length).toBeLessThanOrEqual(300);
  });

  test('the neighbour is heard while they come', () => {
    const messages = fc.sample(hostileMessage, { numRuns: 500, seed: 2 });
    messages.forEach((message, k) => {
      attack(scene, message, k === 0 ? 0.5 : 0.5 + ((k - 1) % 50) / 1000);
      scene.hear(scene.neighbour.data({ 0: 0.5 + (k % 50) / 1000 }));
    });
    expect(scene.neighbourValue('LO/P_OUT')).toBeCloseTo(0.5 + (499 % 50) / 1000);
  });
});
