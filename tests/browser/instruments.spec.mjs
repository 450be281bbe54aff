// The instruments below the main figures, the model's panel, and the table of collapse lengths.
import { expect, test } from '@playwright/test';
import { box, colours, drawn, open, settled } from './glasses.mjs';

/** Waits until an instrument's figure is drawn and up to date. */
async function answered(page, name, { timeout = 60_000 } = {}) {
  await drawn(box(page, name), { timeout });
  await expect(box(page, name)).toHaveAttribute('aria-busy', 'false', { timeout });
  expect(await colours(page, name), name).toBeGreaterThan(4);
}

const tab = (page, name) => page.getByRole('tab', { name, exact: true });
const hash = (page) => page.evaluate(() => decodeURIComponent(location.hash));

test('theory is there at first, and the depth moves what is shown', async ({ page }) => {
  const problems = await open(page);
  await settled(page);
  for (const name of ['variation', 'paths', 'first-token', 'shares']) await answered(page, name);
  await page.locator('#field-depth').fill('64');
  await expect(box(page, 'shares')).toHaveAttribute('aria-label', /after 64 layers/, { timeout: 30_000 });
  await expect(box(page, 'first-token')).toHaveAttribute('aria-label', /after 64 layers/);
  expect(problems).toEqual([]);
});

test('only the chosen instrument is on the page, and arrow keys change it', async ({ page }) => {
  await open(page);
  await settled(page);
  await expect(tab(page, 'Theory')).toHaveAttribute('aria-selected', 'true');
  await tab(page, 'Theory').focus();
  await page.keyboard.press('ArrowRight');
  await expect(tab(page, 'Cures')).toBeFocused();
  await expect(box(page, 'variation')).toHaveCount(0);
  await answered(page, 'cures-by-n');
  await answered(page, 'cures-by-token');
  await expect.poll(() => hash(page)).toContain('tool=cures');
});

test('a cure is toggled into the comparison and into the link', async ({ page }) => {
  await open(page, '#v=1&tool=cures');
  await answered(page, 'cures-by-n');
  await expect(box(page, 'cures-by-n')).not.toHaveAttribute('aria-label', /softmax off by one/);
  await page.getByRole('button', { name: 'softmax off by one' }).click();
  await expect(box(page, 'cures-by-n')).toHaveAttribute('aria-label', /softmax off by one/, { timeout: 60_000 });
  await expect.poll(() => hash(page)).toContain('cures=log,zero,sigmoid,alibi');
});

test('separators need a k in the texts, and one press writes it', async ({ page }) => {
  await open(page, '#v=1&tool=separators&max=48');
  await expect(page.locator('#field-k')).toBeHidden();
  await page.getByRole('button', { name: /Write 1\^n/ }).click();
  await expect(page.locator('#field-a')).toHaveValue('1^n{,/k}');
  await expect(page.locator('#field-k')).toBeVisible();
  await answered(page, 'separators');
  await expect(page.locator('.instrument')).toContainText('keeps the two apart best');
});

test('a search begins when it is asked for, and what it finds can be opened', async ({ page }) => {
  await open(page, '#v=1&tool=search&n=8&max=16');
  await settled(page);
  await expect(page.locator('.facts')).toHaveCount(0);
  await page.getByRole('button', { name: 'Search', exact: true }).click();
  await expect(page.locator('.facts')).toBeVisible({ timeout: 120_000 });
  const found = await page.locator('.found-text').first().textContent();
  await page.getByRole('button', { name: 'Open this pair' }).click();
  await expect(page.locator('#field-a')).toHaveValue(found);
});

test('a synthetic figure is simulated beside the published one', async ({ page }) => {
  await open(page, '#v=1&tool=paper');
  await page.getByRole('radio', { name: 'Figure 9' }).check();
  await answered(page, 'paper', { timeout: 120_000 });
  await expect(box(page, 'paper')).toHaveAttribute('aria-label', /Figure 9 of the paper/);
  await expect(page.locator('.figures-of-paper li')).toHaveCount(16);
});

test('a published curve stands behind ours at one click, and goes at another', async ({ page }) => {
  await open(page, '#v=1&tool=paper&metric=l1');
  await settled(page);
  const row = page.locator('.figures-of-paper li').filter({ hasText: 'Figure 5a' });
  await row.getByRole('button').click();
  await expect(page.getByText('Published (Figure 5a): Gemma 7B.')).toBeVisible();
  expect(await hash(page)).toContain('paper=5a');
  await page.getByRole('button', { name: 'Leave it out' }).click();
  await expect(page.getByText('Published (Figure 5a)')).toHaveCount(0);
});

test('a parameter is in the form only where its choice was made', async ({ page }) => {
  await open(page);
  await page.locator('.fold-title', { hasText: /^Attention$/ }).click();
  await expect(page.locator('#field-c')).toBeHidden();
  await page.locator('#field-scale').selectOption('log');
  await expect(page.locator('#field-c')).toBeVisible();
  await page.locator('#field-c').fill('0.5');
  await page.locator('#field-c').press('ArrowUp');
  await expect(page.locator('#field-c')).toHaveValue('0.6');
  await expect.poll(() => hash(page)).toContain('scale=log&c=0.6');
});

test('collapse lengths stand below the distance over n', async ({ page }) => {
  await open(page);
  await settled(page);
  const table = page.locator('[data-slot="distance-by-n"] .lengths');
  await expect(table.locator('tbody tr').filter({ hasText: 'bf16' })).toHaveCount(1);
  // Random weights answer alike from the start, which says nothing about collapse.
  await expect(table).not.toContainText('next token');
});

test('on a phone nothing is wider than the phone, whatever instrument is shown', async ({ page }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  for (const tool of ['theory', 'cures', 'paper']) {
    await open(page, `#v=1&tool=${tool}&max=48`);
    await settled(page);
    const folded = page.locator('[data-part="instruments"][data-folded] .unfold');
    if (await folded.count()) await folded.click();
    await settled(page);
    await expect(page.locator('[data-part="instruments"] .box').first()).toBeVisible();
    expect(await page.evaluate(() => document.documentElement.scrollWidth), tool).toBeLessThanOrEqual(360);
  }
});
