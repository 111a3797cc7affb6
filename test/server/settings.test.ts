import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readSettings } from '#server/settings.ts';

describe('settings', () => {
  test('without any, a demo on this machine alone', () => {
    expect(readSettings({})).toMatchObject({
      host: '127.0.0.1',
      port: 8080,
      mqttUrl: undefined,
      databaseUrl: undefined,
      dataDir: resolve('data'),
      groups: [],
      jsonMapping: undefined,
      demo: true,
      reportMs: 2000,
      retentionDays: 3,
      tileSource: null,
    });
  });

  test('an empty variable is one that was not set', () => {
    expect(readSettings({ PORT: '', MQTT_URL: '', DEMO: '' })).toMatchObject({ port: 8080, demo: true });
  });

  test.each([
    [{ MQTT_URL: 'mqtts://broker:8883' }, false],
    [{ MQTT_URL: 'mqtts://broker:8883', DEMO: 'on' }, true],
    [{ DEMO: 'off' }, false],
  ])('%j: nobody’s broker fills with invented stations unless asked', (env, demo) => {
    expect(readSettings(env).demo).toBe(demo);
  });

  test.each([
    ['500', 500],
    ['20GB', 20e9],
    ['1.5 tb', 1.5e12],
    ['100M', 1e8],
  ])('RETENTION_BYTES %s', (given, bytes) => {
    expect(readSettings({ RETENTION_BYTES: given }).retentionBytes).toBe(bytes);
  });

  test('groups are names between commas', () => {
    expect(readSettings({ SPARKPLUG_GROUPS: ' east, west ,,' }).groups).toEqual(['east', 'west']);
  });

  test('a mapping is a file', () => {
    expect(readSettings({ JSON_MAPPING: 'gateways.yaml' }).jsonMapping).toBe('gateways.yaml');
  });

  test('credentials and certificates go to the broker', () => {
    const folder = mkdtempSync(join(tmpdir(), 'shuijing-settings-'));
    writeFileSync(join(folder, 'ca.pem'), 'the authority');
    const { mqtt } = readSettings({
      MQTT_URL: 'mqtts://broker',
      MQTT_USERNAME: 'city',
      MQTT_PASSWORD: 'secret',
      MQTT_CA: join(folder, 'ca.pem'),
    });
    expect(mqtt).toEqual({ username: 'city', password: 'secret', ca: Buffer.from('the authority') });
    rmSync(folder, { recursive: true });
  });

  test.each([
    ['PORT', '70000'],
    ['PORT', 'eighty'],
    ['PORT', '80.5'],
    ['MQTT_PORT', '-1'],
    ['MQTT_URL', 'broker:1883'],
    ['MQTT_URL', 'http://broker'],
    ['DATABASE_URL', 'mysql://database/city'],
    ['DATABASE_URL', 'database'],
    ['SPARKPLUG_HOST_ID', 'city/one'],
    ['SPARKPLUG_GROUPS', 'east,#'],
    ['SPARKPLUG_REORDER_MS', '-1'],
    ['DEMO', 'yes'],
    ['DEMO_SEED', '-3'],
    ['DEMO_STATIONS', '0'],
    ['REPORT_SECONDS', '0'],
    ['RETENTION_DAYS', '0'],
    ['ALARM_RETENTION_DAYS', '-1'],
    ['RETENTION_BYTES', 'much'],
    ['TILE_SOURCE', 'tiles'],
    ['LOG_LEVEL', 'loud'],
    ['MQTT_CA', '/no/such/file'],
  ])('%s=%s is told in one sentence that names it', (name, value) => {
    const message = messageOf(() => readSettings({ [name]: value }));
    expect(message).toMatch(new RegExp(`^${name} is "`));
    expect(message).toContain(JSON.stringify(value));
    expect(message).not.toContain('\n');
    expect(message.length).toBeLessThan(200);
  });

  test('a wrong address does not show its password', () => {
    const message = messageOf(() => readSettings({ DATABASE_URL: 'mysql://city:secret@database/city' }));
    expect(message).toMatch(/^DATABASE_URL is "mysql:\/\/…@database\/city"/);
  });
});

function messageOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('it was accepted');
}
