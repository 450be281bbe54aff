// The gallery: every figure of the paper has its picture, and leads to the state behind it.
import { expect, test } from '@playwright/test';
import { box, open } from './glasses.mjs';

const hash = (page) => page.evaluate(() => location.hash);

test('every picture is there, and a card opens the bench as the page is set', async ({ page }) => {
  await open(page, '#v=1&at=gallery&theme=dark');
  const cards = page.locator('.exhibit');
  await expect(cards).toHaveCount(16);
  for (const card of await cards.all()) {
    await card.scrollIntoViewIfNeeded();
    const picture = card.locator('img:visible');
    await expect.poll(() => picture.evaluate((img) => img.complete && img.naturalWidth)).toBe(432);
    await expect(picture).toHaveAttribute('src', /-dark\.svg$/);
  }
  await cards.filter({ hasText: 'Figure 8' }).click();
  await expect.poll(() => hash(page)).toBe('#v=1&tool=paper&paper=8&theme=dark');
  await expect(page.locator('html')).toHaveAttribute('data-at', 'bench');
  // The reader is led to the figure, far down on the bench.
  await expect(box(page, 'paper')).toBeInViewport();
  await page.goBack();
  await expect(cards.first()).toBeVisible();
});

test('a short link leads to a figure of the paper', async ({ page }) => {
  await open(page, '#fig=8');
  await expect(box(page, 'paper')).toBeInViewport();
  await expect(page.locator('html')).toHaveAttribute('data-at', 'bench');
});

test('a preset about an instrument leads to it, and one about the first figure stays there', async ({ page }) => {
  await open(page);
  await page.getByRole('radio', { name: 'Cures' }).check();
  await page.getByRole('button', { name: 'Cures side by side' }).click();
  await expect(page.getByRole('heading', { name: 'Instruments' })).toBeInViewport();
  const preset = page.getByRole('button', { name: 'A comma every third' });
  await preset.scrollIntoViewIfNeeded();
  const before = await page.evaluate(() => scrollY);
  await preset.click();
  await expect(page.locator('#field-a')).toHaveValue('1^n{,/3}');
  expect(await page.evaluate(() => scrollY)).toBe(before);
});

test('the gallery speaks the language of the page', async ({ page }) => {
  await open(page, '#v=1&at=gallery&lang=zh');
  await expect(page.locator('.exhibit strong').first()).toHaveText('图 1a');
});
