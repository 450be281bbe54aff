// Each convenience of a browser is taken away in each way, in the page and in its workers: the page computes and draws, nothing goes wrong on
// the console, and what can't be done any more says why. A page lacks all of them at once: in one way, or each in another way, in turn. That is
// eight pages for all rows in all ways. GLASSES_ONE_BY_ONE=1 opens a page for each row in each way, two dozen times as long.
import { chromium, expect, test } from '@playwright/test';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CONVENIENCES, WAYS, takeAway, waysOf } from './conveniences.mjs';
import { box, drawn, open, settled } from './glasses.mjs';
import { host } from './site.mjs';
import { inWorkers } from './worker.mjs';

// What is computed in a moment.
const QUICK = '#v=1&n=5&max=12';

/** Takes rows away, each in its way, in the page before its first script, and in every worker before its own. */
async function without(page, taken) {
  for (const given of taken) await page.addInitScript(takeAway, given);
  await inWorkers(page, taken.map((given) => `(${takeAway})(${JSON.stringify(given)});`).join('\n'));
}

/** What stands in the address. A page whose clock is taken away can't be asked: what asks it reads the clock first. */
const hash = (page) => new URL(page.url()).hash;

/** Opens the page, and holds that it computes and draws. */
async function works(page, hash = QUICK) {
  const problems = await open(page, hash);
  await settled(page, { timeout: 60_000 });
  // An empty box is a picture of less.
  for (const name of ['distance-by-n', 'attention-a']) expect((await box(page, name).screenshot()).length, name).toBeGreaterThan(6000);
  await expect(page.locator('.notices .notice.alarm')).toHaveCount(0);
  await expect(page.locator('#fault, #starting, #unstyled').filter({ visible: true })).toHaveCount(0);
  return problems;
}

const share = (page) => page.locator('[data-part="share"]');
const files = (page) => page.locator('[data-part="by-layer"] details.numbers');
/** What is said when a file of a figure is asked for. */
async function refusal(page, file, said) {
  await files(page).locator('summary').click();
  await files(page).getByRole('button', { name: file }).click();
  await expect(files(page).locator('.refusal')).toContainText(said);
  await files(page).locator('summary').click();
}

