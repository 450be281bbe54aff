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

const said = (page) => page.locator('.cards [id^=card-]').evaluateAll((fields) => fields.map((field) => field.value));

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

  await steps.nth(1).getByLabel('Step 2', { exact: true }).fill('Nearly the end.');
  await steps.nth(1).getByRole('button', { name: 'Use the bench’s current view' }).click();
  await expect(steps.nth(1)).toContainText('v=1&n=33');
  await steps.nth(1).getByRole('button', { name: 'Insert a step before' }).click();
  await expect.poll(() => said(page)).toEqual(['Many of them.', '', 'Nearly the end.', 'Few of them.']);
  await steps.first().getByRole('button', { name: 'Remove' }).click();
  await expect.poll(() => said(page)).toEqual(['', 'Nearly the end.', 'Few of them.']);

  await page.getByRole('button', { name: 'The lesson as text' }).click();
  await expect(page.locator('#lesson-text')).toHaveValue('Ones\n\n#v=1&n=33\n\nNearly the end.\n#v=1&n=33\n\nFew of them.\n// Wait for a guess.\n#v=1&n=7&at=collapse\n');
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

test('by the keyboard alone: a title, steps with notes for the lecturer alone, and buttons that are told apart', async ({ page }) => {
  const problems = await open(page, '#v=1&n=33');
  await page.getByRole('link', { name: 'Teach' }).click();
  const { keyboard } = page;
  await page.getByRole('button', { name: 'Steps as cards' }).focus();
  await keyboard.press('Enter');
  await keyboard.press('Tab');
  await expect(page.getByLabel('The lesson’s title')).toBeFocused();
  await keyboard.type('Seeing');
  await keyboard.press('Tab');
  await expect(page.getByRole('button', { name: 'Add a step' })).toBeFocused();
  await keyboard.press('Enter');
  const step = (number) => page.getByLabel(`Step ${number}`, { exact: true });
  await expect(step(1)).toBeFocused();
  await expect(step(1)).toHaveValue('');
  await expect(step(1)).toHaveAttribute('placeholder', 'What do you see?');
  await keyboard.type('Look here.');
  await keyboard.press('Enter');
  await keyboard.type('// secret note');
  await keyboard.press('Tab');
  await expect(step(1)).toHaveValue('Look here.');
  const notes = page.getByLabel('Notes, only for you Step 1');
  await expect(notes).toBeFocused();
  await expect(notes).toHaveValue('secret note');
  await keyboard.press('Control+End');
  await keyboard.press('Enter');
  await keyboard.type('Wait.');
  // The same sentence again, with a note more: it goes to its place all the same.
  await keyboard.press('Shift+Tab');
  await keyboard.press('Control+End');
  await keyboard.press('Enter');
  await keyboard.type('//Ask why.');
  await page.getByRole('button', { name: 'Add a step' }).focus();
  await expect(step(1)).toHaveValue('Look here.');
  await expect(notes).toHaveValue('secret note\nWait.\nAsk why.');
  await keyboard.press('Space');
  await expect(step(2)).toBeFocused();
  await keyboard.type('What do you expect now');
  await page.getByRole('button', { name: 'Insert a step before step 1' }).focus();
  await keyboard.press('Enter');
  await expect(step(1)).toBeFocused();
  await expect(page.locator('.mistakes')).toBeEmpty();
  await expect(page.getByRole('button', { name: 'Move step 3 up' })).toBeEnabled();
  await expect(page.getByRole('button', { name: 'Move step 3 down' })).toBeDisabled();
  await expect(page.getByRole('button', { name: 'Remove step 2' })).toBeEnabled();

  await page.getByRole('button', { name: 'The lesson as text' }).click();
  await expect(page.locator('#lesson-text')).toHaveValue(
    'Seeing\n\n#v=1&n=33\n\nLook here.\n// secret note\n// Wait.\n// Ask why.\n#v=1&n=33\n\nWhat do you expect now\n#v=1&n=33\n',
  );
  await page.getByRole('button', { name: 'Start the lesson' }).click();
  await expect(page.locator('.lesson-sentence')).toHaveText('What do you see?');
  await keyboard.press('ArrowRight');
  await expect(page.locator('.lesson-sentence')).toHaveText('Look here.');
  await expect(page.locator('body')).not.toContainText('secret note');
  expect(problems).toEqual([]);
});

test('in Chinese the cards have notes too, and words without a link outlast a change on a card', async ({ page }) => {
  const lesson = '数数\n\n看。\n// 等一等。\n#v=1&n=7\n\n还没有链接。\n// 作业。\n';
  await open(page, `#v=1&lang=zh&at=teach&lesson=${encodeURIComponent(lesson)}`);
  await page.getByRole('button', { name: '以卡片显示各步' }).click();
  const notes = page.locator('#notes-0');
  await expect(page.locator('label[for=notes-0]')).toContainText('备注（只有你看得到）');
  await expect(notes).toHaveValue('等一等。');
  await expect(page.getByLabel('课程标题')).toHaveValue('数数');
  await expect(page.getByRole('button', { name: '删除第 1 步' })).toBeVisible();
  await page.locator('#card-0').focus();
  await page.keyboard.press('Control+End');
  await page.keyboard.type('\n// 提问。');
  await page.getByRole('button', { name: '添加一步' }).focus();
  await page.keyboard.press('Enter');
  await expect(notes).toHaveValue('等一等。\n提问。');
  await page.keyboard.type('你预测什么');
  await page.keyboard.press('Tab');
  await page.getByRole('button', { name: '课程文本' }).click();
  await expect(page.locator('#lesson-text')).toHaveValue(/^数数\n\n看。\n\/\/ 等一等。\n\/\/ 提问。\n#v=1&n=7\n\n你预测什么\n#.*\n\n还没有链接。\n\/\/ 作业。\n$/);
});
