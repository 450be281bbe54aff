// Without a network after the first visit; a newer version that is offered, and never mixed with the one that is open.
import { expect, test as base } from '@playwright/test';
import { CONVENIENCES, WAYS, takeAway } from './conveniences.mjs';
import { BENCH, box, device, drawn, settled } from './glasses.mjs';
import { built, filesOf, host, nextVersion } from './site.mjs';

const test = base.extend({
  site: async ({}, use) => {
    const site = await host();
    await use(site);
    await site.close();
  },
});
test.use({ serviceWorkers: 'allow' });

const bar = (page) => page.locator('.newer');
const sentences = { ready: 'A newer version is ready.', use: 'Use it', dismiss: 'Dismiss' };
const controlled = (page) => page.evaluate(() => navigator.serviceWorker.controller !== null);
const lookForNewer = (page) => page.evaluate(async () => (await navigator.serviceWorker.ready).update().catch(() => {}));

/** Opens the page and waits until all that it needs is kept. */
async function visit(page, site, hash = BENCH) {
  await page.goto(site.address + hash);
  await settled(page);
  await page.evaluate(async () => {
    const { active } = await navigator.serviceWorker.ready;
    if (active.state !== 'activated') await new Promise((done) => active.addEventListener('statechange', done, { once: true }));
  });
}

test('after one visit the page opens and computes without a network', async ({ page, site }) => {
  await visit(page, site);
  expect(await controlled(page), 'the first visit is left alone').toBe(false);
  await site.close();

  await page.reload();
  await settled(page);
  expect(await controlled(page)).toBe(true);
  await expect(device(page)).toHaveText('CPU');
  const told = await box(page, 'distance-by-layer').getAttribute('aria-label');
  await page.locator('#field-b').fill('1^n0');
  await expect(box(page, 'distance-by-layer')).not.toHaveAttribute('aria-label', told);
  await settled(page);
  await expect(bar(page)).toHaveCount(0);
});

/** A reader who asked the browser to save data: the page keeps what was asked for, and no more. */
const sparing = (page) => page.addInitScript(() => {
  Object.defineProperty(Navigator.prototype, 'connection', { configurable: true, get: () => ({ saveData: true }) });
});

/** The files that are kept, by name. */
const kept = (page) => page.evaluate(async () => {
  const names = await Promise.all((await caches.keys()).map(async (name) => (await (await caches.open(name)).keys()).map(({ url }) => url)));
  return names.flat().map((url) => url.split('?')[0].split('/some/where/')[1]);
});

test('once the page is idle, all that is its own is kept: the gallery, never visited, is there without a network', async ({ page, site }) => {
  await visit(page, site);
  const all = (await filesOf('gallery')).concat(await filesOf('weights'), 'licences.html');
  await expect.poll(async () => {
    const there = await kept(page);
    return all.filter((name) => !there.includes(name));
  }, { timeout: 60_000 }).toEqual([]);
  expect((await kept(page)).filter((name) => name.startsWith('worker_webgpu')), 'what most have no use for').toEqual([]);
  await site.close();

  for (const scheme of ['light', 'dark']) {
    await page.goto('about:blank');
    await page.emulateMedia({ colorScheme: scheme });
    await page.goto(`${site.address}#v=1&at=gallery`);
    await expect(page.locator('.exhibit')).toHaveCount(16);
    for (const card of await page.locator('.exhibit').all()) {
      await card.scrollIntoViewIfNeeded();
      await expect.poll(() => card.locator('img:visible').evaluate((img) => img.complete && img.naturalWidth)).toBe(432);
    }
  }
  await page.goto(`${site.address}#v=1&n=20&task=ones&weights=rotary`);
  await page.reload();
  await expect(page.locator('.answer-a .value')).toHaveText('20');
  await page.goto(`${site.address}licences.html`);
  await expect(page.locator('h1')).toHaveText('Licences');
});

test('a trained model that was used once is there without a network, and another one says that it is not', async ({ page, site }) => {
  await sparing(page);
  const link = (weights) => `#v=1&n=20&task=ones&weights=${weights}`;
  await visit(page, site, link('alibi'));
  await page.reload();
  await expect(page.locator('.answer-a .value')).toHaveText('20');
  await site.close();

  await page.reload();
  await expect(page.locator('.answer-a .value')).toHaveText('20');
  await page.goto(`${site.address}?${link('rotary')}`);
  await expect(page.locator('.notices')).toContainText('rotary.safetensors');
  await settled(page);
});

