import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import mqtt from 'mqtt';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { EdgeSession } from '#edge/node/session.ts';
import { readSettings } from '#server/settings.ts';
import { connectHost } from '#server/sparkplug/connection.ts';
import { type Certificate, TestAuthority } from '#test/support/certificates.ts';
import { mosquittoPath, startMosquitto, type TestMosquitto } from '#test/support/mosquitto.ts';
import { until } from '#test/support/until.ts';
import { templateById } from '#twin/catalogue/template.ts';

const PASSWORDS = { server: 'of the host', 'SM-0001': 'of one', 'SM-0002': 'of two' };

/** The rights that `docs/broker.md` tells operators to give. */
const RIGHTS = /```\n(user server\n[^`]*)```/
  .exec(readFileSync(new URL('../../../docs/broker.md', import.meta.url), 'utf8'))![1]!
  .replaceAll('GROUP', 'city');

const ROOM = templateById('tank:LO3');
const current = { values: new Float64Array(ROOM.points.length), times: new Float64Array(ROOM.points.length) };

const title = mosquittoPath()
  ? 'a broker with TLS, client certificates and a password for each station'
  : 'mosquitto is not installed: its tests are left out';

describe.skipIf(!mosquittoPath())(title, () => {
  let folder: string;
  let ours: TestAuthority;
  let theirs: TestAuthority;
  let client: Certificate;
  let broker: TestMosquitto;
  const open: { close(): Promise<void> }[] = [];

  /** A mosquitto that shows `certificate` and lets in who has a certificate of ours and a password. */
  const secured = (certificate: Certificate) =>
    startMosquitto({
      scheme: 'mqtts',
      config: (own) => {
        const passwords = join(own, 'passwords');
        const rights = join(own, 'rights');
        writeFileSync(passwords, '', { mode: 0o600 });
        for (const [user, password] of Object.entries(PASSWORDS))
          execFileSync('mosquitto_passwd', ['-b', passwords, user, password], { stdio: 'pipe' });
        writeFileSync(rights, RIGHTS, { mode: 0o600 });
        return [
          `cafile ${ours.ca}`,
          `certfile ${certificate.cert}`,
          `keyfile ${certificate.key}`,
          'require_certificate true',
          'allow_anonymous false',
          `password_file ${passwords}`,
          `acl_file ${rights}`,
          // started as root it would otherwise become a user who cannot read these files
          `user ${userInfo().username}`,
        ];
      },
    });

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'shuijing-certificates-'));
    ours = new TestAuthority(folder, 'ours');
    theirs = new TestAuthority(folder, 'theirs');
    client = ours.issue('client');
    broker = await secured(ours.issue('broker'));
  });
  afterEach(async () => {
    for (const part of open.splice(0).reverse()) await part.close();
  });
  afterAll(async () => {
    await broker?.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  /** The MQTT settings of the server or a gateway, from the environment as an operator gives them. */
  const settingsOf = (given: Record<string, string | undefined> = {}) =>
    readSettings({
      MQTT_URL: broker.url,
      MQTT_USERNAME: 'server',
      MQTT_PASSWORD: PASSWORDS.server,
      MQTT_CA: ours.ca,
      MQTT_CERT: client.cert,
      MQTT_KEY: client.key,
      ...given,
    }).mqtt;

  const aHost = async (given: Record<string, string | undefined> = {}, url = broker.url) => {
    const heard: string[] = [];
    const connection = await connectHost({
      url,
      mqtt: settingsOf(given),
      hostId: 'city',
      groups: [],
      now: Date.now,
      receive: (topic) => heard.push(topic),
      onState: () => undefined,
    });
    open.push(connection);
    return heard;
  };

  const aGateway = (node: string, user: string, password: string) => {
    const session = new EdgeSession({
      url: broker.url,
      mqtt: settingsOf({ MQTT_USERNAME: user, MQTT_PASSWORD: password }),
      group: 'city',
      node,
      hostId: 'city',
      template: ROOM,
      firstBdSeq: 0,
      now: Date.now,
      steady: () => performance.now(),
      random: () => 0,
      birthSpreadMs: 0,
      current: () => current,
      onBorn: () => undefined,
      onBroken: () => undefined,
      onCarried: () => undefined,
      onRebirth: () => undefined,
    });
    open.push(session);
    session.connect();
    return session;
  };
  const asUser = (user: string, password: string) =>
    mqtt.connectAsync(
      broker.url,
      { ...settingsOf({ MQTT_USERNAME: user, MQTT_PASSWORD: password }), reconnectPeriod: 0 },
      false,
    );

  test('a gateway with its own password is born and heard', async () => {
    const heard = await aHost();
    const session = aGateway('SM-0001', 'SM-0001', PASSWORDS['SM-0001']);
    await until('its birth', () => heard.includes('spBv1.0/city/NBIRTH/SM-0001'));
    expect(session.phase).toBe('born');
  });

  test('a gateway with a wrong password does not get in', async () => {
    await expect(asUser('SM-0001', PASSWORDS['SM-0002'])).rejects.toThrow(/[Nn]ot authorized/);
  });

  test("a gateway that speaks in another station's name is not heard", async () => {
    const heard = await aHost();
    const liar = await asUser('SM-0001', PASSWORDS['SM-0001']);
    open.push({ close: () => liar.endAsync(true) });
    // of one connection, so the broker has judged the first once it passes on the second
    await liar.publishAsync('spBv1.0/city/NDATA/SM-0002', 'x', { qos: 1 });
    await liar.publishAsync('spBv1.0/city/NCMD/SM-0002', 'x', { qos: 1 });
    await liar.publishAsync('spBv1.0/elsewhere/NDATA/SM-0001', 'x', { qos: 1 });
    await liar.publishAsync('spBv1.0/STATE/city', '{"online":false,"timestamp":1}', { qos: 1 });
    await liar.publishAsync('spBv1.0/city/NDATA/SM-0001', 'x', { qos: 1 });
    await until('what is its own', () => heard.length > 0);
    expect(heard).toEqual(['spBv1.0/city/NDATA/SM-0001']);
  });

  test('a gateway does not hear what others say', async () => {
    const heard = await aHost();
    const spy = await asUser('SM-0002', PASSWORDS['SM-0002']);
    open.push({ close: () => spy.endAsync(true) });
    const overheard: string[] = [];
    spy.on('message', (topic) => overheard.push(topic));
    spy.subscribe('spBv1.0/#', { qos: 1 });
    spy.subscribe('spBv1.0/STATE/city', { qos: 1 });
    await until('STATE', () => overheard.length > 0);
    aGateway('SM-0001', 'SM-0001', PASSWORDS['SM-0001']);
    await until('a birth', () => heard.length > 0);
    expect(overheard.filter((topic) => topic !== 'spBv1.0/STATE/city')).toEqual([]);
  });

  describe('the host says why it cannot connect', () => {
    test('the wrong authority', async () => {
      await expect(aHost({ MQTT_CA: theirs.ca })).rejects.toThrow(/authority that MQTT_CA does not hold/);
    });

    test('a wrong password', async () => {
      await expect(aHost({ MQTT_PASSWORD: 'guessed' })).rejects.toThrow(
        /MQTT_USERNAME and MQTT_PASSWORD are wrong/,
      );
    });

    test('no client certificate', async () => {
      await expect(aHost({ MQTT_CERT: undefined, MQTT_KEY: undefined })).rejects.toThrow(/MQTT_CERT/);
    });

    test('a client certificate of others', async () => {
      const foreign = theirs.issue('client');
      await expect(aHost({ MQTT_CERT: foreign.cert, MQTT_KEY: foreign.key })).rejects.toThrow(/MQTT_CERT/);
    });

    test('an expired client certificate', async () => {
      const expired = ours.issue('expired', { days: -1 });
      await expect(aHost({ MQTT_CERT: expired.cert, MQTT_KEY: expired.key })).rejects.toThrow(
        /MQTT_CERT.*expired/,
      );
    });

    test("a broker's certificate that has expired", async () => {
      const old = await secured(ours.issue('old-broker', { days: -1 }));
      open.push({ close: () => old.remove() });
      await expect(aHost({}, old.url)).rejects.toThrow(/broker's certificate has expired/);
    });

    test('a broker without TLS', async () => {
      const plain = await startMosquitto();
      open.push({ close: () => plain.remove() });
      await expect(aHost({}, plain.url.replace('mqtt:', 'mqtts:'))).rejects.toThrow(/TLS/);
    });
  });
});
