import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Book } from '#twin/notification/book.ts';
import {
  advance,
  begin,
  type Course,
  keyOfStep,
  type Standing,
  type Step,
} from '#twin/notification/course.ts';
import { backOff, failed, NEW_LINE, succeeded } from '#twin/notification/line.ts';
import { MINUTE } from '#twin/units.ts';
import { aBook } from './aBook.ts';

const BEGIN = Date.UTC(2026, 5, 1);
const STANDS: Standing = { active: true, acknowledged: false, silent: false, returned: false, over: false };
const told = { id: 7, rule: 'LOW-INLET', routes: null, priority: 2, districts: ['350203'] };

const REMINDING = aBook({
  routes: [
    {
      id: 'all',
      tell: ['crew'],
      repeat: { every: '10 min', most: 3 },
      escalate: [{ after: '15 min', tell: ['leaders'] }],
    },
  ],
});

/** Looks at one alarm at these minutes after it was told; what it is then is given by `standing`. */
function walk(book: Book, minutes: readonly number[], standing: (minute: number) => Standing) {
  let courses: (Course | null)[] = begin(book, told, BEGIN).courses;
  const said: { minute: number; step: Step }[] = [];
  for (const minute of minutes)
    courses = courses.map((course) => {
      if (!course) return null;
      // a restart between any two looks: a course is plain data
      const kept = JSON.parse(JSON.stringify(course)) as Course;
      const next = advance(book, kept, standing(minute), BEGIN + minute * MINUTE);
      said.push(...next.steps.map((step) => ({ minute, step })));
      return next.course;
    });
  return said;
}

const say = (all: ReturnType<typeof walk>) =>
  all.map(({ minute, step: { kind, n, channels } }) => `${minute} ${kind} ${n} ${channels.join('+')}`);

describe('an annunciation', () => {
  it.each([
    [{ priorities: [1] }, []],
    [{ priorities: [1, 2] }, ['crew']],
    [{ districts: ['350206'] }, []],
    [{ districts: ['350206', '350203'] }, ['crew']],
    [{ rules: ['F23-POWER-LOSS'] }, []],
  ])('of priority 2 in 350203 by a route with %j goes to %j', (route, channels) => {
    const book = aBook({ routes: [{ id: 'one', tell: ['crew'], ...route }] });
    expect(begin(book, told, BEGIN).steps.flatMap((step) => step.channels)).toEqual(channels);
  });

  it.each([
    [null, 2, ['all', 'others']],
    [['night'], 2, ['night']],
    [['night', 'others'], 2, ['night', 'others']],
    // a route's own word on rules is for rules that say nothing; its priorities and districts hold
    [['power'], 2, ['power']],
    [['night'], 4, []],
    // a name that leads nowhere must not keep an alarm from people
    [['nihgt'], 2, ['all', 'others']],
    [['nihgt', 'night'], 2, ['night']],
  ])('of a rule that names the routes %j, at priority %i, goes by %j', (routes, priority, by) => {
    const book = aBook({
      routes: [
        { id: 'all', tell: ['crew'], priorities: [1, 2] },
        { id: 'others', tell: ['leaders'], rules: ['LOW-INLET'], priorities: [1, 2] },
        { id: 'power', tell: ['leaders'], rules: ['F23-POWER-LOSS'] },
        { id: 'night', tell: ['leaders'], rules: ['F23-POWER-LOSS'], priorities: [1, 2, 3] },
      ],
    });
    const { courses } = begin(book, { ...told, routes, priority }, BEGIN);
    expect(courses.map(({ route }) => route).sort()).toEqual([...by].sort());
  });

  it('a channel that two routes name is told once, and both go on', () => {
    const book = aBook({
      routes: [
        { id: 'one', tell: ['crew'] },
        { id: 'two', tell: ['crew', 'leaders'] },
      ],
    });
    const { steps, courses } = begin(book, told, BEGIN);
    expect(steps.map((step) => step.channels)).toEqual([['crew'], ['leaders']]);
    expect(courses.map(({ route }) => route)).toEqual(['one', 'two']);
  });
});

describe('reminders and escalation', () => {
  const minutes = Array.from({ length: 60 }, (_, i) => i);

  it('go on until they are enough', () => {
    expect(say(walk(REMINDING, minutes, () => STANDS))).toEqual([
      '10 repeat 1 crew',
      '15 escalation 1 leaders',
      '20 repeat 2 crew+leaders',
      '30 repeat 3 crew+leaders',
    ]);
  });

  it('end when somebody acknowledges', () => {
    const acknowledgedAt = (minute: number) => ({ ...STANDS, acknowledged: minute >= 12 });
    expect(say(walk(REMINDING, minutes, acknowledgedAt))).toEqual(['10 repeat 1 crew']);
  });

  it('an alarm that has returned is not escalated, but waits to be acknowledged', () => {
    const returned = (minute: number) => ({ ...STANDS, active: minute < 12, returned: minute >= 12 });
    expect(say(walk(REMINDING, minutes, returned))).toEqual([
      '10 repeat 1 crew',
      '20 repeat 2 crew',
      '30 repeat 3 crew',
    ]);
  });

  it('what was missed while nobody looked is said once', () => {
    expect(say(walk(REMINDING, [0, 29], () => STANDS))).toEqual([
      '29 escalation 1 leaders',
      '29 repeat 2 crew',
    ]);
  });

  it('whatever happens and whenever one looks', () => {
    const looks = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 60 });
    const standings = fc.infiniteStream(
      fc.record({
        active: fc.boolean(),
        acknowledged: fc.constant(false),
        silent: fc.boolean(),
        returned: fc.boolean(),
        over: fc.constant(false),
      }),
    );
    const ends = fc.integer({ min: 0, max: 200 });
    fc.assert(
      fc.property(looks, standings, ends, (gaps, stream, end) => {
        let minute = 0;
        const times = gaps.map((gap) => (minute += gap));
        const byMinute = new Map(times.map((time) => [time, stream.next().value as Standing]));
        const standing = (time: number) => ({ ...byMinute.get(time)!, acknowledged: time >= end });
        const said = walk(REMINDING, times, standing);
        // no message is made twice
        const keys = said.flatMap(({ step }) =>
          step.channels.map((channel) => keyOfStep(step, BEGIN, channel)),
        );
        expect(new Set(keys).size).toBe(keys.length);
        for (const { minute: when, step } of said) {
          expect(standing(when)).toMatchObject({ acknowledged: false, silent: false });
          if (step.kind === 'escalation') {
            expect(when).toBeGreaterThanOrEqual(15);
            expect(standing(when).active).toBe(true);
          } else {
            // each reminder in its turn: not before its time, and never two at one look
            expect(when).toBeGreaterThanOrEqual(10 * step.n);
            expect(step.n).toBeLessThanOrEqual(3);
          }
        }
        // whoever can be told is told at the first look after the time
        const first = times.find((time) => time >= 15 && standing(time).active && !standing(time).silent);
        const reached = first !== undefined && first < end;
        const escalations = said.filter(({ step }) => step.kind === 'escalation');
        expect(escalations.map((one) => one.minute)).toEqual(reached ? [first] : []);
      }),
    );
  });
});

