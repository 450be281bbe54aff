// What goes wrong: a worker that dies, a browser without WebGPU, a cancel in the middle.
import { expect, test } from '@playwright/test';
import { box, device, open, settled } from './glasses.mjs';

test('a killed worker is replaced and the work goes on', async ({ page }) => {
  await open(page);
  await settled(page);
  const [worker] = page.workers();
  expect(worker.url()).toContain('worker_cpu');
  await worker.evaluate(() => self.close());
  const told = await box(page, 'distance-by-layer').getAttribute('aria-label');

  await page.locator('#field-b').fill('1^n0');
  await expect(box(page, 'distance-by-layer')).not.toHaveAttribute('aria-label', told);
  await settled(page);
  await expect(page.locator('#field-b')).toHaveValue('1^n0');
  await expect(device(page)).toHaveText('CPU');
});

test('without WebGPU a plain sentence says so, also where the link asks for it', async ({ page }) => {
  const problems = await open(page, '#v=1&device=webgpu');
  await settled(page);
  expect(await page.evaluate(async () => Boolean(await navigator.gpu?.requestAdapter()))).toBe(false);
  await expect(device(page)).toHaveText('CPU');
  await expect(page.locator('.badge .reason')).toContainText('WebGPU');
  expect(problems).toEqual([]);
});

test('a long answer shows its progress and can be stopped and taken up again', async ({ page }) => {
  await open(page, '#v=1&a=1%5En0&b=1%5En1&suffix=%3D&max=2500&device=cpu');
  // An engine that is loading shows a bar too, but nothing to stop yet.
  await expect(page.locator('.work progress[value]')).toBeVisible();
  await page.getByRole('button', { name: 'Cancel' }).click();
  await expect(page.getByRole('button', { name: 'Go on' })).toBeVisible();
  await page.locator('#field-n').fill('12');
  await expect(page.getByRole('button', { name: 'Go on' })).toBeHidden();
});
