// WebGPU, on an adapter made of software: it proves itself, answers where it is asked to, and agrees with the CPU.
import { expect, test } from '@playwright/test';
import { BLOCKS, smallModel } from './gguf.mjs';
import { device, idle, numbers, open, settled } from './glasses.mjs';
import { inWorkers } from './worker.mjs';

// Both engines compute in f32 and add in different orders; distances are of order 0.01 to 1, from representations of order 1,
// whose rounding after four layers is some 1e-6. A wrong kernel is off by far more.
const TOLERANCE = 2e-5;

// Small, for a processor that plays a GPU: every kernel runs, in seconds.
const STATE = '#v=1&b=1%5En0&n=12&max=24&layers=2&heads=2&d=16&pos=rotary';
const SLOW = { timeout: 150_000 };

/** All numbers of the figures that both devices draw, in one order. */
async function everything(page) {
  const rows = [...(await numbers(page, 'distance-by-layer')), ...(await numbers(page, 'distance-by-n'))];
  return rows.map((row) => row.map((cell) => (cell === '' || Number.isNaN(Number(cell)) ? cell : Number(cell))));
}

test('WebGPU answers where it is asked to, and agrees with the CPU', async ({ page }) => {
  const problems = await open(page, `${STATE}&device=cpu`);
  await settled(page);
  await expect(device(page)).toHaveText('CPU');
  const cpu = await everything(page);

  await page.goto('about:blank');
  await page.goto(`./${STATE}&device=webgpu`);
  await expect(device(page)).toHaveText('WebGPU', SLOW);
  expect(await page.evaluate(async () => (await navigator.gpu.requestAdapter()).info.architecture)).toBe('swiftshader');
  await settled(page, SLOW);
  await expect(page.locator('section.figure .computed').first()).toContainText('WebGPU');
  const webgpu = await everything(page);

  expect(webgpu.length).toBe(cpu.length);
  let compared = 0;
  cpu.forEach((row, at) => row.forEach((cell, column) => {
    if (typeof cell !== 'number') return expect(webgpu[at][column]).toBe(cell);
    compared += 1;
    return expect(Math.abs(webgpu[at][column] - cell), `row ${at}, column ${column}`).toBeLessThan(TOLERANCE);
  }));
  expect(compared).toBeGreaterThan(100);
  expect(problems).toEqual([]);
});

test('a software adapter is not used unasked, and the badge says why', async ({ page }) => {
  await open(page);
  await settled(page);
  await expect(page.locator('.badge .reason')).toContainText('software', SLOW);
  await expect(device(page)).toHaveText('CPU');
});

test('a WebGPU engine that dies leaves a sentence, and the CPU goes on', async ({ page }) => {
  await open(page, `${STATE}&device=webgpu`);
  await expect(device(page)).toHaveText('WebGPU', SLOW);
  await settled(page, SLOW);
  const worker = page.workers().find((worker) => worker.url().includes('webgpu'));
  await worker.evaluate(() => self.close());
  await page.locator('#field-b').fill('1^n1');
  await expect(device(page)).toHaveText('CPU');
  await expect(page.locator('.notices .notice')).toContainText('WebGPU');
  await settled(page);
  await expect(page.locator('#field-b')).toHaveValue('1^n1');
});

test('a trained model answers on WebGPU as it does on the CPU', async ({ page }) => {
  await open(page, '#v=1&n=6&max=8&task=ones&weights=alibi&device=webgpu');
  await expect(device(page)).toHaveText('WebGPU', SLOW);
  await expect(page.locator('[data-slot="answers"] .computed')).toContainText('Computed by WebGPU', SLOW);
  await expect(page.locator('.answer-a .value')).toHaveText('6');
  await expect(page.locator('.answer-b .value')).toHaveText('7');
});

test('a language model answers on WebGPU as it does on the CPU once it proved itself there, and not unasked on an adapter of software', async ({ page }) => {
  // Numbers without blocks and every type that rows of 32 numbers may have.
  const bytes = smallModel([0, ...Object.keys(BLOCKS).map(Number)]);
  const file = { name: 'small.gguf', mimeType: 'application/octet-stream', buffer: bytes };
  const state = '#v=1&bos=none&a=1%5En&b=1%5En0&n=6&max=9';
  await open(page, state);
  await page.locator('.language-model input[type=file]').setInputFiles(file);
  await expect(page.locator('.language-model')).toContainText('A small model', SLOW);
  await idle(page, SLOW);
  await expect(page.locator('.badge .reason')).toContainText('software', SLOW);
  await expect(device(page)).toHaveText('CPU');
  const cpu = await everything(page);

  await page.goto('about:blank');
  await page.goto(`./${state}&device=webgpu`);
  await page.locator('.language-model input[type=file]').setInputFiles(file);
  await expect(page.locator('.language-model')).toContainText('A small model', SLOW);
  await expect(page.locator('.badge .reason')).toContainText('One pair takes', SLOW);
  await expect(device(page)).toHaveText('WebGPU', SLOW);
  await idle(page, SLOW);
  await expect(page.locator('section.figure .computed').first()).toContainText('WebGPU');
  await expect(page.locator('.language-model')).toContainText('A small model');
  const webgpu = await everything(page);
  expect(webgpu.length).toBe(cpu.length);
  let compared = 0;
  cpu.forEach((row, at) => row.forEach((cell, column) => {
    if (typeof cell !== 'number') return;
    compared += 1;
    // Vectors of 32 numbers of order one, and their distances by three measures.
    expect(Math.abs(webgpu[at][column] - cell), `row ${at}, column ${column}`).toBeLessThan(10 * TOLERANCE);
  }));
  expect(compared).toBeGreaterThan(20);
});

test('an adapter that is never named leaves a sentence, and the CPU goes on', async ({ page }) => {
  await page.addInitScript(() => {
    GPU.prototype.requestAdapter = () => new Promise(() => {});
  });
  await open(page, `${STATE}&device=webgpu`);
  await expect(page.locator('.badge .reason')).toContainText('did not answer within 15 seconds', { timeout: 40_000 });
  await page.locator('[data-slot="status"] summary').click();
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
