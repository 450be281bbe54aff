// A guess that is drawn by hand where a chapter asks for one: the veil goes, the real curve is played beside it, and how far off it was is said.
import { expect, test } from '@playwright/test';
import { box, drawn, idle, numbers, open } from './glasses.mjs';

const caption = (page, name = 'distance-by-n') => page.locator('.drawing', { has: box(page, name) }).locator('.caption');

/** Draws over the whole pad: from and to are shares of its height. */
async function draw(page, from, to) {
  const pad = page.locator('.sketchpad');
  await pad.scrollIntoViewIfNeeded();
  const { x, y, width, height } = await pad.boundingBox();
  await page.mouse.move(x + 3, y + height * from);
  await page.mouse.down();
  for (let step = 1; step <= 10; step += 1) await page.mouse.move(x + 3 + ((width - 3) * step) / 10, y + height * (from + ((to - from) * step) / 10));
  await page.mouse.up();
}

test('a guess is drawn, measured against the computed curve, and outlives a reload', async ({ page }) => {
  const problems = await open(page, '#v=1&at=collapse');
  await idle(page);
  const tools = page.locator('.sketch-tools');
  await expect(tools.getByRole('button', { name: 'Show the real curve' })).toBeDisabled();
  await draw(page, 0.4, 0.4);
  await tools.getByRole('button', { name: 'Erase' }).click();
  await expect(tools.getByRole('button', { name: 'Show the real curve' })).toBeDisabled();
  await draw(page, 0.4, 0.6);
  // What is drawn tells nothing yet.
  await expect(caption(page)).not.toContainText('your guess');
  await tools.getByRole('button', { name: 'Show the real curve' }).click();
  await expect(page.locator('.predict')).toHaveAttribute('data-guessed', 'drawn');
  await expect(page.locator('.reveal')).toBeVisible();
  await expect(page.locator('#field-n')).toHaveValue('64');
  await idle(page);
  await expect(page.locator('.sketchpad, .sketch-tools')).toHaveCount(0);
  const said = await caption(page).textContent();
  const [, factor, direction, guessed] = said.match(/At n = 256, your guess is ([\d.]+) times too (high|low): ([\d.]+) instead of/);
  const [head, ...rows] = await numbers(page, 'distance-by-n');
  const computed = Number(rows.at(-1)[head.indexOf('output (L∞)')]);
  expect(rows.at(-1)[0]).toBe('256');
  const ratio = direction === 'high' ? Number(guessed) / computed : computed / Number(guessed);
  // Both numbers are said with three digits.
  expect(Math.abs(Number(factor) / ratio - 1)).toBeLessThan(0.01);
  await page.reload();
  await idle(page);
  await expect(page.locator('.predict')).toHaveAttribute('data-guessed', 'drawn');
  await expect(caption(page)).toHaveText(said);
  // Of another experiment it is no guess.
  await page.locator('#field-pos, [id$="pos"]').first().selectOption({ label: 'rotary' });
  await idle(page);
  await expect(caption(page)).not.toContainText('your guess');
  expect(problems).toEqual([]);
});

test('what a separator keeps is drawn by hand, too, and waits behind its veil', async ({ page }) => {
  const problems = await open(page, '#v=1&at=glasses');
  await idle(page);
  const name = 'separators-by-n';
  await drawn(box(page, name));
  // No number of what is veiled is given away, by the caption or by the map of all periods.
  await expect(caption(page, name)).not.toContainText('256');
  await expect(page.locator('.figure[data-veiled]', { has: page.locator('.box.separators') })).toHaveCount(1);
  await draw(page, 0.4, 0.4);
  await page.locator('.sketch-tools').getByRole('button', { name: 'Show the real curve' }).click();
  await expect(page.locator('#field-n')).toHaveValue('256');
  await idle(page);
  await expect(page.locator('[data-veiled]')).toHaveCount(0);
  const [, factor, direction, guessed, computed] = (await caption(page, name).textContent())
    .match(/At n = 256, your guess is ([\d.]+) times too (high|low): ([\d.]+) instead of ([\d.]+)\./);
  const ratio = direction === 'high' ? guessed / computed : computed / guessed;
  expect(Math.abs(factor / ratio - 1)).toBeLessThan(0.01);
  const [head, ...rows] = await numbers(page, name);
  const real = rows.find((row) => row[0] === '256')[head.findIndex((column) => column.startsWith('every 3rd'))];
  expect(Math.abs(computed / real - 1)).toBeLessThan(0.01);
  // A guess about separators is none about anything else.
  await page.keyboard.press('Escape');
  await page.getByRole('link', { name: 'Bench', exact: true }).click();
  await idle(page);
  await expect(caption(page)).not.toContainText('your guess');
  expect(problems).toEqual([]);
});

test('who presents can show the real curve, and what is veiled can be neither seen, read off, nor heard', async ({ page }) => {
  await open(page, '#v=1&at=collapse&present=on');
  await idle(page);
  await expect(page.locator('.sketch-tools').getByRole('button', { name: 'Show the real curve' })).toBeVisible();
  await expect(page.locator('[data-part="by-n"] .tools').getByRole('group')).toHaveCount(0);
  await page.goto('about:blank');
  await open(page, '#v=1&at=early');
  await idle(page);
  for (const name of ['sensitivity', 'paths', 'shares']) {
    await expect(box(page, name).locator('canvas'), name).toBeHidden();
    await expect(page.locator('[inert]', { has: box(page, name) }), name).toHaveCount(1);
  }
  await page.locator('.predict label[data-right] input').check();
  await expect(box(page, 'sensitivity').locator('canvas')).toBeVisible();
  await expect(page.locator('[inert], [data-veiled]')).toHaveCount(0);
});
