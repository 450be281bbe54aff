// Who gives a lesson: notes in a second window, which goes along with the one that the room sees, and on a handout.
import { expect, test } from '@playwright/test';
import { open } from './glasses.mjs';

const LESSON = ['Ones', '', 'Few of them.', '// Wait for a guess.', '// Then go on.', '#v=1&n=7&at=collapse', '', 'Many of them.', '#v=1&n=100', '', 'The end.', '// Homework.', '#v=1&n=9'].join('\n');

/** The lesson as it is given, and the window with its notes. */
async function given(page) {
  const problems = await open(page, '#v=1&at=teach');
  await page.locator('#lesson-text').fill(LESSON);
  await expect(page.locator('.mistakes')).toBeEmpty();
  await page.getByRole('button', { name: 'Start the lesson' }).click();
  await expect(page.locator('.lesson-bar')).toContainText('Step 1 of 3');
  const [notes] = await Promise.all([page.waitForEvent('popup'), page.getByRole('button', { name: 'Notes in a second window' }).click()]);
  notes.on('pageerror', (error) => problems.push(error.message));
  await expect(notes.locator('.lecturer')).toBeVisible({ timeout: 30_000 });
  return { problems, notes };
}

test('the notes stand in a second window, and both windows step together', async ({ page }) => {
  const { problems, notes } = await given(page);
  const lecturer = notes.locator('.lecturer');
  await expect(lecturer.locator('.notes p')).toHaveText(['Wait for a guess.', 'Then go on.']);
  await expect(lecturer).toContainText('Many of them.');
  await expect(lecturer.locator('.clock')).toContainText(/Step 1 of 3\s*0:\d\d.*\d+:\d\d/s);
  await expect(page.locator('body')).not.toContainText('Wait for a guess.');
  await expect(notes.locator('.box:visible, .lesson-bar:visible')).toHaveCount(0);

  await page.getByRole('button', { name: 'Next step' }).click();
  await expect(lecturer.locator('.lesson-sentence')).toHaveText('Many of them.');
  await expect(lecturer).toContainText('This step has no notes.');
  await lecturer.getByRole('button', { name: 'Next step' }).click();
  await expect(page.locator('.lesson-bar .lesson-sentence')).toHaveText('The end.');
  await expect(page.locator('#field-n')).toHaveValue('9');
  await expect(lecturer.locator('.notes')).toHaveText('Homework.');
  await expect(lecturer).toContainText('This is the last step.');
  // Back from there by a key, and on again from here: what one says is not said back.
  await notes.keyboard.press('ArrowLeft');
  await expect(page.locator('.lesson-bar')).toContainText('Step 2 of 3');
  await page.keyboard.press('ArrowLeft');
  await expect(lecturer.locator('.clock')).toContainText('Step 1 of 3');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await expect(lecturer.locator('.clock')).toContainText('Step 3 of 3');
  await expect(page.locator('.lesson-bar')).toContainText('Step 3 of 3');
  expect(problems).toEqual([]);
});

test('a window that begins at another step moves nobody, and a reader’s own copy of the lesson goes its way', async ({ page, context }) => {
  await given(page);
  const reader = await context.newPage();
  await reader.goto(`./#v=1&lesson=${encodeURIComponent(LESSON)}&step=3`);
  await expect(reader.locator('.lesson-bar')).toContainText('Step 3 of 3');
  await expect(page.locator('.lesson-bar')).toContainText('Step 1 of 3');
  await page.getByRole('button', { name: 'Next step' }).click();
  await expect(page.locator('.lesson-bar')).toContainText('Step 2 of 3');
  await expect(reader.locator('.lesson-bar')).toContainText('Step 3 of 3');
});

test('without a channel between windows, each goes by itself and says so', async ({ page, context }) => {
  await context.addInitScript(() => delete globalThis.BroadcastChannel);
  const { notes } = await given(page);
  await expect(notes.locator('.lecturer')).toContainText('doesn’t let two windows follow each other');
  await notes.getByRole('button', { name: 'Next step' }).click();
  await expect(notes.locator('.lesson-sentence').last()).toHaveText('Many of them.');
  await expect(page.locator('.lesson-bar')).toContainText('Step 1 of 3');
});

test('where the browser opens no second window, that is said', async ({ page }) => {
  await page.addInitScript(() => { globalThis.open = () => null; });
  await open(page, `#v=1&lesson=${encodeURIComponent(LESSON)}&step=1`);
  await page.getByRole('button', { name: 'Notes in a second window' }).click();
  await expect(page.locator('.lesson-bar .refusal')).toHaveText('The browser opens no second window.');
});

test('the notes are on the lecturer’s handout, and on no other', async ({ page }) => {
  await open(page, '#v=1&at=teach');
  await page.locator('#lesson-text').fill(LESSON);
  const notes = page.locator('.handout-steps .notes').first();
  await expect(page.locator('.handout-steps li')).toHaveCount(3);
  await expect(notes).toBeHidden();
  await page.getByLabel('with the lecturer’s notes').check();
  await expect(notes).toHaveText('Wait for a guess.Then go on.');
  await expect(notes).toBeVisible();
});
