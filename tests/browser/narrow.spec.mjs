// Nothing scrolls sideways where there are 320 pixels, as on a small phone and on a laptop at 400%.
import { expect, test } from '@playwright/test';
import { open, settled } from './glasses.mjs';

const WIDTH = 320;
const CHAPTERS = ['spread', 'collapse', 'precision', 'counting', 'language', 'early', 'glasses', 'yours'];
const TOOLS = ['theory', 'cures', 'separators', 'search', 'answers', 'train', 'paper'];
const PARTS = ['story', 'sequences', 'extras', 'presets', 'language', 'model', 'share', 'engine', 'answers', 'meeting', 'rounding', 'by-n', 'by-layer', 'next', 'sensitivity', 'attention', 'instruments', 'gallery', 'lesson'];

const LONG = 'W'.repeat(4096);
const lesson = (text) => encodeURIComponent(text);
const GIVEN = lesson(`${'Title'.repeat(40)}\n\n${'Unbroken'.repeat(40)}\n#v=1&n=7&a=${LONG.slice(0, 200)}\n\nTwo.\n#v=1&n=8\n`);

/** Where there are texts, which are as long as their language makes them. */
const TEXTS = [
  '',
  ...CHAPTERS.map((chapter) => `#v=1&at=${chapter}`),
  ...TOOLS.map((tool) => `#v=1&tool=${tool}`),
  '#v=1&at=gallery',
  `#v=1&at=teach&lesson=${GIVEN}`,
];
/** All the other places of the page, each at its worst. */
const OTHERS = [
  '#v=1&tool=answers&task=ones&weights=alibi&n=200',
  '#v=1&a=%5B0-9%5D%5En1&pos=prope&cap=soft&sink=logit&scale=power&weigh=entmax&reach=local&window=5&mix=differential&fw=custom',
  `#v=1&step=1&lesson=${GIVEN}&n=7`,
  `#v=1&at=collapse&present=on&step=1&lesson=${GIVEN}`,
  ...CHAPTERS.map((chapter) => `#v=1&at=${chapter}&present=on`),
  ...PARTS.map((part) => `#v=1&embed=${part}&task=ones&weights=alibi`),
  // Notes, refusals and mistakes.
  `#v=1&${LONG}=1&n=${LONG}&layers=99&pos=${LONG}`,
  `#v=1&a=${LONG}&b=${LONG}(`,
  `#v=1&a=1%5E(${LONG}&prefix=${LONG}&suffix=${LONG}`,
];

/** What reaches beyond the screen, and is not moved within a place of its own. */
const beyond = (page) =>
  page.evaluate(() => {
    const root = document.documentElement;
    const all = [...document.body.querySelectorAll('*')].filter((element) => {
      const { right, width } = element.getBoundingClientRect();
      return width > 0 && right > root.clientWidth + 0.5 && !element.closest('.unseen') && !isWithinScroller(element);
    });
    function isWithinScroller(element) {
      for (let around = element.parentElement; around && around !== document.body; around = around.parentElement) {
        if (getComputedStyle(around).overflowX !== 'visible') return true;
      }
      return false;
    }
    const found = all.map((element) => `${element.localName}.${element.className}`).slice(0, 6);
    return { tooWide: Math.max(root.scrollWidth - root.clientWidth, document.body.scrollWidth - root.clientWidth, 0), found };
  });

for (const language of ['en', 'zh']) {
  test(`at no place, in ${language}`, async ({ page }) => {
    test.setTimeout(300_000);
    await page.setViewportSize({ width: WIDTH, height: 640 });
    const wide = [];
    await open(page, language === 'en' ? '' : '#v=1&at=spread&lang=zh');
    await expect(page.locator('html')).toHaveAttribute('data-started', '', { timeout: 30_000 });
    // One page goes from place to place, as by links: what it takes to start is seen elsewhere.
    for (const place of language === 'en' ? [...TEXTS, ...OTHERS] : TEXTS) {
      const hash = language === 'en' ? place : `${place || '#v=1&at=spread'}&lang=zh`;
      await page.evaluate((hash) => { location.hash = hash; }, hash);
      await page.waitForTimeout(300);
      // What is folded away is opened, what can be guessed is guessed.
      await page.evaluate(() => {
        for (const fold of document.querySelectorAll('details')) fold.open = true;
        for (const folded of document.querySelectorAll('.unfold[aria-expanded=false]')) folded.click();
        for (const right of document.querySelectorAll('.predict label[data-right] input')) right.click();
      });
      await page.waitForTimeout(300);
      const { tooWide, found } = await beyond(page);
      if (tooWide > 0) wide.push(`${hash.slice(0, 80)}: ${tooWide} px: ${found.join(', ')}`);
    }
    expect(wide).toEqual([]);
  });
}

test('nor while a field refuses what is typed, or the browser does not let the page copy', async ({ page }) => {
  await page.setViewportSize({ width: WIDTH, height: 640 });
  await open(page, '#v=1&tool=train&cap=soft');
  await expect(page.locator('html')).toHaveAttribute('data-started', '');
  await page.evaluate(() => {
    Object.defineProperty(navigator, 'clipboard', { value: undefined });
    for (const fold of document.querySelectorAll('details')) fold.open = true;
    for (const folded of document.querySelectorAll('.unfold[aria-expanded=false]')) folded.click();
  });
  await page.getByRole('button', { name: 'Copy link' }).click();
  await expect(page.locator('.by-hand input')).toBeVisible();
  // All in one go: a text that fits no more takes fields away that stand on it.
  await page.locator('input[type=text][data-draft]:visible').evaluateAll((fields, text) => {
    for (const field of fields) {
      field.value = text;
      field.dispatchEvent(new InputEvent('input', { bubbles: true }));
    }
  }, LONG.slice(0, 300));
  await expect(page.locator('.refusal:visible').first()).toBeVisible();
  expect(await beyond(page)).toEqual({ tooWide: 0, found: [] });
});

test('on a phone the bench is seven screens long at the most, and its figures unfold where one presses, or is led to', async ({ page }) => {
  const height = 740;
  await page.setViewportSize({ width: 360, height });
  await open(page, '#v=1&at=bench');
  await settled(page);
  expect(await page.evaluate(() => document.documentElement.scrollHeight)).toBeLessThanOrEqual(7 * height);
  const box = (part) => page.locator(`[data-part="${part}"] .box`).first();
  for (const part of ['by-n', 'sensitivity']) await expect(box(part)).toBeVisible();
  for (const part of ['meeting', 'by-layer', 'next', 'attention']) await expect(box(part)).toBeHidden();
  const heading = page.getByRole('heading', { name: 'Layer by layer' }).getByRole('button');
  await heading.click();
  await expect(heading).toHaveAttribute('aria-expanded', 'true');
  await expect(box('by-layer')).toHaveAttribute('aria-label', /distance/);
  await heading.click();
  await expect(box('by-layer')).toBeHidden();
  await page.locator('.anchors .tab', { hasText: 'Attention' }).click();
  await expect(box('attention')).toBeInViewport();
  // Whoever was sent an instrument sees it; where there is room nothing is folded.
  await open(page, '#v=1&at=bench&tool=cures&max=12');
  await expect(box('instruments')).toBeVisible();
  await page.setViewportSize({ width: 1280, height: 800 });
  await expect(box('next')).toBeVisible();
  await expect(page.locator('.unfold')).toHaveCount(0);
});
