// Light and dark: one choice for the page, its figures, saved files and the browser's bars, that follows the link and the system while the
// page is open; and paper, which is light.
import { expect, test } from '@playwright/test';
import { readFile } from 'node:fs/promises';
import { box, open, settled } from './glasses.mjs';

const QUICK = '#v=1&n=5&max=12';
const LIGHT = '#ffffff';
const DARK = '#181c1f';

/** The colour in the corner of a figure's bitmap. */
const ground = (page, name = 'distance-by-n') => box(page, name).locator('canvas').evaluate((canvas) => {
  const [red, green, blue] = canvas.getContext('2d').getImageData(4, 4, 1, 1).data;
  return `#${[red, green, blue].map((part) => part.toString(16).padStart(2, '0')).join('')}`;
});

const bars = (page) => page.locator('meta[name="theme-color"]').evaluateAll((all) => all.filter((meta) => matchMedia(meta.media).matches).map((meta) => meta.content));
const paper = (page) => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);

/** Everything that is drawn is of this side. */
async function isOf(page, side) {
  const [figure, document, bar] = side === 'dark' ? [DARK, 'rgb(17, 20, 22)', '#111416'] : [LIGHT, 'rgb(251, 251, 248)', '#fbfbf8'];
  await expect.poll(() => ground(page)).toBe(figure);
  await expect.poll(() => ground(page, 'attention-a')).toBe(figure);
  expect(await paper(page)).toBe(document);
  expect(await bars(page)).toEqual([bar]);
}

for (const [system, chosen] of [['light', 'dark'], ['dark', 'light'], ['dark', undefined], ['light', undefined]]) {
  const seen = chosen ?? system;
  test(`theme=${chosen ?? 'auto'} on a ${system} system is ${seen} everywhere, also in saved pictures`, async ({ page }) => {
    await page.emulateMedia({ colorScheme: system });
    await open(page, chosen ? `${QUICK}&theme=${chosen}` : QUICK);
    await settled(page);
    await isOf(page, seen);
    const details = page.locator('[data-part="by-layer"] details.numbers');
    await details.locator('summary').click();
    const save = async (kind) => {
      const [download] = await Promise.all([page.waitForEvent('download'), details.getByRole('button', { name: kind }).click()]);
      return readFile(await download.path());
    };
    const svg = (await save('SVG')).toString();
    expect(svg.toLowerCase()).toContain(seen === 'dark' ? DARK : LIGHT);
    expect(svg.toLowerCase()).not.toContain(`fill="${seen === 'dark' ? LIGHT : DARK}"`);
    const png = (await save('PNG')).toString('base64');
    const corner = await page.evaluate(async (png) => {
      const image = new Image();
      image.src = `data:image/png;base64,${png}`;
      await image.decode();
      const canvas = document.createElement('canvas');
      const context = canvas.getContext('2d');
      context.drawImage(image, 0, 0);
      return [...context.getImageData(4, 4, 1, 1).data.slice(0, 3)];
    }, png);
    expect(corner).toEqual(seen === 'dark' ? [24, 28, 31] : [255, 255, 255]);
  });
}

test('the link’s choice and the system’s are followed while the page is open', async ({ page }) => {
  await page.emulateMedia({ colorScheme: 'light' });
  await open(page, QUICK);
  await settled(page);
  await isOf(page, 'light');
  await page.emulateMedia({ colorScheme: 'dark' });
  await isOf(page, 'dark');
  // ◐ to ☀ to ☾.
  const change = page.getByRole('button', { name: /^Theme/ });
  await change.click();
  await isOf(page, 'light');
  await change.click();
  await isOf(page, 'dark');
  await page.emulateMedia({ colorScheme: 'light' });
  await isOf(page, 'dark');
  await page.evaluate(() => { location.hash = '#v=1&n=5&max=12'; });
  await isOf(page, 'light');
  await page.goBack();
  await isOf(page, 'dark');
});

test('the theme of the link is there before the page has started', async ({ page }) => {
  await page.emulateMedia({ colorScheme: 'light' });
  await page.route(/glasses-page/, () => {});
  await page.goto(`./${QUICK}&theme=dark`, { waitUntil: 'commit' });
  await expect(page.locator('h1')).toBeVisible();
  await expect.poll(() => paper(page)).toBe('rgb(17, 20, 22)');
});

test('readers who ask for more contrast have it in the figures too', async ({ page }) => {
  await page.emulateMedia({ colorScheme: 'light' });
  await open(page, QUICK);
  await settled(page);
  const before = await box(page, 'distance-by-n').locator('canvas').evaluate((canvas) => canvas.toDataURL());
  await page.emulateMedia({ contrast: 'more' });
  await expect.poll(() => box(page, 'distance-by-n').locator('canvas').evaluate((canvas) => canvas.toDataURL())).not.toBe(before);
  await isOf(page, 'light');
});

test('paper is light, whatever the screen is, and the screen is as it was afterwards', async ({ page }) => {
  for (const [scheme, hash] of [['dark', `${QUICK}`], ['light', `${QUICK}&theme=dark`]]) {
    await page.emulateMedia({ colorScheme: scheme });
    await page.addInitScript(() => {
      // What stands on the canvases when the browser has laid the page out: before anything else hears of the end.
      addEventListener('afterprint', () => {
        window.printed = [...document.querySelectorAll('.box > canvas')].filter((canvas) => canvas.width > 300).map((canvas) => [...canvas.getContext('2d').getImageData(4, 4, 1, 1).data.slice(0, 3)].join());
      });
    });
    await page.goto('about:blank');
    await open(page, hash);
    await settled(page);
    await isOf(page, 'dark');
    await page.pdf();
    const printed = await page.evaluate(() => window.printed);
    expect(printed.length).toBeGreaterThan(4);
    expect(new Set(printed)).toEqual(new Set(['255,255,255']));
    await isOf(page, 'dark');
  }
});

test('what only looks at print, such as a preview, has light figures too', async ({ page }) => {
  await page.emulateMedia({ colorScheme: 'dark' });
  await open(page, QUICK);
  await settled(page);
  await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
  await expect.poll(() => ground(page)).toBe(LIGHT);
  expect(await paper(page)).toBe('rgb(251, 251, 248)');
  await page.emulateMedia({ media: 'screen', colorScheme: 'dark' });
  await isOf(page, 'dark');
});
