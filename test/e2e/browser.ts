import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import puppeteer, { type Browser, type Page } from 'puppeteer-core';

/** Sizes that every screen is looked at in. */
export const SIZES = {
  phone: { width: 390, height: 844 },
  laptop: { width: 1366, height: 768 },
  desk: { width: 1920, height: 1080 },
  wall: { width: 3840, height: 2160 },
} as const;
export type SizeName = keyof typeof SIZES;

export interface Viewer {
  theme: 'dark' | 'light';
  language: 'zh' | 'en';
}

const CANDIDATES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** WebGL 2 without a graphics card, and nothing that calls home. */
const FLAGS = [
  '--use-gl=angle',
  '--use-angle=swiftshader',
  '--enable-unsafe-swiftshader',
  '--no-sandbox',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Path of a Chromium, from `CHROMIUM` or where Debian puts it; undefined when there is none. */
export const chromiumPath = (): string | undefined =>
  process.env.CHROMIUM ?? CANDIDATES.find((path) => existsSync(path));

/** A headless Chromium with a profile of its own; `close` removes the profile too. Throws when none is installed. */
export async function launchBrowser(): Promise<{ browser: Browser; close(): Promise<void> }> {
  const executablePath = chromiumPath();
  if (!executablePath)
    throw new Error('no Chromium found: install Debian package "chromium" or set CHROMIUM');
  const userDataDir = mkdtempSync(join(tmpdir(), 'shuijing-browser-'));
  const browser = await puppeteer.launch({ executablePath, headless: true, args: FLAGS, userDataDir });
  return {
    browser,
    async close() {
      await browser.close();
      rmSync(userDataDir, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}

/** A page of a size in a context of its own, opened on `url` with the viewer's theme and language already chosen. */
export async function openPage(
  browser: Browser,
  url: string,
  size: SizeName = 'desk',
  viewer: Viewer = { theme: 'dark', language: 'zh' },
): Promise<Page> {
  const context = await browser.createBrowserContext();
  const page = await context.newPage();
  await page.setViewport({ ...SIZES[size], deviceScaleFactor: 1, hasTouch: size === 'phone' });
  await page.evaluateOnNewDocument(
    (state: string) => {
      if (localStorage.getItem('shuijing-view') === null) localStorage.setItem('shuijing-view', state);
    },
    JSON.stringify({ state: viewer, version: 1 }),
  );
  await page.goto(url, { waitUntil: 'domcontentloaded' });
  return page;
}

/** Waits until the map has drawn its first whole picture. */
export async function mapDrawn(page: Page, timeout = 60_000): Promise<void> {
  await page.waitForSelector('.map[data-drawn="yes"]', { timeout });
}

/** Saves a picture as `test/e2e/shots/<name>.png` and tells its path. */
export async function shot(page: Page, name: string): Promise<string> {
  const folder = join(import.meta.dirname, 'shots');
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${name}.png`) as `${string}.png`;
  await page.screenshot({ path });
  return path;
}
