import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Delivery, loadDelivery, saveDelivery } from '#edge/delivery.ts';
import { numberStations } from '#edge/numbering.ts';

const KEEP = 60_000;
const NOTHING = Number.POSITIVE_INFINITY;
const marks = () => new Delivery(1, KEEP);

describe('what may not have reached the host', () => {
  test('after a break, everything sent within the keeping time', () => {
    const delivery = marks();
    delivery.sent(0, 500_000, 500_000);
    delivery.sent(0, 520_000, 520_000);
    delivery.doubt(0, 522_000);
    expect(delivery.replayFrom[0]).toBe(500_000);
  });

  test('what was sent a keeping time and a slot ago has arrived', () => {
    const delivery = marks();
    delivery.sent(0, 500_000, 500_000);
    delivery.sent(0, 580_000, 580_000);
    delivery.doubt(0, 582_000);
    expect(delivery.replayFrom[0]).toBe(580_000);
    expect(delivery.neededFrom(0, 582_000)).toBe(580_000);
  });

  test.each([
    ['ahead', 86_400_000],
    ['behind', -86_400_000],
  ])('after a break, everything sent lately by a clock that was a day %s and was set right', (_, wrong) => {
    const delivery = marks();
    const start = 10 * 86_400_000;
    delivery.sent(0, start + wrong, start);
    delivery.sent(0, start + 20_000, start + 20_000);
    delivery.doubt(0, start + 25_000);
    expect(delivery.replayFrom[0]).toBe(Math.min(start + wrong, start + 20_000));
  });

  test('a station that has long been silent still needs what came after its last frame', () => {
    const delivery = marks();
    delivery.sent(0, 500_000, 500_000);
    expect(delivery.neededFrom(0, 9_000_000)).toBe(500_000);
  });

  test('a station that never sent has nothing in doubt', () => {
    const delivery = marks();
    delivery.doubt(0, 502_000);
    expect(delivery.replayFrom[0]).toBe(NOTHING);
  });

  test('without a session, from the first frame that could not be sent', () => {
    const delivery = marks();
    delivery.notSent(0, 1000);
    delivery.notSent(0, 3000);
    expect(delivery.replayFrom[0]).toBe(1000);
    expect(delivery.unsent[0]).toBe(2);
    expect(delivery.isUnsent(0, 999)).toBe(false);
    expect(delivery.isUnsent(0, 2000)).toBe(true);
  });

  test('a complete replay leaves nothing to do', () => {
    const delivery = marks();
    delivery.notSent(0, 1000);
    delivery.notSent(0, 3000);
    expect(delivery.begin(0)).toEqual({ from: 1000, unsentFrom: 1000, unsentUntil: 3000 });
    delivery.replayed(0, true);
    expect(delivery.replayFrom[0]).toBe(NOTHING);
    expect(delivery.unsent[0]).toBe(0);
    expect(delivery.isUnsent(0, 1000)).toBe(false);
  });

  test('a replay that failed is to be done again from its start', () => {
    const delivery = marks();
    delivery.notSent(0, 1000);
    delivery.begin(0);
    delivery.notSent(0, 9000);
    delivery.replayed(0, false);
    expect(delivery.replayFrom[0]).toBe(1000);
  });

  test('a frame that could not be sent while a replay ran keeps its own mark', () => {
    const delivery = marks();
    delivery.notSent(0, 1000);
    delivery.begin(0);
    delivery.notSent(0, 9000);
    delivery.replayed(0, true);
    expect(delivery.replayFrom[0]).toBe(9000);
  });

  test('a break while a replay ran puts the whole replay in doubt', () => {
    const delivery = marks();
    delivery.notSent(0, 1000);
    delivery.begin(0);
    delivery.sent(0, 500_000, 500_000);
    delivery.doubt(0, 500_000);
    delivery.replayed(0, true);
    expect(delivery.replayFrom[0]).toBe(1000);
  });

  test('what was never sent is told from what is sent once more', () => {
    const delivery = marks();
    delivery.sent(0, 500_000, 500_000);
    delivery.doubt(0, 502_000);
    delivery.notSent(0, 502_000);
    delivery.notSent(0, 504_000);
    expect(delivery.begin(0)).toEqual({ from: 500_000, unsentFrom: 502_000, unsentUntil: 504_000 });
  });

  test('a break soon after a replay puts in doubt what it sent lately, one much later nothing of it', () => {
    const delivery = marks();
    delivery.notSent(0, 1000);
    delivery.begin(0);
    delivery.resent(0, 1000, 400_000);
    delivery.resent(0, 2000, 500_000);
    delivery.replayed(0, true);
    delivery.doubt(0, 500_000 + KEEP - 1);
    expect(delivery.replayFrom[0]).toBe(2000);
    delivery.begin(0);
    delivery.resent(0, 2000, 600_000);
    delivery.replayed(0, true);
    delivery.sent(0, 700_000, 700_000);
    delivery.doubt(0, 700_000);
    expect(delivery.replayFrom[0]).toBe(700_000);
  });

  test('no frame is forgotten before it is certain to have arrived, whatever happens in between', () => {
    const step = fc.constantFrom('sent', 'notSent', 'doubt', 'replayDone', 'replayFailed', 'begin');
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const delivery = marks();
        // frames that were never handed to a connection, and the ones a replay under way will send
        let missing: number[] = [];
        let replaying: number[] | undefined;
        let time = 1_000_000;
        for (const what of steps) {
          time += 2000;
          if (what === 'sent') delivery.sent(0, time, time);
          else if (what === 'doubt') delivery.doubt(0, time);
          else if (what === 'notSent') {
            delivery.notSent(0, time);
            missing.push(time);
          } else if (what === 'begin') {
            if (replaying || delivery.replayFrom[0] === NOTHING) continue;
            const { from } = delivery.begin(0);
            replaying = missing.filter((frame) => frame >= from);
          } else if (replaying) {
            const complete = what === 'replayDone';
            delivery.replayed(0, complete);
            if (complete) missing = missing.filter((frame) => !replaying!.includes(frame));
            replaying = undefined;
          }
          for (const frame of missing) {
            expect(delivery.neededFrom(0, time)).toBeLessThanOrEqual(frame);
            if (!replaying?.includes(frame)) expect(delivery.replayFrom[0]).toBeLessThanOrEqual(frame);
          }
        }
      }),
    );
  });
});

