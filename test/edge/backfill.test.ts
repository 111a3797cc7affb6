import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import { Backfiller } from '#edge/backfill.ts';
import type { Driver } from '#edge/driver.ts';
import type { Gateway } from '#edge/gateway.ts';
import { VirtualClock } from '#test/support/clock.ts';
import { until } from '#test/support/until.ts';
import { templateById } from '#twin/catalogue/template.ts';

const KEEP_MS = 120_000;
const clock = new VirtualClock();
const driver = {
  log: async () => ({
    points: ['P_IN', 'F_IN'],
    times: [1000, 2000, 3000],
    rows: Float64Array.of(1, 2, 3, 4, 5, 6),
  }),
} as unknown as Driver;

/** A gateway that records the times of what it sends; `holds` tells whether its session takes anything. */
function aGateway(holds = true) {
  const sent: number[] = [];
  const session = {
    send: (frames: { time: number }[]) => {
      if (holds) sent.push(...frames.map(({ time }) => time));
      return holds;
    },
  };
  return {
    sent,
    gateway: {
      number: 4,
      wire: 0,
      code: 'SM-4',
      template: templateById('tank:LO3'),
      session,
    } as unknown as Gateway,
  };
}

describe('filling in the time before', () => {
  let backfiller: Backfiller;
  afterEach(() => backfiller.stop());
  const open = () => {
    backfiller = new Backfiller(
      { driver, before: 2500, valuesPerSecond: 1e9, keepMs: KEEP_MS, now: clock.now, onError: () => {} },
      [],
    );
    return backfiller;
  };

  test('sends what the logger has of before, and is done when the session has held', async () => {
    const { gateway, sent } = aGateway();
    open().request(gateway);
    await until('the rows', () => sent.length === 2);
    expect(sent).toEqual([1000, 2000]);
    expect(backfiller.filled.size).toBe(0);
    await until('the mark', () => {
      clock.pass(KEEP_MS);
      return backfiller.filled.has(4);
    });
  });

  test('begins again when the session broke before that', async () => {
    const { gateway, sent } = aGateway();
    open().request(gateway);
    await until('the rows', () => sent.length === 2);
    await pause(50);
    backfiller.doubt(gateway);
    clock.pass(KEEP_MS);
    backfiller.request(gateway);
    await until('the rows again', () => sent.length === 4);
    expect(backfiller.filled.size).toBe(0);
  });

  test('is not done when nothing could be sent', async () => {
    const { gateway, sent } = aGateway(false);
    open().request(gateway);
    clock.pass(KEEP_MS);
    await pause(300);
    expect(sent).toEqual([]);
    expect(backfiller.filled.size).toBe(0);
  });
});
