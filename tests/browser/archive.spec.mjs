// All that there is of a state as one ZIP file, read here by a reader of its own: its figures, and arrays whose numbers are those of the figures.
import { expect, test } from '@playwright/test';
import { readFile } from 'node:fs/promises';
import { open, settled } from './glasses.mjs';

/** The files of an archive that stores them as they are, by name: found by the directory at its end. */
function unzipped(bytes) {
  const files = new Map();
  const end = bytes.length - 22;
  expect(bytes.readUInt32LE(end)).toBe(0x06054b50);
  let at = bytes.readUInt32LE(end + 16);
  for (let left = bytes.readUInt16LE(end + 10); left > 0; left -= 1) {
    const [size, name, from] = [bytes.readUInt32LE(at + 24), bytes.readUInt16LE(at + 28), bytes.readUInt32LE(at + 42)];
    const begin = from + 30 + name;
    files.set(bytes.toString('latin1', at + 46, at + 46 + name), bytes.subarray(begin, begin + size));
    at += 46 + name;
  }
  return files;
}

/** An array of NumPy. */
function array(bytes) {
  const length = bytes.readUInt16LE(8);
  const [, kind, shape] = bytes.toString('latin1', 10, 10 + length).match(/'descr': '<(..)'.*'shape': \(([^)]*)\)/);
  const data = bytes.subarray(10 + length);
  const read = kind === 'f4' ? (at) => data.readFloatLE(at) : (at) => data.readUInt32LE(at);
  return { shape: shape.match(/\d+/g).map(Number), numbers: Array.from({ length: data.length / 4 }, (_, index) => read(4 * index)) };
}

test('everything is saved as one archive, whose arrays hold the numbers of its figures', async ({ page }) => {
  const problems = await open(page, '#v=1&n=5&max=12&d=16&heads=2&seed=7');
  await settled(page);
  const share = page.locator('[data-part="share"]');
  await share.locator('summary', { hasText: 'All files' }).click();
  const [download] = await Promise.all([page.waitForEvent('download'), share.getByRole('button', { name: 'Save everything' }).click()]);
  const stem = 'glasses-0.1.0-seed-7-n-5-max-12-heads-2-d-16';
  expect(download.suggestedFilename()).toBe(`${stem}.zip`);
  await expect(share.getByRole('button', { name: 'Save everything' })).toBeEnabled();
  const files = unzipped(await readFile(await download.path()));
  const file = (name) => files.get(`${stem}/${stem}-${name}`);
  for (const name of ['distance-by-n', 'distance-by-layer', 'next-tokens', 'sensitivity', 'attention-a', 'variation']) {
    for (const kind of ['svg', 'csv', 'json']) expect(file(`${name}.${kind}`)?.length, `${name}.${kind}`).toBeGreaterThan(100);
  }
  for (const [name, bytes] of files) {
    if (name.endsWith('.npy')) continue;
    expect(bytes.toString(), name).toMatch(/Glasses 0\.1\.0/);
    expect(bytes.toString(), name).toMatch(/#v=1&(amp;)?.*seed=7/);
  }
  const [n, stages, heads] = ['n', 'stages', 'heads'].map((name) => array(file(`${name}.npy`)));
  expect([n.shape, stages.shape, heads.shape]).toEqual([[12], [12, 2, 6, 16], [12, 2, 4, 2, 8]]);
  const rows = file('distance-by-n.csv').toString().trim().split(/\r?\n/).filter((line) => !line.startsWith('#')).map((line) => line.split(','));
  const output = rows[0].indexOf('output (L∞)');
  const vector = (at, sequence) => stages.numbers.slice(((at * 2 + sequence) * 6 + 5) * 16, ((at * 2 + sequence) * 6 + 6) * 16);
  n.numbers.forEach((value, at) => {
    const [a, b] = [vector(at, 0), vector(at, 1)];
    const row = rows.slice(1).find((cells) => Number(cells[0]) === value);
    expect(Math.max(...a.map((number, index) => Math.abs(number - b[index]))), `n = ${value}`).toBeCloseTo(Number(row[output]), 12);
  });
  expect(problems).toEqual([]);
});
