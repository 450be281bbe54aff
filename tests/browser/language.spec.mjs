// A language model from a file: opened, asked, kept over a reload, put away; and what is no model, refused in a sentence.
import { expect, test } from '@playwright/test';
import { box, idle, open } from './glasses.mjs';
import { createHash } from 'node:crypto';
import { smallHubModel, smallModel } from './gguf.mjs';

const card = (page) => page.locator('.language-model');
const choose = (page, bytes, name = 'small.gguf') =>
  card(page).locator('input[type=file]').setInputFiles({ name, mimeType: 'application/octet-stream', buffer: bytes });

test('a model from a file is asked, kept over a reload, and put away', async ({ page }) => {
  const problems = await open(page, '#v=1&bos=none&n=8&max=12');
  await choose(page, smallModel());
  await expect(card(page)).toContainText('A small model', { timeout: 60_000 });
  await expect(card(page)).toContainText('2 layers, 2 heads, width 32, 259 tokens.');
  // By its own name, and no word of the model that is offered.
  await expect(card(page)).toContainText(/hash [0-9a-f]{8}/);
  await expect(card(page)).not.toContainText('SmolLM2');
  await expect.poll(() => page.evaluate(() => location.hash)).toMatch(/model=[0-9a-f]{8}/);
  await idle(page);
  await expect(box(page, 'distance-by-n')).toHaveAttribute('aria-label', /language model/);
  // Any text, in tokens of its own: two bytes each here.
  await page.locator('#field-a').fill('éé');
  await page.locator('#field-b').fill('日本');
  await idle(page);
  await expect(page.locator('.sequence-a .count')).toHaveText('4 tokens');
  await expect(page.locator('.sequence-b .count')).toHaveText('6 tokens');
  await expect(page.locator('.results')).toContainText(/Distance of the last tokens.*\d/);

  await page.reload();
  await expect(card(page)).toContainText('A small model', { timeout: 60_000 });
  await idle(page);
  await expect(page.locator('.sequence-b .count')).toHaveText('6 tokens');

  await card(page).getByRole('button', { name: 'Remove it' }).click();
  expect(await page.evaluate(() => location.hash)).not.toContain('model=');
  await page.locator('#field-a').fill('1^n');
  await page.locator('#field-b').fill('1^(n+1)');
  await idle(page);
  await expect(box(page, 'distance-by-n')).not.toHaveAttribute('aria-label', /language model/);
  expect(problems).toEqual([]);
});

test('three files of a hub are one model, which a missing one is named of', async ({ page }) => {
  const files = Object.entries(smallHubModel()).map(([name, buffer]) => ({ name, mimeType: 'application/octet-stream', buffer }));
  const chooseFiles = (chosen) => card(page).locator('input[type=file]').setInputFiles(chosen);
  const distance = async () => {
    await idle(page);
    return (await page.locator('.results').textContent()).match(/Distance of the last tokens\D*(\d[\d.]*)/)?.[1];
  };
  const problems = await open(page, '#v=1&bos=none&n=8&max=12');
  await choose(page, smallModel());
  await expect(card(page)).toContainText('A small model', { timeout: 60_000 });
  await expect.poll(distance).toMatch(/\d/);
  const expected = await distance();
  await card(page).getByRole('button', { name: 'Remove it' }).click();

  await chooseFiles(files.slice(2));
  await expect(card(page).getByRole('alert')).toContainText('Missing is config.json, tokenizer.json');
  expect(await page.evaluate(() => location.hash)).not.toContain('model=');
  // In any order, and with others among them.
  await chooseFiles([files[2], { name: 'README.md', mimeType: 'text/plain', buffer: Buffer.from('-') }, files[0], files[1]]);
  await expect(card(page)).toContainText('2 layers, 2 heads, width 32, 259 tokens.', { timeout: 60_000 });
  const hash = createHash('sha256').update(Buffer.concat(files.map((file) => file.buffer))).digest('hex').slice(0, 8);
  await expect.poll(() => page.evaluate(() => location.hash)).toContain(`model=${hash}`);
  // The same numbers as of the GGUF file.
  await expect.poll(distance).toBe(expected);

  await page.reload();
  await expect(card(page)).toContainText(`hash ${hash}`, { timeout: 60_000 });
  await expect.poll(distance).toBe(expected);
  await card(page).getByRole('button', { name: 'Remove it' }).click();
  expect(await page.evaluate(() => location.hash)).not.toContain('model=');
  const kept = await page.evaluate(async () => {
    const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle('language-models');
    return Array.fromAsync(folder.keys());
  });
  expect(kept).toEqual([]);
  expect(problems).toEqual([]);
});

test('what is no language model is refused in a sentence, and nothing else changes', async ({ page }) => {
  await open(page);
  const hash = await page.evaluate(() => location.hash);
  const cut = smallModel().subarray(0, 5000);
  for (const [bytes, sentence] of [[Buffer.from('no model at all'), /no GGUF file/], [cut, /can’t be used as a language model|can't be used as a language model/]]) {
    await choose(page, bytes);
    await expect(card(page).getByRole('alert')).toContainText(sentence, { timeout: 60_000 });
  }
  expect(await page.evaluate(() => location.hash)).toBe(hash);
});

test('a link of a model that is not here shows the card, and no other model in its place', async ({ page }) => {
  const problems = await open(page, '#v=1&model=01234567');
  await expect(card(page)).toContainText('whose file has the hash 01234567', { timeout: 60_000 });
  await expect(page.locator('html')).toHaveAttribute('data-started', '');
  await page.waitForTimeout(1000);
  await expect(box(page, 'distance-by-n')).toHaveAttribute('aria-label', 'No figure yet.');
  expect(problems).toEqual([]);
});
