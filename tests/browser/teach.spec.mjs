// A lecturer: writes a lesson, gives it to a room, shares it, embeds a figure, takes things away; and a reader of Chinese.
import { expect, test } from '@playwright/test';
import { readFile } from 'node:fs/promises';
import { BENCH, box, drawn, idle, open, settled } from './glasses.mjs';

const hash = (page) => page.evaluate(() => location.hash);

test('a lesson is written, given by the arrow keys, and travels in one link', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const problems = await open(page, '#v=1&at=teach');
  await page.locator('#lesson-text').fill('Ones\n\nFew of them.\n#v=1&n=7&at=collapse\n\nMany of them.\n#v=1&n=100\n\nWithout a link.');
  await expect(page.locator('.mistakes')).toContainText('Line 9: This text has no link after it.');
  await page.locator('#lesson-text').fill('Ones\n\nFew of them.\n#v=1&n=7&at=collapse\n\nMany of them.\n#v=1&n=100');
  await expect(page.locator('.mistakes')).toBeEmpty();
  await expect(page.locator('.handout-steps li')).toHaveCount(2);
  await expect(page.locator('.handout-steps .qr').first()).toBeVisible();

  await page.getByRole('button', { name: 'Copy the lesson’s link' }).click();
  await expect(page.getByRole('button', { name: 'Copied' })).toBeVisible();
  const link = await page.evaluate(() => navigator.clipboard.readText());
  const student = await context.newPage();
  await student.goto(link);
  await expect(student.locator('.lesson-sentence')).toHaveText('Few of them.');
  await expect(student.locator('#field-n')).toHaveValue('7');
  expect(await student.evaluate(() => document.documentElement.dataset.at)).toBe('collapse');
  await student.keyboard.press('ArrowRight');
  await expect(student.locator('.lesson-sentence')).toHaveText('Many of them.');
  await expect(student.locator('#field-n')).toHaveValue('100');
  await student.keyboard.press('ArrowRight');
  await expect(student.locator('.lesson-sentence')).toHaveText('Many of them.');
  await student.reload();
  await expect(student.locator('.lesson-sentence')).toHaveText('Many of them.');
  await student.getByRole('button', { name: 'Leave the lesson' }).click();
  await expect(student.locator('#lesson-text')).toHaveValue(/Few of them/);
  expect(problems).toEqual([]);
});

