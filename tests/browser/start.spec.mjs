// A start that does not go well: files that do not come, come late, or are not what they were; a browser or a frame in which nothing can
// work. What is said is so, says what helps, and goes when it is over.
import { expect, test } from '@playwright/test';
import { BENCH, box, colours, drawn, open, settled } from './glasses.mjs';
import { built, host } from './site.mjs';

const QUICK = '#v=1&n=5&max=12';
const fault = (page) => page.locator('#fault');
const starting = (page) => page.locator('#starting');
const unstyled = (page) => page.locator('#unstyled');

const PROGRAM = /\/glasses-page-[0-9a-f]+\.js$/;
const CODE = /\/glasses-page-[0-9a-f]+_bg\.wasm$/;
const OFFLINE = /\/offline-[0-9a-f]+\.js$/;
const STYLE = /\/figure-[0-9a-f]+\.css$/;
const TEXTS = /\/zh-[0-9a-f]+\.tsv$/;

/** What can become of a file on its way. */
const FATES = {
  'is missing': (route) => route.fulfill({ status: 404, contentType: 'text/html', body: '<!doctype html><title>404</title>' }),
  'is cut off by the network': (route) => route.abort(),
  'never comes': () => {},
  'is damaged': async (route) => {
    const response = await route.fetch();
    const body = await response.body();
    await route.fulfill({ response, body: Buffer.concat([body.subarray(0, body.length / 2), Buffer.from('<html>')]) });
  },
  'is something else': (route) => route.fulfill({ status: 200, contentType: 'text/html', body: '<!doctype html><title>Log in</title>' }),
};

/** The page runs, and nothing is said of its start. */
async function runs(page, hash = QUICK) {
  await page.goto(`./${hash}`, { waitUntil: 'commit' });
  await settled(page, { timeout: 60_000 });
  expect(await colours(page, 'distance-by-n')).toBeGreaterThan(4);
  await expect(fault(page)).toBeHidden();
  await expect(starting(page)).toBeHidden();
}

test('who presses a way on before the program is there goes there with all that the address holds', async ({ page }) => {
  let arrive;
  const pressed = new Promise((resolve) => (arrive = resolve));
  await page.route(CODE, async (route) => {
    await pressed;
    await route.continue();
  });
  await page.goto(`./${QUICK}&a=10&lesson=Ones%0A%0AFew.%0A%23v%3D1`, { waitUntil: 'commit' });
  await page.locator('.places').getByRole('link', { name: 'Teach' }).click();
  arrive();
  await expect(page.locator('.places').getByRole('link', { name: 'Teach' })).toHaveAttribute('aria-current', 'true', { timeout: 60_000 });
  await expect(page.locator('#lesson-text')).toHaveValue(/^Ones/);
  await expect.poll(() => page.evaluate(() => location.hash)).toMatch(/a=10.*at=teach.*lesson=Ones/);
});

for (const [fate, meet] of Object.entries(FATES)) {
  test(`a page whose offline.js ${fate} runs, and says nothing`, async ({ page }) => {
    await page.route(OFFLINE, meet);
    await runs(page);
    await expect(unstyled(page)).toBeHidden();
  });

  for (const [what, file] of [['program', PROGRAM], ['code', CODE]]) {
    test(`a page whose ${what} ${fate} names it and says what helps`, async ({ page }) => {
      await page.route(file, meet);
      await page.goto(`./${QUICK}`, { waitUntil: 'commit' });
      await expect(starting(page)).toContainText(fate === 'never comes' ? 'still waits for' : 'could not be started');
      await expect(starting(page)).toContainText(file === PROGRAM ? /glasses-page-[0-9a-f]+\.js|SyntaxError/ : /glasses-page-[0-9a-f]+_bg\.wasm/);
      await expect(starting(page)).toContainText('oad it again');
      // It is read as a sentence of the page, not as bare text.
      await expect(starting(page)).toHaveCSS('border-inline-start-style', 'solid');
      await expect(page.locator('h1')).toBeVisible();
      await expect(fault(page)).toBeHidden();
    });
  }

  test(`a page whose style ${fate} runs, and says why it looks wrong`, async ({ page }) => {
    await page.route(STYLE, meet);
    await page.goto(`./${QUICK}`, { waitUntil: 'commit' });
    await settled(page, { timeout: 60_000 });
    await expect(starting(page)).toBeHidden();
    // Of one that is cut in the middle a browser takes the first half, and says nothing.
    if (fate !== 'is damaged') await expect(unstyled(page)).toContainText(/figure-[0-9a-f]+\.css/);
    else await expect(unstyled(page)).toBeHidden();
  });

  test(`a page whose Chinese texts ${fate} runs, in English where they are not there`, async ({ page }) => {
    await page.route(TEXTS, meet);
    await page.goto(`./${QUICK}&lang=zh`, { waitUntil: 'commit' });
    if (fate === 'never comes') await expect(starting(page)).toContainText(/zh-[0-9a-f]+\.tsv/);
    await expect(page.locator('html')).toHaveAttribute('data-started', '', { timeout: 60_000 });
    await expect(starting(page)).toBeHidden();
    await drawn(box(page, 'distance-by-n'));
    if (fate === 'is missing' || fate === 'never comes') await expect(page.locator('.notices')).toContainText('Load the page again to have them.');
  });
}

