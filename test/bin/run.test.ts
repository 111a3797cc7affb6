import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

describe('npm run bench and verify', () => {
  it.each([
    ['bench', ['hydraulic'], /^there is no hydraulic\. Which bench\? alarms, city, history, hydraulics/],
    ['bench', [], /^Which bench\? alarms/],
    ['bench', ['--json'], /^Which bench\? alarms/],
    ['verify', ['everything'], /^there is no everything\. Verify what\? alarms/],
  ])('%s %j names what there is before anything is installed or built', (command, args, said) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, ['bin/run.mjs', command, ...args], {
      cwd: ROOT,
      encoding: 'utf8',
    });
    expect(stderr).toMatch(said);
    expect(stderr).not.toContain('client');
    expect(stdout).toBe('');
    expect(status).toBe(1);
  });
});
