// What trained models answer, and what happens where a trained model can't be had.
import { expect, test } from '@playwright/test';
import { box, colours, drawn, open, settled } from './glasses.mjs';

const COUNTING = '#v=1&n=20&task=ones&weights=alibi';
const card = (page, name) => page.locator(`.answer-${name}`);
const hash = (page) => page.evaluate(() => decodeURIComponent(location.hash));

test('a model is right at 20 and wrong at 200, and says the same of n and n + 1', async ({ page }) => {
  const problems = await open(page, COUNTING);
  await expect(card(page, 'a').locator('.value')).toHaveText('20', { timeout: 30_000 });
  await expect(card(page, 'a')).toContainText('right');
  await expect(card(page, 'b').locator('.value')).toHaveText('21');
  await page.locator('#field-n').fill('200');
  await expect(card(page, 'a')).toContainText('wrong', { timeout: 30_000 });
  await expect(card(page, 'a').locator('.truth')).toContainText('200');
  const said = await card(page, 'a').locator('.value').textContent();
  await expect(card(page, 'b').locator('.value')).toHaveText(said);
  await expect(page.locator('[data-slot="answers"]')).toContainText('gives the same one twice');
  expect(problems).toEqual([]);
});

test('the error, what is left of the difference, and the favourite answers are drawn over the length', async ({ page }) => {
  await open(page, `${COUNTING}&max=96&tool=answers`);
  for (const name of ['error-by-length', 'twin-by-length', 'answer-histogram']) {
    await expect(box(page, name)).toHaveAttribute('aria-busy', 'false', { timeout: 60_000 });
    await drawn(box(page, name));
    expect(await colours(page, name), name).toBeGreaterThan(4);
  }
  await expect(box(page, 'error-by-length')).toHaveAttribute('aria-label', /trained up to n = 64/);
  await page.locator('#field-beside').selectOption('rotary');
  await expect(box(page, 'error-by-length')).toHaveAttribute('aria-label', /our tiny model, trained, rotary/, { timeout: 60_000 });
});

test('choosing trained weights brings their shape, and the link stays short', async ({ page }) => {
  await open(page);
  await settled(page);
  await page.locator('.fold-title', { hasText: /^The model$/ }).click();
  await expect(page.locator('#field-layers')).toBeVisible();
  await page.locator('#field-weights').selectOption('rotary');
  await expect(page.locator('#field-layers')).toBeHidden();
  await expect.poll(() => hash(page)).toBe('#v=1&weights=rotary');
  await page.locator('#field-task').selectOption('last');
  await expect(page.locator('#field-a')).toHaveValue('1^(n-1)0');
  await expect.poll(() => hash(page)).toBe('#v=1&task=last&weights=rotary');
  await expect(card(page, 'a').locator('.value')).toHaveText('0', { timeout: 30_000 });
});

test('a question about a sequence of another kind has no right answer, and says so', async ({ page }) => {
  await open(page, `${COUNTING.replace('ones', 'sum')}&a=1%2Bx`);
  await expect(card(page, 'a')).toContainText('no question of this kind', { timeout: 30_000 });
});

test('a damaged file of weights is told, and the page goes on with random ones', async ({ page }) => {
  await page.route('**/weights/alibi.safetensors*', (route) => route.fulfill({ status: 200, body: 'not the file' }));
  await open(page, COUNTING);
  await expect(page.locator('.notices')).toContainText('alibi.safetensors is damaged', { timeout: 30_000 });
  await settled(page);
  await page.locator('summary', { hasText: 'The model' }).click();
  await expect(page.locator('#field-weights')).toHaveValue('seed');
});

test('weights that do not come are told', async ({ page }) => {
  await page.route('**/weights/alibi.safetensors*', (route) => route.fulfill({ status: 404, body: '' }));
  await open(page, COUNTING);
  await expect(page.locator('.notices')).toContainText('the server answered 404', { timeout: 30_000 });
  await settled(page);
});

test('a link to a model of somebody’s own says what it needs', async ({ page }) => {
  await open(page, '#v=1&task=ones&weights=own');
  await expect(page.locator('.notices')).toContainText('trained in another browser', { timeout: 30_000 });
  await settled(page);
});

