// What takes long is said before it begins, and begins when the reader says so.
import { expect, test } from '@playwright/test';
import { open, settled } from './glasses.mjs';

const HEAVY = '#v=1&at=bench&layers=16&heads=16&d=512&n=1000&max=1000&a=1^n0&b=1^(n%2B1)0';
const held = (page) => page.locator('.work.held');

test('a heavy model waits with its cost in sight, and what is cheap begins at once', async ({ page }) => {
  await page.goto(`/${HEAVY}`);
  await expect(held(page)).toContainText(/^This takes about .+ on this device\./);
  await expect(page.locator('.box.distance-by-n')).toHaveClass(/empty/);
  // What is typed is kept, and what costs less is answered without a word.
  await page.locator('#field-a').fill('1^n01');
  await expect(held(page)).toBeVisible();
  await page.locator('#field-n').fill('12');
  await expect(page.locator('#field-a')).toHaveValue('1^n01');
  await page.evaluate(() => { location.hash = 'v=1&at=bench&n=12&max=64'; });
  await settled(page);
  await expect(held(page)).toHaveCount(0);
  await expect(page.locator('.box.distance-by-n')).not.toHaveClass(/empty|stale/);
});

test('it begins and is cancelled as other work is', async ({ page }) => {
  await page.goto(`/${HEAVY}`);
  await held(page).getByRole('button', { name: 'Cancel' }).click();
  await expect(page.locator('.work')).toContainText('Stopped');
  await page.locator('.work').getByRole('button', { name: 'Go on' }).click();
  await held(page).getByRole('button', { name: 'Start' }).click();
  await expect(page.locator(':is(.work, .progress) progress[value]')).toBeVisible({ timeout: 30_000 });
  await page.locator(':is(.work, .progress)').getByRole('button', { name: 'Cancel' }).click();
  await expect(page.locator('.work')).toContainText('Stopped');
});
