import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
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

  test('the neighbour is heard while they come', () => {
    const messages = fc.sample(hostileMessage, { numRuns: 500, seed: 2 });
    messages.forEach((message, k) => {
      attack(scene, message, k === 0 ? 0.5 : 0.5 + ((k - 1) % 50) / 1000);
      scene.hear(scene.neighbour.data({ 0: 0.5 + (k % 50) / 1000 }));
    });
    expect(scene.neighbourValue('LO/P_OUT')).toBeCloseTo(0.5 + (499 % 50) / 1000);
  });
});
