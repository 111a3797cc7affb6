import type { Browser, Page } from 'puppeteer-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type House, openHouse } from '#test/support/house.ts';
import { chromiumPath, launchBrowser, openPage, type SizeName, shot } from './browser.ts';

/** The tab on which rules are made, refused, removed and brought back. */
describe.skipIf(!chromiumPath())('alarm rules in a browser', () => {
  let house: House;
  let browser: Browser;
  let closeBrowser: () => Promise<void>;

  beforeAll(async () => {
    house = await openHouse();
    ({ browser, close: closeBrowser } = await launchBrowser());
  }, 240_000);

  afterAll(async () => {
    await closeBrowser?.();
    await house?.close();
  });

  const text = (page: Page) => page.$eval('.rule-text textarea', (field) => field.value);
  const says = (page: Page, words: string) =>
    page.waitForFunction(
      (wanted) => document.querySelector('.rule')?.textContent?.includes(wanted),
      {},
      words,
    );

  /** Types as a person who chose everything before. */
  async function write(page: Page, words: string): Promise<void> {
    await page.focus('.rule-text textarea');
    await page.$eval('.rule-text textarea', (field) => field.select());
    await page.keyboard.sendCharacter(words);
  }

  async function press(page: Page, name: string): Promise<void> {
    await page.locator(`.rules ::-p-text(${name})`).click();
  }

  async function openTab(size: SizeName, language: 'zh' | 'en'): Promise<Page> {
    const page = await openPage(browser, `${house.url}/alarms?tab=rules`, size, { theme: 'dark', language });
    await page.evaluate(() =>
      localStorage.setItem('shuijing-operator', JSON.stringify({ state: { name: '夜班' }, version: 1 })),
    );
    await page.reload();
    await page.waitForSelector('.rules-list');
    return page;
  }

  it('a new rule is refused in Chinese, put right, saved, removed and restored', async () => {
    const page = await openTab('laptop', 'zh');
    await press(page, '新建规则');
    await says(page, '没有问题');
    const template = await text(page);
    await write(page, template.replace('P_OUT <', 'P_OUTT <').replace('priority: 3', 'priority: 9'));
    await says(page, 'priority:不得大于 4');
    await write(page, template.replace('P_OUT <', 'P_OUTT <'));
    await says(page, '没有名为“P_OUTT”的测点;是否为 P_OUT?');
    await shot(page, 'rules-new-wrong-laptop');
    await write(page, template.replace('NEW-RULE', 'F23-POWER-LOSS'));
    await says(page, '已有编号为 F23-POWER-LOSS 的规则');

    await write(page, template.replace('NEW-RULE', 'NIGHT-LOW'));
    await says(page, '没有问题');
    await page.type('.rule-save input', '夜间压力低');
    await press(page, '保存并生效');
    await page.waitForSelector('.rules-list button[aria-current="true"] ::-p-text(NIGHT-LOW)');
    expect(await text(page)).toContain('author: 夜班');
    await page.type('.rule-save input', '重复');
    await press(page, '移除规则');
    await says(page, '此规则已移除');
    await page.setViewport({ width: 1920, height: 1080 });
    await shot(page, 'rules-removed-desk');
    await page.type('.rule-save input', '还是需要');
    await press(page, '恢复并生效');
    await says(page, '第 3 版');
    await page.waitForFunction(() => !document.querySelector('.rule .rule-warning'));
    await page.close();
  }, 120_000);

  it('and in English for whoever reads English', async () => {
    const page = await openTab('desk', 'en');
    await press(page, 'New rule');
    await says(page, 'Nothing wrong');
    await write(page, (await text(page)).replace('P_OUT <', 'P_OUTT <'));
    await says(page, 'no point is named "P_OUTT": did you mean P_OUT?');
    await shot(page, 'rules-new-wrong-desk');
    await page.close();
  }, 60_000);

  /** Has only these scenarios chosen. */
  async function choose(page: Page, label: string, names: readonly string[]): Promise<void> {
    const field = `input[aria-label="${label}"]`;
    const whole = `.ant-select:has(${field})`;
    await page.hover(whole);
    await page.click(`${whole} .ant-select-clear`);
    await page.focus(field);
    for (const name of names) {
      await page.type(field, name);
      await page.keyboard.press('Enter');
    }
    await page.keyboard.press('Escape');
  }

  it('a rule that is made blind fails a scenario that names it, and is told so before it is saved', async () => {
    const page = await openTab('laptop', 'zh');
    await press(page, '市电中断');
    await says(page, 'F23-POWER-LOSS');
    await says(page, '个情景,共约');
    await write(page, (await text(page)).replace('when: not MAINS_OK', 'when: U_A < 5 V and UPS_V < 5 V'));
    await says(page, '没有问题');
    await choose(page, '选择情景', ['泵房停电']);
    await says(page, '已选 1 个情景');
    await press(page, '开始推演');
    await says(page, '正在推演“泵房停电”');
    await page.waitForSelector('.scenario-result.is-done', { timeout: 120_000 });
    await says(page, '2 条期望不再满足');
    await says(page, '不再归入原因');
    await page.$eval('.scenario-answer', (answer) => answer.scrollIntoView());
    await shot(page, 'rules-scenarios-laptop');
    await page.close();
  }, 180_000);
});
