import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Request, Subscriber } from 'zeromq';
import { templateById } from '#twin/catalogue/template.ts';
import { decodeInputs, fieldDescription, fieldLog } from '#twin/wire/fieldbus.ts';
import { writeSmallCity } from './city.ts';

const STATIONS = 12;
let folder: string;
let city: string;
let children: ChildProcess[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'plant-'));
  city = writeSmallCity(folder, STATIONS);
  children = [];
});
afterEach(() => {
  for (const child of children) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

interface Ready {
  inputs: string;
  requests: string;
}

function plant(...extra: string[]): ChildProcess {
  const args = [
    '--import',
    'tsx',
    'bin/plant.ts',
    '--data-dir',
    join(folder, 'data'),
    '--city',
    city,
    ...extra,
  ];
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'pipe'] });
  children.push(child);
  return child;
}

async function ready(child: ChildProcess): Promise<Ready> {
  for await (const line of createInterface({ input: child.stdout! })) {
    const message = JSON.parse(line) as { ready?: boolean } & Ready;
    if (message.ready) return message;
  }
  throw new Error('the plant ended before it was ready');
}

const ended = (child: ChildProcess) =>
  new Promise<number | null>((resolve) => {
    if (child.exitCode !== null) resolve(child.exitCode);
    else child.once('exit', resolve);
  });

async function ask(url: string, ...questions: unknown[]): Promise<{ answer: unknown; frames: Buffer[] }[]> {
  const socket = new Request({ receiveTimeout: 10_000, linger: 0 });
  socket.connect(url);
  const answers = [];
  for (const question of questions) {
    await socket.send(typeof question === 'string' ? question : JSON.stringify(question));
    const frames = (await socket.receive()) as Buffer[];
    answers.push({ answer: JSON.parse(frames[0]!.toString()) as unknown, frames });
  }
  socket.close();
  return answers;
}

/** The latest readings of each station after so many messages. */
async function listen(url: string, messages: number) {
  const socket = new Subscriber({ receiveTimeout: 10_000, linger: 0 });
  socket.connect(url);
  socket.subscribe();
  const latest = new Map<number, Float64Array>();
  const times: number[] = [];
  for (let i = 0; i < messages; i++) {
    const [message] = await socket.receive();
    decodeInputs(message as Uint8Array, (time, station, values) => {
      latest.set(station, values.slice());
      times.push(time);
    });
  }
  socket.close();
  return { latest, times };
}

describe('the plant as a process', () => {
  it('publishes every station each second and answers what it is asked', async () => {
    const { inputs, requests } = await ready(plant());
    const [described, logged, written, refused, unknown, nonsense] = await ask(
      requests,
      { ask: 'describe' },
      { ask: 'log', station: 3 },
      { ask: 'write', station: 0, point: 'LO/P_SET', value: 0.47 },
      { ask: 'write', station: 0, point: 'LO/P_SET', value: 7 },
      { ask: 'log', station: 99 },
      'not json',
    );
    const { stations, samplePeriodMs } = fieldDescription.parse(described!.answer);
    expect(stations).toHaveLength(STATIONS);
    expect(samplePeriodMs).toBe(1000);

    const log = fieldLog.parse(logged!.answer);
    expect(log.times.length).toBeGreaterThanOrEqual(287);
    expect(log.times.at(-1)! - log.times[0]!).toBe((log.times.length - 1) * 300_000);
    const rows = new Float64Array(Uint8Array.from(logged!.frames[1]!).buffer);
    expect(rows).toHaveLength(log.times.length * log.points.length);
    expect(rows.every(Number.isFinite)).toBe(true);
    const total = log.points.indexOf('V_IN');
    for (let row = 1; row < log.times.length; row++)
      expect(rows[row * log.points.length + total]).toBeGreaterThanOrEqual(
        rows[(row - 1) * log.points.length + total]!,
      );

    expect(written!.answer).toEqual({ ok: true });
    expect(refused!.answer).toMatchObject({ error: expect.stringMatching(/P_SET must be within/) });
    expect(unknown!.answer).toMatchObject({ error: expect.stringMatching(/number 99/) });
    expect(nonsense!.answer).toHaveProperty('error');

    const { latest, times } = await listen(inputs, 3 * STATIONS);
    expect(latest.size).toBe(STATIONS);
    expect(Math.abs(Date.now() - times.at(-1)!)).toBeLessThan(2000);
    const template = templateById(stations[0]!.template);
    expect(latest.get(0)).toHaveLength(template.points.length);
    expect(latest.get(0)![template.index.get('LO/P_SET')!]).toBe(0.47);
    for (const values of latest.values()) expect(values.every(Number.isFinite)).toBe(true);
  });

  it('continues after a restart: totals never run back, a set-point stays', async () => {
    const first = plant();
    const before = await ready(first);
    await ask(before.requests, { ask: 'write', station: 0, point: 'LO/P_SET', value: 0.47 });
    const heard = await listen(before.inputs, 2 * STATIONS);
    first.kill('SIGTERM');
    expect(await ended(first)).toBe(0);

    const after = await ready(plant());
    const again = await listen(after.inputs, 2 * STATIONS);
    const [described] = await ask(after.requests, { ask: 'describe' });
    fieldDescription.parse(described!.answer).stations.forEach(({ template: id }, station) => {
      const template = templateById(id);
      for (const { index, name, type } of template.points)
        if (type === 'total')
          expect(again.latest.get(station)![index], name).toBeGreaterThanOrEqual(
            heard.latest.get(station)![index]!,
          );
      if (station === 0) expect(again.latest.get(0)![template.index.get('LO/P_SET')!]).toBe(0.47);
    });
  });

  it('ends with its parent', async () => {
    const child = plant('--with-parent');
    await ready(child);
    child.stdin!.end();
    expect(await ended(child)).toBe(0);
  });

  it('says in one sentence that a port is taken, or a city cannot be read', async () => {
    const { inputs } = await ready(plant());
    for (const [extra, words] of [
      [['--inputs', inputs], /inputs tcp:.*in use/i],
      [['--city', join(folder, 'nowhere.json')], /city file .*nowhere/],
    ] as const) {
      const child = plant('--data-dir', join(folder, 'other'), ...extra);
      let said = '';
      child.stdout!.on('data', (text) => {
        said += String(text);
      });
      expect(await ended(child)).toBe(1);
      const { failed } = JSON.parse(said) as { failed: string };
      expect(failed).toMatch(words);
      expect(failed).not.toContain('\n');
    }
  });
});
