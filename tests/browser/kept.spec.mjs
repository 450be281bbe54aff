// What becomes of training where the browser keeps nothing, where two tabs train, and where a run does not pause.
import { expect, test } from '@playwright/test';
import { readFile } from 'node:fs/promises';
import { box, open } from './glasses.mjs';
import { inWorkers, STORES } from './worker.mjs';

const RECIPE = 'layers=1&heads=2&d=16&tasks=ones&length=4&batch=8&rate=0.01';
const link = (rest) => `#v=1&n=3&max=16&tool=train&${RECIPE}&${rest}`;
// No machine is at the end of it before a hand is at the button.
const LONG = link('steps=100000');
// The list of what else is kept has buttons of the same names, behind those of the run.
const button = (page, name) => page.getByRole('button', { name, exact: true }).first();
const where = (page) => page.locator('.buttons .hint').first();
const steps = async (page) => Number((await where(page).textContent()).match(/^([\d,]+) of/)?.[1].replaceAll(',', ''));
const refusal = (page, text) => page.locator('.instrument .refusal').filter({ hasText: text });
const others = (page) => page.locator('.kept li');
const SLOW = { timeout: 60_000 };

/** Trains for a moment, and pauses; says where the run is. */
async function trainAWhile(page) {
  await button(page, 'Train').click();
  await expect.poll(() => steps(page), SLOW).toBeGreaterThan(0);
  await button(page, 'Pause').click();
  await expect(button(page, 'Go on')).toBeEnabled(SLOW);
  return steps(page);
}

for (const [how, [script, says]] of Object.entries(STORES)) {
  test(`a run lives in the tab where the store ${how}, and its model is used and saved`, async ({ page }) => {
    await inWorkers(page, script);
    await open(page, link('steps=1200'));
    const paused = await trainAWhile(page);
    await expect(refusal(page, says)).toBeVisible();
    await button(page, 'Go on').click();
    await expect(where(page)).toContainText('1,200 of 1,200 steps', SLOW);
    expect(paused).toBeLessThan(1200);
    await expect(page.locator('.own')).toContainText('right as trained: ones', SLOW);
    const [download] = await Promise.all([page.waitForEvent('download'), button(page, 'Save it as a file').click()]);
    expect((await readFile(await download.path())).includes('"recipe"')).toBe(true);
    await button(page, 'Use it on this page').click();
    await expect(page.locator('.answer-a .value')).not.toHaveText('', SLOW);
    await expect(page.locator('[data-slot="answers"] .computed')).toContainText('your own');
  });
}

test('a store that is gone in the middle of a run costs nothing', async ({ page }) => {
  await inWorkers(page, `addEventListener('message', () => {
    if (self.wasAsked) IDBFactory.prototype.open = () => { throw new DOMException('gone', 'InvalidStateError'); };
    self.wasAsked = self.wasAsked ?? setTimeout(() => { self.wasAsked = true; }, 1000);
  });`);
  await open(page, link('steps=1200'));
  await trainAWhile(page);
  await button(page, 'Go on').click();
  await expect(page.locator('.own')).toContainText('right as trained: ones', SLOW);
});

test('each recipe has a place of its own, in two tabs too', async ({ page, context }) => {
  await open(page, LONG);
  const first = await trainAWhile(page);

  const other = await context.newPage();
  await open(other, link('steps=90000'));
  await expect(others(other)).toHaveCount(1, SLOW);
  await expect(others(other)).toContainText('of 100,000 steps');
  const second = await trainAWhile(other);

  await page.reload();
  await expect.poll(() => steps(page), SLOW).toBe(first);
  await expect(others(page)).toContainText(`${second.toLocaleString('en')} of 90,000 steps`);
  await page.locator('#field-steps').fill('90000');
  await expect.poll(() => steps(page), SLOW).toBe(second);
  await expect(others(page)).toContainText('of 100,000 steps');
  await others(page).getByRole('button', { name: 'Forget it' }).click();
  await expect(others(page)).toHaveCount(0);
  await page.reload();
  await expect(button(page, 'Train')).toBeEnabled(SLOW);
  await expect(where(page)).toHaveText('');
});

