import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Browser, Page } from 'puppeteer-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Request } from 'zeromq';
import { type House, openHouse } from '#test/support/house.ts';
import { until } from '#test/support/until.ts';
import type { AlarmDetail, AlarmSummary } from '#twin/wire/alarms.ts';
import type { HistoryAnswer, StationDetail, StationList } from '#twin/wire/api.ts';
import { chromiumPath, launchBrowser, mapDrawn, openPage, shot } from './browser.ts';

/** The whole path: what happens in the field is told by the server and shown in a real browser, also after the server was killed. */
const STATIONS = 40;
const SETPOINT = 'LO/P_SET';

describe('the living city', () => {
  let house: House;
  let browser: Browser;
  let closeBrowser: (() => Promise<void>) | undefined;
  let code: string;
  let number: number;

  beforeAll(async () => {
    house = await openHouse({ stations: STATIONS, past: 1 });
    await house.startField();
    const live = async () => (await house.health()).stations.live === STATIONS;
    await until('every station is live', live, 60_000);
    ({ code, number } = await aRoom(house));
    if (chromiumPath()) ({ browser, close: closeBrowser } = await launchBrowser());
  }, 240_000);

  afterAll(async () => {
    await closeBrowser?.();
    await house?.close();
  }, 60_000);

  it('tells of a tripped pump what it is, once, there and nowhere else', async () => {
    const rooms = await field(house);
    const { code } = rooms.at(-1)!;
    const states = () => latest(house, code, ['LO/P1/FLT', 'LO/P1/RUN']);
    await until('its history has begun', async () => (await states())[0] === 0, 20_000);

    expect(await tripFromTheCommandLine(house, code)).toContain(`pump-trip station ${code}`);
    await until(
      'telemetry shows a pump that is faulty and stands',
      async () => `${await states()}` === '1,0',
      20_000,
    );
    let told: AlarmSummary[] = [];
    const areTold = async () => {
      const { alarms } = await get<{ alarms: AlarmSummary[] }>(house, '/api/alarms');
      told = alarms.filter(({ toldAt }) => toldAt !== null);
      return told.length > 0;
    };
    await until('people are told', areTold, 30_000);
    expect(told).toMatchObject([
      { rule: 'F09-PUMP-FAULT', station: code, spot: 'LO/P1', priority: 2, active: true, cause: null },
    ]);
    const { evidence } = await get<AlarmDetail>(house, `/api/alarms/${told[0]!.id}`);
    expect(evidence).toMatchObject({ 'LO/P1/FLT': 1, 'LO/P1/RUN': 0 });
    for (const other of rooms.slice(0, -1))
      expect(await latest(house, other.code, ['LO/P1/FLT'])).toEqual([0]);
  }, 90_000);

  describe.skipIf(!chromiumPath())('in a browser', () => {
    it('shows every station on the map and opens one', async () => {
      const page = await openPage(browser, `${house.url}/stations/${code}`);
      await mapDrawn(page);
      await page.waitForSelector('.panel-right', { timeout: 20_000 });
      await page.waitForFunction((wanted) => document.body.textContent.includes(wanted), {}, code);
      expect(await page.$eval('.counts', (counts) => counts.textContent)).toContain(String(STATIONS));
      await shot(page, 'station');
      await page.goto(house.url);
      await mapDrawn(page);
      await shot(page, 'city');
      await page.close();
    }, 120_000);

    it('brings a value from the field to the page, before and after the server was killed', async () => {
      const page = await openPage(browser, `${house.url}/stations/${code}/room`);
      const { pumpSets } = await get<StationDetail>(house, `/api/stations/${code}`);
      const turned = async (by: number, within: number) => {
        const value = (pumpSets[0]!.setpoint + by).toFixed(3);
        await write(house, number, Number(value));
        await until(`the page shows ${value}`, async () => (await shown(page)) === value, within);
      };
      await turned(0.011, 20_000);

      process.kill(house.server.pid()!, 'SIGKILL');
      await page.waitForSelector('.link-banner', { timeout: 10_000 });
      await shot(page, 'link-lost');
      await page.waitForSelector('.link-banner', { hidden: true, timeout: 60_000 });
      await turned(-0.013, 40_000);
      await shot(page, 'room');
      await page.close();
    }, 180_000);

    it('tells of a flooded room, with the causes that it may have, the likeliest first', async () => {
      await inject(house, { do: 'room-fault', at: '0 s', station: code, set: 'LO', fault: 'flooded' });
      const page = await openPage(browser, `${house.url}/alarms`, 'laptop');
      await page.locator(`.alarm-row ::-p-text(泵房积水)`).setTimeout(60_000).click();
      await page.waitForSelector('.alarm-causes .is-likeliest');
      const causes = await page.$$eval('.alarm-cause > span:first-child', (all) =>
        all.map(({ textContent }) => textContent),
      );
      expect(causes[0]).toBe('水泵机械密封泄漏');
      expect(causes).toHaveLength(4);
      await shot(page, 'alarm-causes-laptop');
      await page.setViewport({ width: 1920, height: 1080 });
      await shot(page, 'alarm-causes-desk');
      await page.close();
    }, 120_000);

    it('says on the data-health page what arrives', async () => {
      const page = await openPage(browser, `${house.url}/health`);
      await page.waitForFunction(
        (count) => document.body.textContent.includes(count),
        { timeout: 20_000 },
        String(STATIONS),
      );
      await shot(page, 'data-health');
      await page.close();
    }, 60_000);

    it('asks nothing of any other machine', async () => {
      const page = await browser.newPage();
      const elsewhere: string[] = [];
      page.on('request', (request) => {
        const { protocol, host } = new URL(request.url());
        if (protocol.startsWith('http') && host !== new URL(house.url).host) elsewhere.push(request.url());
      });
      await page.goto(house.url);
      await mapDrawn(page);
      expect(elsewhere).toEqual([]);
      await page.close();
    }, 90_000);
  });
});

