// Typing: numbers as people write them, input methods, keys that are not the page's, the way back through what was done, and nothing lost.
import { expect, test } from '@playwright/test';
import { BENCH, box, idle, open, settled } from './glasses.mjs';

const hash = (page) => page.evaluate(() => location.hash);
const field = (page, key) => page.locator(`#field-${key}`);

/** Opens every fold of the form, so that its fields are there. */
const unfold = async (page) => {
  // Before the page has started there is none to open.
  await expect(page.locator('.bench details.fold > summary').filter({ visible: true }).first()).toBeVisible();
  const closed = page.locator('.bench details.fold:not([open]) > summary');
  // One that opens is no longer among them.
  while ((await closed.filter({ visible: true }).count()) > 0) await closed.filter({ visible: true }).first().click();
};

test('what a field refuses stays as it was typed, with the reason beside it, whatever else is done', async ({ page }) => {
  const problems = await open(page, '#v=1&cap=soft&tool=train');
  await unfold(page);
  for (const [key, typed] of [['capat', 'lots'], ['seed', '-1'], ['max', '1.5'], ['n', 'abc'], ['steps', '12 apples']]) {
    await field(page, key).fill(typed);
    await expect(page.locator(`#field-${key}-refusal`)).not.toBeEmpty();
    await expect(field(page, key)).toHaveAttribute('aria-invalid', 'true');
  }
  const isKept = async () => {
    for (const [key, typed] of [['capat', 'lots'], ['seed', '-1'], ['max', '1.5'], ['n', 'abc']]) {
      await expect(field(page, key)).toHaveValue(typed);
      await expect(page.locator(`#field-${key}-refusal`)).not.toBeEmpty();
    }
  };
  await field(page, 'a').fill('11^n');
  await isKept();
  await page.locator('#tab-cures').click();
  await page.locator('#tab-train').click();
  await expect(field(page, 'steps')).toHaveValue('12 apples');
  await page.getByRole('link', { name: '中文' }).click();
  await expect(page.locator('html')).toHaveAttribute('lang', 'zh');
  await expect(page.locator('html')).toHaveAttribute('data-started', '');
  await expect(field(page, 'steps')).toHaveValue('12 apples');
  await unfold(page);
  await isKept();
  // In the words of the page's language.
  await expect(page.locator('#field-n-refusal')).toContainText('整数');
  expect(problems).toEqual([]);
});

test('what is taken is written as the page writes it when the field is left, and not before', async ({ page }) => {
  await open(page, '#v=1&cap=soft');
  await unfold(page);
  await field(page, 'capat').fill('2.50');
  await expect.poll(() => hash(page)).toContain('capat=2.5');
  await expect(field(page, 'capat')).toHaveValue('2.50');
  await field(page, 'capat').blur();
  await expect(field(page, 'capat')).toHaveValue('2.5');
  await field(page, 'n').fill(' 030');
  await expect.poll(() => hash(page)).toContain('n=30');
  await expect(field(page, 'n')).toHaveValue(' 030');
  await field(page, 'n').blur();
  await expect(field(page, 'n')).toHaveValue('30');
});

test('what stands in a field without a control is there after a reload too', async ({ page }) => {
  await open(page);
  const fold = page.locator('[data-part="share"] summary', { hasText: 'Lesson' });
  await fold.click();
  await page.locator('#step-sentence').fill('Half a sentence');
  await page.reload();
  await fold.click();
  await expect(page.locator('#step-sentence')).toHaveValue('Half a sentence');
});

test('an input method is heard when it has composed, not while it does', async ({ page }) => {
  await open(page);
  await settled(page);
  const session = await page.context().newCDPSession(page);
  await field(page, 'a').fill('1');
  await field(page, 'a').press('End');
  await expect.poll(() => hash(page)).toBe('#v=1&a=1');
  await session.send('Input.imeSetComposition', { text: 'ni', selectionStart: 2, selectionEnd: 2 });
  await idle(page);
  expect(await hash(page)).toBe('#v=1&a=1');
  await expect(page.locator('.sequence-a .preview')).toContainText('2 tokens');
  await session.send('Input.insertText', { text: '23' });
  await expect.poll(() => hash(page)).toBe('#v=1&a=123');
  // An arrow chooses among what is offered, and counts nothing.
  const before = await hash(page);
  await field(page, 'n').focus();
  await session.send('Input.imeSetComposition', { text: '3', selectionStart: 1, selectionEnd: 1 });
  await field(page, 'n').dispatchEvent('keydown', { key: 'ArrowUp', isComposing: true, bubbles: true, cancelable: true });
  await field(page, 'n').dispatchEvent('keydown', { key: 'ArrowUp', keyCode: 229, bubbles: true, cancelable: true });
  await idle(page);
  expect(await hash(page)).toBe(before);
});

/** Whether a key pressed on an element is left to the browser. */
const isLeft = (element, init) =>
  element.evaluate((target, event) => target.dispatchEvent(new KeyboardEvent('keydown', { bubbles: true, cancelable: true, ...event })), init);

