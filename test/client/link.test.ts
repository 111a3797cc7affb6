import { beforeEach, describe, expect, it } from 'vitest';
import { backoff } from '#client/live/backoff.ts';
import { FORGOTTEN_LIMIT, type Link, type LinkState, openLink } from '#client/live/link.ts';
import { FakeServer } from './virtualTime.ts';

describe('the live link', () => {
  let server: FakeServer;
  let states: LinkState['phase'][];
  let link: Link;
  let readable: boolean;

  beforeEach(() => {
    server = new FakeServer();
    states = [];
    readable = true;
    link = openLink(server.ports, {
      state: ({ phase }) => states.push(phase),
      sheet: () => {
        if (!readable) throw new RangeError('bytes end early');
      },
      notice: () => {},
    });
    link.watch(['overview']);
  });

  const watched = () => server.latest.sent.map((text) => JSON.parse(text).watch);

  it('asks for what is watched as soon as it is open', () => {
    server.latest.accept();
    expect(states).toEqual(['connecting', 'open']);
    expect(watched()).toEqual([['overview']]);
  });

  it('tells the server only when what is watched has changed', () => {
    server.latest.accept();
    link.watch(['overview']);
    link.watch(['overview', 'station:SM-0001']);
    expect(watched()).toEqual([['overview'], ['overview', 'station:SM-0001']]);
  });

  it('is lost at once when the socket closes', () => {
    server.latest.accept();
    server.latest.onclose?.();
    expect(states.at(-1)).toBe('lost');
  });

  it('is lost within three seconds when the server falls silent and answers nothing', async () => {
    server.latest.accept();
    server.answers = false;
    await server.time.pass(3000);
    expect(states).toContain('lost');
  });

  it('stays open through a silence in which the server still answers', async () => {
    server.latest.accept();
    await server.time.pass(8000);
    expect(states.at(-1)).toBe('open');
  });

  it('does not take its own sleep for a silence of the server', async () => {
    server.latest.accept();
    server.answers = false;
    await server.time.pass(200);
    // a busy page: the clock goes on, but nothing is run
    server.time.now += 5000;
    await server.time.pass(100);
    server.latest.say({ notice: 'stations', stationsRevision: 1 });
    await server.time.pass(1000);
    expect(states.at(-1)).toBe('open');
  });

  it('opens a new socket when the server answers but has forgotten this one', async () => {
    server.latest.accept();
    await server.time.pass(FORGOTTEN_LIMIT + 5000);
    expect(server.sockets.length).toBeGreaterThan(1);
    expect(server.sockets[0]!.closed).toBe(true);
  });

  it('comes back by itself and asks for everything again', async () => {
    server.latest.accept();
    link.watch(['overview', 'station:SM-0001']);
    server.latest.onclose?.();
    await server.time.pass(600);
    server.latest.accept();
    expect(states.at(-1)).toBe('open');
    expect(watched()).toEqual([['overview', 'station:SM-0001']]);
  });

  it('is not open again before the new socket has said something', async () => {
    server.latest.accept();
    server.latest.onclose?.();
    await server.time.pass(600);
    server.latest.onopen?.();
    expect(states.at(-1)).toBe('lost');
  });

  it('waits longer and longer while the server is away', async () => {
    server.latest.onclose?.();
    const opened: number[] = [];
    for (let i = 0; i < 6; i++) {
      const before = server.sockets.length;
      const from = server.time.now;
      while (server.sockets.length === before) await server.time.pass(125);
      opened.push(server.time.now - from);
      server.latest.onclose?.();
    }
    expect(opened.every((wait, i) => i === 0 || wait >= opened[i - 1]!)).toBe(true);
    expect(opened.at(-1)).toBeGreaterThan(4000);
  });

  it('begins again from a snapshot when a sheet cannot be read, ever more slowly', async () => {
    readable = false;
    for (let i = 0; i < 4; i++) {
      server.latest.accept();
      server.latest.give(new Uint8Array([9]));
      expect(states.at(-1)).toBe('lost');
      const before = server.sockets.length;
      while (server.sockets.length === before) await server.time.pass(100);
    }
    expect(server.time.now - 1_000_000).toBeGreaterThan(4000);
  });

  it('takes no word of a socket it has left', async () => {
    const old = server.latest;
    old.accept();
    old.onclose?.();
    await server.time.pass(600);
    old.accept();
    expect(states.at(-1)).toBe('lost');
  });

  it('ends for good', async () => {
    server.latest.accept();
    link.close();
    await server.time.pass(60_000);
    expect(server.sockets).toHaveLength(1);
  });
});

describe('backoff', () => {
  it('doubles from half a second to ten seconds, with jitter in the upper half', () => {
    expect(backoff(0, () => 0)).toBe(250);
    expect(backoff(0, () => 1)).toBe(500);
    expect(backoff(3, () => 1)).toBe(4000);
    expect(backoff(100, () => 1)).toBe(10_000);
  });
});
