import type { Browser, Page } from 'puppeteer-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type House, openHouse } from '#test/support/house.ts';
import { until } from '#test/support/until.ts';
import type { AlarmSummary } from '#twin/wire/alarms.ts';
import { chromiumPath, launchBrowser, openPage, shot } from './browser.ts';

const STATIONS = 4;
/** Holds wherever there is water. */
const RULE = `id: WATER-ARRIVES
name: { zh: 有水, en: Water arrives }
priority: 2
when: P_IN > 0.01 MPa
for: 2 s
clear: P_IN < 0.005 MPa
cause: { zh: 管网有压, en: The main is under pressure }
remedy: { zh: 无需处置, en: Nothing to do }
version: 1
author: test
reason: something must be there to be acted on
`;
const NAME = '夜班';

/** What people do with alarms, by the keys and forms that they have for it. */
describe.skipIf(!chromiumPath())('alarms in a browser', () => {
  let house: House;
  let browser: Browser;
  let closeBrowser: () => Promise<void>;
  let page: Page;

  beforeAll(async () => {
    house = await openHouse({ stations: STATIONS, past: 1 });
    await house.startField();
    await until('stations are live', async () => (await house.health()).stations.live === STATIONS, 120_000);
    const answer = await fetch(`${house.url}/api/rules/WATER-ARRIVES`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ yaml: RULE, base: 0, by: 'test', reason: 'test' }),
    });
    expect(await answer.text()).toContain('version');
    await until('every room has one', async () => (await ours()).length === STATIONS, 60_000);
    ({ browser, close: closeBrowser } = await launchBrowser());
    page = await openPage(browser, `${house.url}/alarms`, 'laptop');
  }, 480_000);

  afterAll(async () => {
    await closeBrowser?.();
    await house?.close();
  }, 60_000);

  const get = async <T>(path: string): Promise<T> => (await (await fetch(house.url + path)).json()) as T;
  const ours = async () =>
    (await get<{ alarms: AlarmSummary[] }>('/api/alarms')).alarms.filter(
      ({ rule }) => rule === 'WATER-ARRIVES',
    );
  const says = (selector: string, words: string) =>
    page.waitForFunction(
      (where, wanted) =>
        [...document.querySelectorAll(where)].some((one) => one.textContent.includes(wanted)),
      { timeout: 60_000 },
      selector,
      words,
    );
  const press = (name: string) => page.locator(`button ::-p-text(${name})`).click();
  const rows = () => page.$$eval('.alarm-row', (all) => all.length);

  /** Chooses in a list by its label and the words of the choice. */
  async function choose(label: string, choice: string): Promise<void> {
    const field = `input[aria-label="${label}"]`;
    await page.waitForSelector(field, { timeout: 60_000 });
    await page.focus(field);
    await page.keyboard.press('ArrowDown');
    const option = await page.waitForFunction(
      (words) =>
        [
          ...document.querySelectorAll<HTMLElement>(
            '.ant-select-dropdown:not(.ant-select-dropdown-hidden) .ant-select-item-option',
          ),
        ].find((one) => one.textContent === words),
      { timeout: 60_000 },
      choice,
    );
    await page.evaluate((one) => one?.click(), option);
  }

  it('are acknowledged by a key and under a name, and not without one', async () => {
    await choose('全部报警类型', '有水');
    await until('the list is narrowed', async () => (await rows()) === STATIONS, 60_000);
    await page.focus('.alarm-list');
    await page.keyboard.press('a');
    await says('.alarm-said', '先填写操作人姓名');
    await page.type('input[aria-label="操作人"]', NAME);
    await page.focus('.alarm-list');
    await page.keyboard.press('a');
    await says('.alarm-said', '已确认 1 条');
    await says('.alarm-row', '已确认');
    const done = (await ours()).filter(({ state }) => state === 'acknowledged');
    expect(done.map(({ acknowledgedBy }) => acknowledgedBy)).toEqual([NAME]);
  }, 180_000);

  it('are shelved with a reason, listed on the shelf and taken off it', async () => {
    await page.focus('.alarm-list');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('s');
    await page.waitForSelector('.alarm-form');
    expect(
      await page.$eval(
        '.alarm-form button[type="submit"]',
        (button) => (button as HTMLButtonElement).disabled,
      ),
    ).toBe(true);
    await page.type('.alarm-form input[aria-label="原因(必填)"]', '检修 12');
    await page.keyboard.press('Enter');
    await says('.alarm-said', '已搁置 1 条');
    await until('it leaves the list', async () => (await rows()) === STATIONS - 1, 60_000);
    await choose('显示', '搁置与停用');
    await says('.silencers', `${NAME}(未核实):检修 12`);
    await shot(page, 'alarms-shelved-laptop');
    await page.locator('.silencers button').click();
    await until(
      'nothing is shelved',
      async () => (await get<unknown[]>('/api/alarms/silencers')).length === 0,
      60_000,
    );
  }, 180_000);

  it('stand in the history in groups, by type of room and by maker, and leave it as a workbook', async () => {
    await page.locator('[role="tab"] ::-p-text(历史)').click();
    // the open list has filters of the same names
    await page.waitForSelector('a[download]', { timeout: 60_000 });
    await choose('全部报警类型', '有水');
    await until('all are listed', async () => (await rows()) === STATIONS, 60_000);
    await choose('分组', '按泵房类型');
    await page.waitForSelector('.alarm-group');
    expect(await rows()).toBe(0);
    const counts = await page.$$eval('.alarm-group small', (all) =>
      all.map((one) => Number(one.textContent)),
    );
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(STATIONS);
    await page.locator('.alarm-group').click();
    await until('the group unfolds', async () => (await rows()) === counts[0], 60_000);
    await shot(page, 'alarms-history-groups-laptop');
    const [maker] = await get<string[]>('/api/alarms/makers');
    await choose('全部水泵厂家', maker!);
    await choose('分组', '不分组');
    const made = (await ours()).filter((alarm) => alarm.maker.split(', ').includes(maker!));
    await until('those of one maker are left', async () => (await rows()) === made.length, 60_000);
    const address = await page.$eval('a[download]', (link) => (link as HTMLAnchorElement).href);
    expect(new URL(address).searchParams.get('maker')).toBe(maker);
    const { status, headers } = await fetch(address);
    expect([status, headers.get('content-type')]).toEqual([200, expect.stringContaining('spreadsheet')]);
  }, 180_000);

  it('of a whole room are out of service for a time, before anything else is raised there', async () => {
    const { station } = (await ours())[0]!;
    await page.goto(`${house.url}/stations/${station}/room`, {
      waitUntil: 'domcontentloaded',
    });
    await page.waitForSelector('.room-watch .alarm-form', { timeout: 60_000 });
    await page.type('.room-watch input[aria-label="原因与工单号(必填)"]', '更换水泵，工单 7');
    await page.keyboard.press('Enter');
    await says('.room-watch .silencers', `${NAME}(未核实):更换水泵，工单 7`);
    await shot(page, 'room-out-of-service-laptop');
    expect(await get('/api/alarms/silencers')).toMatchObject([
      { kind: 'outOfService', station, rule: null, until: expect.any(Number), by: NAME },
    ]);
    await press('恢复使用');
    await until(
      'it is back',
      async () => (await get<unknown[]>('/api/alarms/silencers')).length === 0,
      60_000,
    );
  }, 180_000);
});
