// How long the built site takes to open and to answer a keystroke, in headless Chromium: medians of several, printed as a table.
import { chromium } from '@playwright/test';
import { host } from './site.mjs';

const OPENINGS = 7;
const KEYSTROKES = 25;
/** What is watched of the meeting, and how long a frame may take at 60 a second. */
const PLAYED_MS = 5000;
const FRAME_MS = 1000 / 60;
// Both sequences have 64 tokens, letter by letter: in 1^64 a zero behind would make 640.
const TYPING = `#v=1&a=${'1'.repeat(63)}&b=${'1'.repeat(63)}`;

const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];
const site = await host();
const browser = await chromium.launch({ executablePath: process.env.CHROME, args: process.getuid?.() === 0 ? ['--no-sandbox'] : [] });

/** A first visit: paint, the first figure with numbers of the engine, and how much moved. */
async function opening() {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, serviceWorkers: 'block' });
  const page = await context.newPage();
  await page.addInitScript(() => {
    window.moved = 0;
    new PerformanceObserver((list) => list.getEntries().forEach((entry) => { window.moved += entry.value; })).observe({ type: 'layout-shift', buffered: true });
    const look = () => {
      const box = document.querySelector('.box.attention-row');
      if (box && box.getAttribute('aria-label') && !box.getAttribute('aria-label').startsWith('No figure')) window.plotted = performance.now();
      else requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  });
  await page.goto(site.address);
  await page.waitForFunction(() => window.plotted, null, { timeout: 120_000 });
  const times = await page.evaluate(() => ({
    paint: performance.getEntriesByName('first-contentful-paint')[0].startTime,
    plot: window.plotted,
    moved: window.moved,
  }));
  await context.close();
  return times;
}

/** From a key that changes sequence B to the frame behind the one in which the figure of the two has new numbers. */
async function typing() {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  await page.goto(site.address + TYPING);
  const label = () => page.locator('.box.distance-by-layer').getAttribute('aria-label');
  while ((await label()).startsWith('No figure')) await page.waitForTimeout(100);
  await page.evaluate(() => {
    window.times = [];
    const box = document.querySelector('.box.distance-by-layer');
    document.querySelector('#field-b').addEventListener('input', () => {
      const [began, before] = [performance.now(), box.getAttribute('aria-label')];
      const look = () => {
        if (box.getAttribute('aria-label') === before) requestAnimationFrame(look);
        else requestAnimationFrame(() => window.times.push(performance.now() - began));
      };
      requestAnimationFrame(look);
    }, true);
  });
  const field = page.locator('#field-b');
  await field.focus();
  await page.keyboard.press('End');
  for (let key = 0; key < KEYSTROKES; key += 1) {
    await page.keyboard.press(key % 2 ? 'Backspace' : '0');
    await page.waitForFunction((count) => window.times.length >= count, key + 1, { timeout: 60_000 });
    // As people type, and so that the answers to a pause do not come into the way of the next key.
    await page.waitForTimeout(120);
  }
  const times = await page.evaluate(() => window.times);
  await page.close();
  return times;
}

/** Times between frames while the meeting plays on the first screen, in milliseconds. */
async function playing() {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  await page.goto(site.address);
  await page.locator('html[data-idle]').waitFor({ timeout: 120_000 });
  await page.getByRole('button', { name: 'Play', exact: true }).first().click();
  const times = await page.evaluate(
    (ms) =>
      new Promise((resolve) => {
        const frames = [];
        const look = (now) => {
          frames.push(now);
          if (now - frames[0] < ms) requestAnimationFrame(look);
          else resolve(frames.slice(1).map((frame, at) => frame - frames[at]));
        };
        requestAnimationFrame(look);
      }),
    PLAYED_MS,
  );
  await page.close();
  return times;
}

const openings = [];
for (let index = 0; index < OPENINGS; index += 1) openings.push(await opening());
const keystrokes = await typing();
const frames = await playing();
const dropped = frames.reduce((sum, ms) => sum + Math.round(ms / FRAME_MS) - 1, 0);
const say = (what, value) => console.log(`${value.padStart(9)}  ${what}`);
say('first paint', `${median(openings.map(({ paint }) => paint)).toFixed(0)} ms`);
say('first plot of numbers computed there and then', `${median(openings.map(({ plot }) => plot)).toFixed(0)} ms`);
say('layout shift while opening', median(openings.map(({ moved }) => moved)).toFixed(4));
say('from a key to the plot, 64 tokens', `${median(keystrokes).toFixed(0)} ms`);
say('frames dropped while the meeting plays', `${dropped} of ${frames.length + dropped}`);
console.log(browser.version());
await browser.close();
await site.close();
