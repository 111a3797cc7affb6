import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LockedError, takeLock } from '#server/database/lock.ts';

let folder = '';
let file = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'shuijing-lock-'));
  file = join(folder, 'lock');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('the lock of a data folder', () => {
  it('is taken once', () => {
    const giveBack = takeLock(file);
    expect(() => takeLock(file)).toThrow(new LockedError(file, process.pid, false));
    giveBack();
    expect(existsSync(file)).toBe(false);
    takeLock(file)();
  });

  it('is taken over from a process that has ended', async () => {
    const child = spawn(process.execPath, ['-e', '']);
    await new Promise((done) => child.once('exit', done));
    writeFileSync(file, JSON.stringify({ pid: child.pid, started: 'then' }));
    takeLock(file)();
  });

  it('is taken over when the number of its process belongs to another one now', () => {
    writeFileSync(file, JSON.stringify({ pid: process.pid, started: 'another time' }));
    takeLock(file)();
  });

  it('is taken over when it cannot be read', () => {
    writeFileSync(file, '{"pid":');
    const giveBack = takeLock(file);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ pid: process.pid });
    giveBack();
  });

  it('tells when its holder is about to end with its parent', async () => {
    const parent = spawn(process.execPath, ['-e', '']);
    await new Promise((done) => parent.once('exit', done));
    const giveBack = takeLock(file, parent.pid);
    let caught: unknown;
    try {
      takeLock(file);
    } catch (error) {
      caught = error;
    }
    expect(caught).toMatchObject({ name: 'LockedError', ending: true });
    giveBack();
  });
});
