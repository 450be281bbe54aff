// Training in the browser: live, paused, kept over a reload, and the model used, saved and opened again.
import { expect, test } from '@playwright/test';
import { readFile, truncate, writeFile } from 'node:fs/promises';
import { box, drawn, open } from './glasses.mjs';

const SMALL = '#v=1&n=3&max=16&layers=1&heads=2&d=16&tool=train&tasks=ones&length=4&steps=1500&batch=8&rate=0.01';
// No machine is at the end of it before a hand is at the button.
const LONG = SMALL.replace('steps=1500', 'steps=100000');
const button = (page, name) => page.getByRole('button', { name, exact: true });
const where = (page) => page.locator('.buttons .hint').first();
const steps = async (page) => Number((await where(page).textContent()).match(/^([\d,]+) of/)?.[1].replaceAll(',', ''));

test('a run is paused, survives a reload, and goes on where it was', async ({ page }) => {
  const problems = await open(page, LONG);
  await button(page, 'Train').click();
  await drawn(box(page, 'loss-by-step'));
  await button(page, 'Pause').click();
  // It can be pressed once the run is kept.
  await expect(button(page, 'Go on')).toBeEnabled({ timeout: 30_000 });
  const kept = await steps(page);
  expect(kept).toBeGreaterThan(0);

  await page.reload();
  await expect.poll(() => steps(page), { timeout: 30_000 }).toBe(kept);
  await button(page, 'Go on').click();
  await expect.poll(() => steps(page), { timeout: 30_000 }).toBeGreaterThan(kept);
  await button(page, 'Pause').click();
  await expect(button(page, 'Go on')).toBeEnabled({ timeout: 30_000 });
  expect(problems).toEqual([]);
});

test('a run comes to its end, and its model answers', async ({ page }) => {
  const problems = await open(page, SMALL);
  await button(page, 'Train').click();
  await expect(page.locator('.own')).toContainText('right as trained: ones in ones', { timeout: 90_000 });
  await expect(where(page)).toContainText('1,500 of 1,500 steps');
  await drawn(box(page, 'accuracy-by-length'));

  await button(page, 'Use it on this page').click();
  await expect(page.locator('.answer-a .value')).not.toHaveText('', { timeout: 30_000 });
  await expect(page.locator('[data-slot="answers"] .computed')).toContainText('your own');
  expect(await page.evaluate(() => location.hash)).toContain('weights=own');
  await expect(page.locator('.share')).toContainText('give its file along');
  expect(problems).toEqual([]);
});

test('a model is saved as a file and opened in a browser that has none', async ({ page, browser }) => {
  await open(page, SMALL.replace('steps=1500', 'steps=12'));
  await button(page, 'Train').click();
  await expect(button(page, 'Save it as a file')).toBeVisible({ timeout: 60_000 });
  const [download] = await Promise.all([page.waitForEvent('download'), button(page, 'Save it as a file').click()]);
  const file = await download.path();
  expect((await readFile(file)).includes('"recipe"')).toBe(true);

  const other = await browser.newContext();
  const elsewhere = await other.newPage();
  await elsewhere.goto(new URL('./#v=1&tool=train', page.url()).href);
  await elsewhere.locator('.own .file input').setInputFiles({ name: 'wrong.safetensors', mimeType: 'application/octet-stream', buffer: Buffer.from('no') });
  await expect(elsewhere.locator('.instrument .refusal').filter({ hasText: 'it has 2 bytes, and a safetensors file begins with eight' })).toBeVisible({ timeout: 60_000 });
  await elsewhere.locator('.own .file input').setInputFiles(file);
  await expect(elsewhere.locator('.own')).toContainText('12 steps', { timeout: 30_000 });
  await other.close();
});

/** A file with other texts in its header, of the same length all in all. */
function changed(file, ...pairs) {
  const length = Number(file.readBigUInt64LE(0));
  let header = file.subarray(8, 8 + length).toString();
  for (const [from, to] of pairs) {
    expect(header).toContain(from);
    header = header.replace(from, to);
  }
  const bytes = Buffer.from(header);
  const first = Buffer.alloc(8);
  first.writeBigUInt64LE(BigInt(bytes.length));
  return Buffer.concat([first, bytes, file.subarray(8 + length)]);
}