describe('the return of an alarm', () => {
  const route = { id: 'all', tell: ['crew'], returned: true };
  const telling = (more: object = {}) => aBook({ routes: [{ ...route, ...more }] });
  const minutes = [0, 5, 12, 16, 21, 30, 40];
  const returnsAt =
    (then: number, more: Partial<Standing> = {}) =>
    (minute: number) =>
      minute < then ? { ...STANDS, ...more } : { ...STANDS, ...more, active: false, returned: true };

  it('is told once, also of one that was acknowledged or shelved, and ends reminders', () => {
    expect(say(walk(telling(), minutes, returnsAt(12)))).toEqual(['12 returned 1 crew']);
    expect(say(walk(telling(), minutes, returnsAt(12, { acknowledged: true })))).toEqual([
      '12 returned 1 crew',
    ]);
    expect(say(walk(telling(), minutes, returnsAt(12, { silent: true })))).toEqual(['12 returned 1 crew']);
    const reminding = telling({ repeat: { every: '10 min' } });
    expect(say(walk(reminding, minutes, returnsAt(21)))).toEqual(['12 repeat 1 crew', '21 returned 1 crew']);
  });

  it('is told to whom it was escalated', () => {
    const escalating = telling({ escalate: [{ after: '15 min', tell: ['leaders'] }] });
    expect(say(walk(escalating, minutes, returnsAt(12)))).toEqual(['12 returned 1 crew']);
    expect(say(walk(escalating, minutes, returnsAt(30)))).toEqual([
      '16 escalation 1 leaders',
      '30 returned 1 crew+leaders',
    ]);
  });

  it('is told to the shift that was told, and to the next one if it was reminded', () => {
    // BEGIN is eight in the morning
    const shifts = [
      { channels: ['crew'], from: '08:00', to: '08:20' },
      { channels: ['leaders'], from: '08:20', to: '08:00' },
    ];
    const groups = { duty: { shifts } };
    const book = (more: object = {}) => aBook({ groups, routes: [{ ...route, tell: ['duty'], ...more }] });
    expect(say(walk(book(), minutes, returnsAt(40)))).toEqual(['40 returned 1 crew']);
    expect(say(walk(book({ repeat: { every: '25 min' } }), minutes, returnsAt(40)))).toEqual([
      '30 repeat 1 leaders',
      '40 returned 1 crew+leaders',
    ]);
  });

  it('is no message while it chatters, nor when nobody asked for it', () => {
    expect(say(walk(telling(), minutes, () => ({ ...STANDS, active: false })))).toEqual([]);
    expect(say(walk(telling({ returned: false }), minutes, returnsAt(12)))).toEqual([]);
  });

  it('that two routes tell one channel is one message', () => {
    const steps = ['one', 'two'].map((id) => ({ alarm: 7, route: id, kind: 'returned' as const, n: 1 }));
    expect(new Set(steps.map((step) => keyOfStep(step, BEGIN, 'crew'))).size).toBe(1);
  });
});

describe('a channel that fails', () => {
  it('is waited for twice as long each time, to five minutes', () => {
    expect([1, 2, 3, 4, 5, 6, 7, 8, 100].map((failures) => backOff(failures, 1) / 1000)).toEqual([
      5, 10, 20, 40, 80, 160, 300, 300, 300,
    ]);
  });

  it('is tried again in time, is down since the first failure, and up with one success', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.tuple(fc.integer({ min: 0, max: 600_000 }), fc.double({ min: 0, max: 0.999, noNaN: true })),
          {
            minLength: 1,
          },
        ),
        (failures) => {
          let line = NEW_LINE;
          let now = BEGIN;
          for (const [later, random] of failures) {
            now = Math.max(now + later, line.nextAttempt);
            line = failed(line, 'away', now, random);
            const wait = line.nextAttempt - now;
            expect(wait).toBeGreaterThanOrEqual(2500);
            expect(wait).toBeLessThanOrEqual(5 * MINUTE);
          }
          expect(line).toMatchObject({ failures: failures.length, downSince: BEGIN + failures[0]![0] });
          expect(succeeded(now, 3000)).toEqual({ ...NEW_LINE, lastDelivered: now, nextAttempt: now + 3000 });
        },
      ),
    );
  });
});