const ARROWS = ['ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight', 'PageUp', 'PageDown', 'Home', 'End', 'Enter', ' ', 'Escape'];
const MODIFIERS = [{ altKey: true }, { ctrlKey: true }, { metaKey: true }, { modifierAltGraph: true }, { isComposing: true }, { keyCode: 229 }];
const MODIFIED = ARROWS.flatMap((key) => MODIFIERS.map((modifier) => ({ key, ...modifier })));

/** Those of the keys that the page takes for itself. */
const taken = (element, keys) =>
  element.evaluate(
    (target, keys) => keys.filter((key) => !target.dispatchEvent(new KeyboardEvent('keydown', { bubbles: true, cancelable: true, ...key }))),
    keys,
  );

test('with a modifier, or while something is composed, no key is the page’s, wherever the focus is', async ({ page }) => {
  for (const at of ['#v=1', '#v=1&at=collapse&present=on', '#v=1&step=1&lesson=T%0A%0AOne.%0A%23v%3D1%0A%0ATwo.%0A%23v%3D1%26n%3D9']) {
    await open(page, at);
    await page.reload();
    await expect(page.locator('html')).toHaveAttribute('data-started', '');
    await expect(page.locator('.box').first()).toBeAttached();
    const before = await hash(page);
    for (const selector of ['#field-a', '#field-n', '.slider input[type=range]', '.box', '.tab', 'a', 'button', 'body']) {
      expect(await taken(page.locator(selector).first(), MODIFIED), `${at} ${selector}`).toEqual([]);
    }
    await idle(page);
    expect(await hash(page)).toBe(before);
  }
});

test('a field of words leaves every key alone, and a number only takes those that count', async ({ page }) => {
  await open(page);
  await unfold(page);
  for (const key of ARROWS) {
    for (const name of ['a', 'b', 'prefix', 'suffix']) expect(await isLeft(field(page, name), { key }), `${name} ${key}`).toBe(true);
    const counts = ['ArrowUp', 'ArrowDown', 'PageUp', 'PageDown'].includes(key);
    expect(await isLeft(field(page, 'n'), { key }), `n ${key}`).toBe(!counts);
    expect(await isLeft(field(page, 'n'), { key, shiftKey: true }), `n Shift ${key}`).toBe(true);
  }
  // From what is no number there is nothing to count.
  await field(page, 'n').fill('many');
  await field(page, 'n').press('ArrowUp');
  await expect(field(page, 'n')).toHaveValue('many');
});

test('in front of a class, a key acts where the focus is', async ({ page }) => {
  await open(page, '#v=1&at=precision&present=on');
  // What is read off is gone with the figure that it was read off.
  await idle(page);
  const title = page.locator('.chapter h2');
  await expect(title).toHaveText('Low precision makes it final');
  await box(page, 'distance-by-n').focus();
  await page.keyboard.press('ArrowRight');
  await expect(box(page, 'distance-by-n')).toContainText('n =');
  await expect(title).toHaveText('Low precision makes it final');
  // The first Escape leaves what is read off, the next one the presentation.
  await page.keyboard.press('Escape');
  await expect(page.locator('html')).toHaveAttribute('data-present', 'on');
  await page.keyboard.press('Escape');
  await expect(page.locator('html')).not.toHaveAttribute('data-present', 'on');
});

