import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { freePort } from '../../bin/freePort.ts';

/** `npm start` that cannot: one clear sentence, exit code not 0, no process left behind. */
const START = join(import.meta.dirname, '../../bin/start.ts');
const LOCK = new URL('../../server/database/lock.ts', import.meta.url).href;

describe('npm start that cannot', () => {
  let dataDir: string;
  let taken: Server | undefined;

  beforeEach(() => {
    dataDir = mkdtempSync(join(tmpdir(), 'shuijing-start-'));
  });
  afterEach(() => {
    taken?.close();
    taken = undefined;
    rmSync(dataDir, { recursive: true, force: true });
  });

  const start = async (env: Record<string, string>) => {
    const [port, mqttPort] = await Promise.all([freePort(), freePort()]);
    const child = spawn(process.execPath, ['--import', 'tsx', START], {
      env: {
        ...process.env,
        DATA_DIR: dataDir,
        PORT: String(port),
        MQTT_PORT: String(mqttPort),
        DEMO: 'off',
        ...env,
      },
      stdio: ['ignore', 'ignore', 'pipe'],
      // a group of its own: whatever is left of it can be found
      detached: true,
    });
    let text = '';
    child.stderr.on('data', (chunk) => {
      text += String(chunk);
    });
    const code = await new Promise<number | null>((done) => child.once('close', done));
    return { code, lines: text.trim().split('\n'), left: running(child.pid!) };
  };

  it('says which variable is wrong', async () => {
    const { code, lines, left } = await start({ MQTT_URL: 'http://not-a-broker' });
    expect(lines).toEqual([expect.stringMatching(/^MQTT_URL is .*: a broker address such as/)]);
    expect(code).toBe(1);
    expect(left).toEqual([]);
  });

  it('says which port is taken and what to set', async () => {
    const port = await freePort();
    taken = createServer().listen(port, '127.0.0.1');
    await once(taken, 'listening');
    const { code, lines, left } = await start({ PORT: String(port) });
    expect(lines.at(-1)).toMatch(new RegExp(`^port ${port} is taken.* set PORT to another$`));
    expect(code).toBe(1);
    expect(left).toEqual([]);
  });

  it('says who uses the data folder', async () => {
    const holder = await holdLock(join(dataDir, 'start.lock'));
    try {
      const { code, lines, left } = await start({});
      expect(lines).toEqual([
        `${dataDir} is in use by process ${holder.pid}: end it, or set DATA_DIR to another folder`,
      ]);
      expect(code).toBe(1);
      expect(left).toEqual([]);
    } finally {
      holder.kill();
    }
  });

  it('does not take the lock of a process that has ended for a living one', async () => {
    writeFileSync(join(dataDir, 'start.lock'), JSON.stringify({ pid: 999_999, started: '1' }));
    const { code, lines } = await start({
      DATABASE_URL: `postgres://nobody@127.0.0.1:${await freePort()}/none`,
    });
    expect(lines.at(-1)).toMatch(/database/);
    expect(lines.join('\n')).not.toContain('in use');
    expect(code).toBe(1);
  });

  it('says that the broker cannot be used, without its password', async () => {
    const { code, lines, left } = await start({
      MQTT_URL: `mqtt://user:secret@127.0.0.1:${await freePort()}`,
    });
    expect(lines.at(-1)).toMatch(/^the broker at mqtt:\/\/user:\*\*\*@127\.0\.0\.1:\d+.* cannot be used: /);
    expect(lines.join('\n')).not.toContain('secret');
    expect(code).toBe(1);
    expect(left).toEqual([]);
    // it makes a database first, which takes a minute on busy cores
  }, 240_000);
});

/** Another process that has taken the lock. */
async function holdLock(file: string): Promise<ChildProcess> {
  const program = `const { takeLock } = await import('${LOCK}'); takeLock('${file}'); console.log('held'); setInterval(() => {}, 1000);`;
  const holder = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await new Promise((held) => holder.stdout!.once('data', held));
  return holder;
}

/** Processes of the group that still run; one that has ended and waits to be collected does not. */
function running(group: number): string[] {
  return readdirSync('/proc').filter((pid) => {
    if (!/^\d+$/.test(pid)) return false;
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      const [state, , ofGroup] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      return Number(ofGroup) === group && state !== 'Z';
    } catch {
      return false;
    }
  });
}