test('a recipe that another tab trains is said to be, and goes on here once it pauses there', async ({ page, context }) => {
  await open(page, LONG);
  await button(page, 'Train').click();
  await expect.poll(() => steps(page), SLOW).toBeGreaterThan(0);
  const other = await context.newPage();
  await open(other, LONG);
  await button(other, 'Train').click();
  await expect(refusal(other, 'being trained in another tab')).toBeVisible(SLOW);
  await page.bringToFront();
  await button(page, 'Pause').click();
  await expect(button(page, 'Go on')).toBeEnabled(SLOW);
  const paused = await steps(page);
  await other.bringToFront();
  await other.locator('.buttons .button').first().click();
  await expect.poll(() => steps(other), SLOW).toBeGreaterThan(paused);
  await expect(refusal(other, 'another tab')).toHaveCount(0);
});

test('where there are no locks, a lease says the same', async ({ context }) => {
  const script = `Object.defineProperty(navigator, 'locks', { get() { return undefined; } });`;
  const [page, other] = [await context.newPage(), await context.newPage()];
  for (const tab of [page, other]) await inWorkers(tab, script);
  await open(page, LONG);
  await button(page, 'Train').click();
  await expect.poll(() => steps(page), SLOW).toBeGreaterThan(0);
  await open(other, LONG);
  await button(other, 'Train').click();
  await expect(refusal(other, 'being trained in another tab')).toBeVisible(SLOW);
});

test('a model that another tab keeps does not change the one that is used here', async ({ page, context }) => {
  await open(page, link('steps=12'));
  await button(page, 'Train').click();
  await expect(page.locator('.own')).toContainText('12 steps', SLOW);
  await button(page, 'Use it on this page').click();
  await expect(page.locator('[data-slot="answers"] .computed')).toContainText('your own', SLOW);
  const said = await box(page, 'distance-by-layer').getAttribute('aria-label');

  const other = await context.newPage();
  await open(other, link('steps=14').replace('d=16', 'd=24'));
  await button(other, 'Train').click();
  await expect(other.locator('.own')).toContainText('14 steps', SLOW);

  await page.bringToFront();
  await page.locator('#field-n').fill('9');
  await expect(box(page, 'distance-by-layer')).not.toHaveAttribute('aria-label', said);
  await expect(page.locator('[data-slot="answers"] .computed')).toContainText('your own');
  await expect(page.locator('.notices .notice')).toHaveCount(0);

  await page.getByRole('tab', { name: 'Train', exact: true }).click();
  await expect(page.locator('.own')).toContainText('12 steps');
  await expect(others(page)).toContainText('14 steps', SLOW);
  await others(page).getByRole('button', { name: 'Use this one' }).click();
  await expect(page.locator('.own')).toContainText('14 steps', SLOW);
  await expect(others(page)).toContainText('12 steps');
});

test('what earlier versions kept has the place of its recipe', async ({ page }) => {
  await open(page, LONG);
  const kept = await trainAWhile(page);
  // As they kept it: the only run, under the same name for all.
  await page.evaluate(() => new Promise((done, failed) => {
    const opened = indexedDB.open('glasses');
    opened.onsuccess = () => {
      const transaction = opened.result.transaction('files', 'readwrite');
      const store = transaction.objectStore('files');
      store.getAllKeys().onsuccess = ({ target: { result: names } }) => {
        const run = names.find((name) => name.startsWith('run:'));
        store.get(run).onsuccess = ({ target: { result: file } }) => {
          store.clear();
          store.put(file, 'run');
        };
      };
      transaction.oncomplete = () => { opened.result.close(); done(); };
      transaction.onabort = failed;
    };
  }));
  await page.reload();
  await expect.poll(() => steps(page), SLOW).toBe(kept);
  await button(page, 'Go on').click();
  await expect.poll(() => steps(page), SLOW).toBeGreaterThan(kept);
});

test('a run that does not pause is ended, and goes on from where it was kept', async ({ page }) => {
  // A step that never ends. Of all requests a cancel is the shortest: its number, and its kind.
  await inWorkers(page, `addEventListener('message', ({ data }) => { if (data.length === 2) for (;;); });`);
  await open(page, LONG);
  await button(page, 'Train').click();
  await expect.poll(() => steps(page), SLOW).toBeGreaterThan(0);
  await page.waitForTimeout(6000);
  await button(page, 'Pause').click();
  await expect(refusal(page, 'did not pause within 2 seconds')).toBeVisible({ timeout: 5_000 });
  await expect(button(page, 'Go on')).toBeEnabled(SLOW);
  expect(await steps(page)).toBeGreaterThan(0);
});
