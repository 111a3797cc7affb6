import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { launchBrowser, mapDrawn, openPage } from '#test/e2e/browser.ts';
import { freePort } from '../../../bin/freePort.ts';

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
      firstPictureMs = await firstPicture(`http://127.0.0.1:${port}/`);
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
