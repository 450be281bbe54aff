// What people do, in Firefox: the story, the bench, trained models, a lesson, Chinese, an embedded figure, files, no network.
//
// What is looked at closely is looked at in the specs beside this folder; here it is whether another engine does it at all.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { browser, eventually, journey, pause } from './firefox.mjs';

test('it is a Firefox', async (context) => {
  context.diagnostic(await browser.version());
  assert.match(await browser.version(), /^firefox\//i);
});

journey('the bare address opens the first chapter, drawn by the CPU engine', {}, async (reader) => {
  await reader.open('');
  assert.match(await reader.page.evaluate(() => navigator.userAgent), / Firefox\/\d+/);
  await reader.drawn('attention-row');
  await reader.says('.chapter h2', 'Softmax spreads thin');
  await reader.shows('[data-part="by-n"]', false);
  await reader.links('');
  await reader.press('.places a', 'Bench');
  await reader.says('.badge .device', 'CPU');
});

journey('a reader guesses, sees the answer, tries it, goes on, and Back leads back', {}, async (reader) => {
  await reader.open('');
  const before = await reader.drawn('attention-row');
  await reader.shows('.reveal', false);
  await reader.press('.predict label', 'The same: ones are ones');
  await reader.shows('.reveal');
  await reader.holds('#field-n', '200');
  await reader.links('#v=1&n=200&at=spread');
  assert.notEqual(await reader.drawn('attention-row', /over 204 tokens/), before);

  await reader.press('button', 'Next: The last token collapses');
  await reader.says('.chapter h2', 'The last token collapses');
  await reader.drawn('distance-by-n');
  await reader.links('#v=1&at=collapse');
  await reader.page.goBack();
  await reader.says('.chapter h2', 'Softmax spreads thin');
  await reader.holds('#field-n', '200');
});

journey('on the bench, typing changes the plots and the link, Back undoes it, and a reload keeps it', {}, async (reader) => {
  await reader.open('#v=1');
  for (const name of ['distance-by-n', 'distance-by-layer', 'next-tokens', 'sensitivity', 'attention-a', 'attention-b']) await reader.drawn(name);
  const before = await reader.told('distance-by-layer');
  await reader.write('#field-b', '1^n0');
  await eventually(async () => (await reader.told('distance-by-layer')) !== before, true, 'whether typing changes a plot');
  await reader.page.keyboard.press('Tab');
  await reader.links('#v=1&b=1%5En0');
  const after = await reader.told('distance-by-layer');

  await reader.page.goBack();
  await reader.holds('#field-b', '1^(n+1)');
  await eventually(() => reader.told('distance-by-layer'), before);
  await reader.page.goForward();
  await reader.holds('#field-b', '1^n0');
  await reader.page.reload();
  await reader.holds('#field-b', '1^n0');
  await eventually(() => reader.told('distance-by-layer'), after);

  await reader.write('#field-a', '11^(n*2)');
  await reader.says('.sequence-a .refusal', /Character 6/);
  await reader.holds('#field-a', '11^(n*2)');
});

journey('the mouse and the arrow keys read values off a plot', {}, async (reader) => {
  await reader.open('#v=1&at=collapse');
  await reader.drawn('distance-by-n');
  await (await reader.find('.box.distance-by-n')).hover();
  await reader.says('.box.distance-by-n', /n =/);
  await (await reader.find('.box.distance-by-n')).focus();
  await reader.page.keyboard.press('Home');
  await reader.says('.box.distance-by-n', /n = 1\b/);
});

journey('a trained model is right at 20 and wrong at 200', {}, async (reader) => {
  await reader.open('#v=1&n=20&task=ones&weights=alibi');
  await reader.says('.answer-a .value', '20');
  await reader.says('.answer-a', /right/);
  await reader.says('.answer-b .value', '21');
  await reader.write('#field-n', '200');
  await reader.says('.answer-a', /wrong/);
  await reader.says('.answer-a .truth', /200/);
});

journey('a lesson is written and given by the arrow keys', {}, async (reader) => {
  await reader.open('#v=1&at=teach');
  await reader.write('#lesson-text', 'Ones\n\nFew of them.\n#v=1&n=7&at=collapse\n\nMany of them.\n#v=1&n=100');
  await eventually(() => reader.page.evaluate(() => document.querySelectorAll('.handout-steps li .qr').length), 2, 'the number of steps');
  await reader.press('button', 'Copy the lesson’s link');
  await reader.press('button', 'Copied');
  await reader.press('button', 'Start the lesson');
  await reader.says('.lesson-sentence', 'Few of them.');
  await reader.holds('#field-n', '7');
  await reader.drawn('distance-by-n');
  await reader.page.keyboard.press('ArrowRight');
  await reader.says('.lesson-sentence', 'Many of them.');
  await reader.holds('#field-n', '100');
  // After as many changes as typing made, the address follows half a second behind.
  await reader.links(/[#&]step=2(&|$)/);
  await reader.page.reload();
  await reader.says('.lesson-sentence', 'Many of them.');
  await reader.page.keyboard.press('ArrowLeft');
  await reader.says('.lesson-sentence', 'Few of them.');
  await reader.press('button', 'Leave the lesson');
  await reader.holds('#lesson-text', /Few of them/);
});

journey('in Chinese the story and the bench are Chinese, and the link keeps it', {}, async (reader) => {
  await reader.open('');
  await reader.drawn('attention-row');
  await reader.press('a', '中文');
  await reader.says('.chapter h2', 'softmax 越摊越薄');
  await reader.drawn('attention-row', /[\u4e00-\u9fff]{4}/);
  await reader.links(/lang=zh/);
  assert.equal(await reader.page.evaluate(() => document.documentElement.lang), 'zh');
  await reader.press('.places a', '工作台');
  await reader.drawn('distance-by-n', /[\u4e00-\u9fff]{4}/);
  await reader.write('#field-a', '数一数');
  await reader.says('.sequence-a .refusal', /数/);
});

journey('the snippet of one figure works in another page', {}, async (reader) => {
  await reader.open('#v=1&n=9');
  await reader.drawn('distance-by-n');
  await reader.press('[data-part="share"] summary', 'Embed');
  const snippet = await (await reader.find('[data-part="share"] .taken', '<iframe')).evaluate((element) => element.textContent);
  reader.site.changed.set('other.html', Buffer.from(`<!doctype html><title>Other</title>${snippet}`));
  await reader.page.goto(`${reader.site.address}other.html`);
  const frame = await (await reader.find('iframe')).contentFrame();
  const inFrame = (ask) => eventually(() => frame.evaluate(ask), true, String(ask));
  await inFrame(() => !['No figure yet.', null].includes(document.querySelector('.box.distance-by-n')?.getAttribute('aria-label') ?? null));
  await inFrame(() => !document.querySelector('.masthead').checkVisibility());
  await inFrame(() => /#v=1&n=9$/.test(document.querySelector('.embedded a').href));
});

journey('a figure is saved as SVG, PNG, CSV and JSON', {}, async (reader) => {
  await reader.open('#v=1&n=9');
  await reader.drawn('distance-by-layer');
  const details = '[data-part="by-layer"] details.numbers';
  await reader.press(`${details} summary`, '');
  const save = async (kind) => {
    await reader.press(`${details} button`, kind);
    return reader.saved(`glasses-distance-by-layer-n-9.${kind.toLowerCase()}`);
  };
  assert.match((await save('SVG')).toString(), /^<svg xmlns/);
  assert.equal((await save('PNG')).subarray(1, 4).toString(), 'PNG');
  assert.ok((await save('CSV')).toString().split('\r\n').length > 5);
  assert.match(JSON.parse((await save('JSON')).toString()).link, /#v=1&n=9$/);
});

journey('after one visit the page opens and computes without a network', {}, async (reader) => {
  await reader.open('#v=1');
  const before = await reader.drawn('distance-by-layer');
  await eventually(() => reader.page.evaluate(async () => (await navigator.serviceWorker.ready).active.state), 'activated');
  await reader.site.close();
  await reader.page.reload();
  assert.equal(await reader.drawn('distance-by-layer'), before);
  await reader.write('#field-b', '1^n0');
  await eventually(async () => (await reader.told('distance-by-layer')) !== before, true, 'whether it still computes');
});

journey('on a screen of 360 pixels nothing is wider than it', { window: { width: 360, height: 740 } }, async (reader) => {
  const chapters = ['spread', 'collapse', 'precision', 'counting', 'language', 'early', 'glasses', 'yours'];
  const places = ['', '#v=1', ...[...chapters, 'gallery', 'teach'].map((place) => `#v=1&at=${place}`)];
  for (const hash of [...places, '#v=1&n=20&task=ones&weights=alibi&max=32&tool=answers', '#v=1&lang=zh']) {
    await reader.open(hash);
    await eventually(() => reader.page.evaluate(() => document.documentElement.dataset.started), '');
    await pause(500);
    assert.equal(await reader.page.evaluate(() => innerWidth), 360);
    assert.equal(await reader.overflow(), 0, `pixels by which ${hash} is too wide`);
  }
});
