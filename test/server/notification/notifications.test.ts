import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { keyOfOccurrence } from '#server/alarms/desk.ts';
import type { Database } from '#server/database/database.ts';
import { signatureOf } from '#server/notification/robots.ts';
import { VirtualClock } from '#test/support/clock.ts';
import { DATABASES, type TestDatabase } from '#test/support/embedded.ts';
import { until } from '#test/support/until.ts';
import { aRule } from '#test/twin/alarm/timeline.ts';
import { MINUTE, SECOND } from '#twin/units.ts';
import { forgetAll, Notifier, type NotifierOptions, OTHER, ROOM } from './aNotifier.ts';
import { HANGS, MailServer, OK, Robot, says } from './receivers.ts';

const LOW = { P_IN: 0.1 };
const KEY = 'wecom-secret-key-0001';
const SIGNED = 'SECdingtalk-secret-0001';

/** Machines that are busy take their time. */
const soon = (what: string, holds: () => boolean | Promise<boolean>) => until(what, holds, 50_000);

describe('notification of alarms', () => {
  let place: TestDatabase;
  let database: Database;
  let robot: Robot;
  let other: Robot;
  let clock: VirtualClock;
  const running: Notifier[] = [];
  const notes: string[] = [];

  beforeAll(async () => {
    place = await (DATABASES.PostgreSQL ?? DATABASES.embedded!)();
    database = await place.open();
  });
  afterAll(async () => {
    await database?.close();
    place?.remove();
  });
  beforeEach(async () => {
    await forgetAll(database);
    clock = new VirtualClock();
    notes.length = 0;
    robot = await new Robot().start();
    other = await new Robot().start();
    return async () => {
      for (const one of running.splice(0)) await one.notifications.close();
      await robot.stop();
      await other.stop();
    };
  });

  const wecom = (more: object = {}) => ({ kind: 'wecom', url: robot.url(`/send?key=${KEY}`), ...more });
  const crew = (more: object = {}) => ({
    channels: { crew: wecom() },
    routes: [{ id: 'all', tell: ['crew'], ...more }],
  });
  const start = async (book: object, more: Partial<NotifierOptions> = {}) => {
    const made = await Notifier.start({
      database,
      book,
      now: clock.now,
      note: (note) => notes.push(note),
      ...more,
    });
    running.push(made);
    return made;
  };
  /** Time passes; alarms are looked at and messages go out. */
  const pass = async (one: Notifier, ms: number) => {
    clock.pass(ms);
    await one.desk.look();
    one.notifications.turn();
  };
  const outcomes = async (one: Notifier) =>
    (await one.notifications.health()).recent
      .map(({ key, outcome }) => `${key.replace(/@\d+/, '')} ${outcome}`)
      .sort();
  const settled = (one: Notifier) =>
    soon('nothing waiting', () => {
      one.notifications.turn();
      return one.notifications.channels().every(({ waiting }) => waiting === 0);
    });

  it('a WeCom robot is told in its shape and in Chinese', async () => {
    const one = await start(crew());
    await pass(one.hear(LOW), 2 * SECOND);
    await settled(one);
    expect(robot.received).toHaveLength(1);
    const { path, query, body } = robot.received[0]!;
    expect([path, query.get('key')]).toEqual(['/send', KEY]);
    expect(body.msgtype).toBe('markdown');
    const { content } = body.markdown;
    for (const words of ['[高] 进水压力低', ROOM, '发生时间: 2026-06-01 08:00:02', '管网压力低', '检查管网'])
      expect(content).toContain(words);
    expect(content).toContain(`(https://twin.example.org/stations/${ROOM})`);
    await soon('it is kept', async () => (await outcomes(one))[0] === '1/told-2/crew delivered');
  });

  it('a DingTalk robot checks the signature of every message, in English', async () => {
    const url = robot.url('/robot/send?access_token=t0k3n-of-ding');
    robot.answer = (response, { query }) => {
      const wanted = signatureOf(query.get('timestamp')!, SIGNED);
      response.end(query.get('sign') === wanted ? '{"errcode":0}' : '{"errcode":310000,"errmsg":"sign"}');
    };
    const channel = { kind: 'dingtalk', language: 'en', url: { env: 'DING' }, secret: SIGNED };
    const one = await start({ ...crew(), channels: { crew: channel } }, { env: { DING: url } });
    await pass(one.hear(LOW), 2 * SECOND);
    await settled(one);
    const { body, query } = robot.received[0]!;
    expect(query.get('access_token')).toBe('t0k3n-of-ding');
    expect(body).toMatchObject({
      msgtype: 'markdown',
      markdown: { title: expect.stringContaining('[High] Inlet') },
    });
    expect(body.markdown.text).toContain('Remedy: Look at the main');
  });

  it('a mail server gets a mail that names the alarm once', async () => {
    const mail = await new MailServer('twin', 'pass-word-1').start();
    const channel = (password: string) => ({
      kind: 'smtp',
      host: '127.0.0.1',
      port: mail.port,
      secure: false,
      user: 'twin',
      password,
      from: 'twin@example.org',
      to: ['duty@example.org'],
    });
    const one = await start({
      channels: { mail: channel('pass-word-1'), wrong: channel('not-the-one') },
      routes: [{ id: 'all', tell: ['mail', 'wrong'] }],
    });
    await pass(one.hear(LOW), 2 * SECOND);
    await soon('the mail', () => mail.mails.length === 1);
    expect(mail.mails[0]).toMatch(/^Message-ID: <[0-9a-f]{32}@shuijing>$/m);
    expect(mail.mails[0]).toContain('Auto-Submitted: auto-generated');
    // a login that fails is shown, in words without the password, and tried again
    const wrong = () => one.notifications.channels().find(({ id }) => id === 'wrong')!;
    await soon('the refused login', () => wrong().state === 'down');
    expect(wrong().lastError).toContain('535');
    expect(wrong().lastError).not.toContain('not-the-one');
    expect(wrong().waiting).toBe(1);
    mail.refuse = { code: 451, words: 'later' };
    expect((await one.notifications.test('mail', '李工'))!.error).toContain('later');
    mail.refuse = null;
    expect(await one.notifications.test('mail', '李工')).toEqual({ error: null });
    await mail.stop();
  });

  it('a recipient that a mail server refuses is shown, and tried again alone', async () => {
    const mail = await new MailServer('twin', 'pass-word-1').start();
    mail.unknown.add('gone@example.org');
    const channel = {
      ...{ kind: 'smtp', host: '127.0.0.1', port: mail.port, secure: false },
      ...{ user: 'twin', password: 'pass-word-1', from: 'twin@example.org' },
      to: ['duty@example.org', 'gone@example.org'],
    };
    const one = await start({ channels: { mail: channel }, routes: [{ id: 'all', tell: ['mail'] }] });
    const entry = async () => (await one.notifications.health()).recent[0]!;
    await pass(one.hear(LOW), 2 * SECOND);
    await soon('the refusal', async () => (await entry()).missing.length === 1);
    expect(mail.mails).toHaveLength(1);
    expect(await entry()).toMatchObject({
      outcome: 'waiting',
      missing: ['gone@example.org'],
      error: expect.stringContaining('no mailbox gone@example.org'),
    });
    expect(one.notifications.channels()[0]).toMatchObject({ state: 'up', waiting: 1 });
    // refused again: the channel stays up, and nobody gets a second mail
    await pass(one, 10 * SECOND);
    await soon('the second attempt', async () => (await entry()).attempts === 2);
    expect(one.notifications.channels()[0]).toMatchObject({ state: 'up', waiting: 1 });
    expect(mail.mails).toHaveLength(1);
    mail.unknown.clear();
    // its pause begins when the server has answered, on a clock that only the test moves
    await soon('the third attempt', async () => {
      await pass(one, 10 * SECOND);
      return (await entry()).outcome === 'delivered';
    });
    expect(await entry()).toMatchObject({ outcome: 'delivered', missing: [], error: null });
    expect(mail.mails).toHaveLength(2);
    expect(mail.mails[1]).toMatch(/^To: gone@example\.org$/m);
    await mail.stop();
  });

  it('a channel that hangs holds up neither the alarms nor another channel', async () => {
    other.answer = HANGS;
    const one = await start({
      channels: { crew: wecom(), hung: { kind: 'webhook', url: other.url('/hook') } },
      routes: [{ id: 'all', tell: ['hung', 'crew'] }],
    });
    await pass(one.hear(LOW), 2 * SECOND);
    await soon('the other channel', () => robot.received.length === 1 && other.received.length === 1);
    // its pause after a message begins when it has answered, on a clock that only the test moves
    await soon('its answer', () => one.notifications.channels()[0]!.lastDelivered !== null);
    await pass(one.hear(LOW, OTHER), 4 * SECOND);
    await soon('its next message', () => robot.received.length === 2);
    expect(one.desk.list()).toHaveLength(2);
    const [, hung] = one.notifications.channels();
    expect(hung).toMatchObject({ id: 'hung', waiting: 2 });
  });

  it.each([
    ['trouble', says(500, 'oops')],
    ['nothing in time', HANGS],
    ['that it is busy', says(200, '{"errcode":45009,"errmsg":"api freq out of limit"}')],
    ['no', says(200, '{"errcode":93000,"errmsg":"invalid webhook url"}')],
    ['something else', says(200, '<html>')],
  ])('a robot that says %s is shown as down, waited for, and told later', async (_, answer) => {
    robot.answer = answer;
    const one = await start(crew(), answer === HANGS ? { patienceMs: 3000 } : {});
    await pass(one.hear(LOW), 2 * SECOND);
    const channel = () => one.notifications.channels()[0]!;
    await soon('the failure', () => channel().failures === 1);
    expect(channel()).toMatchObject({
      state: 'down',
      downSince: clock.now(),
      waiting: 1,
      lastDelivered: null,
    });
    expect(JSON.stringify([channel(), notes])).not.toContain(KEY);
    robot.answer = OK;
    await pass(one, SECOND);
    expect(robot.received).toHaveLength(1);
    await pass(one, 5 * SECOND);
    await settled(one);
    expect(robot.received).toHaveLength(2);
    expect(channel()).toMatchObject({ state: 'up', downSince: null, failures: 0, lastError: null });
  });

  it('a robot that is not there, and one that repeats the key in its answer', async () => {
    const book = crew();
    await robot.stop();
    const one = await start(book);
    await pass(one.hear(LOW), 2 * SECOND);
    const channel = () => one.notifications.channels()[0]!;
    await soon('the failure', () => channel().failures === 1);
    expect(channel().lastError).toBe('cannot be reached: ECONNREFUSED');
    other.answer = says(404, `no robot ${KEY}`);
    const echoing = { kind: 'wecom', url: other.url(`/send?key=${KEY}`) };
    const two = await start({ ...book, channels: { crew: echoing } });
    expect(await two.notifications.test('crew', '李工')).toEqual({ error: 'answered 404: no robot ***' });
    robot = await new Robot().start();
  });

  it('reminds until somebody acknowledges, and tells a second group in time', async () => {
    const one = await start({
      channels: { crew: wecom(), leaders: { kind: 'webhook', url: other.url('/leaders') } },
      routes: [
        {
          id: 'all',
          tell: ['crew'],
          repeat: { every: '10 min' },
          escalate: [{ after: '15 min', tell: ['leaders'] }],
        },
      ],
    });
    one.hear(LOW);
    for (let minute = 0; minute < 21; minute++) {
      await pass(one.hear(LOW), MINUTE);
      await settled(one);
    }
    await soon('all is kept', async () => !(await outcomes(one)).some((line) => line.endsWith(' waiting')));
    expect(await outcomes(one)).toEqual([
      '1/all/escalation-1/leaders delivered',
      '1/all/repeat-1/crew delivered',
      '1/all/repeat-2/crew delivered',
      '1/all/repeat-2/leaders delivered',
      '1/told-2/crew delivered',
    ]);
    const [alarm] = one.desk.list();
    await one.desk.each([alarm!.id], (it) => ({ do: 'acknowledge', key: keyOfOccurrence(it), by: '李工' }));
    const before = robot.received.length;
    for (let minute = 0; minute < 30; minute++) await pass(one.hear(LOW), MINUTE);
    await settled(one);
    expect(robot.received).toHaveLength(before);
    expect(other.received.map(({ body }) => body.alarms[0].kind)).toEqual(['escalation', 'repeat']);
  });

  it('tells those who were told that it has returned, acknowledged or over', async () => {
    const one = await start(crew({ returned: true }));
    const acknowledge = async () => {
      const [alarm] = one.desk.list();
      await one.desk.each([alarm!.id], (it) => ({
        do: 'acknowledge',
        key: keyOfOccurrence(it),
        by: '李工',
      }));
    };
    await pass(one.hear(LOW), 2 * SECOND);
    await settled(one);
    await acknowledge();
    const returns = async () => {
      await pass(one.hear({ P_IN: 0.3 }), 10 * SECOND);
      // robots take a message every three seconds
      await pass(one, 4 * SECOND);
      await settled(one);
    };
    await returns();
    expect(one.desk.list()).toEqual([]);
    await pass(one.hear(LOW), 4 * SECOND);
    await settled(one);
    await returns();
    await soon('all is kept', async () => !(await outcomes(one)).some((line) => line.endsWith(' waiting')));
    expect(await outcomes(one)).toEqual([
      '1/returned-1/crew delivered',
      '1/told-2/crew delivered',
      '2/returned-1/crew delivered',
      '2/told-2/crew delivered',
    ]);
    const { content } = robot.received.at(-1)!.body.markdown;
    expect(content).toContain('(已恢复)');
  });

  it('what is explained by a cause or on a shelf is not sent, even if it waited', async () => {
    robot.answer = says(500, '');
    const power = aRule({ id: 'POWER', when: 'not MAINS_OK', priority: 1 });
    const one = await start(crew(), { rules: [power, aRule({ suppressedBy: ['POWER'] })] });
    await pass(one.hear({ MAINS_OK: 0, ...LOW }), 2 * SECOND);
    await soon('the failure', () => one.notifications.channels()[0]!.failures === 1);
    expect(await outcomes(one)).toEqual([expect.stringMatching(/^\d+\/told-1\/crew waiting$/)]);
    const power1 = one.desk.list().find(({ rule }) => rule === 'POWER')!;
    await one.desk.each([power1.id], ({ station, rule }, time) => ({
      do: 'silence',
      silencer: {
        kind: 'shelved',
        station,
        rule,
        until: time + MINUTE * 60,
        oneShot: false,
        by: '李工',
        reason: '检修',
      },
    }));
    robot.answer = OK;
    await pass(one, 10 * SECOND);
    await settled(one);
    expect(robot.received).toHaveLength(1);
    await soon('it is kept', async () => /withdrawn$/.test((await outcomes(one))[0]!));
  });

  it('what is told anew after a shelf is a message of its own: it outlives a restart, and so do its reminders', async () => {
    const one = await start(crew({ repeat: { every: '10 min', most: 1 } }));
    await pass(one.hear(LOW), 2 * SECOND);
    await settled(one);
    await pass(one.hear(LOW), 10 * MINUTE);
    await settled(one);
    await one.desk.each([one.desk.list()[0]!.id], ({ station, rule }, time) => ({
      do: 'silence',
      silencer: {
        kind: 'shelved',
        station,
        rule,
        until: time + 5 * MINUTE,
        oneShot: false,
        by: '李工',
        reason: '检修',
      },
    }));
    robot.answer = says(500, '');
    await pass(one.hear(LOW), 6 * MINUTE);
    await soon('the failure', () => one.notifications.channels()[0]!.failures === 1);
    await one.notifications.close();
    robot.answer = OK;
    const next = await start(crew({ repeat: { every: '10 min', most: 1 } }));
    await pass(next.hear(LOW), 4 * SECOND);
    await settled(next);
    await pass(next.hear(LOW), 10 * MINUTE);
    await settled(next);
    const all = ['1/all/repeat-1/crew delivered', '1/told-2/crew delivered'];
    await soon('all is kept', async () => !(await outcomes(next)).some((line) => line.endsWith(' waiting')));
    expect(await outcomes(next)).toEqual([all[0], all[0], all[1], all[1]]);
  });

  it('a flood that waited goes out in few messages, each alarm once', async () => {
    robot.answer = says(503, '');
    const rules = ['AA', 'BB', 'CC', 'DD', 'EE', 'FF'].map((id) => aRule({ id }));
    const one = await start(
      { ...crew(), channels: { crew: { kind: 'webhook', url: robot.url('/hook') } } },
      { rules },
    );
    await pass(one.hear(LOW), 2 * SECOND);
    await soon('the failure', () => one.notifications.channels()[0]!.failures === 1);
    robot.answer = OK;
    robot.received.length = 0;
    await pass(one.hear(LOW, OTHER), 10 * SECOND);
    await soon('all of them', async () => {
      one.notifications.turn();
      return one.notifications.channels()[0]!.waiting === 0;
    });
    const keys = robot.received.flatMap(({ body }) => body.alarms.map(({ key }: { key: string }) => key));
    expect(keys).toHaveLength(12);
    expect(new Set(keys).size).toBe(12);
    expect(robot.received.length).toBeLessThan(12);
  });

  it('a message that is refused again and again does not hold up the others', async () => {
    robot.answer = (response, { body }) =>
      response.writeHead(body.text.includes(OTHER) ? 400 : 200).end('{}');
    const one = await start({ ...crew(), channels: { crew: { kind: 'webhook', url: robot.url('/hook') } } });
    await pass(one.hear(LOW, OTHER), 2 * SECOND);
    await soon('the refusal', () => one.notifications.channels()[0]!.failures === 1);
    await pass(one.hear(LOW), 10 * SECOND);
    await soon('the other one', async () => {
      one.notifications.turn();
      return (await outcomes(one)).some((line) => line.endsWith('delivered'));
    });
    await soon('it is given up', async () => {
      await pass(one, 5 * MINUTE);
      return (await outcomes(one)).some((line) => line.endsWith('refused'));
    });
    expect(one.notifications.channels()[0]!.waiting).toBe(0);
  });

  it('is told while the database is away, and kept when it is back', async () => {
    let away = true;
    const cut = async () => {
      throw new Error('away');
    };
    const flaky: Database = {
      ...database,
      healthy: () => !away,
      query: (...given) => (away ? cut() : database.query(...given)) as never,
      transaction: (...given) => (away ? cut() : database.transaction(...given)) as never,
    };
    away = false;
    const one = await start(crew(), { database: flaky });
    away = true;
    one.hear(LOW);
    await pass(one, 2 * SECOND).catch(() => undefined);
    expect(robot.received).toHaveLength(0);
    clock.pass(11 * SECOND);
    one.notifications.turn();
    await soon('people are told', () => robot.received.length === 1);
    away = false;
    await pass(one.hear(LOW), 2 * SECOND);
    await soon('it is kept', async () => (await outcomes(one))[0] === '1/told-2/crew delivered');
    expect(robot.received).toHaveLength(1);
  });
});