/** A room with a tank that lives in this field, and its number on the fieldbus. */
async function aRoom(house: House): Promise<{ code: string; number: number }> {
  const stations = await field(house);
  const list = await get<StationList>(house, '/api/stations');
  const kinds = new Map(list.stations.map((station) => [station.code, station.kind]));
  const found = stations.findIndex(({ code }) => kinds.get(code) === 'tank');
  return { code: stations[found]!.code, number: found };
}

/** The rooms of this field, by number. */
async function field(house: House): Promise<{ code: string }[]> {
  return ((await ask(house, { ask: 'describe' })) as { stations: { code: string }[] }).stations;
}

async function get<T>(house: House, path: string): Promise<T> {
  const answer = await fetch(house.url + path);
  expect(answer.status, path).toBe(200);
  return (await answer.json()) as T;
}

/** The last values that the history of a room has of the past minute. */
async function latest(
  house: House,
  code: string,
  points: readonly string[],
): Promise<(number | undefined)[]> {
  const now = Date.now();
  const query = `points=${points.join()}&from=${now - 60_000}&to=${now + 10_000}&buckets=70`;
  const { series } = await get<HistoryAnswer>(house, `/api/stations/${code}/history?${query}`);
  return points.map((name) => series.find(({ point }) => point === name)?.max.at(-1));
}

/** What `npm run plant -- inject` says to a scenario in which the room's first pump trips. */
async function tripFromTheCommandLine(house: House, code: string): Promise<string> {
  const file = join(house.dataDir, 'trip.yaml');
  const event = { do: 'pump-trip', at: '1min', station: code, set: 'LO', pump: 'P1' };
  writeFileSync(file, scenarioOf(event));
  const words = ['inject', file, '--at-once', '--data-dir', join(house.dataDir, 'plant')];
  const { stdout } = await promisify(execFile)(process.execPath, [
    '--import',
    'tsx',
    'bin/plant.ts',
    ...words,
  ]);
  return stdout;
}

/** Turns the set-point at the room's own panel. */
async function write(house: House, station: number, value: number): Promise<void> {
  expect(await ask(house, { ask: 'write', station, point: SETPOINT, value })).toEqual({ ok: true });
}

/** Puts a fault into the field, as "npm run plant -- inject" does. */
async function inject(house: House, event: object): Promise<void> {
  const question = { ask: 'inject', scenario: scenarioOf(event), atOnce: true };
  expect(await ask(house, question)).toHaveProperty('injected');
}

/** A scenario file of one event: JSON is YAML. */
function scenarioOf(event: object): string {
  return JSON.stringify({
    name: { zh: '试验', en: 'Trial' },
    teaches: {
      zh: '泵房里出了一件事,看页面上能看到什么、说了什么。',
      en: 'Something happens in a pump room: what does the page show, what does it say?',
    },
    start: '2026-11-18 11:00',
    length: '30min',
    events: [event],
    expect: [{ that: 'at most 5 annunciations in any 10 min' }],
  });
}

async function ask(house: House, question: object): Promise<unknown> {
  const socket = new Request({ receiveTimeout: 10_000 });
  socket.connect(String(house.plant().facts.requests));
  await socket.send(JSON.stringify(question));
  const [answer] = await socket.receive();
  socket.close();
  return JSON.parse(String(answer));
}

/** What the table of points shows for the set-point. */
function shown(page: Page): Promise<string | undefined> {
  return page.evaluate((name) => {
    const code = [...document.querySelectorAll('.point-name code')].find((cell) => cell.textContent === name);
    return code?.closest('tr')?.querySelector('.point-value')?.textContent ?? undefined;
  }, SETPOINT);
}
