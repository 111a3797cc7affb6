import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { attack, reborn } from '../attack.ts';
import { type HostileMessage, hostileMessage } from '../payloads.ts';
import { aHostileScene } from '../scene.ts';
import { failuresOf, settledRssMB } from './memory.ts';

const BATCH = 10_000;
const MOST_GROWTH_MB = 100;

const CORPUS = fileURLToPath(new URL('../corpus/', import.meta.url));

/** Adds a payload that did harm to the corpus, which every run of the tests repeats; the name of its file. */
function kept({ type, bytes }: HostileMessage): string {
  const name = `found-${createHash('sha256').update(bytes).digest('hex').slice(0, 12)}.${type}.bin`;
  writeFileSync(join(CORPUS, name), bytes);
  return name;
}

/** So many mutated payloads against host and ingest, in batches of ten thousand with a seed each. */
export async function mutatedPayloads(count: number, seed: number) {
  const scene = await aHostileScene();
  const failures: string[] = [];
  let readable = 0;
  let heard = 0;
  let firstRss = 0;
  const start = performance.now();
  for (let batch = 0; heard < count; batch++) {
    const messages = fc.sample(hostileMessage, {
      numRuns: Math.min(BATCH, count - heard),
      seed: seed + batch,
    });
    for (const message of messages) {
      if (heard++ % 100 === 0) reborn(scene);
      try {
        if (attack(scene, message, 0.5)) readable++;
      } catch (error) {
        failures.push(`${(error as Error).message}: ${kept(message)}`);
      }
    }
    // the timers of messages that came too early
    await pause(1);
    if (batch === 4) firstRss = settledRssMB();
  }
  const seconds = (performance.now() - start) / 1000;
  const growthMB = firstRss === 0 ? 0 : settledRssMB() - firstRss;
  const { faults, host, rates } = scene.city;
  scene.close();
  return {
    payloads: heard,
    seed,
    readable,
    unreadable: faults.totals.unreadablePayload,
    perSecond: Math.round(heard / seconds),
    rssGrowthMB: growthMB,
    nodes: host.nodes.size,
    messagesTaken: rates.totals.messages,
    framesToHistory: scene.frames(),
    faults: Object.fromEntries(Object.entries(faults.totals).filter(([, total]) => total > 0)),
    failures: [
      ...failures.slice(0, 20),
      ...failuresOf({
        'memory is bounded': growthMB <= MOST_GROWTH_MB,
        'no nodes but ours': host.nodes.size === 2,
      }),
    ],
  };
}
