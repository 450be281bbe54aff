// What people do: open the page, type, go back, share a link, make mistakes.
import { expect, test } from '@playwright/test';
import { BENCH, FIGURES, box, colours, device, numbers, open, picture, settled, steady } from './glasses.mjs';

test('at first glance a pair is there and plotted, by the CPU, without an error', async ({ page }) => {
  const problems = await open(page);
  await settled(page);
  await expect(device(page)).toHaveText('CPU');
  await expect(page.locator('#field-a')).toHaveValue('1^n');
  for (const name of FIGURES) expect(await colours(page, name), name).toBeGreaterThan(4);
  expect(await page.evaluate(() => location.hash)).toBe(BENCH);
  expect(problems).toEqual([]);
});

test('typing changes the plots and the link, and Back undoes it', async ({ page }) => {
  const problems = await open(page);
  await settled(page);
  const before = await steady(page, 'distance-by-n');
  const told = await box(page, 'distance-by-layer').getAttribute('aria-label');

  await page.locator('#field-b').fill('1^n0');
  await expect(box(page, 'distance-by-layer')).not.toHaveAttribute('aria-label', told);
  await settled(page);
  await expect.poll(() => picture(page, 'distance-by-n')).not.toBe(before);
  await page.locator('#field-b').blur();
  await expect.poll(() => page.evaluate(() => location.hash)).toBe('#v=1&b=1%5En0');

  await page.goBack();
  await expect(page.locator('#field-b')).toHaveValue('1^(n+1)');
  await settled(page);
  // The reference in f64 comes last.
  await expect.poll(() => picture(page, 'distance-by-n'), { timeout: 60_000 }).toBe(before);
  await page.goForward();
  await expect(page.locator('#field-b')).toHaveValue('1^n0');
  expect(problems).toEqual([]);
});

test('a link restores the whole state, and a reload in the middle of work too', async ({ page }) => {
  const hash = '#v=1&a=%5B0-9%5D%5En1&b=%5B0-9%5D%5En11&prefix=count:&n=30&max=128&layers=3&d=32&seed=7&pos=rotary&norm=rms&metric=l1&layer=2&head=1';
  await open(page, hash);
  await page.reload();
  await settled(page);
  await expect(page.locator('#field-a')).toHaveValue('[0-9]^n1');
  await expect(page.locator('#field-n')).toHaveValue('30');
  expect(await page.evaluate(() => location.hash)).toBe(hash);
  const rows = await numbers(page, 'distance-by-layer');
  expect(rows.filter((row) => row[0].startsWith('layer'))).toHaveLength(3);
});

test('what was typed a moment before the page is left is there when it is opened again', async ({ page }) => {
  await open(page);
  await settled(page);
  await page.locator('#field-a').fill('1^n0');
  await page.goto('about:blank');
  await page.goBack();
  await expect(page.locator('#field-a')).toHaveValue('1^n0');
});

test('editing the hash by hand works', async ({ page }) => {
  await open(page);
  await settled(page);
  await page.evaluate(() => { location.hash = '#v=1&a=abc&b=abd'; });
  await expect(page.locator('#field-a')).toHaveValue('abc');
  await expect(page.locator('#field-b')).toHaveValue('abd');
});

test('any hash whatever opens the page, with a note for each thing that is wrong', async ({ page }) => {
  const problems = await open(page, '#v=9&layers=99&nonsense=1&a=%FF%00&n=7&pos=&&==%%%');
  await settled(page);
  await expect(page.locator('#field-n')).toHaveValue('7');
  // Many notes stand in one fold.
  await page.locator('.notices details.notice > summary').click();
  await expect(page.locator('.notices div.notice').filter({ hasText: 'layers' })).toBeVisible();
  await expect(page.locator('.notices div.notice').filter({ hasText: 'nonsense' })).toBeVisible();
  expect(problems).toEqual([]);
});

test('a mistake is shown under its place, nothing typed is lost, and the plots stay', async ({ page }) => {
  await open(page);
  await settled(page);
  const before = await steady(page, 'distance-by-n');
  await page.locator('#field-a').fill('11^(n*2)');
  await expect(page.locator('.sequence-a .refusal')).toContainText('Character 6');
  await expect(page.locator('.sequence-a .pointer')).toContainText('^');
  await expect(page.locator('#field-a')).toHaveValue('11^(n*2)');
  expect(await picture(page, 'distance-by-n')).toBe(before);

  await page.locator('#field-a').fill('中');
  await expect(page.locator('.sequence-a .refusal')).toContainText('alphabet');
  await expect.poll(() => page.evaluate(() => location.hash)).toContain('a=%E4%B8%AD');
  await page.reload();
  await expect(page.locator('#field-a')).toHaveValue('中');
});

test('copying gives a link that opens the same state elsewhere', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await open(page);
  await settled(page);
  await page.locator('#field-n').fill('40');
  await page.getByRole('button', { name: 'Copy link' }).click();
  await expect(page.getByRole('button', { name: 'Copied' })).toBeVisible();
  const link = await page.evaluate(() => navigator.clipboard.readText());
  const other = await context.newPage();
  await other.goto(link);
  await expect(other.locator('#field-n')).toHaveValue('40');
});

test('hovering and arrow keys give the numbers', async ({ page }) => {
  await open(page);
  await settled(page);
  const figure = box(page, 'distance-by-n');
  await figure.scrollIntoViewIfNeeded();
  const frame = await figure.boundingBox();
  await page.mouse.move(frame.x + frame.width / 2, frame.y + frame.height / 2);
  await expect(figure).toContainText('n =');
  await figure.focus();
  await page.keyboard.press('Home');
  await expect(figure).toContainText('n = 1');
});
