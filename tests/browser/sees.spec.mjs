// A link with the numbers that its maker saw: whoever opens it is told whether they are the same.
import { expect, test } from '@playwright/test';
import { idle, open, settled } from './glasses.mjs';

const told = (page) => page.locator('.results > .claimed dd');

/** The link that Share copies with the numbers of what the page shows, where the browser does not let it copy. */
async function shared(page) {
  const share = page.locator('[data-part="share"]');
  const box = share.getByLabel('with the numbers that I see');
  await expect(box).not.toBeChecked();
  await box.check();
  await share.getByRole('button', { name: 'Copy link' }).click();
  return share.locator('.by-hand input').inputValue();
}

test('a link says what was seen, and the page that opens it whether it sees the same', async ({ page }) => {
  await page.addInitScript(() => {
    Object.defineProperty(navigator, 'clipboard', { value: undefined });
  });
  const problems = await open(page, '#v=1&n=9&max=12');
  await settled(page);
  await expect(told(page)).toHaveCount(0);
  const link = await shared(page);
  const [, distance, a, b] = /#v=1&n=9&max=12&sees=([\d.]+),(\d+),(\d+)$/.exec(link);
  expect(Number(distance)).toBeGreaterThan(0);
  expect(await page.evaluate(() => location.hash), 'the address is as it was').toBe('#v=1&n=9&max=12');

  const go = async (digest, more = '') => {
    await page.goto('about:blank');
    await page.goto(`./#v=1&n=9&max=12${more}&sees=${digest}`);
    await settled(page);
  };
  await go(`${distance},${a},${b}`);
  await expect(told(page)).toHaveText('the same here');
  await go(`${Number(distance) * 1.5},${a},${b}`);
  await expect(told(page)).toHaveText(new RegExp(`^The distance \\(L∞\\) was [\\d.]+ and is ${distance} here\\.$`));
  await go(`${distance},${Number(a) + 1},${b}`, '&lang=zh');
  await expect(told(page)).toHaveText(/^A 的下一词元原为“.+”，此处为“.+”。$/);

  // How the page is set changes no number; other texts are not what the link spoke of.
  await go(`${distance},${a},${b}`);
  await page.getByRole('button', { name: /^Theme/ }).click();
  await idle(page);
  await expect(told(page)).toHaveText('the same here');
  expect(await page.evaluate(() => location.hash)).not.toContain('sees=');
  await page.locator('#field-n').fill('8');
  await expect(told(page)).toHaveCount(0);
  await page.locator('#field-n').fill('9');
  await idle(page);
  await expect(told(page), 'it does not come back').toHaveCount(0);
  expect(problems).toEqual([]);
});

test('a step of a lesson says whether its numbers are seen, given, opened by its address, or stepped back to', async ({ page }) => {
  await open(page, '#v=1&n=9&max=12');
  await settled(page);
  const link = await page.locator('[data-part="share"]').evaluate(() => location.hash);
  const distance = await page.locator('.results dd').first().textContent();
  const lesson = `Nine\n\nWrong numbers.\n${link}&sees=9.99,1,1\n\nNothing is said.\n#v=1&n=8&max=12\n`;
  await page.goto('about:blank');
  await page.goto(`./#v=1&n=9&max=12&step=1&lesson=${encodeURIComponent(lesson)}`);
  const wrong = new RegExp(`^The distance \\(L∞\\) was 9\\.99 and is ${distance}\\d* here\\.`);
  await expect(told(page)).toHaveText(wrong);
  await page.getByRole('button', { name: 'Next step' }).click();
  await expect(page.locator('#field-n')).toHaveValue('8');
  await expect(told(page)).toHaveCount(0);
  await page.getByRole('button', { name: 'Previous step' }).click();
  await expect(told(page)).toHaveText(wrong);
});
