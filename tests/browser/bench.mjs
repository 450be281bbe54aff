// Opens the benchmark page in the folder that is given, and prints its medians as a table with the ratio to the naive model.
import { chromium } from '@playwright/test';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';

const TYPES = { html: 'text/html', js: 'text/javascript', wasm: 'application/wasm' };
const folder = process.argv[2];
const server = createServer(async (request, response) => {
  const name = request.url === '/' ? 'index.html' : request.url.slice(1);
  try {
    const body = await readFile(join(folder, name));
    response.writeHead(200, { 'content-type': TYPES[name.split('.').pop()] ?? 'application/octet-stream' }).end(body);
  } catch {
    response.writeHead(404).end();
  }
});
await new Promise((ready) => server.listen(0, '127.0.0.1', ready));

const browser = await chromium.launch({
  executablePath: process.env.CHROME,
  args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
});
const page = await browser.newPage();
page.on('pageerror', (error) => console.error(error.message));
await page.goto(`http://127.0.0.1:${server.address().port}/`);
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
server.close();
