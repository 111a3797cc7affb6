import type { Browser, Page } from 'puppeteer-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type House, openHouse } from '#test/support/house.ts';
import { until } from '#test/support/until.ts';
import type { StationList } from '#twin/wire/api.ts';
import { chromiumPath, launchBrowser, openPage, shot } from './browser.ts';

/** One room on the physics inside the browser; nothing of it comes from the field, which is not started. */
describe.skipIf(!chromiumPath())('a room in the lab of the browser', () => {
  let house: House;
  let browser: Browser;
  let closeBrowser: () => Promise<void>;
  let code: string;

  beforeAll(async () => {
    house = await openHouse();
    const list = (await (await fetch(`${house.url}/api/stations`)).json()) as StationList;
    code = list.stations.find(({ kind }) => kind === 'tank')!.code;
    ({ browser, close: closeBrowser } = await launchBrowser());
  }, 240_000);

  afterAll(async () => {
    await closeBrowser?.();
    await house?.close();
  }, 60_000);

  it('lives faster than time, loses its pressure in a power cut and gets it back', async () => {
    const page = await openPage(browser, `${house.url}/lab/${code}`);
    await page.waitForSelector('[data-chart="pressure"]', { timeout: 60_000 });
    expect(await page.$$eval('[data-chart]', (charts) => charts.length)).toBe(5);
    const held = await shown(page, 'pressure');
    expect(held).toBeGreaterThan(0.2);
    const begun = await clock(page);
    await until('time passes in the room', async () => (await clock(page)) !== begun, 30_000);
    await page.click('[data-trial="powerCut"]');
    await until('the pressure falls', async () => (await shown(page, 'pressure')) < held / 2, 60_000);
    expect(await shown(page, 'kw')).toBeLessThan(0.5);
    await shot(page, 'lab-power-cut');
    await page.click('[data-trial="powerCut"]');
    await until('the pressure is back', async () => (await shown(page, 'pressure')) > 0.9 * held, 60_000);
    await page.close();
  }, 240_000);

  it('speaks English, and fits a laptop', async () => {
    const page = await openPage(browser, `${house.url}/lab/${code}`, 'laptop', {
      theme: 'light',
      language: 'en',
    });
    await page.waitForSelector('[data-chart="level"]', { timeout: 60_000 });
    await page.waitForFunction(() => document.body.textContent.includes('Pressure sensor frozen'));
    await shot(page, 'lab-laptop');
    await page.close();
  }, 120_000);
});

async function shown(page: Page, chart: string): Promise<number> {
  return page.$eval(`[data-chart="${chart}"]`, (card) => Number((card as HTMLElement).dataset.now));
}

async function clock(page: Page): Promise<string> {
  return page.$eval('.lab-clock b', (now) => now.textContent ?? '');
}
