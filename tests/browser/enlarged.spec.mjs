// A figure as large as the window: what it follows is above it, by pointer and by keys, and the page behind it goes along.
import { expect, test } from '@playwright/test';
import { box, idle, open, picture } from './glasses.mjs';

/** Enlarges a figure; what stands above it. */
async function enlarge(page, name) {
  await box(page, name).scrollIntoViewIfNeeded();
  await box(page, name).getByRole('button', { name: 'Enlarge' }).click();
  await expect(page.locator('.steering')).toBeVisible();
  return page.locator('.steering');
}

test('n is moved in the enlarged figure, which follows, as the page behind it does', async ({ page }) => {
  const problems = await open(page, '#v=1&n=20');
  await idle(page);
  const steering = await enlarge(page, 'sensitivity');
  const before = await picture(page, 'sensitivity');
  await page.keyboard.press('Tab');
  await expect(steering.getByRole('slider')).toBeFocused();
  await page.keyboard.press('ArrowRight');
  await expect(page.locator('#field-n')).toHaveValue('21');
  await expect(box(page, 'sensitivity')).toHaveAttribute('aria-busy', 'false');
  await expect.poll(() => picture(page, 'sensitivity')).not.toBe(before);
  await steering.getByLabel('n', { exact: true }).fill('33');
  await expect(page.locator('#field-n')).toHaveValue('33');
  // The picture is not under what is above it.
  const bar = await steering.boundingBox();
  expect((await box(page, 'sensitivity').locator('canvas').boundingBox()).y).toBeGreaterThanOrEqual(bar.y + bar.height - 1);
  await page.keyboard.press('Escape');
  await expect(steering).toHaveCount(0);
  await expect(box(page, 'sensitivity')).toBeFocused();
  expect(problems).toEqual([]);
});

test('layer and head, the player, and what is drawn by hand have their controls, and texts without n no slider', async ({ page }) => {
  await open(page, '#v=1&n=12');
  await idle(page);
  let steering = await enlarge(page, 'attention-a');
  // A link counts from 0.
  await steering.getByRole('group', { name: 'Layer' }).getByRole('radio', { name: '2' }).check();
  await expect(page).toHaveURL(/layer=1/);
  await expect(steering.getByRole('group', { name: 'Head' })).toBeVisible();
  await page.keyboard.press('Escape');
  steering = await enlarge(page, 'meeting');
  await steering.getByRole('button', { name: 'Play' }).click();
  await expect(steering.getByRole('button', { name: 'Pause' })).toBeVisible();
  await steering.getByRole('button', { name: 'Pause' }).click();
  await page.keyboard.press('Escape');
  await open(page, '#v=1&at=collapse');
  await idle(page);
  await expect((await enlarge(page, 'distance-by-n')).getByRole('button', { name: 'Show the real curve' })).toBeDisabled();
  await page.keyboard.press('Escape');
  await open(page, '#v=1&a=10110&b=10111');
  await idle(page);
  steering = await enlarge(page, 'sensitivity');
  await expect(steering.getByRole('slider')).toHaveCount(0);
});

test('on a phone, all controls fit above the enlarged figure', async ({ page }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  await open(page, '#v=1&at=spread');
  await idle(page);
  const bar = await (await enlarge(page, 'attention-row')).boundingBox();
  const drawn = await box(page, 'attention-row').locator('canvas').boundingBox();
  expect(bar.x + bar.width).toBeLessThanOrEqual(360);
  expect(drawn.y).toBeGreaterThanOrEqual(bar.y + bar.height - 1);
  expect(drawn.y + drawn.height).toBeLessThanOrEqual(740 + 1);
});

test('who goes on by Tab, or back, from what is enlarged sees where that leads', async ({ page }) => {
  await open(page, '#v=1&n=20');
  await idle(page);
  const steering = await enlarge(page, 'sensitivity');
  await page.keyboard.press('Tab');
  await expect(steering.getByRole('slider')).toBeFocused();
  for (let presses = 0; presses < 5 && (await steering.count()); presses += 1) await page.keyboard.press('Tab');
  await expect(steering).toHaveCount(0);
  await expect(page.locator('.drawing', { has: box(page, 'sensitivity') }).locator('summary')).toBeFocused();
  await enlarge(page, 'sensitivity');
  await box(page, 'sensitivity').focus();
  await page.keyboard.press('Shift+Tab');
  await expect(page.locator('.steering')).toHaveCount(0);
  await expect(page.locator(':focus')).toBeInViewport();
});
