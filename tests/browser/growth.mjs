// Measures how a forward's time and memory grow with tokens, width, layers and heads, and writes what every run took: `node growth.mjs FOLDER FILE`.
// FOLDER holds the CPU engine. Each size has a page of its own, since a module's memory never shrinks.
import { execFileSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { launch, serve } from './folder.mjs';

const ROUNDS = Number(process.env.ROUNDS ?? 9);
/** A sample is as many runs as fill this time. */
const LEAST_MS = 50;
/** What grows, and what stays the while. */
const AXES = [
  { axis: 'n', values: [64, 128, 256, 512, 1024, 2048, 4096] },
  { axis: 'd', values: [32, 64, 128, 256, 512], n: 256 },
  { axis: 'layers', values: [1, 2, 4, 8, 16], n: 256 },
  { axis: 'heads', values: [1, 2, 4, 8, 16], n: 1024 },
];
const DEFAULT = { d: 64, layers: 4, heads: 4 };
/** Models whose most tokens are asked for. */
const LARGEST = [DEFAULT, { d: 256, layers: 6, heads: 8 }, { d: 256, layers: 8, heads: 8 }, { d: 512, layers: 8, heads: 8 }, { d: 512, layers: 16, heads: 16 }];
/** A link that is too much: the longest sequence with the largest model. */
const TOO_MUCH = 'v=1&layers=16&heads=16&d=512&n=4096&max=4096';

const [folder, file] = process.argv.slice(2);
const page = `<!doctype html><script type="module">
  import start from './bench_page.js';
  const { memory } = await start();
  globalThis.bytes = () => memory.buffer.byteLength;
</script>`;
const { origin, close } = await serve((path) => (path === '/' ? page : readFile(join(folder, path))));
const browser = await launch();

async function opened() {
  const page = await browser.newPage();
  page.on('pageerror', (error) => console.error(error.message));
  await page.goto(`${origin}/`);
  await page.waitForFunction(() => 'bytes' in globalThis);
  return page;
}

const link = ({ d, layers, heads }) => `v=1&d=${d}&layers=${layers}&heads=${heads}`;

/** A page with a model, and a sequence that hardly repeats itself. */
async function ready(model, n) {
  const page = await opened();
  const [flop] = await page.evaluate(async ([link, n]) => {
    globalThis.glasses = await globalThis.openGlasses(link);
    globalThis.tokens = Uint32Array.from({ length: n }, (_, at) => 1 + ((at * at + 3 * at) % 90));
    await globalThis.glasses.forward(globalThis.tokens);
    return globalThis.glasses.size(globalThis.tokens);
  }, [link(model), n]);
  return { page, flop, bytes: await page.evaluate(() => globalThis.bytes()) };
}

/** Milliseconds of a run, and how many fill a sample. */
const sample = (page, runs) =>
  page.evaluate(async (runs) => {
    const began = performance.now();
    for (let run = 0; run < runs; run += 1) await globalThis.glasses.forward(globalThis.tokens);
    return (performance.now() - began) / runs;
  }, runs);

const rows = [];
for (const { axis, values, n } of AXES) {
  const points = [];
  for (const value of values) {
    const model = axis === 'n' ? DEFAULT : { ...DEFAULT, [axis]: value };
    const point = { axis, value, n: axis === 'n' ? value : n, ...(await ready(model, axis === 'n' ? value : n)), times: [] };
    // Code that the browser has yet to optimise is not counted.
    for (let run = 0; run < 6; run += 1) point.runs = Math.max(1, Math.ceil(LEAST_MS / (await sample(point.page, point.runs ?? 1))));
    points.push(point);
  }
  const load = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    // In turns, so that what happens to the machine happens to all.
    for (const point of points) point.times.push(await sample(point.page, point.runs));
    load.push(loadavg()[0]);
  }
  for (const { page, runs, ...row } of points) {
    rows.push({ ...row, times: row.times.map((time) => Number(time.toPrecision(4))), load: [Math.min(...load), Math.max(...load)] });
    await page.close();
    console.log(row.axis, row.value, row.times.toSorted((a, b) => a - b)[row.times.length >> 1].toFixed(1), 'ms');
  }
}

const asking = await opened();
const most = [];
for (const model of LARGEST) {
  const [, tokens] = await asking.evaluate(async (link) => (await globalThis.openGlasses(link)).size(new Uint32Array(1)), link(model));
  most.push({ ...model, tokens });
}
const told = await asking.evaluate((link) => globalThis.openGlasses(link).then(() => null, (why) => String(why)), TOO_MUCH);
if (told === null) throw new Error(`${TOO_MUCH} opens as it is written`);

const measured = {
  date: new Date().toISOString().slice(0, 10),
  browser: await browser.version(),
  processor: cpus()[0].model,
  cores: cpus().length,
  engine: execFileSync('git', ['rev-parse', '--short', 'HEAD']).toString().trim(),
  default: DEFAULT,
  rows,
  most,
  refused: { link: TOO_MUCH, told },
};
const lines = JSON.stringify(measured).replace('"rows":[', '"rows":[\n').replaceAll('},{"axis"', '},\n{"axis"').replace('],"most"', '],\n"most"');
await writeFile(file, `${lines}\n`);
await browser.close();
close();
