// What goes wrong: a worker that dies, does not stop, or can't be loaded; a browser without WebGPU or locks; a cancel in the middle.
import { expect, test } from '@playwright/test';
import { box, device, idle, open, settled } from './glasses.mjs';
import { inWorkers, LOCKS } from './worker.mjs';

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
  // So long that it waits to be begun.
  await page.getByRole('button', { name: 'Start' }).click();
  await expect(page.locator(':is(.work, .progress) progress[value]')).toBeVisible();
  await page.getByRole('button', { name: 'Cancel' }).click();
  await expect(page.getByRole('button', { name: 'Go on' })).toBeVisible();
  await page.locator('#field-n').fill('12');
  await expect(page.getByRole('button', { name: 'Go on' })).toBeHidden();
});

// A worker that is asked about this text never leaves the step that it is in.
const STUCK = '0101010101';
const SPINS = `addEventListener('message', ({ data }) => { if (new TextDecoder().decode(data).includes('${STUCK}')) for (;;); });`;

test('a cancel stays one, whatever is asked behind it', async ({ page }) => {
  await inWorkers(page, SPINS);
  await open(page);
  await settled(page);
  await page.locator('#field-a').fill(STUCK);
  await page.getByRole('button', { name: 'Cancel' }).click();
  await page.waitForTimeout(200);
  await page.locator('#field-a').fill('1^n0');
  await settled(page, { timeout: 15_000 });
  await expect(page.locator('.notices .notice')).toHaveCount(0);
});

test('a newer question is heard, though the worker does not leave the older one', async ({ page }) => {
  await inWorkers(page, SPINS);
  await open(page);
  await settled(page);
  await page.locator('#field-a').fill(STUCK);
  await page.waitForTimeout(500);
  await page.locator('#field-a').fill('1^n0');
  await settled(page, { timeout: 15_000 });
  await expect(page.locator('.notices .notice')).toHaveCount(0);
});

for (const [how, script] of Object.entries(LOCKS)) {
  test(`the engine works where locks ${how}, and is replaced where it ends`, async ({ page }) => {
    await page.addInitScript(script);
    await inWorkers(page, script);
    const problems = await open(page);
    await settled(page);
    await expect(page.locator('.notices .notice')).toHaveCount(0);
    expect(problems).toEqual([]);
    // What is asked only when a reader pauses has come: a worker that is taken off a question and does not leave it is replaced without a word.
    await idle(page);
    // Nobody tells of its end: its silence does, once it is asked something.
    await page.workers()[0].evaluate(() => self.close());
    await page.locator('#field-b').fill('1^n0');
    await expect(page.locator('.notices .notice')).toContainText('nothing was heard of it', { timeout: 30_000 });
    await settled(page);
  });

  test(`an engine that holds its lock works where locks ${how} for the page alone`, async ({ page }) => {
    await page.addInitScript(script);
    const problems = await open(page);
    await settled(page);
    await idle(page);
    await expect(page.locator('.notices .notice')).toHaveCount(0);
    expect(problems).toEqual([]);
  });
}

test('an engine whose files are gone says so, and that loading the page again helps', async ({ page }) => {
  await open(page);
  await settled(page);
  await page.route(/worker_cpu|engine-[0-9a-f]+\.js/, (route) => route.fulfill({ status: 404, body: 'not here' }));
  await page.workers()[0].evaluate(() => self.close());
  await expect(page.locator('.notices .notice').filter({ hasText: 'the site was updated' })).toContainText('the server answered 404');
  await expect(page.getByRole('button', { name: 'Load it again' })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Try again' })).toHaveCount(0);
  await page.unrouteAll();
  await page.getByRole('button', { name: 'Load it again' }).click();
  await settled(page);
});

test('an engine that is out of reach says so, and is tried again', async ({ page }) => {
  await open(page);
  await settled(page);
  await page.route(/worker_cpu|engine-[0-9a-f]+\.js/, (route) => route.abort());
  await page.workers()[0].evaluate(() => self.close());
  await expect(page.locator('.notices .notice').filter({ hasText: 'offline' })).toBeVisible();
  const again = page.getByRole('button', { name: 'Try again' });
  await expect(again).toBeVisible({ timeout: 30_000 });
  await page.unrouteAll();
  await page.locator('#field-b').fill('1^n0');
  await again.click({ timeout: 5_000 }).catch(() => {});
  await settled(page);
});
