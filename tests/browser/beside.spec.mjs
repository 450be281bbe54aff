// What is drawn beside the distance by n: pinned curves, and the band over seeds.
import { expect, test } from '@playwright/test';
import { box, idle, numbers, open, settled } from './glasses.mjs';

const hash = (page) => page.evaluate(() => location.hash);
const caption = (page) => page.locator('section.figure', { has: box(page, 'distance-by-n') }).locator('.caption');

/** A column of a figure's numbers, by a word of its heading. Headings hold commas. */
function column(rows, word) {
  const { length } = rows[1];
  const headings = rows[0].join(',').match(/"[^"]*"|[^,]+/g);
  expect(headings).toHaveLength(length);
  const at = headings.findIndex((heading) => heading.includes(word));
  expect(at, `${word} in ${headings}`).toBeGreaterThan(0);
  return rows.slice(1).map((row) => row[at]);
}

test('a pinned curve stays while the model changes, with the numbers that it had', async ({ page }) => {
  const problems = await open(page, '#v=1&max=40&n=9');
  await settled(page);
  const before = column(await numbers(page, 'distance-by-n'), 'output');
  const pin = page.getByRole('button', { name: 'Pin this curve' });
  await pin.click();
  await expect(pin).toBeDisabled();
  await expect(page.locator('.pin')).toHaveText(/as shown/);
  await page.locator('#field-b').fill('1^n0');
  await expect(page.locator('.pin')).toHaveText(/sequence B “1\^\(n\+1\)”/);
  await expect(caption(page)).toContainText('times that of the pinned curve (sequence B “1^(n+1)”)', { timeout: 30_000 });
  await idle(page);
  expect(column(await numbers(page, 'distance-by-n'), 'pinned')).toEqual(before);

  // The link holds it; whoever opens it sees the same.
  const link = await hash(page);
  expect(link).toContain('pin=');
  await page.goto('about:blank');
  await open(page, link);
  await idle(page);
  expect(column(await numbers(page, 'distance-by-n'), 'pinned')).toEqual(before);

  // What is pinned is shown by a press, and let go by another.
  await page.locator('.pin .link').first().click();
  await expect(page.locator('#field-b')).toHaveValue('1^(n+1)');
  await page.getByRole('button', { name: 'Unpin: as shown' }).click();
  await expect(page.locator('.pin')).toHaveCount(0);
  await expect.poll(() => hash(page)).not.toContain('pin=');
  expect(problems).toEqual([]);
});

test('a band over seeds spans what each of them is, and trained weights have none', async ({ page }) => {
  await open(page, '#v=1&max=24&seeds=3');
  await idle(page);
  const rows = await numbers(page, 'distance-by-n');
  const [least, ours, greatest] = ['seeds, least', 'output', 'seeds, greatest'].map((word) => column(rows, word).map(Number));
  ours.forEach((value, index) => {
    expect(value).toBeGreaterThanOrEqual(least[index]);
    expect(value).toBeLessThanOrEqual(greatest[index]);
  });
  expect(greatest.at(-1)).toBeGreaterThan(least.at(-1));
  await expect(caption(page)).toContainText('Over 3 seeds');
  await page.locator('#field-seeds').fill('40');
  await expect(page.locator('#field-seeds')).toHaveAttribute('aria-invalid', 'true');
  await open(page, '#v=1&weights=alibi&max=24&seeds=3');
  await expect(page.locator('#field-metric')).toBeVisible();
  await expect(page.locator('#field-seeds')).toHaveCount(0);
});

test('a link with a damaged pin says so and shows the rest', async ({ page }) => {
  await open(page, '#v=1&max=24&pin=rotary');
  await expect(page.locator('[data-slot="notices"]')).toContainText('“pin” takes at most 4 links');
  await open(page, `#v=1&max=24&pin=${encodeURIComponent('v=1&pos=rotary&foo=3')}`);
  await expect(page.locator('[data-slot="notices"]')).toContainText('A pinned curve: The link has an unknown setting, “foo”');
  await expect(page.locator('.pin')).toHaveText(/rotary positions/);
});

test('a pinned model whose weights do not come leaves the one that is asked as it is', async ({ page }) => {
  await page.route('**/weights/rotary.safetensors*', (route) => route.fulfill({ status: 404, body: '' }));
  await open(page, `#v=1&max=24&weights=alibi&pin=${encodeURIComponent('v=1&weights=rotary')}`);
  await expect(page.locator('.pins .hint')).not.toHaveText('', { timeout: 30_000 });
  await expect(box(page, 'distance-by-n')).toHaveAttribute('aria-label', /trained, ALiBi/);
  expect(await hash(page)).toContain('weights=alibi');
  await expect(page.locator('[data-slot="notices"]')).not.toContainText('random weights');
});