test('the view of the bench becomes a step, and the lesson a file that opens again', async ({ page }) => {
  await open(page, '#v=1&n=33');
  await page.locator('[data-part="share"] summary', { hasText: 'Lesson' }).click();
  await page.locator('#step-sentence').fill('Thirty-three.');
  await page.getByRole('button', { name: 'Add this view to a lesson' }).click();
  await expect(page.locator('[data-part="share"]')).toContainText('Added as step 1 of your lesson');
  await page.getByRole('link', { name: 'Open the lesson' }).click();
  await expect(page.locator('#lesson-text')).toHaveValue(/Thirty-three\.\n#v=1&n=33/);
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Save as a file' }).click()]);
  const file = await download.path();
  await page.locator('#lesson-text').fill('');
  await page.locator('.teach .file input').setInputFiles({ name: 'bad.txt', mimeType: 'text/plain', buffer: Buffer.from([0xff, 0xfe, 0xff]) });
  await expect(page.locator('.teach .refusal').last()).toContainText('save it as UTF-8');
  await page.locator('.teach .file input').setInputFiles(file);
  await expect(page.locator('#lesson-text')).toHaveValue(/Thirty-three\./);
});

test('a lesson that no link can hold is said to be, and nothing of it is lost', async ({ page }) => {
  await open(page, '#v=1&at=teach');
  const copy = page.getByRole('button', { name: 'Copy the lesson’s link' });
  await expect(copy).toBeDisabled();
  const short = 'Ones\n\nFew of them.\n#v=1&n=7\n';
  await page.locator('#lesson-text').fill(short);
  await expect(copy).toBeEnabled();
  // A Chinese character takes nine in a link.
  const long = `${short}\n${'多'.repeat(12_000)}\n#v=1&n=9\n`;
  await page.locator('.teach .file input').setInputFiles({ name: 'long.txt', mimeType: 'text/plain', buffer: Buffer.from(long) });
  await expect(page.locator('.teach .refusal').filter({ hasText: '100000 are the most' })).toBeVisible();
  await expect(page.locator('#lesson-text')).toHaveValue(short);
  await page.locator('#lesson-text').fill(long);
  await expect(page.locator('#lesson-refusal')).toContainText('Shorten it, or save it to a file');
  await expect(page.locator('#lesson-text')).toHaveValue(long);
  await expect(copy).toBeDisabled();
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Save as a file' }).click()]);
  expect((await readFile(await download.path())).toString()).toBe(long);
});

test('the ready lessons have no mistake, and every step of the shortest draws', async ({ page }) => {
  await open(page, '#v=1&at=teach');
  for (const [minutes, least] of [[90, 16], [45, 12], [10, 4]]) {
    await page.getByRole('button', { name: `${minutes} minutes` }).click();
    await expect(page.locator('.mistakes')).toBeEmpty();
    await expect.poll(() => page.locator('.handout-steps li').count()).toBeGreaterThanOrEqual(least);
  }
  await expect(page.locator('.handout-link').first()).toHaveText(/^http.*#v=1&/);
  const steps = await page.locator('.handout-steps li').count();
  await page.getByRole('button', { name: 'Start the lesson' }).click();
  await expect(page.locator('html')).toHaveAttribute('data-present', 'on');
  for (let step = 1; step <= steps; step += 1) {
    await expect(page.locator('.lesson-bar')).toContainText(`Step ${step} of ${steps}`);
    const shown = page.locator('.figures .box:visible, .answers:visible');
    // The second asks for a guess, and shows nothing that would tell.
    if (step === 2) await expect(shown).toHaveCount(0);
    else await expect(shown.first()).toBeVisible({ timeout: 30_000 });
    if (step < steps) await page.getByRole('button', { name: 'Next step' }).click();
  }
});

test('presenting hides the controls, the arrow keys lead through the chapters, Escape leads out', async ({ page }) => {
  await open(page, '#v=1&at=collapse&present=on');
  await drawn(box(page, 'distance-by-n'));
  await expect(page.locator('.places')).toBeHidden();
  await expect(page.locator('.tools').first()).toBeHidden();
  await page.keyboard.press('ArrowRight');
  await expect(page.locator('.chapter h2')).toHaveText('Low precision makes it final');
  await page.keyboard.press('PageUp');
  await expect(page.locator('.chapter h2')).toHaveText('The last token collapses');
  await page.keyboard.press('Escape');
  await expect(page.locator('.places')).toBeVisible();
  expect(await hash(page)).toBe('#v=1&at=collapse');
});

test('presenting takes the whole screen, and the browser’s way out of it ends the presentation', async ({ page }) => {
  await open(page, '#v=1&at=collapse');
  const isWhole = () => page.evaluate(() => document.fullscreenElement === document.documentElement);
  await page.getByRole('button', { name: 'Present' }).click();
  await expect.poll(isWhole).toBe(true);
  await page.keyboard.press('Escape');
  await expect(page.locator('html')).not.toHaveAttribute('data-present', 'on');
  await expect.poll(isWhole).toBe(false);
  await page.getByRole('button', { name: 'Present' }).click();
  await expect.poll(isWhole).toBe(true);
  await page.evaluate(() => document.exitFullscreen());
  await expect(page.locator('html')).not.toHaveAttribute('data-present', 'on');
});

test('Space leads on after Present was pressed, and Shift and Space back', async ({ page }) => {
  await open(page, '#v=1&at=collapse');
  await page.getByRole('button', { name: 'Present' }).click();
  await page.keyboard.press('Space');
  await expect(page.locator('.chapter h2')).toHaveText('Low precision makes it final');
  await page.keyboard.press('Shift+Space');
  await expect(page.locator('.chapter h2')).toHaveText('The last token collapses');
  await expect(page.locator('html')).toHaveAttribute('data-present', 'on');
});

test('a lesson in which there is no step is said to have none', async ({ page }) => {
  await open(page, '#v=1&lesson=xxxx');
  await expect(page.locator('.notices .notice')).toContainText('The lesson in this link has no step');
});

test('a part of the form stands alone too', async ({ page }) => {
  for (const [hash, part] of [['#v=1&at=collapse&embed=story', 'story'], ['#v=1&embed=sequences', 'sequences']]) {
    await open(page, hash);
    await expect(page.locator(`[data-part="${part}"]`)).toBeVisible();
    await expect(page.locator('.masthead')).toBeHidden();
    await expect(page.locator('[data-part="model"]')).toBeHidden();
  }
});

test('parts that a link hides are gone, the rest stays', async ({ page }) => {
  await open(page, `${BENCH}&hide=presets,model,instruments`);
  await drawn(box(page, 'distance-by-n'));
  for (const part of ['presets', 'model', 'instruments']) await expect(page.locator(`[data-part="${part}"]`)).toBeHidden();
  await expect(page.locator('[data-part="sequences"]')).toBeVisible();
});

test('the snippet of one figure works in another page', async ({ page }) => {
  await open(page, '#v=1&n=9');
  await settled(page);
  await page.locator('[data-part="share"] summary', { hasText: 'Embed' }).click();
  const snippet = await page.locator('[data-part="share"] .taken', { hasText: '<iframe' }).textContent();
  expect(snippet).toContain('embed=by-n');
  const origin = new URL(page.url()).origin;
  await page.route(`${origin}/other.html`, (route) => route.fulfill({ contentType: 'text/html', body: `<!doctype html><title>Other</title>${snippet}` }));
  await page.goto(`${origin}/other.html`);
  const frame = page.frameLocator('iframe');
  await drawn(frame.locator('.box.distance-by-n'));
  await expect(frame.locator('.masthead')).toBeHidden();
  await expect(frame.locator('[data-part="by-layer"]')).toBeHidden();
  await expect(frame.getByRole('link', { name: 'Open in Glasses' })).toHaveAttribute('href', /#v=1&n=9$/);
});

test('in a column of 800 pixels no frame is too low for its figure', async ({ page }) => {
  await page.setViewportSize({ width: 1280, height: 1000 });
  await open(page, '#v=1&at=bench&task=ones&weights=alibi&n=9&max=24');
  await settled(page);
  await page.locator('[data-part="share"] summary', { hasText: 'Embed' }).click();
  const snippets = [];
  for (const option of await page.locator('#embed-part option').all()) {
    await page.locator('#embed-part').selectOption(await option.getAttribute('value'));
    snippets.push(await page.locator('[data-part="share"] .taken', { hasText: '<iframe' }).textContent());
  }
  expect(snippets.length).toBeGreaterThan(8);
  const origin = new URL(page.url()).origin;
  const tooLow = [];
  // An instrument may have several figures, below each other.
  for (const snippet of snippets.filter((snippet) => !snippet.includes('embed=instruments'))) {
    await page.route(`${origin}/other.html`, (route) =>
      route.fulfill({ contentType: 'text/html', body: `<!doctype html><title>Other</title><div style="width: 800px">${snippet}</div>` }));
    await page.goto(`${origin}/other.html`);
    const inner = page.frameLocator('iframe').locator('html[data-idle]');
    await inner.waitFor({ timeout: 60_000 });
    const missing = await inner.evaluate((root) => root.scrollHeight - root.clientHeight);
    if (missing > 0) tooLow.push([/embed=([-a-z]+)/.exec(snippet)[1], missing]);
    await page.unroute(`${origin}/other.html`);
  }
  expect(tooLow).toEqual([]);
});

test('a figure is taken away as SVG, PNG, CSV and JSON, with where it came from', async ({ page }) => {
  await open(page, '#v=1&n=9');
  await settled(page);
  const details = page.locator('[data-part="by-layer"] details.numbers');
  await details.locator('summary').click();
  const save = async (kind) => {
    const [download] = await Promise.all([page.waitForEvent('download'), details.getByRole('button', { name: kind }).click()]);
    expect(download.suggestedFilename()).toBe(`glasses-distance-by-layer-n-9.${kind.toLowerCase()}`);
    return readFile(await download.path());
  };
  const svg = (await save('SVG')).toString();
  expect(svg).toMatch(/^<svg xmlns/);
  expect(svg).toContain('seeded random weights');
  expect((await save('PNG')).subarray(1, 4).toString()).toBe('PNG');
  expect((await save('CSV')).toString().split('\r\n').length).toBeGreaterThan(5);
  const json = JSON.parse((await save('JSON')).toString());
  expect(json.link).toContain('#v=1&n=9');
  expect(json.rows.length).toBeGreaterThan(4);
  expect(json.rows.every((row) => row.length === json.columns.length)).toBe(true);
  // The picture stays while the text can't be read, and so does the link of its numbers.
  await page.locator('#field-a').fill('1^(');
  expect(JSON.parse((await save('JSON')).toString())).toEqual(json);
});

test('the link is there as a QR code, the command line and the citation too', async ({ page }) => {
  await open(page, '#v=1&n=9');
  const share = page.locator('[data-part="share"]');
  for (const title of ['QR code', 'Command line', 'Cite']) await share.locator('summary', { hasText: title }).click();
  await expect(share.locator('.qr path')).toHaveAttribute('d', /^M4 4h7/);
  await expect(share.locator('.taken', { hasText: 'cargo run' })).toContainText("report 'v=1&n=9'");
  await expect(share.locator('.taken', { hasText: '@inproceedings' })).toContainText('2406.04267');
});

test('in Chinese everything is Chinese, the link keeps it, and Chinese input is shown and explained', async ({ page }) => {
  const problems = await open(page, '');
  await drawn(box(page, 'attention-row'));
  await page.getByRole('link', { name: '中文' }).click();
  await expect(page.locator('.chapter h2')).toHaveText('softmax 越摊越薄');
  await drawn(box(page, 'attention-row'));
  expect(await hash(page)).toContain('lang=zh');
  expect(await page.evaluate(() => document.documentElement.lang)).toBe('zh');
  await page.getByRole('link', { name: '工作台' }).click();
  await drawn(box(page, 'distance-by-n'));
  await expect(box(page, 'distance-by-n')).toHaveAttribute('aria-label', /[\u4e00-\u9fff]{4}/);
  // What people read on the bench and has no Chinese letter: names, formulas and numbers only.
  const english = await page.evaluate(() => {
    const words = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const { parentElement, data } = walker.currentNode;
      if (parentElement.closest('script, style, code, pre, [hidden], .brand, footer a, option') || !parentElement.checkVisibility()) continue;
      if (/[A-Za-z]{3,} [A-Za-z]{3,} [A-Za-z]{3,}/.test(data) && !/[\u4e00-\u9fff]/.test(data)) words.push(data.trim());
    }
    return words;
  });
  expect(english).toEqual([]);
  await page.locator('#field-a').fill('数一数');
  await expect(page.locator('.sequence-a .refusal')).toContainText('数');
  await expect(page.locator('#field-a')).toHaveValue('数一数');
  expect(problems).toEqual([]);
});

test('a ready lesson takes the place of what is written, and that can be brought back', async ({ page }) => {
  await open(page, '#v=1&at=teach');
  const text = page.locator('#lesson-text');
  await text.focus();
  await page.keyboard.type('Mine\n\nLook.\n#v=1&n=9');
  const written = await text.inputValue();
  await page.getByRole('button', { name: '10 minutes' }).focus();
  await page.keyboard.press('Enter');
  await expect(text).toHaveValue(/^Can a transformer count/);
  await page.keyboard.press('Control+z');
  await expect(text).toHaveValue(written);
  await expect(page.getByRole('button', { name: '10 minutes' })).toBeVisible();
});

for (const [lang, names] of [['en', ['Previous step', 'Next step', 'Leave the lesson']], ['zh', ['上一步', '下一步', '退出课程']]]) {
  test(`a lesson that is given has one way out, and its words have the width of the screen: ${lang}`, async ({ page }) => {
    await page.setViewportSize({ width: 1024, height: 768 });
    await open(page, `#v=1&at=teach&lang=${lang}`);
    await page.getByRole('button', { name: lang === 'en' ? '10 minutes' : '10 分钟' }).click();
    await page.getByRole('button', { name: lang === 'en' ? 'Start the lesson' : '开始上课' }).click();
    const bar = page.locator('.lesson-bar');
    for (const name of names) await expect(bar.getByRole('button', { name })).toBeVisible();
    await expect(page.getByRole('button', { name: lang === 'en' ? 'End' : '结束', exact: true })).toBeHidden();
    const tops = await bar.locator('.ways button').evaluateAll((buttons) => buttons.map((button) => {
      const { top, bottom } = button.getBoundingClientRect();
      return (top + bottom) / 2;
    }));
    expect(Math.max(...tops) - Math.min(...tops)).toBeLessThan(6);
    await page.keyboard.press('ArrowRight');
    const sentence = bar.locator('.lesson-sentence');
    await expect(sentence).toHaveText(lang === 'en' ? /^And two hundred/ : /^两百个呢/);
    expect(await sentence.evaluate((words) => words.clientHeight / Number.parseFloat(getComputedStyle(words).lineHeight))).toBeLessThan(1.6);
    expect((await sentence.boundingBox()).width).toBeGreaterThan(800);
    await bar.getByRole('button', { name: names[2] }).click();
    await expect(page.locator('#lesson-text')).toBeVisible();
    await expect(page.locator('html')).not.toHaveAttribute('data-present', 'on');
  });
}

for (const [lang, lesson, label] of [
  ['en', 'T\n\nTwenty ones: right.\n#v=1&n=20\n\nAnd two hundred?\n#v=1&at=counting\n\nSay what you expect.\n#v=1&at=counting', 'I expect:'],
  ['zh', 'T\n\n二十个：对。\n#v=1&n=20\n\n两百个呢？\n#v=1&at=counting\n\n写下你的预测。\n#v=1&at=counting', '我的预测：'],
]) {
  test(`the handout has a line to write a guess on where a step asks for one, and the picture of what was computed: ${lang}`, async ({ page }) => {
    await open(page, `#v=1&n=20&lang=${lang}`);
    await idle(page);
    await page.getByRole('link', { name: lang === 'en' ? 'Teach' : '教学' }).click();
    await page.locator('#lesson-text').focus();
    await page.keyboard.insertText(lesson);
    const steps = page.locator('.handout-steps li');
    await expect(steps).toHaveCount(3);
    await expect(steps.nth(0).locator('.handout-guess')).toHaveCount(0);
    for (const at of [1, 2]) await expect(steps.nth(at).locator('.handout-guess')).toContainText(label);
    await page.emulateMedia({ media: 'print' });
    // As it was computed on the bench; of the others there is no picture yet.
    await expect(steps.nth(0).locator('.thumbnail canvas')).toBeVisible();
    for (const at of [1, 2]) await expect(steps.nth(at).locator('.thumbnail')).toBeHidden();
    expect((await steps.nth(1).locator('.handout-guess span').boundingBox()).width).toBeGreaterThan(200);
  });
}
