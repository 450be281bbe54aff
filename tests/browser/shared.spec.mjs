// A long question is shared among workers, as many as there are cores, and its numbers are those of one.
import { expect, test } from '@playwright/test';
import { box, drawn, idle, numbers, open, picture } from './glasses.mjs';

// Long on any machine: all cures at once, and the exact sensitivity of a long sequence.
const LONG =
  '#v=1&tool=cures&layers=6&n=120&cures=adaptive,log,entmax,centred,differential,zero,logit,sigmoid,clipped,gated,prope,alibi,window,cap';

/** What a page on so many cores shows, and how many workers computed it. */
async function shown(browser, cores) {
  const context = await browser.newContext({ serviceWorkers: 'block' });
  await context.addInitScript((count) => Object.defineProperty(navigator, 'hardwareConcurrency', { get: () => count }), cores);
  const page = await context.newPage();
  const problems = await open(page, LONG);
  await drawn(box(page, 'cures-by-n'), { timeout: 90_000 });
  await idle(page, { timeout: 90_000 });
  const workers = page.workers().length;
  const table = await page.getByRole('table', { name: /^The distance at n/ }).innerText();
  const pictures = [await picture(page, 'cures-by-n'), await picture(page, 'cures-by-token')];
  const sensitivity = await numbers(page, 'sensitivity');
  expect(problems).toEqual([]);
  await context.close();
  return { workers, answers: { table, pictures, sensitivity } };
}

test('two workers share a long question, and the answer is that of one', async ({ browser }) => {
  test.setTimeout(240_000);
  const alone = await shown(browser, 1);
  expect(alone.workers).toBe(1);
  const shared = await shown(browser, 2);
  expect(shared.workers).toBe(2);
  expect(shared.answers).toEqual(alone.answers);
  expect(alone.answers.sensitivity.length).toBeGreaterThan(120);
});
