// From an empty cache to the first number, of our engine and of other runtimes: `node starts.mjs FOLDER FILE`. FOLDER is that of peers.mjs. Each start is
// that of a browser of its own, in which nothing is kept of code or of kernels; the runtimes take turns.
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadavg } from 'node:os';
import { promisify } from 'node:util';
import { brotliCompress, constants } from 'node:zlib';
import { launch, serve } from './folder.mjs';
import { ARGS, SWIFTSHADER, about, inFolder, rounded } from './runtimes.mjs';

const ROUNDS = Number(process.env.ROUNDS ?? 5);
const [folder, file] = process.argv.slice(2);
/** The lines: what comes through a second, in bits, and how long a request is on its way there and back. */
const LINES = [{ name: 'local' }, { name: '20 Mbit/s', bits: 20e6, latency: 20 }];
const RUNTIMES = ['ours', 'ort', 'tfjs', 'jax'];
const N = 16;
const model = JSON.parse(await readFile(new URL('../bench/models.json', import.meta.url), 'utf8')).find(({ name }) => name === 'd64');

const weightsKb = Math.round((await stat(join(folder, `weights/${model.name}.safetensors`))).size / 1000);

/** Everything is sent as a host compresses it while it sends, whoever's it is. */
const compressed = new Map();
let sent = 0;
const { origin, close } = await serve(async (path, response) => {
  if (!compressed.has(path)) {
    const body = await inFolder(folder)(path);
    compressed.set(path, await promisify(brotliCompress)(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } }));
  }
  response.setHeader('content-encoding', 'br');
  sent += compressed.get(path).length;
  return compressed.get(path);
});

/** Megabytes that a browser's processes have for themselves, where the system tells: Linux. */
async function memory(browser) {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  await session.detach();
  const own = processInfo.map(async ({ id }) => {
    const text = await readFile(`/proc/${id}/smaps_rollup`, 'utf8');
    return [...text.matchAll(/^Private_\w+:\s+(\d+) kB$/gm)].reduce((sum, [, kB]) => sum + Number(kB), 0) / 1000;
  });
  return (await Promise.all(own)).reduce((sum, megabytes) => sum + megabytes, 0);
}

/** One start: milliseconds to the first number, bytes that came over the line, and megabytes more than a browser with an empty page has. */
async function start(peer, engine, line) {
  const browser = await launch(ARGS[engine](SWIFTSHADER));
  try {
    const page = await browser.newPage();
    await page.goto(`${origin}/peer/weights.mjs`);
    const empty = await memory(browser);
    const session = await page.context().newCDPSession(page);
    await session.send('Network.enable');
    const { bits, latency = 0 } = line;
    const throughput = bits ? bits / 8 : -1;
    await session.send('Network.emulateNetworkConditions', { offline: false, latency, downloadThroughput: throughput, uploadThroughput: throughput });
    sent = 0;
    const begun = performance.now();
    await page.goto(`${origin}/peers.html?${new URLSearchParams({ peer, engine, model: JSON.stringify(model) })}`);
    await page.waitForFunction(() => 'ready' in globalThis);
    const numbers = await page.evaluate(async ([job, n]) => (await globalThis.ready, globalThis.answer(job, n)), ['forward', N]);
    const milliseconds = performance.now() - begun;
    if (numbers.length !== model.d || !numbers.every(Number.isFinite)) throw new Error(`${peer} on ${engine} gave no number`);
    return { milliseconds: rounded(milliseconds), bytes: sent, megabytes: rounded((await memory(browser)) - empty) };
  } finally {
    await browser.close();
  }
}

const rows = [];
for (const engine of ['cpu', 'webgpu']) {
  for (const line of LINES) {
    const runtimes = Object.fromEntries(RUNTIMES.map((peer) => [peer, { times: [], bytes: 0, megabytes: [] }]));
    const loads = [];
    for (let round = 0; round <= ROUNDS; round += 1) {
      for (const peer of RUNTIMES) {
        const { milliseconds, bytes, megabytes } = await start(peer, engine, line);
        // In the first round files are compressed.
        if (round === 0) continue;
        runtimes[peer].times.push(milliseconds);
        runtimes[peer].bytes = bytes;
        runtimes[peer].megabytes.push(megabytes);
      }
      loads.push(loadavg()[0]);
    }
    rows.push({ engine, line: line.name, load: [Math.min(...loads), Math.max(...loads)].map((load) => rounded(load)), runtimes });
    console.log(engine, line.name, ...RUNTIMES.map((peer) => `${peer} ${[...runtimes[peer].times].sort((a, b) => a - b)[ROUNDS >> 1]}`));
    const head = Object.entries({ ...(await about(RUNTIMES)), rounds: ROUNDS, n: N, weights_kb: weightsKb, model }).map(([name, value]) => `  ${JSON.stringify(name)}: ${JSON.stringify(value)},\n`);
    await writeFile(file, `{\n${head.join('')}  "rows": [\n${rows.map((row) => `    ${JSON.stringify(row)}`).join(',\n')}\n  ]\n}\n`);
  }
}
close();
