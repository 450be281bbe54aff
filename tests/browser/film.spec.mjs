// The meeting as files for slides: a moving SVG, and a GIF file with the same frames, read here by a reader of its own.
import { expect, test } from '@playwright/test';
import { readFile } from 'node:fs/promises';
import { idle, open } from './glasses.mjs';

/** The size of a GIF file, its colors, and its frames: the place of each, and for how many hundredths of a second it is seen. */
function read(bytes) {
  expect(bytes.toString('latin1', 0, 6)).toBe('GIF89a');
  const [width, height] = [bytes.readUInt16LE(6), bytes.readUInt16LE(8)];
  const colors = 2 ** ((bytes[10] & 7) + 1);
  const palette = bytes.subarray(13, 13 + 3 * colors);
  const frames = [];
  let [at, delay, repeats] = [13 + 3 * colors, 0, false];
  const skip = () => {
    while (bytes[at] > 0) at += 1 + bytes[at];
    at += 1;
  };
  while (bytes[at] !== 0x3b) {
    const [kind, label] = [bytes[at], bytes[at + 1]];
    if (kind === 0x21) {
      if (label === 0xf9) delay = bytes.readUInt16LE(at + 4);
      repeats ||= label === 0xff && bytes.toString('latin1', at + 3, at + 14) === 'NETSCAPE2.0';
      at += 2;
    } else {
      expect(kind).toBe(0x2c);
      const [left, top, across, down] = [1, 3, 5, 7].map((offset) => bytes.readUInt16LE(at + offset));
      frames.push({ left, top, across, down, delay });
      at += 11;
    }
    skip();
  }
  return { width, height, palette, frames, repeats };
}

/** Presses a button of the player, and reads what is saved. */
async function save(page, name) {
  const [download] = await Promise.all([page.waitForEvent('download'), page.locator('.player').getByRole('button', { name }).click()]);
  return readFile(await download.path());
}

for (const [scheme, paper] of [['light', '#ffffff'], ['dark', '#181c1f']]) {
  test(`the meeting is saved as a GIF file with the frames of the film, ${scheme}`, async ({ page }) => {
    await page.emulateMedia({ colorScheme: scheme });
    const problems = await open(page, '#v=1&at=bench&embed=meeting&max=48');
    await idle(page);
    const svg = (await save(page, 'Save as a moving SVG')).toString();
    const gif = read(await save(page, 'Save as GIF'));
    const frames = svg.match(/<g class="f/g).length;
    expect(frames).toBeGreaterThan(20);
    expect(gif.frames.length).toBe(frames);
    expect([gif.width, gif.height]).toEqual(svg.match(/width="(\d+)" height="(\d+)"/).slice(1).map(Number));
    expect(gif.width).toBe(960);
    expect(gif.repeats).toBe(true);
    const seconds = Number(svg.match(/animation:([\d.]+)s/)[1]);
    expect(gif.frames.reduce((sum, frame) => sum + frame.delay, 0)).toBeCloseTo(100 * seconds, -1);
    expect(gif.frames[0]).toMatchObject({ left: 0, top: 0, across: gif.width, down: gif.height });
    for (const { left, top, across, down } of gif.frames) expect(left + across <= gif.width && top + down <= gif.height).toBe(true);
    // The color of most pixels is the paper's.
    expect(`#${gif.palette.toString('hex', 0, 3)}`).toBe(paper);
    await expect(page.locator('.player').getByRole('button', { name: 'Save as GIF' })).toBeEnabled();
    expect(problems).toEqual([]);
  });
}
