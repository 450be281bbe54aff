// Opens the benchmark page in the folder that is given, and prints its medians as a table with the ratio to the naive model.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { launch, serve } from './folder.mjs';

const folder = process.argv[2];
const { origin, close } = await serve((path) => readFile(join(folder, path === '/' ? 'index.html' : path)));
const browser = await launch();
const page = await browser.newPage();
page.on('pageerror', (error) => console.error(error.message));
await page.goto(`${origin}/`);
await page.waitForFunction(() => document.querySelector('#results').textContent.startsWith('['), null, { timeout: 600_000 });
const rows = JSON.parse(await page.textContent('#results'));
const median = new Map(rows.map((row) => [row.case, row.median_ms]));
for (const { case: name, runs, median_ms } of rows) {
  const naive = median.get(`${name}, naive`);
  const anew = median.get(`${name}, the first token changed`);
  const each = median.get(`${name}, one forward for each n`);
  let ratio = '';
  if (naive !== undefined) ratio = `  ${(median_ms / naive).toFixed(2)} of naive`;
  if (anew !== undefined) ratio = `  the first token changed takes ${(anew / median_ms).toFixed(1)} times as long`;
  if (each !== undefined) ratio = `  one forward for each n takes ${(each / median_ms).toFixed(0)} times as long`;
  console.log(`${median_ms.toFixed(1).padStart(9)} ms  ${name} (median of ${runs})${ratio}`);
}
console.log(await browser.version());
await browser.close();
close();
