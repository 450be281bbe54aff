// A Firefox as a journey holds it: started once, a reader of its own for each journey, and what a reader does and sees.
//
// It is the Firefox that a system brings, driven over WebDriver BiDi by Puppeteer. Playwright 1.65 asks for commands that no
// Firefox ESR has (up to 153), and a later Puppeteer (24.29) for one that ESR 140 has not. The page's policy forbids to evaluate
// text, so nothing here may use Puppeteer's waitForFunction: `eventually` asks until the answer is right.
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import puppeteer from 'puppeteer-core';
import { host } from '../site.mjs';

const RESULTS = fileURLToPath(new URL('../results/', import.meta.url));

/** How long an answer may take on a slow machine, how often it is looked for, and how long a whole journey may take, in ms. */
const PATIENCE = 60_000;
const PAUSE = 50;
const JOURNEY = 240_000;

/** The window of a reader who says nothing else. */
const WINDOW = { width: 1280, height: 800 };

assert.ok(process.env.FIREFOX, 'FIREFOX must name the program of a Firefox, as in FIREFOX="$(command -v firefox)"');
await mkdir(RESULTS, { recursive: true });
// Not below /tmp: a Firefox from a snap sees nothing of it.
const folder = await mkdtemp(join(RESULTS, 'firefox-'));
const downloads = join(folder, 'downloads');

/** The one Firefox of these journeys. */
export const browser = await puppeteer.launch({
  browser: 'firefox',
  executablePath: process.env.FIREFOX,
  userDataDir: join(folder, 'profile'),
  // As root, it refuses a home folder that belongs to somebody else, which containers often have.
  env: process.getuid?.() === 0 ? { ...process.env, HOME: folder } : process.env,
  extraPrefsFirefox: {
    // Journeys are about the CPU engine, on machines whose Firefox has WebGPU too.
    'dom.webgpu.enabled': false,
    'browser.download.folderList': 2,
    'browser.download.dir': downloads,
  },
});

after(async () => {
  await browser.close();
  await rm(folder, { recursive: true, force: true });
});

/** A journey through the built site, by a reader who was never here before. In the end nothing may have gone wrong on the console. */
export function journey(name, { window = WINDOW } = {}, go) {
  test(name, { timeout: JOURNEY }, async (context) => {
    const site = await host();
    const visit = await browser.createBrowserContext();
    try {
      const page = await visit.newPage();
      const problems = await watch(page);
      await page.setViewport(window);
      await go(new Reader(page, site), context);
      assert.deepEqual(problems, []);
    } finally {
      await visit.close();
      await site.close();
    }
  });
}

/** The list that comes back fills with whatever goes wrong on the console, what the policy blocks with it. */
async function watch(page) {
  const problems = [];
  page.on('pageerror', (error) => problems.push(`uncaught: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text());
  });
  await page.evaluateOnNewDocument(() => {
    addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI }) => console.error(`blocked: ${effectiveDirective} ${blockedURI}`));
  });
  return problems;
}

/** Asks until the answer is equal to what is wanted, or fits it as a regular expression; fails with the last answer. */
export async function eventually(ask, wanted, what = 'the answer') {
  const end = performance.now() + PATIENCE;
  const fits = (found) => (wanted instanceof RegExp ? wanted.test(found ?? '') : found === wanted);
  for (;;) {
    // Between two pages there is nobody to ask.
    const found = await ask().catch((error) => error.message);
    if (fits(found)) return found;
    if (performance.now() > end) assert.fail(`${what} is ${JSON.stringify(found)}, not ${wanted}`);
    await pause(PAUSE);
  }
}

export const pause = (ms) => new Promise((done) => setTimeout(done, ms));

/** Somebody before the page: `page` is Puppeteer's, `site` the host that serves it. */
export class Reader {
  constructor(page, site) {
    this.page = page;
    this.site = site;
  }

  /** Opens the page at a hash, anew. */
  async open(hash) {
    await this.page.goto('about:blank');
    await this.page.goto(this.site.address + hash);
  }

  /** The first element of a selector that can be seen and has this text. */
  async find(selector, text = '') {
    const find = () => this.page.evaluateHandle((selector, text) => {
      const candidates = [...document.querySelectorAll(selector)];
      return candidates.find((element) => element.checkVisibility() && element.textContent.includes(text)) ?? null;
    }, selector, text);
    await eventually(async () => (await find()).asElement() !== null, true, `whether there is “${text}” in ${selector}`);
    return (await find()).asElement();
  }

  /** Clicks it. */
  async press(selector, text) {
    const element = await this.find(selector, text);
    await element.click();
  }

  /** Types in the place of what a field holds. */
  async write(selector, text) {
    const field = await this.find(selector);
    await field.evaluate((field) => { field.focus(); field.select(); });
    await this.page.keyboard.type(text);
  }

  /** Waits for what an element says: a part of it as a regular expression, or all of it. */
  says(selector, wanted) {
    return eventually(() => this.page.evaluate((selector) => document.querySelector(selector)?.textContent.trim(), selector), wanted, selector);
  }

  /** Waits for what a field holds. */
  holds(selector, wanted) {
    return eventually(() => this.page.evaluate((selector) => document.querySelector(selector)?.value, selector), wanted, selector);
  }

  /** Waits until an element can be seen, or can't. */
  shows(selector, wanted = true) {
    return eventually(() => this.page.evaluate((selector) => document.querySelector(selector)?.checkVisibility() ?? false, selector), wanted, `whether one sees ${selector}`);
  }

  /** Waits for the hash of the link. */
  links(wanted) {
    return eventually(() => this.page.evaluate(() => location.hash), wanted, 'the hash');
  }

  /** What a figure says to those who don't see it. */
  told(name) {
    return this.page.evaluate((name) => document.querySelector(`.box.${name}`)?.getAttribute('aria-label'), name);
  }

  /** Waits until a figure is drawn and says so; gives what it says. */
  async drawn(name, wanted = /^(?!No figure yet\.|还没有图。)./) {
    const told = await eventually(() => this.told(name), wanted, `what ${name} tells`);
    assert.ok((await this.colours(name)) > 4, `${name} has more than a background`);
    return told;
  }

  /** How many different colours a figure has: one on a canvas on which nothing was drawn. */
  async colours(name) {
    await this.page.evaluate(async (name) => {
      document.querySelector(`.box.${name}`).scrollIntoView({ block: 'center', behavior: 'instant' });
      await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    }, name);
    return this.page.evaluate((name) => {
      const canvas = document.querySelector(`.box.${name} canvas`);
      const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
      return new Set(new Uint32Array(data.buffer)).size;
    }, name);
  }

  /** By how many CSS pixels the page is wider than its window, a scroll bar's place left out. */
  overflow() {
    return this.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  }

  /** The file that the browser saves under this name. */
  async saved(name) {
    const read = () => readFile(join(downloads, name));
    await eventually(async () => (await read()).length > 0, true, `whether ${name} is saved`);
    return read();
  }
}
