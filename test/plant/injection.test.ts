import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Request, Subscriber } from 'zeromq';
import { type Plant, startPlant } from '#plant/main.ts';
import { until } from '#test/support/until.ts';
import { templateOf } from '#twin/catalogue/template.ts';
import {
  decodeInputs,
  type FaultRequest,
  type FieldRequest,
  fieldError,
  fieldFault,
  fieldFaults,
} from '#twin/wire/fieldbus.ts';
import { leaveAddress } from '../../bin/plant/address.ts';
import { smallCity } from './city.ts';

const CITY = smallCity(10);
let folder: string;
let plant: Plant;
let requests: Request;
let inputs: Subscriber;
let latest: Map<number, Float64Array>;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'injection-'));
  await open();
});
afterEach(async () => {
  await close();
  rmSync(folder, { recursive: true, force: true });
});

async function open(): Promise<void> {
  plant = await startPlant({ city: CITY, dataDir: folder, seed: 7, noise: 0 });
  leaveAddress(folder, { requests: plant.requestsUrl, pid: process.pid });
  requests = new Request({ receiveTimeout: 20_000, linger: 0 });
  requests.connect(plant.requestsUrl);
  inputs = new Subscriber({ linger: 0 });
  inputs.connect(plant.inputsUrl);
  inputs.subscribe();
  const heard = new Map<number, Float64Array>();
  latest = heard;
  void (async () => {
    for await (const [message] of inputs)
      decodeInputs(message!, (_, station, values) => heard.set(station, values.slice()));
  })();
  await until('every station is heard', () => latest.size === CITY.stations.length);
}

async function close(): Promise<void> {
  inputs.close();
  requests.close();
  await plant.close();
}

async function ask(question: FieldRequest | FaultRequest): Promise<unknown> {
  await requests.send(JSON.stringify(question));
  const [frame] = await requests.receive();
  return JSON.parse(frame!.toString());
}

function scenario(...events: string[]): string {
  return [
    'name: { zh: 试验, en: Trial }',
    'teaches: { zh: 把一件事放进正在运行的现场，看遥测里有什么变化。, en: What telemetry shows when something happens in the running field. }',
    'start: 2026-11-18 06:30',
    'length: 2h',
    'events:',
    ...events.map((event) => `  - ${event}`),
    'expect: [{ that: P_OUT of all stays above 0 }]',
  ].join('\n');
}

const inject = async (text: string, atOnce = true) =>
  fieldFault.parse(
    ((await ask({ ask: 'inject', scenario: text, atOnce })) as { injected: unknown }).injected,
  );
const faults = async () => fieldFaults.parse(await ask({ ask: 'faults' })).faults;

/** What the telemetry of a station shows. */
function shown(code: string, point: string): number {
  const number = CITY.stations.findIndex((station) => station.code === code);
  return latest.get(number)![templateOf(CITY.stations[number]!).index.get(point)!]!;
}

