// A page that others write into: a browser's translation puts elements of its own in the place of every piece of text, extensions put theirs
// beside and into the page's. What a reader sees is then what a fresh page of the same state shows.
import { expect, test } from '@playwright/test';
import { BENCH, idle, open, settled } from './glasses.mjs';

/** Does to the page what Google's translators do: each piece of text that may be translated goes, and an element with another takes its place. */
const translate = (page) =>
  page.evaluate(() => {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const texts = [];
    while (walker.nextNode()) texts.push(walker.currentNode);
    let translated = 0;
    for (const text of texts) {
      const around = text.parentElement;
      if (!text.data.trim() || !around.translate || around.closest('.notranslate, script, style, noscript, textarea, svg, math')) continue;
      const [outer, inner] = ['font', 'font'].map((name) => document.createElement(name));
      for (const font of [outer, inner]) font.style.verticalAlign = 'inherit';
      inner.textContent = text.data;
      outer.append(inner);
      text.replaceWith(outer);
      translated += 1;
    }
    return translated;
  });

/** All that can be read on the page, but for what no two runs have in common: times. */
const words = (page) =>
  page.evaluate(() => {
    const times = /[\d.,]+\s(?:ms|s)\b/g;
    const fields = [...document.querySelectorAll('input, textarea, select')].filter((field) => field.checkVisibility());
    const values = fields.map((field) => `${field.id} ${field.type === 'radio' ? field.checked : field.value}`);
    return `${document.body.innerText}\n${values.join('\n')}`.replaceAll(times, '…').split('\n').map((line) => line.trim()).filter(Boolean);
  });

/** What a page says that opens in the state in which this one is. */
async function fresh(page, context) {
  await expect.poll(async () => page.evaluate(() => location.hash)).not.toBe('');
  const other = await context.newPage();
  await other.setViewportSize(page.viewportSize());
  await other.goto(page.url());
  await quiet(other);
  const said = await words(other);
  await other.close();
  return said;
}

const quiet = async (page) => {
  await settled(page);
  await idle(page);
};

test('prose may be translated, what changes may not', async ({ page }) => {
  await open(page, '#v=1&at=collapse');
  await expect(page.locator('html')).toHaveAttribute('data-started', '');
  expect(await translate(page)).toBeGreaterThan(10);
  await expect(page.locator('.chapter font').first()).toBeAttached();
  const live = '.masthead .places, .switches, .sequence, .slider, .field, .box, .badge, .notices, .tools, .ways, .under';
  await expect(page.locator(live).locator('font')).toHaveCount(0);
});

test('a translated page shows no number of an earlier state', async ({ page, context }) => {
  const problems = await open(page, '#v=1&task=ones&weights=alibi&a=1%5En&b=1%5E(n%2B1)&n=9');
  await settled(page);
  expect(await translate(page)).toBeGreaterThan(10);
  await page.locator('#field-a').fill('1^20');
  await expect(page.locator('.sequence-a .count')).not.toHaveText(/^9 /);
  await page.locator('#field-n').fill('12');
  await translate(page);
  await page.locator('#field-b').fill('1^(n+2)0');
  await page.locator('#field-b').blur();
  await page.locator('#tab-cures').click();
  await translate(page);
  await page.locator('#tab-answers').click();
  await page.locator('.field.slider input[type=range]').first().fill('14');
  await page.locator('body').click({ position: { x: 2, y: 2 } });
  await quiet(page);
  expect(await words(page)).toEqual(await fresh(page, context));
  expect(problems).toEqual([]);
});

test('a translated story goes on from chapter to chapter', async ({ page, context }) => {
  const problems = await open(page, '#v=1&at=spread');
  await expect(page.locator('html')).toHaveAttribute('data-started', '');
  for (let chapter = 0; chapter < 2; chapter += 1) {
    await translate(page);
    // What a button shows answers a question that the chapter asks first.
    await page.locator('.predict label[data-right] input').first().check();
    await page.locator('.chapter [data-set]').first().click();
    await page.getByRole('button', { name: 'Next:' }).click();
  }
  await expect(page.locator('.chapter h2')).toHaveText('Low precision makes it final');
  await page.locator('.places').getByRole('link', { name: 'Bench' }).click();
  await quiet(page);
  expect(await words(page)).toEqual(await fresh(page, context));
  expect(problems).toEqual([]);
});

test('a translated lesson is given and written as one that is not', async ({ page }) => {
  const lesson = encodeURIComponent('T\n\nOne.\n#v=1&n=7\n\nTwo.\n#v=1&n=8\n');
  await open(page, `#v=1&lesson=${lesson}&step=1&n=7`);
  await expect(page.locator('.lesson-sentence')).toHaveText('One.');
  await translate(page);
  await page.getByRole('button', { name: 'Next step' }).click();
  await expect(page.locator('.lesson-bar')).toContainText('Step 2 of 2');
  await expect(page.locator('.lesson-sentence')).toHaveText('Two.');
  await page.getByRole('button', { name: 'Leave the lesson' }).click();
  await translate(page);
  await page.locator('#lesson-text').fill('T\n\nOther words.\n#v=1&n=9\n\nAnd no link.');
  await expect(page.locator('.handout-sentence')).toHaveText(['1. Other words.']);
  await expect(page.locator('.mistakes li')).toHaveText(['Line 6: This text has no link after it.']);
});

test('what extensions put into the page disturbs nothing', async ({ page, context }) => {
  const problems = await open(page, BENCH);
  await settled(page);
  // Icons behind fields, marks in fields' parents, attributes, an overlay, styles: password managers, spell checkers, dark readers.
  const meddle = () =>
    page.evaluate(() => {
      for (const field of document.querySelectorAll('input[type=text], textarea')) {
        field.setAttribute('data-gramm', 'false');
        if (field.nextElementSibling?.localName !== 'x-extension') field.insertAdjacentElement('afterend', document.createElement('x-extension'));
      }
      for (const place of document.querySelectorAll('[data-slot], .below, .field, .box')) {
        place.prepend(document.createElement('x-extension'));
        place.append(document.createElement('x-extension'), document.createComment('extension'));
      }
      document.documentElement.dataset.darkreaderMode = 'dynamic';
      // A style of an extension's own is let in by the browser whatever the page's policy says; one that a page writes is not.
      document.adoptedStyleSheets = [...document.adoptedStyleSheets, new CSSStyleSheet()];
    });
  await meddle();
  await page.locator('#field-a').fill('1^20');
  await expect(page.locator('.sequence-a .count')).toHaveText('21 tokens');
  await page.locator('#field-a').fill('1^(n*2)');
  await expect(page.locator('.sequence-a .refusal')).not.toBeEmpty();
  await page.locator('#field-a').fill('1^n1');
  await page.locator('#tab-cures').click();
  await meddle();
  await page.locator('#tab-theory').click();
  await page.locator('#field-n').fill('12');
  await page.locator('#field-n').blur();
  await quiet(page);
  expect(await words(page)).toEqual(await fresh(page, context));
  expect(problems).toEqual([]);
});
