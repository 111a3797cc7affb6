import type { Browser, Page } from 'puppeteer-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type House, openHouse } from '#test/support/house.ts';
import type { StationList } from '#twin/wire/api.ts';
import { chromiumPath, launchBrowser, mapDrawn, openPage } from './browser.ts';

/** The pages keep to the Content-Security-Policy that they come with: map, workers, charts and tables. */
describe.skipIf(!chromiumPath())('the content policy in a browser', () => {
  let house: House;
  let browser: Browser;
  let closeBrowser: () => Promise<void>;
  let code: string;

  beforeAll(async () => {
    house = await openHouse();
    const list = (await (await fetch(`${house.url}/api/stations`)).json()) as StationList;
    code = list.stations[0]!.code;
    ({ browser, close: closeBrowser } = await launchBrowser());
  }, 240_000);

  afterAll(async () => {
    await closeBrowser?.();
    await house?.close();
  }, 60_000);

  /** What the browser, its workers included, refused on a page. */
  const opened = async (path: string) => {
    const page = await openPage(browser, 'about:blank');
    const refused: string[] = [];
    page.on('console', (message) => {
      if (/content.security.policy/i.test(message.text())) refused.push(message.text());
    });
    await page.goto(house.url + path, { waitUntil: 'domcontentloaded' });
    return { page, refused };
  };

  it('is strict about scripts', async () => {
    const policy = (await fetch(house.url)).headers.get('content-security-policy')!;
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self';");
    expect(policy).not.toMatch(/unsafe-eval|\*/);
    const { page, refused } = await opened('/health');
    expect(await runInlineScript(page)).toBe(false);
    expect(refused).toHaveLength(1);
    await page.close();
  }, 60_000);

  it.each(['/', '/stations/CODE', '/stations/CODE/room', '/health', '/adopt'])(
    '%s needs no more than it allows',
    async (path) => {
      const { page, refused } = await opened(path.replace('CODE', code));
      if (path === '/' || path === '/stations/CODE') await mapDrawn(page, 120_000);
      else await page.waitForNetworkIdle({ idleTime: 1000, concurrency: 1 });
      expect(refused).toEqual([]);
      await page.close();
    },
    180_000,
  );
});

/** Whether a script that somebody managed to put into the page would run. */
function runInlineScript(page: Page): Promise<boolean> {
  return page.evaluate(() => {
    const script = document.createElement('script');
    script.textContent = 'document.body.dataset.ran = "yes"';
    document.body.append(script);
    return document.body.dataset.ran === 'yes';
  });
}
