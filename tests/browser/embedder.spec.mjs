// A page of another host that shows this one in a frame: it hears the link of what is shown, and sends one. And the script that does both in a
// notebook, with a widget's model made of a list.
import { expect, test } from '@playwright/test';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { host } from './site.mjs';

const LIVE = fileURLToPath(new URL('../../crate/python/python/glasses/_live.js', import.meta.url));

const embedding = (frame) => `<!doctype html><title>Another</title><link rel="icon" href="data:,">${frame}
<script>
  const heard = [];
  addEventListener('message', ({ data, source }) => {
    if (source === frames[0]) heard.push(data);
  });
</script>`;

/** A page of another host with this one in its frame; the list fills with whatever goes wrong. */
async function embedded(page, other, baseURL, link) {
  const problems = [];
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
  other.changed.set('another.html', embedding(`<iframe src="${baseURL}#${link}" width="1200" height="700"></iframe>`));
  await page.goto(`${other.address.replace('127.0.0.1', 'localhost')}another.html`);
  return problems;
}

const field = (page) => page.frameLocator('iframe').first().locator('#field-n');
const heard = (page) => page.evaluate(() => heard);
const last = (page) => page.evaluate(() => heard.at(-1));
const send = (page, message) => page.evaluate((message) => frames[0].postMessage(message, '*'), message);
/** Longer than the page waits before it tells a link. */
const waited = (page) => page.evaluate(() => new Promise((done) => setTimeout(done, 400)));

let other;
test.beforeEach(async () => {
  other = await host();
});
test.afterEach(() => other.close());

test('a page in a frame tells its link, and shows the one that it is sent', async ({ page, baseURL }) => {
  const problems = await embedded(page, other, baseURL, 'v=1&max=12&n=5');
  await expect.poll(() => heard(page)).toEqual([{ glasses: 'v=1&n=5&max=12' }]);
  await field(page).fill('9');
  await expect.poll(() => last(page)).toEqual({ glasses: 'v=1&n=9&max=12' });

  await send(page, { glasses: 'v=1&max=12&n=7&layers=2' });
  await expect(field(page)).toHaveValue('7');
  await expect.poll(() => last(page)).toEqual({ glasses: 'v=1&n=7&max=12&layers=2' });
  await expect.poll(() => page.frames()[1].url()).toBe(`${baseURL}#v=1&n=7&max=12&layers=2`);
  const before = (await heard(page)).length;
  // What is shown already is answered too.
  await send(page, { glasses: 'v=1&max=12&n=7&layers=2' });
  await expect.poll(async () => (await heard(page)).slice(before)).toEqual([{ glasses: 'v=1&n=7&max=12&layers=2' }]);
  // A link is mended, and the page says how, as everywhere.
  await send(page, { glasses: 'v=1&n=12345&max=12' });
  const notices = page.frameLocator('iframe').locator('.notices');
  await expect.poll(() => last(page)).toEqual({ glasses: 'v=1&max=12' });
  await waited(page);
  await expect(notices).toContainText('takes a whole number from 1 to 4096, not “12345”');
  // What was typed a moment ago is written with what is sent, and what is sent last holds.
  await field(page).fill('3');
  await send(page, { glasses: 'v=1&n=4&max=12' });
  await expect(field(page)).toHaveValue('4');
  await expect.poll(() => last(page)).toEqual({ glasses: 'v=1&n=4&max=12' });
  await expect(notices).not.toContainText('12345');
  expect(problems).toEqual([]);
});

test('the language of a link that is sent is the page’s from then on', async ({ page, baseURL }) => {
  await embedded(page, other, baseURL, 'v=1&max=12&n=5');
  await expect.poll(() => heard(page)).toHaveLength(1);
  await send(page, { glasses: 'v=1&max=12&n=6&lang=zh' });
  await expect(page.frameLocator('iframe').locator('html')).toHaveAttribute('lang', /^zh/);
  await expect(field(page)).toHaveValue('6');
  await expect.poll(() => last(page)).toEqual({ glasses: 'v=1&n=6&max=12&lang=zh' });
});

