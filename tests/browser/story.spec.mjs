// The story: a newcomer opens the bare address, reads, guesses, goes on; by mouse, by keyboard and on a phone.
import AxeBuilder from '@axe-core/playwright';
import { expect, test } from '@playwright/test';
import { box, colours, drawn, idle, open } from './glasses.mjs';

const CHAPTERS = ['spread', 'collapse', 'precision', 'counting', 'language', 'early', 'glasses', 'yours'];
const at = (page) => page.evaluate(() => document.documentElement.dataset.at);

test('the bare address opens the first chapter, with its figure drawn', async ({ page }) => {
  const problems = await open(page, '');
  await drawn(box(page, 'attention-row'));
  expect(await colours(page, 'attention-row')).toBeGreaterThan(4);
  await expect(page.locator('.answer-a .value')).toHaveText('20', { timeout: 60_000 });
  await expect(page.locator('.chapter h2')).toHaveText('Softmax spreads thin');
  await expect(page.locator('[data-part="by-n"]')).toBeHidden();
  expect(await page.evaluate(() => location.hash)).toBe('');
  expect(problems).toEqual([]);
});

for (const hash of ['', '#v=1', '#v=1&at=collapse', '#v=1&at=counting', '#v=1&at=gallery', '#v=1&at=teach']) {
  test(`nothing moves while ${hash || 'the bare address'} opens`, async ({ page }) => {
    await page.addInitScript(() => {
      window.moved = [];
      const note = ({ value, sources }) => window.moved.push([value, ...sources.map(({ node }) => node?.className || node?.nodeName)]);
      new PerformanceObserver((list) => list.getEntries().forEach(note)).observe({ type: 'layout-shift', buffered: true });
    });
    await open(page, hash);
    await expect(page.locator('.badge .reason')).not.toHaveText('', { timeout: 60_000 });
    const boxes = page.locator('.figures .box:visible');
    if (await boxes.count()) await drawn(boxes.first());
    expect(await page.evaluate(() => window.moved)).toEqual([]);
  });
}

test('a reader guesses, sees the answer, tries it, goes on, and Back leads back', async ({ page }) => {
  await open(page, '');
  await drawn(box(page, 'attention-row'));
  await expect(page.locator('.reveal')).toBeHidden();
  await page.getByLabel('The same: ones are ones').check();
  await expect(page.locator('.reveal')).toBeVisible();
  await expect(page.locator('.predict')).toHaveAttribute('data-guessed', 'wrong');
  // Answering shows it.
  await expect(page.locator('#field-n')).toHaveValue('200');
  expect(await page.evaluate(() => location.hash)).toBe('#v=1&n=200&at=spread');

  await page.getByRole('button', { name: 'Next: The last token collapses' }).click();
  await expect(page.locator('.chapter h2')).toHaveText('The last token collapses');
  await drawn(box(page, 'distance-by-n'));
  expect(await page.evaluate(() => location.hash)).toBe('#v=1&at=collapse');
  await page.goBack();
  await expect(page.locator('.chapter h2')).toHaveText('Softmax spreads thin');
  await expect(page.locator('#field-n')).toHaveValue('200');
  // The guess is still made.
  await expect(page.getByLabel('The same: ones are ones')).toBeChecked();
  await expect(page.locator('.reveal')).toBeVisible();
});

test('from the bench the way to the story leads to the chapter that was open', async ({ page }) => {
  await open(page, '#v=1&at=precision');
  await page.getByRole('link', { name: 'Bench' }).click();
  await expect(page.getByRole('link', { name: 'Bench' })).toHaveAttribute('aria-current', 'true');
  await page.getByRole('link', { name: 'Story' }).click();
  await expect(page.locator('.chapter h2')).toHaveText('Low precision makes it final');
  await expect(page.getByRole('link', { name: 'Story' })).toHaveAttribute('aria-current', 'true');
});

test('where no text changes with n, a chapter has no distance over n', async ({ page }) => {
  await open(page, '#v=1&at=yours');
  await drawn(box(page, 'distance-by-layer'));
  await expect(page.locator('[data-part="by-n"]')).toBeHidden();
  await expect(page.locator('#field-n')).toBeHidden();
  await page.locator('#field-a').fill('1^n');
  await expect(page.locator('[data-part="by-n"]')).toBeVisible();
  await expect(page.locator('#field-n')).toBeVisible();
});

test('on a phone an offer of the text brings a figure into sight', async ({ page }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  await open(page, '');
  await drawn(box(page, 'attention-row'));
  await page.getByLabel('The same: ones are ones').check();
  await page.getByRole('button', { name: 'Show n = 200' }).click();
  await expect(page.locator('[data-part="attention"]')).toBeInViewport();
  await page.getByRole('button', { name: '201 ones' }).click();
  await expect(page.locator('[data-part="meeting"]')).toBeInViewport();
});

test('the bench takes along what was asked in a chapter', async ({ page }) => {
  await open(page, '#v=1&n=40&at=collapse');
  await page.getByRole('link', { name: 'Bench' }).click();
  await expect(page.locator('#field-n')).toHaveValue('40');
  await expect(page.locator('[data-part="sensitivity"]')).toBeVisible();
  expect(await page.evaluate(() => location.hash)).toBe('#v=1&n=40');
});

