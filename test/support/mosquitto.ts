import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../bin/freePort.ts';
import { until } from './until.ts';

/** A mosquitto of its own for a test file, on a free port of 127.0.0.1. */
export interface TestMosquitto {
  url: string;
  start(): Promise<void>;
  stop(): Promise<void>;
  /** stops it and removes its files */
  remove(): Promise<void>;
}

const PLACES = ['/usr/sbin/mosquitto', '/usr/bin/mosquitto', '/usr/local/sbin/mosquitto'];

export const mosquittoPath = (): string | undefined => PLACES.find((path) => existsSync(path));

export interface MosquittoOptions {
  /** `mqtts` when the lines below make it so */
  scheme?: 'mqtt' | 'mqtts';
  /** lines of its configuration below the listener, instead of letting everybody in; `folder` is its own */
  config?: (folder: string) => readonly string[];
}

const OPEN = ['allow_anonymous true', 'max_queued_messages 100000'];

export async function startMosquitto(options: MosquittoOptions = {}): Promise<TestMosquitto> {
  const program = mosquittoPath();
  if (!program) throw new Error('mosquitto is not installed: apt-get install mosquitto');
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), 'shuijing-mosquitto-'));
  const file = join(folder, 'mosquitto.conf');
  const lines = options.config?.(folder) ?? OPEN;
  writeFileSync(file, `${[`listener ${port} 127.0.0.1`, ...lines].join('\n')}\n`);
  let child: ChildProcess | undefined;
  const listening = () =>
    new Promise<boolean>((answer) => {
      const probe = connect(port, '127.0.0.1', () => {
        probe.destroy();
        answer(true);
      });
      probe.on('error', () => answer(false));
    });
  const broker: TestMosquitto = {
    url: `${options.scheme ?? 'mqtt'}://127.0.0.1:${port}`,
    async start() {
      child = spawn(program, ['-c', file], { stdio: 'ignore' });
      await until('mosquitto listens', listening);
    },
    async stop() {
      const running = child;
      child = undefined;
      if (running && running.exitCode === null) {
        const gone = new Promise((done) => running.once('exit', done));
        running.kill();
        await gone;
      }
    },
    async remove() {
      await broker.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  await broker.start();
  return broker;
}