test('a style sheet that fails once is asked for again', async ({ page }) => {
  let asked = 0;
  await page.route(STYLE, (route) => (asked++ ? route.continue() : route.abort()));
  await runs(page);
  await expect(unstyled(page)).toBeHidden();
  await expect(box(page, 'distance-by-n')).toHaveCSS('position', 'relative');
});

test('what is said of a slow start goes once it has started', async ({ page }) => {
  let go;
  const late = new Promise((done) => { go = done; });
  await page.route(CODE, async (route) => {
    await late;
    await route.continue();
  });
  await page.goto(`./${QUICK}`, { waitUntil: 'commit' });
  await expect(starting(page)).toContainText('still waits for its program');
  go();
  await settled(page, { timeout: 60_000 });
  await expect(starting(page)).toBeHidden();
});

test('an error of something else in the page is not taken for the page’s own', async ({ page }) => {
  await page.addInitScript(() => {
    const event = new ErrorEvent('error', { message: 'Script of an extension', filename: 'chrome-extension://abc/content.js' });
    setTimeout(() => dispatchEvent(event));
  });
  await page.route(CODE, async (route) => {
    await page.waitForTimeout(1000);
    await route.continue();
  });
  await page.goto(`./${QUICK}`, { waitUntil: 'commit' });
  await page.waitForTimeout(500);
  await expect(starting(page)).toBeHidden();
  await settled(page, { timeout: 60_000 });
});

for (const [what, take] of Object.entries({
  WebAssembly: () => delete globalThis.WebAssembly,
  'WebAssembly SIMD': () => { WebAssembly.validate = () => false; },
  'Web Workers': () => delete globalThis.Worker,
})) {
  test(`a browser without ${what} is told that it can’t compute anything here`, async ({ page }) => {
    await page.addInitScript(take);
    await page.goto('./');
    await expect(fault(page)).toContainText(`This browser has no ${what}, which`);
    // What can be read without it stays.
    await expect(page.locator('.chapter')).toBeVisible();
    await expect(page.locator('.waiting')).toBeHidden();
    await page.goto('./#v=1&lang=zh');
    await page.reload();
    await expect(fault(page)).toContainText(`本浏览器没有 ${what}`);
  });
}

test('a page that is opened as a file says that it needs a server', async ({ page }) => {
  await page.goto(new URL('../../dist/index.html', import.meta.url).href);
  await expect(fault(page)).toContainText('has to come from a server');
  await expect(starting(page)).toBeHidden();
});

/** A page of another host with the page in a frame. */
async function framed(page, address, attributes) {
  const other = await host();
  other.changed.set('frame.html', `<!doctype html><iframe ${attributes} src="${address}" width="1000" height="800"></iframe>`);
  await page.goto(`${other.address}frame.html`);
  return { frame: page.frameLocator('iframe'), close: other.close };
}

test.describe('in the sandbox of a frame', () => {
  for (const place of ['', BENCH, '#v=1&embed=by-n']) {
    test(`that keeps the page’s files from it, a sentence says what the frame lacks (${place || 'the bare address'})`, async ({ page, baseURL }) => {
      const { frame, close } = await framed(page, baseURL + place, 'sandbox="allow-scripts"');
      await expect(frame.locator('#fault')).toContainText('sandbox="allow-scripts allow-same-origin"');
      await expect(frame.locator('#fault a')).toHaveText(new RegExp(`^${baseURL}`));
      await expect(frame.locator('#fault')).toHaveCSS('border-inline-start-style', 'solid');
      await expect(frame.locator('#fault')).toBeInViewport();
      // What can be read without them stays: the first chapter, which is in the page itself.
      await expect(frame.locator('main')).toBeVisible({ visible: place === '' });
      await close();
    });
  }

  test('in which no script may run, a sentence says what the frame lacks', async ({ page, baseURL }) => {
    for (const sandbox of ['sandbox', 'sandbox="allow-same-origin"']) {
      const { frame, close } = await framed(page, baseURL, sandbox);
      await expect(frame.locator('noscript .fault').first()).toContainText('sandbox="allow-scripts allow-same-origin"');
      await expect(frame.locator('noscript .fault').first()).toHaveCSS('border-inline-start-style', 'solid');
      await expect(frame.getByText('Loading…')).toBeHidden();
      await close();
    }
  });

  test('that allows what the page asks for, it works', async ({ page, baseURL }) => {
    const { frame, close } = await framed(page, `${baseURL}#v=1&n=5&max=12&embed=by-n`, 'sandbox="allow-scripts allow-same-origin"');
    await drawn(frame.locator('.box.distance-by-n'));
    await expect(frame.locator('#fault')).toBeHidden();
    await close();
  });
});

test('a file of the site is what the start depends on, or it is not', async () => {
  // boot.js takes from the head what has to come: what Trunk announces there, and no more.
  const page = (await built('index.html')).toString();
  expect(page.match(/<link rel="modulepreload"[^>]*>/g)).toHaveLength(1);
  expect(page.match(/<link rel="preload"[^>]*>/g)).toHaveLength(1);
  expect(page).not.toMatch(/\sintegrity=/);
});