test('a file from elsewhere is used, or refused in words that say why', async ({ page }) => {
  const problems = await open(page, SMALL.replace('steps=1500', 'steps=12'));
  await button(page, 'Train').click();
  await expect(button(page, 'Save it as a file')).toBeVisible({ timeout: 60_000 });
  const [download] = await Promise.all([page.waitForEvent('download'), button(page, 'Save it as a file').click()]);
  const file = await readFile(await download.path());
  const field = page.locator('.own .file input');
  const choose = (buffer) => field.setInputFiles({ name: 'm.safetensors', mimeType: 'application/octet-stream', buffer });
  const refusal = page.locator('.instrument .refusal');
  for (const [buffer, why] of [
    [changed(file, ['"dtype":"F32"', '"dtype":"I32"']), 'holds numbers of type I32'],
    [changed(file, ['feed_forward.up.bias', 'feed_forward.xx.bias']), 'it lacks arrays of the model: “layers.0.feed_forward.up.bias”'],
    [changed(file, ['{\\"version\\":1', '{\\"version\\":2']), 'its recipe is of version 2'],
    [changed(file, ['"recipe":', '"repice":']), 'it has no recipe in its header'],
    [file.subarray(0, file.length - 4), 'it may have been cut off'],
    [Buffer.concat([file.subarray(0, file.length - 4), Buffer.from([0, 0, 0xc0, 0x7f])]), 'NaN'],
    [Buffer.alloc(1000), 'it begins as no safetensors file does'],
  ]) {
    await choose(buffer);
    await expect(refusal.filter({ hasText: why }), why).toBeVisible({ timeout: 30_000 });
  }
  // What was there is there still, and a file that is one is opened.
  await expect(page.locator('.own')).toContainText('12 steps');
  await choose(file);
  await expect(refusal.filter({ hasText: /\S/ })).toHaveCount(0, { timeout: 30_000 });
  expect(problems).toEqual([]);
});

test('of a file that can be no model only the beginning is read', async ({ page }, info) => {
  await open(page, SMALL);
  const field = page.locator('.own .file input');
  const refusal = page.locator('.instrument .refusal');
  // The worker is there once it has refused something.
  await field.setInputFiles({ name: 'm.safetensors', mimeType: 'application/octet-stream', buffer: Buffer.from('no') });
  await expect(refusal.filter({ hasText: 'it has 2 bytes' })).toBeVisible({ timeout: 60_000 });
  const watch = () => {
    globalThis.bytesRead = [];
    for (const [of, how] of [[Blob, 'arrayBuffer'], [Blob, 'text'], [Blob, 'stream'], [globalThis.FileReader ?? Blob, 'readAsArrayBuffer']]) {
      const read = of.prototype[how];
      of.prototype[how] = function (...given) {
        globalThis.bytesRead.push((given[0] ?? this).size);
        return read.apply(this, given);
      };
    }
  };
  const threads = [page, ...page.workers()];
  for (const thread of threads) await thread.evaluate(watch);
  const bytesRead = async () => (await Promise.all(threads.map((thread) => thread.evaluate(() => globalThis.bytesRead)))).flat();

  const large = info.outputPath('large.safetensors');
  await writeFile(large, '');
  await truncate(large, 1_900_000_000);
  await field.setInputFiles(large);
  await expect(refusal.filter({ hasText: 'it has 1900 MB, and the file of the largest model has' })).toBeVisible();
  expect(await bytesRead()).toEqual([]);
  // Small enough for a model, and none.
  await truncate(large, 400_000_000);
  await field.setInputFiles(large);
  await expect(refusal.filter({ hasText: 'it begins as no safetensors file does' })).toBeVisible({ timeout: 60_000 });
  expect(await bytesRead()).toEqual([8]);
});

test('a run goes on while the model of an earlier one is saved and a file is opened', async ({ page }) => {
  await open(page, SMALL.replace('steps=1500', 'steps=12'));
  await button(page, 'Train').click();
  await expect(button(page, 'Save it as a file')).toBeVisible({ timeout: 60_000 });
  await page.locator('#field-steps').fill('100000');
  await button(page, 'Train').click();
  await expect.poll(() => steps(page), { timeout: 30_000 }).toBeGreaterThan(12);
  const [download] = await Promise.all([page.waitForEvent('download'), button(page, 'Save it as a file').click()]);
  await page.locator('.own .file input').setInputFiles({ name: 'wrong.safetensors', mimeType: 'application/octet-stream', buffer: Buffer.from('no') });
  await expect(page.locator('.instrument .refusal').filter({ hasText: 'it has 2 bytes, and a safetensors file begins with eight' })).toBeVisible({ timeout: 30_000 });
  await page.locator('.own .file input').setInputFiles(await download.path());
  const then = await steps(page);
  await expect.poll(() => steps(page), { timeout: 30_000 }).toBeGreaterThan(then);
  await expect(button(page, 'Pause')).toBeEnabled();
});

test('without a task there is nothing to learn, and that is said', async ({ page }) => {
  await open(page, `${SMALL}`.replace('tasks=ones', 'tasks='));
  await button(page, 'Train').click();
  await expect(page.locator('.instrument .refusal').filter({ hasText: 'nothing to learn' })).toBeVisible({ timeout: 60_000 });
});

for (const width of [360, 1280]) {
  test(`how far a run is, the way to stop it and its loss come into sight, ${width} pixels wide`, async ({ page }) => {
    await page.setViewportSize({ width, height: 740 });
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await open(page, LONG);
    await button(page, 'Train').click();
    await expect.poll(() => steps(page), { timeout: 60_000 }).toBeGreaterThan(0);
    for (const seen of [button(page, 'Pause'), where(page), box(page, 'loss-by-step')]) await expect(seen).toBeInViewport({ ratio: 0.95 });
    const isCovered = (element) => {
      const { left, top, width, height } = element.getBoundingClientRect();
      return !element.contains(document.elementFromPoint(left + width / 2, top + height / 2));
    };
    for (const seen of [button(page, 'Pause'), where(page)]) expect(await seen.evaluate(isCovered)).toBe(false);
  });
}
