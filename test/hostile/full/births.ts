import { STRANGERS } from '#server/broker/limits.ts';
import { TestNode } from '#test/support/sparkplug.ts';
import { nodeTopic } from '#twin/wire/sparkplug/topics.ts';
import { aHostileScene } from '../scene.ts';
import { failuresOf, settledRssMB } from './memory.ts';

const SECONDS = 60;
const PER_SECOND = 10_000;
const METRICS = 110;
const MOST_GROWTH_MB = 500;

/** A minute of births of ten thousand invented nodes a second, each new, between the messages of a station of ours. */
export async function birthStorm() {
  const scene = await aHostileScene();
  const metrics = Object.fromEntries(Array.from({ length: METRICS }, (_, i) => [`made/up/metric/${i}`, i]));
  const { bytes } = new TestNode(scene.clock.now, 'X').birth(metrics);
  const before = settledRssMB();
  let disturbed = 0;
  let number = 0;
  let slowestMs = 0;
  const start = performance.now();
  for (let tick = 0; tick < SECONDS * 2; tick++) {
    scene.clock.pass(500);
    const began = performance.now();
    for (let k = 0; k < PER_SECOND / 2; k++)
      scene.hear({ topic: nodeTopic('G', 'NBIRTH', `X-${number++}`), bytes });
    const value = (tick % 100) / 200;
    scene.hear(scene.neighbour.data({ 0: value }));
    if (scene.neighbourValue('LO/P_OUT') !== value) disturbed++;
    slowestMs = Math.max(slowestMs, performance.now() - began);
  }
  const seconds = (performance.now() - start) / 1000;
  const growthMB = settledRssMB() - before;
  const { births } = scene.city.rates.totals;
  const { strangersFlooding, strangersFull } = scene.refused.totals;
  const nodes = scene.city.host.nodes.size;
  scene.close();
  return {
    births: number,
    bytesEach: bytes.length,
    taken: births,
    strangersFlooding,
    strangersFull,
    nodes,
    takenInSeconds: Number(seconds.toFixed(1)),
    slowestHalfSecondMs: Math.round(slowestMs),
    rssGrowthMB: growthMB,
    neighbourDisturbed: disturbed,
    failures: failuresOf({
      'the neighbour is undisturbed': disturbed === 0,
      'each is counted': births - 1 + strangersFlooding + strangersFull === number,
      'nodes are bounded': nodes <= STRANGERS.remembered + 1,
      'memory is bounded': growthMB <= MOST_GROWTH_MB,
      'it keeps up': seconds < SECONDS,
    }),
  };
}
