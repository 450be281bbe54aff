// WebGPU, on an adapter made of software: it proves itself, answers where it is asked to, and agrees with the CPU.
import { expect, test } from '@playwright/test';
import { device, numbers, open, settled } from '../glasses.mjs';
import { inWorkers } from '../worker.mjs';

// Small, for a processor that plays a GPU: every kernel runs, in seconds.
const STATE = '#v=1&b=1%5En0&n=12&max=24&layers=2&heads=2&d=16&pos=rotary';
const SLOW = { timeout: 150_000 };

/** All numbers of the figures that both devices draw, in one order. */
async function everything(page) {
  const rows = [...(await numbers(page, 'distance-by-layer')), ...(await numbers(page, 'distance-by-n'))];
  return rows.map((row) => row.map((cell) => (cell === '' || Number.isNaN(Number(cell)) ? cell : Number(cell))));
}

test('an adapter that is never named leaves a sentence, and the CPU goes on', async ({ page }) => {
  await page.addInitScript(() => {
    GPU.prototype.requestAdapter = () => new Promise(() => {});
  });
  await open(page, `${STATE}&device=webgpu`);
  await expect(page.locator('.badge .reason')).toContainText('did not answer within 15 seconds', { timeout: 40_000 });
  await expect(page.getByRole('button', { name: 'Try WebGPU again' })).toBeVisible();
  await expect(device(page)).toHaveText('CPU');
  await settled(page);
});

test('a device that is never given leaves a sentence, and the CPU goes on', async ({ page }) => {
  await inWorkers(page, `GPUAdapter.prototype.requestDevice = () => new Promise(() => {});`, 'webgpu');
  await open(page, `${STATE}&device=webgpu`);
  await expect(page.locator('.badge .reason')).toContainText('does not answer when asked for a WebGPU device', { timeout: 60_000 });
  await expect(device(page)).toHaveText('CPU');
  await settled(page);
});

test('a worker that never begins leaves a sentence, and the CPU goes on', async ({ page }) => {
  await inWorkers(page, `await new Promise(() => {});`, 'webgpu');
  await open(page, `${STATE}&device=webgpu`);
  await expect(page.locator('.badge .reason')).toContainText('did not start within 30 seconds', { timeout: 60_000 });
  await expect(device(page)).toHaveText('CPU');
  await settled(page);
});

test('a device that lies once it is believed is found out, and the CPU computes what it showed', async ({ page }) => {
  // Every second number that comes back from the device, half as much again: once the test says so.
  await inWorkers(page, `const range = GPUBuffer.prototype.getMappedRange; GPUBuffer.prototype.getMappedRange = function (...all) {
    const bytes = range.apply(this, all);
    if (self.lies && this.usage & GPUBufferUsage.MAP_READ) new Float32Array(bytes).forEach((x, at, all) => { if (at % 2) all[at] = 1.5 * x; });
    return bytes;
  };`, 'webgpu');
  await open(page, `${STATE}&device=webgpu`);
  await expect(device(page)).toHaveText('WebGPU', SLOW);
  await settled(page, SLOW);
  const worker = page.workers().find((worker) => worker.url().includes('webgpu'));
  await worker.evaluate(() => { self.lies = true; });
  await page.locator('#field-b').fill('1^n1');
  await settled(page, SLOW);
  const lied = await everything(page);
  await expect(page.locator('.notices .notice')).toContainText('is computed again by the CPU', SLOW);
  await expect(device(page)).toHaveText('CPU');
  await settled(page, SLOW);
  const told = await everything(page);
  expect(told).not.toEqual(lied);

  await page.goto('about:blank');
  await page.goto(`./${STATE.replace('b=1%5En0', 'b=1%5En1')}&device=cpu`);
  await settled(page);
  expect(told).toEqual(await everything(page));
});
