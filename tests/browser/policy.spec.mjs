// The content security policy: nothing of the page is blocked by it, and everything else is.
import { expect, test } from '@playwright/test';
import { box, device, numbers, open, picture, settled } from './glasses.mjs';
import { host } from './site.mjs';

/** Notes everything that the policy blocks, from before the page's first script. */
async function watch(page) {
  await page.addInitScript(() => {
    window.blocked = [];
    addEventListener('securitypolicyviolation', (event) => window.blocked.push(`${event.effectiveDirective}: ${event.blockedURI}`));
  });
}
const blocked = (page) => page.evaluate(() => window.blocked);

test('nothing that the page does is blocked', async ({ page }) => {
  await watch(page);
  const problems = await open(page, '#v=1&n=20&task=ones&weights=alibi&max=48');
  await settled(page);
  await expect(page.locator('.answer-a .value')).toHaveText('20');
  await expect(device(page)).toHaveText('CPU');
  await box(page, 'distance-by-n').hover();
  await expect(box(page, 'distance-by-n')).toContainText('n =');
  expect((await picture(page, 'distance-by-n')).length).toBeGreaterThan(1000);
  // A file is saved from a blob.
  expect((await numbers(page, 'distance-by-layer')).length).toBeGreaterThan(2);
  for (const tab of await page.getByRole('tab').all()) await tab.click();
  await settled(page);
  expect(await blocked(page)).toEqual([]);
  expect(problems).toEqual([]);
});

test('scripts, styles and addresses that are not the site’s are blocked', async ({ page }) => {
  await watch(page);
  await open(page);
  await page.evaluate(() => {
    window.ran = [];
    const script = document.createElement('script');
    script.textContent = 'window.ran.push("an inline script")';
    const elsewhere = document.createElement('script');
    elsewhere.src = 'https://example.org/a.js';
    const button = document.createElement('button');
    button.setAttribute('onclick', 'window.ran.push("an attribute")');
    const style = document.createElement('style');
    style.textContent = 'body { display: none }';
    document.body.append(script, elsewhere, button, style);
    button.click();
    fetch('https://example.org/').catch(() => {});
    // A test's own script may evaluate text; what it leaves behind may not.
    setTimeout(() => Function('window.ran.push("text")')());
  });
  await expect.poll(() => blocked(page)).toEqual(expect.arrayContaining([
    'script-src-elem: inline',
    'script-src-elem: https://example.org/a.js',
    'script-src-attr: inline',
    'style-src-elem: inline',
    'connect-src: https://example.org/',
    'script-src: eval',
  ]));
  expect(await page.evaluate(() => window.ran)).toEqual([]);
  await expect(page.locator('h1')).toBeVisible();
});

test('the page may stand in a frame of another site', async ({ page, baseURL }) => {
  const other = await host();
  other.changed.set('frame.html', `<!doctype html><iframe src="${baseURL}" width="1000" height="800"></iframe>`);
  await page.goto(`${other.address}frame.html`);
  await expect(page.frameLocator('iframe').locator('.badge .device')).toHaveText('CPU');
  await other.close();
});

test('the licences of everything compiled in are on the site', async ({ page }) => {
  await open(page);
  const href = await page.locator('link[rel="license"]').getAttribute('href');
  await watch(page);
  await page.goto(`./${href}`);
  await expect(page.locator('h1')).toHaveText('Licences');
  for (const name of ['burn', 'leptos', 'plotters', 'wasm-bindgen', 'wgpu']) {
    await expect(page.locator('li a').filter({ hasText: new RegExp(`^${name} \\d`) }), name).toHaveCount(1);
  }
  expect(await page.locator('pre').count()).toBeGreaterThan(20);
  await page.setViewportSize({ width: 360, height: 740 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
  expect(await blocked(page)).toEqual([]);
});
