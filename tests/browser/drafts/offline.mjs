// Without a network after the first visit; a newer version that is offered, and never mixed with the one that is open.
import { expect, test as base } from '@playwright/test';
import { CONVENIENCES, takeAway, waysOf } from '../conveniences.mjs';
import { BENCH, box, settled } from '../glasses.mjs';
import { built, host } from '../site.mjs';

const test = base.extend({
  site: async ({}, use) => {
    const site = await host();
    await use(site);
    await site.close();
  },
});
test.use({ serviceWorkers: 'allow' });

const bar = (page) => page.locator('.newer');

/** Opens the page and waits until all that it needs is kept. */
async function visit(page, site, hash = BENCH) {
  await page.goto(site.address + hash);
  await settled(page);
  await page.evaluate(async () => {
    const { active } = await navigator.serviceWorker.ready;
    if (active.state !== 'activated') await new Promise((done) => active.addEventListener('statechange', done, { once: true }));
  });
}

/** A reader who asked the browser to save data: the page keeps what was asked for, and no more. */
const sparing = (page) => page.addInitScript(() => {
  Object.defineProperty(Navigator.prototype, 'connection', { configurable: true, get: () => ({ saveData: true }) });
});

/** The files that are kept, by name. */
const kept = (page) => page.evaluate(async () => {
  const names = await Promise.all((await caches.keys()).map(async (name) => (await (await caches.open(name)).keys()).map(({ url }) => url)));
  return names.flat().map((url) => url.split('?')[0].split('/some/where/')[1]);
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
  await expect(box(page, 'paper')).not.toHaveAttribute('aria-label', 'No figure yet.', { timeout: 60_000 });
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

for (const row of CONVENIENCES.filter(({ name }) => name === 'caches' || name === 'crypto.subtle')) {
  for (const way of waysOf(row)) {
    test(`a service worker without ${row.name} (${way}) is none, and the page works without a word`, async ({ page, site }) => {
      const script = (await built('service-worker.js')).toString();
      site.changed.set('service-worker.js', Buffer.from(`(${takeAway})(${JSON.stringify({ rows: [row], way })});\n${script}`));
      await worksTwice(page, site);
      await expect(bar(page)).toHaveCount(0);
    });
  }
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