test('on a phone the answers and their figures are no wider than the phone', async ({ page }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  for (const tool of ['answers', 'train']) {
    await open(page, `${COUNTING}&max=32&tool=${tool}`);
    await expect(card(page, 'a').locator('.value')).toHaveText('20', { timeout: 30_000 });
    expect(await page.evaluate(() => document.documentElement.scrollWidth), tool).toBeLessThanOrEqual(360);
  }
});

test('the game is played to its end, and its challenge has the same texts', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const problems = await open(page, '#v=1&at=counting&embed=game');
  const game = page.locator('.game');
  const ones = async (of) => (await of.locator('.ones').textContent()).replaceAll(' ', '').length;
  const start = async (of) => {
    await of.getByRole('button', { name: 'Start' }).click({ timeout: 60_000 });
    return ones(of);
  };
  const lengths = [await start(game)];
  const field = game.getByRole('textbox');
  await expect(field).toBeFocused();
  await page.keyboard.type('many');
  await page.keyboard.press('Enter');
  await expect(game.getByRole('alert')).toBeVisible();
  await page.keyboard.press('Control+a');
  for (let text = 1; text <= 6; text += 1) {
    await expect(game.locator('form')).toContainText(`Text ${text} of 6`);
    if (text > 1) lengths.push(await ones(game));
    // By Enter or by the button: each text begins with an empty field that has the focus.
    await page.keyboard.type(String(lengths.at(-1)));
    await expect(field).toHaveValue(String(lengths.at(-1)));
    if (text % 2) await page.keyboard.press('Enter');
    else await game.getByRole('button', { name: 'Submit' }).click();
    if (text === 6) break;
    await expect(field).toHaveValue('');
    await expect(field).toBeFocused();
  }
  await expect(game).toContainText('You win.');
  expect(lengths).toEqual([...lengths].sort((one, other) => one - other));
  const rows = game.locator('tbody tr');
  await expect(rows).toHaveCount(6);
  await expect(rows.first()).toHaveText(new RegExp(`^${lengths[0]} ?${lengths[0]} ✓ ?${lengths[0]} ✓$`));
  await expect(rows.last().locator('td').last()).not.toContainText('✓');
  await expect(game).toContainText(/longer texts that it was asked about, it has \d answers: .*99/);
  await game.getByRole('button', { name: 'Copy a challenge' }).click();
  await expect(game.getByRole('button', { name: 'Copied' })).toBeVisible();
  const challenge = await page.evaluate(() => navigator.clipboard.readText());
  const other = await context.newPage();
  await other.goto(challenge);
  expect(await start(other.locator('.game'))).toBe(lengths[0]);
  expect(problems).toEqual([]);
});

test('in Chinese each text of the game begins with an empty field too', async ({ page }) => {
  await open(page, '#v=1&at=counting&embed=game&lang=zh');
  const game = page.locator('.game');
  await game.getByRole('button', { name: '开始' }).click({ timeout: 60_000 });
  const field = game.getByRole('textbox');
  await expect(field).toBeFocused();
  for (const [text, typed] of [[1, '26'], [2, '27'], [3, '1000']]) {
    await expect(game.locator('form')).toContainText(`第 ${text} 个文本`);
    await page.keyboard.type(typed);
    await expect(field).toHaveValue(typed);
    if (text === 2) await game.getByRole('button', { name: '提交' }).click();
    else await page.keyboard.press('Enter');
    await expect(field).toHaveValue('');
  }
  // The ring around the field leaves the words before it whole.
  const { words, edge } = await game.locator('label').first().evaluate((label) => {
    const range = document.createRange();
    range.selectNodeContents(label.firstChild);
    const input = label.querySelector('input');
    const { outlineWidth, outlineOffset } = getComputedStyle(input);
    return { words: range.getBoundingClientRect().right, edge: input.getBoundingClientRect().left - parseFloat(outlineWidth) - parseFloat(outlineOffset) };
  });
  expect(edge).toBeGreaterThanOrEqual(words);
});
