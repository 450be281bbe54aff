// A lesson as cards: what each step says and shows, in an order that is changed by dragging and by keys; the text says the same.
import { expect, test } from '@playwright/test';
import { idle, open } from './glasses.mjs';

const LESSON = 'Ones\n\nFew of them.\n// Wait for a guess.\n#v=1&n=7&at=collapse\n\nMany of them.\n#v=1&n=100\n\nThe end.\n#v=1&n=9\n';

/** The cards of the lesson, from a bench at n = 33. */
async function cards(page) {
  const problems = await open(page, `#v=1&n=33&lesson=${encodeURIComponent(LESSON)}`);
  // Before, the way there is a plain link, which leads to it without a lesson.
  await expect(page.locator('html')).toHaveAttribute('data-started', '', { timeout: 30_000 });
  await page.getByRole('link', { name: 'Teach' }).click();
  await page.getByRole('button', { name: 'Steps as cards' }).click();
  await expect(page.locator('.cards li')).toHaveCount(3);
  return { problems, cards: page.locator('.cards li') };
}

const said = (page) => page.locator('.cards textarea').evaluateAll((fields) => fields.map((field) => field.value));

test('steps are said, moved by keys, replaced, put in and taken out on their cards', async ({ page }) => {
  const { problems, cards: steps } = await cards(page);
  await expect(page.locator('#lesson-text')).toBeHidden();
  await expect(steps.first()).toContainText('The last token collapses');
  await expect(steps.first().getByRole('button', { name: 'Up' })).toBeDisabled();
  await expect(steps.last().getByRole('button', { name: 'Down' })).toBeDisabled();

  await steps.first().getByRole('button', { name: 'Down' }).focus();
  await page.keyboard.press('Enter');
  await expect.poll(() => said(page)).toEqual(['Many of them.', 'Few of them.', 'The end.']);
  // The focus goes along, so that the next press moves the same card.
  await expect(steps.nth(1).getByRole('button', { name: 'Down' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect.poll(() => said(page)).toEqual(['Many of them.', 'The end.', 'Few of them.']);

  await steps.nth(1).locator('textarea').fill('Nearly the end.');
  await steps.nth(1).getByRole('button', { name: 'Show what the bench shows' }).click();
  await expect(steps.nth(1)).toContainText('v=1&n=33');
  await steps.nth(1).getByRole('button', { name: 'Insert a step before' }).click();
  await expect.poll(() => said(page)).toEqual(['Many of them.', 'What do you see?', 'Nearly the end.', 'Few of them.']);
  await steps.first().getByRole('button', { name: 'Remove' }).click();
  await expect.poll(() => said(page)).toEqual(['What do you see?', 'Nearly the end.', 'Few of them.']);

  await page.getByRole('button', { name: 'The lesson as text' }).click();
  await expect(page.locator('#lesson-text')).toHaveValue('Ones\n\nWhat do you see?\n#v=1&n=33\n\nNearly the end.\n#v=1&n=33\n\nFew of them.\n// Wait for a guess.\n#v=1&n=7&at=collapse\n');
  // Each is a change that can be taken back.
  await page.keyboard.press('Control+z');
  await expect(page.locator('#lesson-text')).toHaveValue(/Many of them\./);
  expect(problems).toEqual([]);
});

test('a card has a small picture of what its step shows: as it was computed, or the bare shape of its kind', async ({ page }) => {
  await open(page, '#v=1&n=33');
  await idle(page);
  await page.getByRole('link', { name: 'Teach' }).click();
  await page.locator('#lesson-text').fill('Two\n\nAs computed.\n#v=1&n=33\n\nNot computed.\n#v=1&at=counting\n');
  await page.getByRole('button', { name: 'Steps as cards' }).click();
  const [computed, bare] = [0, 1].map((at) => page.locator('.cards .thumbnail').nth(at));
  await expect(bare.locator('svg')).toBeVisible();
  await expect(bare.locator('canvas')).toHaveCount(0);
  const colours = () => computed.locator('canvas').evaluate((canvas) => {
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    return new Set(new Uint32Array(data.buffer)).size;
  });
  await expect.poll(colours).toBeGreaterThan(4);
  await expect(page.locator('.cards .thumbnail:not([aria-hidden="true"])')).toHaveCount(0);
});

test('a card is dragged to the place of another', async ({ page }) => {
  // All three are in sight: what scrolls between press and move is another card.
  await page.setViewportSize({ width: 1280, height: 1400 });
  const { cards: steps } = await cards(page);
  const drag = (from, to) => steps.nth(from).dragTo(steps.nth(to), { sourcePosition: { x: 8, y: 8 }, targetPosition: { x: 8, y: 8 } });
  await drag(0, 2);
  await expect.poll(() => said(page)).toEqual(['Many of them.', 'The end.', 'Few of them.']);
  await drag(2, 1);
  await expect.poll(() => said(page)).toEqual(['Many of them.', 'Few of them.', 'The end.']);
});