test.describe('undo', () => {
  const undo = (page) => page.keyboard.press('Control+z');
  const redo = (page) => page.keyboard.press('Control+y');
  const values = (page) => page.evaluate(() => ['a', 'b', 'n'].map((key) => document.getElementById(`field-${key}`).value).join(' '));

  test('takes back the last change, whether it was typed, stepped, dragged or pressed, and nothing else', async ({ page }) => {
    await open(page);
    await settled(page);
    await field(page, 'a').click();
    await field(page, 'a').press('End');
    await page.keyboard.type('00');
    await field(page, 'n').focus();
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('ArrowUp');
    expect(await values(page)).toBe('1^n00 1^(n+1) 26');
    await undo(page);
    await expect.poll(() => values(page)).toBe('1^n00 1^(n+1) 25');
    await undo(page);
    await expect.poll(() => values(page)).toBe('1^n00 1^(n+1) 24');
    await undo(page);
    await expect.poll(() => values(page)).toBe('1^n 1^(n+1) 24');
    await undo(page);
    await expect.poll(() => values(page)).toBe('1^n 1^(n+1) 24');
    for (const after of ['1^n00 1^(n+1) 24', '1^n00 1^(n+1) 25', '1^n00 1^(n+1) 26', '1^n00 1^(n+1) 26']) {
      await redo(page);
      await expect.poll(() => values(page)).toBe(after);
    }
    await page.keyboard.press('Control+Shift+z');
    await page.keyboard.press('Meta+z');
    await expect.poll(() => values(page)).toBe('1^n00 1^(n+1) 25');
    await page.keyboard.press('Meta+Shift+z');
    await expect.poll(() => values(page)).toBe('1^n00 1^(n+1) 26');
    await expect.poll(() => hash(page)).toBe('#v=1&a=1%5En00&n=26');

    // A drag.
    const slider = page.getByRole('slider', { name: 'n, as a slider' });
    const frame = await slider.boundingBox();
    await page.mouse.move(frame.x + 30, frame.y + frame.height / 2);
    await page.mouse.down();
    await page.mouse.move(frame.x + frame.width / 2, frame.y + frame.height / 2, { steps: 5 });
    await page.mouse.up();
    expect(await values(page)).not.toBe('1^n00 1^(n+1) 26');
    await undo(page);
    await expect.poll(() => values(page)).toBe('1^n00 1^(n+1) 26');

    // A preset, pressed with the focus where it is then.
    await page.locator('.chip[aria-pressed=false]').first().click();
    expect(await values(page)).not.toBe('1^n00 1^(n+1) 26');
    await undo(page);
    await expect.poll(() => values(page)).toBe('1^n00 1^(n+1) 26');

    // What was refused.
    await field(page, 'n').fill('abc');
    await undo(page);
    await expect.poll(() => values(page)).toBe('1^n00 1^(n+1) 26');
    await expect(page.locator('#field-n-refusal')).toBeEmpty();
    await redo(page);
    await expect(field(page, 'n')).toHaveValue('abc');
    await expect(page.locator('#field-n-refusal')).not.toBeEmpty();
  });

  test('leaves the caret behind what it changed, in a lesson too', async ({ page }) => {
    await open(page, '#v=1&at=teach');
    const text = page.locator('#lesson-text');
    await text.fill('Title\n\nWords.\n#v=1&n=7\n');
    await page.waitForTimeout(1100);
    await text.evaluate((area) => area.setSelectionRange(5, 5));
    await page.keyboard.type(' more');
    await undo(page);
    await expect(text).toHaveValue('Title\n\nWords.\n#v=1&n=7\n');
    await expect.poll(() => text.evaluate((area) => area.selectionStart)).toBe(5);
    // A file that was opened, or the example, is taken back like all else.
    await text.fill('');
    await page.waitForTimeout(1100);
    await page.getByRole('button', { name: '10 minutes' }).click();
    await expect(text).not.toHaveValue('');
    await undo(page);
    await expect(text).toHaveValue('');
  });

  test('is the browser’s own in a text that is not the page’s', async ({ page }) => {
    await open(page);
    await settled(page);
    await field(page, 'n').fill('30');
    await page.evaluate(() => document.body.insertAdjacentHTML('beforeend', '<input id="foreign" />'));
    await page.locator('#foreign').focus();
    await page.keyboard.type('x');
    await undo(page);
    await expect(page.locator('#foreign')).toHaveValue('');
    await expect(field(page, 'n')).toHaveValue('30');
  });
});

test('a link without a note is not one with the note of another', async ({ page }) => {
  await open(page, BENCH);
  await settled(page);
  const go = (to) => page.evaluate((to) => { location.hash = to; }, to);
  const notes = page.locator('.notices .notice');
  await go('#v=1&n=abc');
  await expect(notes).toHaveCount(1);
  await go('#v=1');
  await expect(notes).toHaveCount(0);
  await page.goBack();
  await expect(notes).toHaveCount(1);
  await page.goForward();
  await expect(notes).toHaveCount(0);
  await go('#v=1&layers=99&nonsense=1');
  await expect(notes).toHaveCount(2);
  await go('#v=1&n=abc');
  await expect(notes).toHaveCount(1);
  // An edit makes another link, and so does a preset or another place.
  await field(page, 'n').fill('30');
  await expect(notes).toHaveCount(0);
  await page.goBack();
  await expect(notes).toHaveCount(1);
  await page.locator('.chip[aria-pressed=false]').first().click();
  await expect(notes).toHaveCount(0);
  await page.goBack();
  await expect(notes).toHaveCount(1);
  await page.locator('.places').getByRole('link', { name: 'Gallery' }).click();
  await expect(notes).toHaveCount(0);
  await page.goBack();
  await expect(notes).toHaveCount(1);
  await notes.getByRole('button').click();
  await expect(notes).toHaveCount(0);
});

test('a step whose link is wrong in places says so for as long as it is open', async ({ page }) => {
  const lesson = encodeURIComponent('T\n\nOne.\n#v=1&n=7\n\nTwo.\n#v=1&n=abc\n');
  await open(page, `#v=1&lesson=${lesson}&step=1&n=7`);
  const notes = page.locator('.notices .notice');
  await expect(page.locator('.lesson-sentence')).toHaveText('One.');
  await expect(notes).toHaveCount(0);
  await page.getByRole('button', { name: 'Next step' }).click();
  await expect(page.locator('.lesson-sentence')).toHaveText('Two.');
  await idle(page);
  await expect(notes).toHaveCount(1);
  await page.goBack();
  await expect(page.locator('.lesson-sentence')).toHaveText('One.');
  await expect(notes).toHaveCount(0);
  await page.goForward();
  await expect(notes).toHaveCount(1);
  await page.reload();
  await expect(notes).toHaveCount(1);
});