test('what is no link changes nothing, nor does a link from another window', async ({ page, baseURL }) => {
  const problems = await embedded(page, other, baseURL, 'v=1&max=12&n=5');
  await expect.poll(() => heard(page)).toHaveLength(1);
  const link = 'v=1&n=8&max=12';
  const frame = page.frames()[1];
  await frame.evaluate(() => {
    globalThis.arrived = 0;
    addEventListener('message', () => { arrived += 1; });
  });
  const garbage = [null, 5, '', link, [], [link], {}, { glasses: null }, { glasses: 5 }, { glasses: [link] }, { glasses: { link } }, { glasses: '' }, { glasses: 'n=8' }, { glasses: 'nonsense' }, { glasses: `https://example.org/#${link}` }];
  for (const message of garbage) await send(page, message);
  await page.evaluate((link) => frames[0].postMessage({ glasses: link + '&a=' + '1'.repeat(320_000) }, '*'), link);
  await page.evaluate(() => frames[0].postMessage({ glasses: new ArrayBuffer(8) }, '*'));
  // A frame beside it, and the page itself.
  await page.evaluate((link) => {
    const beside = document.createElement('iframe');
    beside.srcdoc = `<script>parent.frames[0].postMessage({ glasses: '${link}' }, '*')</script>`;
    return new Promise((done) => {
      beside.onload = done;
      document.body.append(beside);
    });
  }, link);
  await frame.evaluate((link) => window.postMessage({ glasses: link }, '*'), link);
  await expect.poll(() => frame.evaluate(() => arrived)).toBe(garbage.length + 4);
  await waited(page);
  await expect(field(page)).toHaveValue('5');
  expect(await heard(page)).toHaveLength(1);
  await send(page, { glasses: link });
  await expect(field(page)).toHaveValue('8');
  expect(problems).toEqual([]);
});

test('a page that is in no frame hears nobody', async ({ page }) => {
  await page.goto('./#v=1&max=12&n=5');
  await expect(page.locator('#field-n')).toHaveValue('5');
  await page.evaluate(() => postMessage({ glasses: 'v=1&n=8&max=12' }, '*'));
  await waited(page);
  await expect(page.locator('#field-n')).toHaveValue('5');
});

test('in a notebook the widget’s link is the frame’s, whoever changes it', async ({ page, baseURL }) => {
  other.changed.set('live.js', await readFile(LIVE));
  other.changed.set('notebook.html', `<!doctype html><title>Notebook</title><div id="output"></div><script type="module">
    import live from './live.js';
    const values = { link: 'v=1&n=5&max=12', height: 700, _address: '${baseURL}' };
    const listeners = {};
    const saved = [];
    const model = {
      get: (name) => values[name],
      set(name, value) {
        if (values[name] === value) return;
        values[name] = value;
        for (const listener of [...listeners['change:' + name] ?? []]) listener();
      },
      save_changes: () => saved.push(values.link),
      on: (event, listener) => (listeners[event] ??= new Set()).add(listener),
      off: (event, listener) => listeners[event].delete(listener),
    };
    const leave = live.render({ model, el: document.querySelector('#output') });
    // Set before the page in the frame has started.
    model.set('link', 'v=1&n=6&max=12');
    Object.assign(globalThis, { model, saved, leave, listeners });
  </script>`);
  await page.goto(`${other.address.replace('127.0.0.1', 'localhost')}notebook.html`);
  const link = () => page.evaluate(() => model.get('link'));
  const set = (name, value) => page.evaluate(([name, value]) => model.set(name, value), [name, value]);
  await expect(field(page)).toHaveValue('6');
  await expect(page.locator('iframe')).toHaveAttribute('height', '700');
  await field(page).fill('9');
  await expect.poll(link).toBe('v=1&n=9&max=12');
  expect(await page.evaluate(() => saved.at(-1))).toBe('v=1&n=9&max=12');
  await set('link', 'v=1&n=10&max=12');
  await expect(field(page)).toHaveValue('10');
  await set('height', 500);
  await expect(page.locator('iframe')).toHaveAttribute('height', '500');
  // Another window's message is not the frame's.
  await page.evaluate(() => postMessage({ glasses: 'v=1&n=1' }, '*'));
  await waited(page);
  expect(await link()).toBe('v=1&n=10&max=12');
  expect(await page.evaluate(() => {
    leave();
    return Object.values(listeners).map(({ size }) => size);
  })).toEqual([0, 0]);
});