test('a newer version is offered, and used when the reader says so, in every open page', async ({ page, context, site }) => {
  await visit(page, site);
  await page.reload();
  await page.locator('#field-n').fill('12');
  await page.locator('#field-n').blur();
  const other = await context.newPage();
  await visit(other, site);

  Object.entries(await nextVersion()).forEach(([name, body]) => site.changed.set(name, body));
  site.asked.length = 0;
  await lookForNewer(page);
  await expect(bar(page)).toContainText(sentences.ready);
  await expect(bar(other)).toContainText(sentences.ready);
  expect(site.asked.filter((name) => name.endsWith('.wasm')), 'what did not change is not fetched again').toEqual([]);

  // Until then nothing changes, not even for a page that is opened now.
  await other.reload();
  await expect(other).toHaveTitle(/^Glasses/);
  await expect(bar(other)).toBeVisible();
  await bar(other).getByRole('button', { name: sentences.dismiss }).click();
  await expect(bar(other)).toHaveCount(0);

  await bar(page).getByRole('button', { name: sentences.use }).click();
  await expect(page).toHaveTitle(/^Next: Glasses/);
  await expect(other).toHaveTitle(/^Next: Glasses/);
  await settled(page);
  await expect(page.locator('#field-n')).toHaveValue('12');
  await expect(bar(page)).toHaveCount(0);
  const kept = await page.evaluate(async () => {
    const names = await caches.keys();
    const keys = await (await caches.open(names[0])).keys();
    return { caches: names.length, pages: keys.filter(({ url }) => url.includes('/index.html?')).length };
  });
  expect(kept).toEqual({ caches: 1, pages: 1 });
});

test('half a version is not taken: the one before stays, whole', async ({ page, site }) => {
  await visit(page, site);
  await page.reload();
  const next = await nextVersion();
  site.changed.set('service-worker.js', next['service-worker.js']);
  await lookForNewer(page);
  await expect(bar(page)).toHaveCount(0);
  await page.reload();
  await expect(page).toHaveTitle(/^Glasses/);
  await settled(page);

  // The rest of it arrives.
  site.changed.set('index.html', next['index.html']);
  await lookForNewer(page);
  await expect(bar(page)).toBeVisible();
});

test('a version that the browser threw away goes, and the newest comes', async ({ page, site }) => {
  await visit(page, site);
  await page.reload();
  Object.entries(await nextVersion()).forEach(([name, body]) => site.changed.set(name, body));
  await page.evaluate(async () => Promise.all((await caches.keys()).map((name) => caches.delete(name))));
  await page.reload();
  await expect(page).toHaveTitle(/^Next: Glasses/);
  await settled(page);
});

test('a file of another version is refused where this one asks for it', async ({ page, site }) => {
  await sparing(page);
  await visit(page, site);
  await page.reload();
  await settled(page);
  const ask = (name) => page.evaluate((name) => fetch(name).then((file) => file.arrayBuffer()).then((bytes) => bytes.byteLength, () => -1), name);
  const name = 'weights/sigmoid.safetensors';
  const whole = await built(name);
  site.changed.set(name, Buffer.concat([whole, Buffer.from('more')]));
  expect(await ask(name)).toBe(-1);
  site.changed.delete(name);
  expect(await ask(name)).toBe(whole.length);
  site.asked.length = 0;
  expect(await ask(name)).toBe(whole.length);
  // When a browser looks for a newer service worker is its own affair.
  expect(site.asked.filter((name) => name !== 'service-worker.js'), 'kept from then on').toEqual([]);
});

test('a browser that forbids service workers shows the page as ever', async ({ browser, site }) => {
  const context = await browser.newContext({ serviceWorkers: 'block' });
  const page = await context.newPage();
  const problems = [];
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
  await page.addInitScript(() => {
    Object.defineProperty(Navigator.prototype, 'serviceWorker', { get: () => undefined });
  });
  await page.goto(site.address + BENCH);
  await settled(page);
  expect(problems).toEqual([]);
  await context.close();
});

