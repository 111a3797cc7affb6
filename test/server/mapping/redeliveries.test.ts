import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { Redeliveries } from '#server/mapping/redeliveries.ts';

const publication = (messageId: number, topic: string, dup = false) => ({
  dup,
  messageId,
  topic,
  payload: Uint8Array.of(1),
});

test('a message that comes again is told from one of another topic', () => {
  const redeliveries = new Redeliveries();
  expect(redeliveries.isRepeated(publication(1, 'east/a'))).toBe(false);
  expect(redeliveries.isRepeated(publication(1, 'east/b', true))).toBe(false);
  expect(redeliveries.isRepeated(publication(1, 'east/b', true))).toBe(true);
  redeliveries.forget();
  expect(redeliveries.isRepeated(publication(1, 'east/b', true))).toBe(false);
});

test('topics of 60,000 letters take no memory, however many', () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const used = () => {
    collect();
    return process.memoryUsage().heapUsed;
  };
  const redeliveries = new Redeliveries();
  const before = used();
  for (let id = 1; id <= 500; id++)
    redeliveries.isRepeated(publication(id, Buffer.alloc(60_000, 97).toString('latin1') + id));
  expect(used() - before).toBeLessThan(5e6);
  // still in use, so that what it keeps is counted
  redeliveries.forget();
});
