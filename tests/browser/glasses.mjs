// The page as a test holds it: opening it, waiting for answers, reading numbers off it.
import { expect } from '@playwright/test';
import { readFile } from 'node:fs/promises';

/** The figures by name, in the order of the page. */
export const FIGURES = ['distance-by-n', 'distance-by-layer', 'next-tokens', 'sensitivity', 'attention-a', 'attention-b'];

/** The bench as it is when nothing is asked of it. */
export const BENCH = '#v=1';

/** Opens the page at a hash, the bench where none is given; the list that comes back fills with whatever goes wrong on the console. */
export async function open(page, hash = BENCH) {
  const problems = [];
  page.on('pageerror', (error) => problems.push(`uncaught: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text());
  });
  await page.goto(`./${hash}`);
  return problems;
}

/** Waits until every figure is drawn and nothing is being computed; a GPU made of software needs patience. */
export async function settled(page, { timeout = 30_000 } = {}) {
  for (const name of FIGURES) {
    await drawn(box(page, name), { timeout });
    await expect(box(page, name)).toHaveAttribute('aria-busy', 'false', { timeout });
  }
  await expect(page.locator('.work, .progress')).toHaveCount(0, { timeout });
}

/** Waits until nothing is wanted, running or queued, and the address is written: the page says so itself. */
export async function idle(page, { timeout = 60_000 } = {}) {
  await expect(page.locator('html')).toHaveAttribute('data-idle', '', { timeout });
}

/**
 * Waits until a figure's frame, or that of a figure in another page, has one drawn in it. A frame without a sentence stands in the document
 * before the program does, and is another element than the one that is drawn in.
 */
export async function drawn(frame, { timeout = 60_000 } = {}) {
  await expect(frame).toHaveAttribute('aria-label', /^(?!No figure yet\.|还没有图。)./, { timeout });
}

/** The frame of a figure. */
export const box = (page, name) => page.locator(`.box.${name}`);

/** The badge's device: CPU or WebGPU. */
export const device = (page) => page.locator('.badge .device');

/** The bitmap of a figure, as text that can be compared. */
export async function picture(page, name) {
  await box(page, name).scrollIntoViewIfNeeded();
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  return box(page, name).locator('canvas').evaluate((canvas) => canvas.toDataURL());
}

/** The bitmap of a figure once nothing is wanted, running or queued: what is asked only when a reader pauses has come then too. */
export async function steady(page, name) {
  await picture(page, name);
  await idle(page);
  return picture(page, name);
}

/** How many different colours a figure has: one on a canvas on which nothing was drawn. */
export async function colours(page, name) {
  await box(page, name).scrollIntoViewIfNeeded();
  return box(page, name).locator('canvas').evaluate((canvas) => {
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    return new Set(new Uint32Array(data.buffer)).size;
  });
}

/** Every number behind a figure, from the file that the page saves: rows of cells, the header first. */
export async function numbers(page, name) {
  const details = page.locator('.drawing', { has: box(page, name) }).locator('details.numbers');
  if ((await details.getAttribute('open')) === null) await details.locator('summary').click();
  const [download] = await Promise.all([page.waitForEvent('download'), details.getByRole('button', { name: 'CSV' }).click()]);
  const text = await readFile(await download.path(), 'utf8');
  // What begins with # says where the numbers are from.
  return text.trim().split(/\r?\n/).filter((line) => !line.startsWith('#')).map((line) => line.split(','));
}
