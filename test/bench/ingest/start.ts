import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { launchBrowser, mapDrawn, openPage } from '#test/e2e/browser.ts';
import type { DataHealth } from '#twin/wire/api.ts';
import { freePort } from '../../../bin/freePort.ts';

/** Replays and the first sealing after a start are over. */
const SETTLE_MS = 30_000;

/** Time from `npm start` to ready, the first time and later, and from opening the page to the drawn map; ms. */
export async function measureStart(
  say: (text: string) => void,
): Promise<{ first: number; later: number; firstPictureMs: number }> {
  const dataDir = mkdtempSync(join(tmpdir(), 'shuijing-start-'));
  const [port, mqttPort] = await Promise.all([freePort(), freePort()]);
  const env = {
    ...process.env,
    DATA_DIR: dataDir,
    PORT: String(port),
    MQTT_PORT: String(mqttPort),
    MQTT_URL: '',
    DATABASE_URL: '',
  };
  try {
    const first = await startOnce(env, async () => {});
    say(`first start ${Math.round(first.ms)} ms`);
    let firstPictureMs = Number.NaN;
    const later = await startOnce(env, async () => {
      const url = `http://127.0.0.1:${port}`;
      await allHeard(url);
      firstPictureMs = await firstPicture(`${url}/`);
    });
    say(`later start ${Math.round(later.ms)} ms, first picture ${Math.round(firstPictureMs)} ms`);
    return { first: first.ms, later: later.ms, firstPictureMs };
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}

async function startOnce(env: NodeJS.ProcessEnv, whileUp: () => Promise<void>): Promise<{ ms: number }> {
  const began = performance.now();
  const child = spawn('npm', ['start'], { env, stdio: ['ignore', 'ignore', 'pipe'], detached: true });
  try {
    await new Promise<void>((ready, fail) => {
      let text = '';
      child.stderr!.on('data', (chunk) => {
        text += String(chunk);
        if (text.includes('Ready after')) ready();
      });
      child.once('exit', () => fail(new Error(`npm start ended:\n${text}`)));
    });
    const ms = performance.now() - began;
    await whileUp();
    return { ms };
  } finally {
    await endGroup(child);
  }
}

async function endGroup(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.pid === undefined) return;
  const gone = new Promise((done) => child.once('exit', done));
  process.kill(-child.pid, 'SIGTERM');
  await gone;
}

/** A picture of a running city, not of one whose gateways are still connecting on the same two cores. */
async function allHeard(url: string): Promise<void> {
  for (;;) {
    const { stations } = (await (await fetch(`${url}/api/health/data`)).json()) as DataHealth;
    if (stations.live === stations.registered) break;
    await pause(1000);
  }
  await pause(SETTLE_MS);
}

/** The median of three: each in a browser of its own. */
async function firstPicture(url: string): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < 3; i++) {
    const { browser, close } = await launchBrowser();
    try {
      const began = performance.now();
      const page = await openPage(browser, url);
      await mapDrawn(page);
      times.push(performance.now() - began);
    } finally {
      await close();
    }
  }
  return times.sort((a, b) => a - b)[1]!;
}
