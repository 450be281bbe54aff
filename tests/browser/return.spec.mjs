// A page that is hidden and shown again, or left and come back to as it was: what it asked, its figures and its engines still work.
import { chromium, expect, test } from '@playwright/test';
import { box, colours, settled } from './glasses.mjs';

const QUICK = '#v=1&n=5&max=12';

/** Works on from where it is. */
async function goesOn(page, text) {
  const told = await box(page, 'distance-by-layer').getAttribute('aria-label');
  await page.locator('#field-b').fill(text);
  await expect(box(page, 'distance-by-layer')).not.toHaveAttribute('aria-label', told);
  await settled(page);
  expect(await colours(page, 'distance-by-n')).toBeGreaterThan(4);
  await expect(page.locator('.notices .notice:visible')).toHaveCount(0);
}

test('a page that the browser kept as it was goes on where it was', async ({ baseURL }, { project }) => {
  const { args, executablePath } = project.use.launchOptions;
  // Playwright switches it off.
  const browser = await chromium.launch({ executablePath, args, ignoreDefaultArgs: ['--disable-back-forward-cache'] });
  try {
    const page = await (await browser.newContext({ baseURL, serviceWorkers: 'block' })).newPage();
    await page.goto(`./${QUICK}`);
    await settled(page);
    await page.evaluate(() => addEventListener('pageshow', (event) => { window.isAsItWas = event.persisted; }));
    await page.locator('#field-a').fill('1^n0');
    await expect.poll(() => page.evaluate(() => location.hash)).toBe('#v=1&a=1%5En0&n=5&max=12');
    await page.goto(`${baseURL}licences.html`);
    // A page that is shown again loads nothing, which is what Playwright's own way back waits for.
    await page.evaluate(() => history.back()).catch(() => {});
    await expect(page.locator('#field-a')).toHaveValue('1^n0');
    await goesOn(page, '1^n00');
    await expect.poll(() => page.evaluate(() => location.hash)).toBe('#v=1&a=1%5En0&b=1%5En00&n=5&max=12');
    // Nothing of before comes back when the address is opened anew.
    await page.goto('about:blank');
    await page.goto(`${baseURL}${QUICK}`);
    await expect(page.locator('#field-a')).toHaveValue('1^n');
  } finally {
    await browser.close();
  }
});

test('a tab in the background goes on when it is shown again', async ({ page, context }) => {
  await page.goto(`./${QUICK}`);
  await settled(page);
  const other = await context.newPage();
  await other.bringToFront();
  await page.locator('#field-a').evaluate((field) => {
    field.value = '1^n0';
    field.dispatchEvent(new InputEvent('input', { bubbles: true }));
  });
  await other.waitForTimeout(1000);
  await page.bringToFront();
  await settled(page);
  await goesOn(page, '1^n00');
});

test('a figure whose bitmap the browser took away is drawn again', async ({ page }) => {
  await page.goto(`./${QUICK}`);
  await settled(page);
  const canvas = box(page, 'distance-by-n').locator('canvas');
  await canvas.evaluate((canvas) => {
    canvas.getContext('2d').reset();
    canvas.dispatchEvent(new Event('contextrestored'));
  });
  await expect.poll(() => colours(page, 'distance-by-n')).toBeGreaterThan(4);
});