test('the page can be installed', async ({ page, site }) => {
  await page.goto(site.address);
  const href = await page.locator('link[rel="manifest"]').getAttribute('href');
  const manifest = await (await page.request.get(site.address + href)).json();
  expect(manifest).toMatchObject({ short_name: 'Glasses', start_url: './', scope: './' });
  expect(manifest.theme_color).toMatch(/^#[0-9a-f]{6}$/);
  const colours = await page.locator('meta[name="theme-color"]').evaluateAll((all) => all.map((meta) => meta.content));
  expect(colours[0]).toBe(manifest.theme_color);
  expect(colours[1]).toMatch(/^#[0-9a-f]{6}$/);

  const apple = await page.locator('link[rel="apple-touch-icon"]').getAttribute('href');
  for (const { src, sizes, type } of [...manifest.icons, { src: apple, sizes: '180x180', type: 'image/png' }]) {
    const icon = await page.request.get(site.address + src);
    expect(icon.headers()['content-type'], src).toBe(type);
    const width = await page.evaluate(async (src) => {
      const image = new Image();
      image.src = src;
      await image.decode();
      return `${image.naturalWidth}x${image.naturalHeight}`;
    }, src);
    if (sizes !== 'any') expect(width, src).toBe(sizes);
  }
  // What Chromium itself has against it: nothing, but for the private window that a test is.
  const devtools = await page.context().newCDPSession(page);
  const { errors } = await devtools.send('Page.getAppManifest');
  expect(errors).toEqual([]);
  const { installabilityErrors } = await devtools.send('Page.getInstallabilityErrors');
  expect(installabilityErrors.map(({ errorId }) => errorId).filter((id) => id !== 'in-incognito')).toEqual([]);
});

test('a reader who saves data is told in words which pictures are not there, and gets them with the network', async ({ page, site }) => {
  await sparing(page);
  await visit(page, site);
  expect((await kept(page)).filter((name) => name.startsWith('gallery/'))).toEqual([]);
  await page.reload();
  await settled(page);
  site.cut = () => true;
  await page.getByRole('link', { name: 'Gallery' }).click();
  for (const card of await page.locator('.exhibit').all()) {
    await card.scrollIntoViewIfNeeded();
    await expect(card.locator('.missing')).toContainText('is not kept in this browser');
    await expect(card.locator('img')).toHaveCount(0);
  }
  // What the picture would show is computed all the same.
  await page.locator('.exhibit', { hasText: 'Figure 8' }).click();
  await drawn(box(page, 'paper'));
  await page.goBack();
  site.cut = () => false;
  await page.evaluate(() => dispatchEvent(new Event('online')));
  await expect(page.locator('.exhibit .missing')).toHaveCount(0);
});

/** Opens the page and opens it again, where nothing may go wrong on the console. */
async function worksTwice(page, site) {
  const problems = [];
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
  for (const visit of ['', '?again']) {
    await page.goto(site.address + visit + BENCH);
    await settled(page, { timeout: 60_000 });
    // Long enough for a worker to be installed.
    await page.waitForTimeout(1000);
  }
  expect(problems).toEqual([]);
}

const STORING = CONVENIENCES.filter(({ name }) => name === 'caches' || name === 'crypto.subtle');
for (const way of WAYS) {
  test(`a service worker without a place to keep files (${way}) is none, and the page works without a word`, async ({ page, site }) => {
    const script = (await built('service-worker.js')).toString();
    site.changed.set('service-worker.js', Buffer.from(`(${takeAway})(${JSON.stringify({ rows: STORING, way })});\n${script}`));
    await worksTwice(page, site);
    await expect(bar(page)).toHaveCount(0);
  });
}

for (const [way, open] of Object.entries({
  throws: () => { throw new Error('no'); },
  rejects: () => Promise.reject(new Error('no')),
  'never answers': () => new Promise(() => {}),
})) {
  test(`a service worker whose store ${way} later on gives the page from the network`, async ({ page, site }) => {
    const script = (await built('service-worker.js')).toString();
    // Once it is installed, as after a disk that went bad.
    site.changed.set('service-worker.js', Buffer.from(`${script}\naddEventListener('activate', () => { caches.open = ${open}; });`));
    await worksTwice(page, site);
  });
}

