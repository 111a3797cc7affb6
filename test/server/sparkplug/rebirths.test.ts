import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { MOST_DEVICES } from '#server/sparkplug/host.ts';
import { HOUR, MINUTE } from '#twin/units.ts';
import { DataType } from '#twin/wire/sparkplug/datatypes.ts';
import { aHost, aNode } from './aHost.ts';

const START = Date.UTC(2026, 5, 1);
beforeEach(() => {
  vi.useFakeTimers({ now: START });
});
afterEach(() => {
  vi.useRealTimers();
});

/** A node that answers each request with the birth it is given, and when it was asked, in seconds. */
function anAnsweringNode(most = 1000) {
  const host = aHost({ burst: 1e6 });
  const node = aNode();
  const asked: number[] = [];
  let birth = () => [node.birth({ a: 1 })];
  const begun = performance.now();
  host.hear(...birth());
  return {
    ...host,
    node,
    asked,
    bornAs: (given: typeof birth) => {
      birth = given;
    },
    /** `say` once a second */
    pass(seconds: number, say: () => void) {
      for (let k = 0; k < seconds; k++) {
        say();
        vi.advanceTimersByTime(1000);
        while (asked.length < Math.min(host.published.length, most)) {
          asked.push(Math.round((performance.now() - begun) / 1000));
          host.hear(...birth());
        }
      }
    },
  };
}

describe('a birth that does not help', () => {
  test('is asked for again after a pause that doubles, ten minutes at most', () => {
    const { hear, node, asked, pass, values } = anAnsweringNode();
    pass(3600, () => hear(node.data({ 0: 2, 9: 1 })));
    expect(asked.slice(0, 6)).toEqual([1, 21, 61, 141, 301, 621]);
    expect(asked.slice(6)).toEqual([1221, 1821, 2421, 3021]);
    expect(values()).toHaveLength(3600);
  });

  test('of another table is another matter: it is asked for at once', () => {
    const { hear, node, asked, pass, bornAs } = anAnsweringNode();
    pass(60, () => hear(node.data({ 9: 1 })));
    expect(asked).toHaveLength(2);
    bornAs(() => [node.birth({ a: 1, b: 2 })]);
    hear(node.birth({ a: 1, b: 2 }));
    pass(1, () => hear(node.data({ 9: 1 })));
    expect(asked).toHaveLength(3);
  });

  test('once it has helped, the next is asked for at once', () => {
    const { hear, node, asked, pass } = anAnsweringNode();
    pass(2, () => hear(node.data({ 9: 1 })));
    pass(120, () => hear(node.data({ 0: 1 })));
    const before = asked.length;
    pass(1, () => hear(node.data({ 9: 1 })));
    expect(asked.length).toBe(before + 1);
  });

  test('a gap within the pause is not forgotten: its birth is asked for when the pause has passed', () => {
    const { hear, node, asked, pass } = anAnsweringNode();
    const withGap = () => {
      node.seq++;
      hear(node.data({ 0: 1 }));
    };
    pass(1, withGap);
    pass(5, () => hear(node.data({ 0: 1 })));
    pass(1, withGap);
    pass(30, () => hear(node.data({ 0: 1 })));
    expect(asked).toEqual([3, 23]);
  });
});

test('the clock of the server set back by an hour: requests are repeated as before', () => {
  const { hear, published } = aHost();
  const node = aNode();
  hear(node.data());
  vi.advanceTimersByTime(1000);
  expect(published).toHaveLength(1);
  vi.setSystemTime(START - HOUR);
  for (let k = 0; k < 65; k++) {
    hear(node.data());
    vi.advanceTimersByTime(1000);
  }
  expect(published).toHaveLength(4);
});

describe('a node of many devices', () => {
  const aPlant = (devices: number) => {
    const plant = anAnsweringNode();
    const { node } = plant;
    const device = (type: 'DBIRTH' | 'DDATA', k: number) => {
      node.seq = (node.seq + 1) % 256;
      const metric = { alias: 100 + k, field: 'double' as const, value: 2 };
      const named = { ...metric, name: 'X', datatype: DataType.Double };
      return node.message(
        type,
        { timestamp: Date.now(), seq: node.seq, metrics: [type === 'DBIRTH' ? named : metric] },
        `D${k}`,
      );
    };
    const born = () => [
      node.birth({ a: 1 }),
      ...Array.from({ length: devices }, (_, k) => device('DBIRTH', k)),
    ];
    plant.bornAs(born);
    return { ...plant, device, born };
  };

  test(`is born with all ${MOST_DEVICES}, and asked for nothing`, () => {
    const { hear, born, device, asked, pass, host } = aPlant(MOST_DEVICES);
    hear(...born());
    pass(60, () => {
      for (let k = 0; k < MOST_DEVICES; k += 100) hear(device('DDATA', k));
    });
    expect(asked).toEqual([]);
    expect(host.nodes.get('G/SM-0001')!.devices.size).toBe(MOST_DEVICES);
  });

  test('with one more is not asked for what it has no place for', () => {
    const { hear, born, device, asked, pass, count } = aPlant(MOST_DEVICES + 1);
    hear(...born());
    pass(5 * (MINUTE / 1000), () => hear(device('DDATA', MOST_DEVICES)));
    expect(asked).toEqual([]);
    expect(count('nodesFull')).toBe(301);
  });
});

test('births that are refused are not answered with a request for another', () => {
  const { hear, published, count } = aHost({ burst: 50 });
  const node = aNode();
  for (let k = 0; k < 500; k++) hear(node.birth({ a: k }));
  expect(count('flooding')).toBe(450);
  for (let k = 0; k < 30; k++) {
    vi.advanceTimersByTime(1000);
    hear(node.data({ 0: k }));
  }
  expect(published).toEqual([]);
});
