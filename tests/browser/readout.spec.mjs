// What the page says in words beside its pictures.
import { expect, test } from '@playwright/test';
import { box, open, settled } from './glasses.mjs';

test('the finding stands under its figure, and once in the accessibility tree', async ({ page }) => {
  await open(page);
  await settled(page);
  const figure = page.locator('section.figure', { has: box(page, 'distance-by-n') });
  const caption = figure.locator('.caption');
  await expect(caption).toBeVisible();
  await expect(caption).toHaveAttribute('aria-hidden', 'true');
  await expect(caption).toContainText('the distance at the output goes from');
  await expect(figure.locator('.computed')).toBeHidden();
  await figure.getByText('Numbers and files').click();
  await expect(figure.locator('.computed')).toContainText('Computed by');
});