/** What a reader is told, by the word that a row has under `said`. The last of them leaves the place. */
const SAYS = {
  async copy(page) {
    await share(page).getByRole('button', { name: 'Copy link' }).click();
    await expect(share(page).locator('.by-hand input')).toHaveValue(/#v=1&b=1%5En0&n=6&max=12$/);
  },
  save: (page) => refusal(page, 'CSV', 'does not let this page save files'),
  picture: (page, way) => refusal(page, 'PNG', way === 'rejects' ? 'save it as SVG' : /save files|no answer/),
  async print(page, way) {
    // One that does nothing can't be told from one whose dialog was closed.
    if (way === 'never answers') return;
    await page.getByRole('link', { name: 'Teach' }).click();
    await page.getByRole('button', { name: '10 minutes' }).click();
    await page.getByRole('button', { name: 'Print a handout' }).click();
    await expect(page.locator('[data-part="lesson"] .refusal', { hasText: 'does not let this page print' })).toBeVisible();
  },
};

const USED = CONVENIENCES.filter(({ isUsed }) => isUsed !== false);

/** Opens a page that lacks what is taken: it draws, what is typed is computed and reaches the address, and it says what is lost in that way. */
async function goesOn(page, taken, saidIn = {}) {
  await without(page, taken);
  const problems = await works(page);
  await page.locator('#field-n').fill('6');
  await page.locator('#field-b').fill('1^n0');
  await settled(page, { timeout: 60_000 });
  await expect.poll(() => hash(page)).toBe('#v=1&b=1%5En0&n=6&max=12');
  for (const [said, way] of Object.entries(saidIn)) await SAYS[said](page, way);
  expect(problems).toEqual([]);
}

/** What is said where rows are taken away, in the order of SAYS. */
const saidOf = (taken) => {
  const ways = Object.fromEntries(taken.flatMap(({ rows, way }) => rows.map(({ said }) => [said, way])));
  return Object.fromEntries(Object.keys(SAYS).filter((said) => said in ways).map((said) => [said, ways[said]]));
};

for (const row of process.env.GLASSES_ONE_BY_ONE ? USED : []) {
  for (const way of waysOf(row)) {
    const taken = [{ rows: [row], way }];
    test(`the page works without ${row.name}: ${way}`, ({ page }) => goesOn(page, taken, saidOf(taken)));
  }
}

/** All rows, each in one of its ways: over four turns in all of them. */
const mixed = (turn) => USED.map((row, index) => ({ rows: [row], way: waysOf(row)[(index + turn) % waysOf(row).length] }));
const alike = (way) => [{ rows: CONVENIENCES.filter((row) => waysOf(row).includes(way)), way }];

for (const [how, taken] of [...WAYS.map((way) => [way, alike(way)]), ...WAYS.map((_, turn) => [`each in another way, turn ${turn + 1}`, mixed(turn)])]) {
  test(`the page works where all of them are taken away at once: ${how}`, ({ page }) => goesOn(page, taken, saidOf(taken)));
}

test('where there is no history, what is typed while the address is written stays', async ({ page }) => {
  await without(page, [{ rows: USED.filter(({ name }) => name.startsWith('history.')), way: 'throws' }]);
  await works(page);
  // The browser announces the page's own write as if somebody had gone there, and comes to it after the next key.
  await page.evaluate(() => {
    const type = () => {
      const field = document.querySelector('#field-b');
      field.value = '1^n0';
      field.dispatchEvent(new Event('input', { bubbles: true }));
    };
    addEventListener('popstate', type, { capture: true, once: true });
  });
  await page.locator('#field-n').fill('6');
  await expect.poll(() => hash(page)).toBe('#v=1&b=1%5En0&n=6&max=12');
  await expect(page.locator('#field-b')).toHaveValue('1^n0');
});

test('where a canvas gives no PNG file, the SVG is there', async ({ page }) => {
  await without(page, [{ rows: USED.filter(({ said }) => said === 'picture'), way: 'throws' }]);
  await works(page);
  await SAYS.picture(page, 'throws');
  await files(page).locator('summary').click();
  const [download] = await Promise.all([page.waitForEvent('download'), files(page).getByRole('button', { name: 'SVG' }).click()]);
  expect(download.suggestedFilename()).toMatch(/^glasses-distance-by-layer-.*\.svg$/);
});

test('in a browser that denies all storage, the figure appears in a frame of another host', async ({ baseURL }, { project }) => {
  const folder = await mkdtemp(join(tmpdir(), 'glasses-denied-'));
  await mkdir(join(folder, 'Default'));
  await writeFile(join(folder, 'Default/Preferences'), JSON.stringify({ profile: { default_content_setting_values: { cookies: 2 } } }));
  const context = await chromium.launchPersistentContext(folder, project.use.launchOptions);
  const other = await host();
  try {
    const page = await context.newPage();
    const problems = [];
    page.on('pageerror', (error) => problems.push(error.message));
    other.changed.set('frame.html', `<!doctype html><title>Another</title><iframe src="${baseURL}${QUICK}&embed=by-n" width="1000" height="800"></iframe>`);
    await page.goto(`${other.address.replace('127.0.0.1', 'localhost')}frame.html`);
    const frame = page.frameLocator('iframe');
    await drawn(frame.locator('.box.distance-by-n'));
    const isDenied = await frame.locator('html').evaluate(() => {
      try {
        return localStorage === undefined;
      } catch {
        return true;
      }
    });
    expect(isDenied).toBe(true);
    await expect(frame.locator('.notices .notice:visible')).toHaveCount(0);
    expect(problems).toEqual([]);
  } finally {
    await context.close();
    await other.close();
    await rm(folder, { recursive: true, force: true });
  }
});
