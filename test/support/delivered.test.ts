import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { templateById } from '#twin/catalogue/template.ts';
import { type Comparison, emptyComparison } from '../verify/reliability/compare.ts';
import { untilDelivered } from '../verify/reliability/delivered.ts';

const stations = ['SM-0007', 'SM-0008', 'SM-0009'].map((code) => ({
  code,
  template: templateById('tank:LO3'),
  frames: [],
}));
const AGAIN = 5;
const missing = (lost: number): Comparison => ({
  ...emptyComparison(),
  produced: 10,
  stored: 10 - lost,
  lost,
});

describe('what gateways produced is looked for until it is there', () => {
  it('although the first look takes longer than there is time', async () => {
    const looks: string[] = [];
    const all = await untilDelivered(
      stations,
      async ({ code }) => {
        looks.push(code);
        await pause(20);
        // the first is looked at before its replay has come
        return missing(looks.length === 1 ? 4 : 0);
      },
      30,
      AGAIN,
    );
    expect(looks).toEqual(['SM-0007', 'SM-0008', 'SM-0009', 'SM-0007']);
    expect(all).toMatchObject({ produced: 30, stored: 30, lost: 0 });
  });

  it('and is lost when it is missing after that', async () => {
    const all = await untilDelivered(
      stations,
      async ({ code }) => missing(code === 'SM-0008' ? 4 : 0),
      30,
      AGAIN,
    );
    expect(all).toMatchObject({ produced: 30, stored: 26, lost: 4 });
  });

  it('or when nobody answers', async () => {
    const deaf = () => Promise.reject(new Error('the database is away'));
    const all = await untilDelivered(stations, deaf, 30, AGAIN);
    expect(all.lost).toBe(3);
    expect(all.examples[0]).toBe('the database is away');
  });
});