describe('a scenario in the running plant', () => {
  it('lets a burst of the main be felt at the inlets of the rooms, and go again', async () => {
    const before = shown('SM-0004', 'P_IN');
    const { id, events } = await inject(
      scenario('{ at: 30min, for: 1h, do: burst, node: SM-0003-IN, flow: 300 }'),
    );
    expect(events).toMatchObject([{ phase: 'in force', text: 'burst node SM-0003-IN flow 300' }]);
    await until('the inlet pressure falls', () => shown('SM-0004', 'P_IN') < before - 0.02, 40_000);
    expect(await faults()).toMatchObject([{ id }]);
    expect(await ask({ ask: 'clear', id })).toEqual({ ok: true });
    await until('the inlet pressure is back', () => shown('SM-0004', 'P_IN') > before - 0.01, 40_000);
    expect(await faults()).toEqual([]);
  });

  it('trips a pump, and another takes over', async () => {
    await inject(scenario('{ at: 0 s, do: pump-trip, station: SM-0001, pump: P1 }'));
    await until('the trip is reported', () => shown('SM-0001', 'LO/P1/FLT') === 1, 20_000);
    // at the peak of the evening another runs beside it already, while it still runs down
    const runs = (pump: number) => shown('SM-0001', `LO/P${pump}/RUN`) === 1;
    await until('another pump runs in its place', () => !runs(1) && (runs(2) || runs(3)), 40_000);
  });

  it('shows what a broken transmitter shows', async () => {
    await inject(
      scenario('{ at: 0 s, do: sensor-fault, station: SM-0001, point: L1, fault: bias, by: 0.3 }'),
    );
    await until('L1 reads too much', () => shown('SM-0001', 'L1') - shown('SM-0001', 'L2') > 0.29, 20_000);
  });

  it('says nothing of a station whose line is cut, and takes no command for it', async () => {
    const { id } = await inject(scenario('{ at: 0 s, do: comms-loss, stations: SM-0001 }'));
    const round = async () => {
      latest.delete(1);
      await until('the others are heard', () => latest.has(1));
    };
    // what was on its way arrives
    await round();
    latest.delete(0);
    await round();
    await round();
    expect(latest.has(0)).toBe(false);
    const refused = await ask({ ask: 'write', station: 0, point: 'LO/P_SET', value: 0.47 });
    expect(refused).toMatchObject({ error: 'station SM-0001 does not answer' });
    await ask({ ask: 'clear', id });
    await until('it is heard again', () => latest.has(0));
  });

  it('waits for the time of an event, and keeps all of it over a restart', async () => {
    const { id } = await inject(
      scenario(
        '{ at: 0 s, do: valve-stuck, station: SM-0001, position: 40 }',
        '{ at: 1h, do: power-cut, stations: SM-0002 }',
      ),
      false,
    );
    await close();
    await open();
    const [kept] = await faults();
    expect(kept!.id).toBe(id);
    expect(kept!.events.map(({ phase }) => phase)).toEqual(['in force', 'waiting']);
    await until('the valve still stands', () => shown('SM-0001', 'ZV_IN') === 40, 20_000);
    expect(shown('SM-0001', 'V_FLT')).toBe(1);
    await ask({ ask: 'clear', id });
    await until('the valve is free', () => shown('SM-0001', 'V_FLT') === 0, 20_000);
  });

  it('is refused with line and near names when it names what is not there', async () => {
    const text = scenario('{ at: 0 s, do: pump-trip, station: SM-0011, pump: P1 }');
    const { issues } = fieldError.parse(await ask({ ask: 'inject', scenario: text }));
    expect(issues).toMatchObject([{ line: 6, message: expect.stringMatching(/SM-0011; near it: SM-00/) }]);
    expect(await ask({ ask: 'clear', id: 'F9' })).toEqual({ error: 'there is no F9; nothing is injected' });
    expect(
      fieldError.parse(await ask({ ask: 'inject', scenario: 'no: scenario' })).issues!.length,
    ).toBeGreaterThan(2);
  });
});

describe('npm run plant --', () => {
  function run(...args: string[]): Promise<{ code: number; out: string; err: string }> {
    return new Promise((resolve) => {
      const child = execFile(
        process.execPath,
        ['--import', 'tsx', 'bin/plant.ts', ...args],
        { env: { ...process.env, DATA_DIR: folder } },
        (_, out, err) => resolve({ code: child.exitCode!, out, err }),
      );
    });
  }

  it('injects a file, lists what is in force and clears it', async () => {
    const file = join(folder, 'burst.yaml');
    writeFileSync(file, scenario('{ at: 30min, for: 1h, do: burst, node: SM-0003-IN, flow: 100 }'));
    const injected = await run('inject', file, '--at-once', '--data-dir', folder);
    expect(injected.err).toBe('');
    expect(injected.out).toMatch(/^F1 {2}试验 · Trial, over by \d\d:\d\d:\d\d\n {2}● in force /);
    expect((await run('faults', '--data-dir', folder)).out).toContain('burst node SM-0003-IN flow 100');
    expect((await run('clear', 'F1', '--data-dir', folder)).out).toBe('F1 is over\n');
    expect((await run('faults', '--data-dir', folder)).out).toBe('nothing is injected\n');
  });

  it('names file and line of what is not there, and what is near', async () => {
    const file = join(folder, 'wrong.yaml');
    writeFileSync(file, scenario('{ at: 0 s, do: burst, node: SM-0003-ON, flow: 100 }'));
    const { code, err } = await run('inject', file, '--data-dir', folder);
    expect(code).toBe(2);
    expect(err).toContain(`${file}:6: events.0.node: there is no node SM-0003-ON; near it: SM-0003-IN`);
  });

  it('says in one sentence that no plant runs', async () => {
    const { code, err } = await run('faults');
    expect(code).toBe(2);
    expect(err.trim().split('\n')).toEqual([
      `no plant runs in ${join(folder, 'plant')}: start it with "npm start", or name its folder with DATA_DIR`,
    ]);
  });
});