// The figures of the language model's chapter wait for its file: language.spec.mjs.
for (const chapter of CHAPTERS.filter((chapter) => chapter !== 'language')) {
  test(`the chapter ${chapter} draws its figures, and all that it offers to press works`, async ({ page }) => {
    const problems = await open(page, `#v=1&at=${chapter}`);
    // Where there is nothing to draw, the box says so.
    const boxes = page.locator('.figures .box:visible:not(:has(> .note:not(:empty)))');
    await drawn(boxes.first());
    for (let index = 0; index < (await boxes.count()); index += 1) {
      await drawn(boxes.nth(index));
    }
    // What tells the answer waits for the guess.
    await expect(page.locator('.chapter .after-guess').filter({ visible: true })).toHaveCount(0);
    const guess = page.locator('.predict label[data-right] input');
    if (await guess.count()) {
      await guess.check();
      await expect(page.locator('.predict')).toHaveAttribute('data-guessed', 'right');
    }
    // Each leads elsewhere; one of them may be the state that is open.
    const offers = page.locator('.chapter [data-set]');
    let moved = 0;
    for (let index = 0; index < (await offers.count()); index += 1) {
      const before = await page.evaluate(() => location.hash);
      await offers.nth(index).click();
      await page.waitForTimeout(400);
      moved += Number(before !== (await page.evaluate(() => location.hash)));
    }
    expect(moved).toBeGreaterThanOrEqual((await offers.count()) - 1);
    expect(await at(page)).toBe(chapter);
    await expect(page.locator('.notices .notice')).toHaveCount(0);
    expect(problems).toEqual([]);
  });
}

test('with the keyboard alone one goes through the story', async ({ page }) => {
  await open(page, '');
  await drawn(box(page, 'attention-row'));
  const reach = async (what) => {
    for (let presses = 0; presses < 60; presses += 1) {
      await page.keyboard.press('Tab');
      if (await what.evaluate((element) => element === document.activeElement).catch(() => false)) return;
    }
    throw new Error('out of reach of the Tab key');
  };
  await reach(page.locator('.predict input').first());
  await page.keyboard.press('ArrowDown');
  await expect(page.locator('.predict')).toHaveAttribute('data-guessed', 'right');
  await reach(page.getByRole('button', { name: 'Next:' }));
  await page.keyboard.press('Enter');
  await expect(page.locator('.chapter h2')).toHaveText('The last token collapses');
  await drawn(box(page, 'distance-by-n'));
  await reach(box(page, 'distance-by-n'));
  await page.keyboard.press('End');
  // No further than it is given: the guess is not made yet.
  await expect(box(page, 'distance-by-n')).toContainText('n = 24');
  const enlarge = box(page, 'distance-by-n').getByRole('button', { name: 'Enlarge' });
  await reach(enlarge);
  for (const [key, pressed] of [['Enter', 'true'], ['Escape', 'false'], [' ', 'true'], ['Enter', 'false']]) {
    await page.keyboard.press(key);
    await expect(enlarge).toHaveAttribute('aria-pressed', pressed);
  }
});

test('on a phone nothing is wider than the screen, and a finger reads off values', async ({ browser }) => {
  const context = await browser.newContext({ viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true, deviceScaleFactor: 2 });
  const page = await context.newPage();
  for (const hash of ['', '#v=1', '#v=1&at=counting', '#v=1&at=gallery', '#v=1&at=teach']) {
    await open(page, hash);
    await expect(page.locator('html')).toHaveAttribute('data-started', '');
    await idle(page);
    expect(await page.evaluate(() => document.documentElement.scrollWidth), hash).toBeLessThanOrEqual(360);
  }
  await open(page, '#v=1&at=collapse');
  await drawn(box(page, 'distance-by-n'));
  await box(page, 'distance-by-n').scrollIntoViewIfNeeded();
  // Well within what is given: beside it a guess is drawn, and a browser takes a finger to what can be pressed near it.
  await box(page, 'distance-by-n').tap({ position: { x: 100, y: 200 } });
  await expect(box(page, 'distance-by-n')).toContainText('n =');
  await context.close();
});

test('a term of the field says what it means, to the pointer and to the keyboard', async ({ page }) => {
  await open(page, '');
  const term = page.locator('dfn[data-term="softmax"]');
  await expect(term).toHaveAttribute('tabindex', '0', { timeout: 30_000 });
  const meaning = term.getByRole('tooltip', { includeHidden: true });
  await expect(meaning).toBeHidden();
  await term.hover();
  await expect(meaning).toBeVisible();
  await page.mouse.move(0, 0);
  await expect(meaning).toBeHidden();
  await term.focus();
  await expect(meaning).toBeVisible();
  await expect(term).toHaveAccessibleDescription(/sum to one/);
});

test('a figure can be as large as the window, and small again', async ({ page }) => {
  await open(page, '#v=1&at=collapse');
  await drawn(box(page, 'distance-by-n'));
  const figure = box(page, 'distance-by-n');
  await figure.hover();
  await figure.getByRole('button', { name: 'Enlarge' }).click();
  await expect.poll(async () => (await figure.boundingBox()).height).toBe(page.viewportSize().height);
  await page.keyboard.press('Escape');
  await expect.poll(async () => (await figure.boundingBox()).height).toBeLessThan(page.viewportSize().height);
});

for (const scheme of ['light', 'dark']) {
  test(`axe finds nothing on any page in ${scheme}`, async ({ page }) => {
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
    for (const place of [...CHAPTERS, 'bench', 'gallery', 'teach']) {
      await open(page, `#v=1&at=${place}`);
      await expect(page.locator('html')).toHaveAttribute('data-started', '');
      await idle(page);
      const { violations } = await new AxeBuilder({ page }).analyze();
      const found = violations.map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map((node) => node.html.slice(0, 160)).join(' | ')}`);
      expect(found, place).toEqual([]);
    }
  });
}
