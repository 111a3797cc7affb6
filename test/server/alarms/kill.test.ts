import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDatabase } from '#server/database/database.ts';
import { type Recorder, recordAll } from '#test/support/broker.ts';
import { mosquittoPath, startMosquitto, type TestMosquitto } from '#test/support/mosquitto.ts';
import { postgresPrograms, startPostgres, type TestPostgres } from '#test/support/postgres.ts';
import { TestNode } from '#test/support/sparkplug.ts';
import { aStation } from '#test/support/stations.ts';
import { until } from '#test/support/until.ts';
import { aRule } from '#test/twin/alarm/timeline.ts';
import { templateOf } from '#twin/catalogue/template.ts';
import { type Child, superviseChild } from '../../../bin/supervisor.ts';
import { Robot } from '../notification/receivers.ts';
import { ROOM } from './aDesk.ts';

const HOST_ID = 'shuijing';
const DELAY = 20_000;
const WINDOW = 30_000;
const RULES = [
  aRule({ id: 'AT-ONCE' }),
  aRule({ id: 'DELAYED', for: '20 s' }),
  aRule({ id: 'ON-AVERAGE', when: 'mean(P_IN, 30 s) < 0.2 MPa' }),
];
const PATIENCE = 120_000;

/** A room that says its inlet pressure every second, and all it knows whenever a host comes. */
class Gateway {
  inlet = 0.3;
  /** when a host was last told all */
  born = 0;
  private readonly node = new TestNode(Date.now, ROOM);
  private readonly timer = setInterval(() => void this.report(), 1000);
  private hosts = 0;
  private reports = 0;

  constructor(private readonly broker: Recorder) {}

  private async report(): Promise<void> {
    // a value that never moves would be taken for a frozen one
    const inlet = this.inlet + 0.001 * (this.reports++ % 5);
    const came = this.broker.states(HOST_ID).filter(({ online }) => online).length;
    const message = came > this.hosts ? this.node.birth({ P_IN: inlet }) : this.node.data({ 0: inlet });
    if (came > this.hosts) this.born = Date.now();
    this.hosts = came;
    await this.broker.client.publishAsync(message.topic, Buffer.from(message.bytes));
  }

  stop(): void {
    clearInterval(this.timer);
  }
}

describe.skipIf(!postgresPrograms() || !mosquittoPath())('a server that is killed', () => {
  let postgres: TestPostgres;
  let broker: TestMosquitto;
  let recorder: Recorder;
  let robot: Robot;
  let folder: string;
  let server: Child;
  let gateway: Gateway;

  beforeEach(async () => {
    postgres = await startPostgres();
    broker = await startMosquitto();
    recorder = await recordAll(broker.url);
    robot = await new Robot().start();
    folder = mkdtempSync(join(tmpdir(), 'shuijing-killed-'));
    mkdirSync(join(folder, 'rules'));
    writeFileSync(join(folder, 'rules/rules.yaml'), JSON.stringify(RULES));
    const channels = { hook: { kind: 'webhook', url: robot.url('/hook') } };
    const book = { site: 'http://127.0.0.1', channels, routes: [{ id: 'all', tell: ['hook'] }] };
    writeFileSync(join(folder, 'notifications.yaml'), JSON.stringify(book));
    const database = await openDatabase({ url: postgres.url, dataDir: '' });
    const body = aStation(ROOM);
    await database.query(
      `INSERT INTO station (code, registered, template, body, geom)
       VALUES ($1, true, $2, $3, ST_SetSRID(ST_MakePoint($4, $5), 4490))`,
      [ROOM, templateOf(body).id, JSON.stringify(body), body.lon, body.lat],
    );
    await database.close();
    server = await superviseChild({
      name: 'server',
      file: 'server.ts',
      args: [],
      env: {
        PORT: '0',
        MQTT_URL: broker.url,
        DATABASE_URL: postgres.url,
        DATA_DIR: folder,
        RULES_DIR: join(folder, 'rules'),
        SPARKPLUG_HOST_ID: HOST_ID,
        LOG_LEVEL: 'error',
      },
    });
    gateway = new Gateway(recorder);
  });
  afterEach(async () => {
    gateway?.stop();
    await server?.stop();
    await robot?.stop();
    await recorder?.close();
    await broker?.remove();
    postgres?.remove();
    if (folder) rmSync(folder, { recursive: true, force: true });
  });

  const pass = async (ms: number) => {
    const end = Date.now() + ms;
    await until(`${ms} ms to pass`, () => Date.now() >= end, ms + 5000);
  };
  const told = (): string[] => robot.received.flatMap(({ body }) => body.alarms).map(({ rule }) => rule);
  const raisedAt = async (id: string): Promise<number> => {
    const answer = await fetch(`${server.facts.url}/api/alarms`);
    const { alarms } = (await answer.json()) as { alarms: { rule: string; raisedAt: number }[] };
    return alarms.find(({ rule }) => rule === id)!.raisedAt;
  };

  it('in the middle of a delay and of a window raises each alarm once, no later for it', {
    timeout: 400_000,
  }, async () => {
    await until('the room to be born', () => gateway.born > 0);
    await pass(WINDOW + 5000);
    const fell = Date.now();
    gateway.inlet = 0.1;
    await until('the first alarm to be told', () => told().length > 0, PATIENCE);
    await pass(fell + 8000 - Date.now());
    const before = gateway.born;
    process.kill(server.pid()!, 'SIGKILL');
    const low = Date.now() - fell;
    await until('the room to be born again', () => gateway.born > before, PATIENCE);
    await until('all alarms to be told', () => told().length === RULES.length, PATIENCE);
    // what would come twice comes at once
    await pass(5000);
    expect(told().sort()).toEqual(['AT-ONCE', 'DELAYED', 'ON-AVERAGE']);
    // the delay has what it had before; nobody knows of the time between
    const delayed = (await raisedAt('DELAYED')) - gateway.born;
    expect(delayed).toBeLessThan(DELAY);
    expect(low + delayed).toBeGreaterThan(DELAY - 5000);
    // one that begins anew would not be full before that
    expect((await raisedAt('ON-AVERAGE')) - gateway.born).toBeLessThan(WINDOW);
  });
});
