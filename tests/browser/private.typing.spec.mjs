// A look.
import { test } from '@playwright/test';
import { open } from './glasses.mjs';
test('look', async ({ page }) => {
  await open(page, '#v=1&cap=soft&tool=train');
  const f = (k) => page.locator(`#field-${k}`);
  await f('n').fill('abc'); await page.waitForTimeout(300);
  await page.getByRole('link', { name: '中文' }).click();
  await page.waitForTimeout(4000);
  console.log('after', await page.locator('html').getAttribute('lang'), await page.locator('#field-n-refusal').textContent(), await page.locator('h2').first().textContent());
  console.log(await f('n').inputValue());
});