describe('marks on disk', () => {
  const inFolder = async (work: (folder: string) => Promise<void>) => {
    const folder = await mkdtemp(join(tmpdir(), 'shuijing-edge-'));
    try {
      await work(folder);
    } finally {
      await rm(folder, { recursive: true });
    }
  };

  test('are read as they were written, and nothing else is left', () =>
    inFolder(async (folder) => {
      const file = {
        'SM-0001': { neededFrom: 5, bdSeq: 7, filled: true },
        'SM-0002': { neededFrom: null, bdSeq: 0, filled: false },
      };
      await saveDelivery(join(folder, 'delivery.json'), file);
      expect(await loadDelivery(join(folder, 'delivery.json'))).toEqual(file);
      expect(await readdir(folder)).toEqual(['delivery.json']);
    }));

  test.each(['', '{', '[]', '{"SM-0001":{"neededFrom":"soon"}}'])('%j is as good as none', (content) =>
    inFolder(async (folder) => {
      await writeFile(join(folder, 'delivery.json'), content);
      expect(await loadDelivery(join(folder, 'delivery.json'))).toEqual({});
    }),
  );

  test('a station keeps its number in whatever order the driver lists it; another template is a new number', () =>
    inFolder(async (folder) => {
      const path = join(folder, 'stations.json');
      const [A, B, C] = ['A', 'B', 'C'].map((code) => ({ code, template: 'tank:LO3' })) as [
        { code: string; template: string },
        { code: string; template: string },
        { code: string; template: string },
      ];
      const numbers = async (...stations: { code: string; template: string }[]) =>
        (await numberStations(path, stations)).map(({ code, number, wire }) => [code, number, wire]);
      expect(await numbers(A, B)).toEqual([
        ['A', 0, 0],
        ['B', 1, 1],
      ]);
      expect(await numbers(C, B)).toEqual([
        ['C', 2, 0],
        ['B', 1, 1],
      ]);
      expect(await numbers({ code: 'A', template: 'tank:LO4' }, A)).toEqual([
        ['A', 3, 0],
        ['A', 0, 1],
      ]);
    }));
});
