// Times the engine beside other runtimes, in turns, and writes what every run took: `node peers.mjs FOLDER FILE`. FOLDER holds the engine built for
// either device (`cpu`, `webgpu`) and the weights of tests/bench/models.json (`weights`). With a third argument, a language model's file, what is timed
// is that model. A runtime whose numbers are others is not timed.
import { execFileSync } from 'node:child_process';
import { readFile, readdir, writeFile } from 'node:fs/promises';
import { cpus, loadavg, setPriority } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { launch, serve } from './folder.mjs';

const ROUNDS = Number(process.env.ROUNDS ?? 15);
/** Of the browser's processes, for machines that are busy with something else; below 0 is root's only. */
const NICENESS = Number(process.env.NICENESS ?? 0);
/** A sample is as many runs as fill this time, so that a slice of time which the system gives to another program does not make it. */
const LEAST_MS = 100;
/** Runs that are not counted fill this time: of kernels that are yet to be compiled, and code that the browser has yet to optimise. */
const WARM_UP_MS = 500;
/** How far a number may be from the CPU engine's: y is of size 1, and f32 in another order is off by some 10⁻⁶ of it. */
const TOLERANCE = 1e-4;

const FORWARD = ['ours', 'ort', 'ort-fused', 'tfjs', 'jax'];
const TINY = [
  ...['d64', 'd256'].flatMap((model) => [16, 64, 256, 1024].map((n) => ({ job: 'forward', engine: 'cpu', model, n, peers: FORWARD }))),
  { job: 'sweep', engine: 'cpu', model: 'd64', n: 512, peers: FORWARD },
  { job: 'jacobian', engine: 'cpu', model: 'd64', n: 64, peers: ['ours', 'tfjs'] },
  ...[16, 64, 256, 1024].map((n) => ({ job: 'forward', engine: 'webgpu', model: 'd64', n, peers: FORWARD })),
];
/** A long prompt and one token behind it; a short one and as many tokens as n. */
const LANGUAGE = [
  { job: 'prompt', engine: 'cpu', model: 'language', n: 1, peers: ['ours', 'wllama'] },
  { job: 'written', engine: 'cpu', model: 'language', n: 16, peers: ['ours', 'wllama'] },
];
const PACKAGES = { ort: 'onnxruntime-web', tfjs: '@tensorflow/tfjs', jax: '@jax-js/jax', wllama: '@wllama/wllama' };

const ARGS = {
  cpu: [],
  webgpu: ['--enable-unsafe-webgpu', '--enable-features=Vulkan,WebGPU', '--use-webgpu-adapter=swiftshader', '--use-angle=swiftshader'],
};

const [folder, file, languageModel] = process.argv.slice(2);
const bench = fileURLToPath(new URL('../bench', import.meta.url));
const models = languageModel
  ? [{ name: 'language', file: basename(languageModel) }]
  : JSON.parse(await readFile(join(bench, 'models.json'), 'utf8'));
const jobs = languageModel ? LANGUAGE : TINY;

// Without isolation there is no shared memory, so that every runtime has one thread.
const { origin, close } = await serve((path) => {
  if (path.startsWith('/model/')) return readFile(languageModel);
  const isOurs = path.startsWith('/ours/') || path.startsWith('/weights/');
  return readFile(isOurs ? join(folder, path.replace('/ours/', '/')) : join(bench, path));
});

/** A browser for each device, and in it a page for each runtime and model. */
const browsers = {};
for (const engine of new Set(jobs.map((job) => job.engine))) {
  browsers[engine] = await launch(ARGS[engine]);
}
const pages = new Map();
async function pageOf(peer, engine, name) {
  const key = [peer, engine, name].join();
  if (!pages.has(key)) {
    const page = await browsers[engine].newPage();
    page.on('pageerror', (error) => console.error(`${key}: ${error.message}`));
    const model = JSON.stringify(models.find((model) => model.name === name));
    await page.goto(`${origin}/peers.html?${new URLSearchParams({ peer, engine, model })}`);
    await page.waitForFunction(() => 'ready' in globalThis);
    await page.evaluate(() => ready);
    pages.set(key, page);
    if (NICENESS !== 0) await prefer(browsers[engine]);
  }
  return pages.get(key);
}

/** Chromium gives its processes a niceness of its own when it starts them; on Linux each thread has one. */
async function prefer(browser) {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  for (const { id } of processInfo) {
    for (const thread of await readdir(`/proc/${id}/task`).catch(() => [id])) setPriority(Number(thread), NICENESS);
  }
  await session.detach();
}

const answer = async (peer, { job, engine, model, n }) =>
  (await pageOf(peer, engine, model)).evaluate((given) => globalThis.answer(...given), [job, n]);

/** The greatest difference; of a Jacobian's norms, which have no size of their own, as a share of the greatest of them. Texts are the same or are not. */
function difference(job, numbers, expected) {
  if (typeof expected === 'string') return numbers === expected ? 0 : Infinity;
  if (numbers.length !== expected.length) return Infinity;
  const scale = job === 'jacobian' ? Math.max(...expected) : 1;
  return numbers.reduce((most, number, at) => (most >= Math.abs(number - expected[at]) / scale ? most : Math.abs(number - expected[at]) / scale), 0);
}

const rounded = (value, digits = 3) => Number(value.toPrecision(digits));

/** One row: what each runtime's numbers are off by, and what its rounds took. */
async function measure(what) {
  const { job, engine, model, n } = what;
  const expected = await answer('ours', { ...what, engine: 'cpu' });
  const runtimes = {};
  for (const peer of what.peers) {
    const off = difference(job, await answer(peer, what), expected);
    runtimes[peer] = { difference: Number.isFinite(off) ? rounded(off, 2) : null, times: [] };
    if (!(off <= TOLERANCE) && peer === 'ours') throw new Error(`${job} at ${n} on ${engine}: the engine is off by ${off} from its own on the CPU`);
  }
  const agreeing = what.peers.filter((peer) => runtimes[peer].difference !== null && runtimes[peer].difference <= TOLERANCE);
  const time = async (peer, least) => (await pageOf(peer, engine, model)).evaluate((given) => globalThis.time(...given), [job, n, least]);
  for (const peer of agreeing) await time(peer, WARM_UP_MS);
  const loads = [loadavg()[0]];
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const peer of agreeing) {
      runtimes[peer].times.push(rounded(await time(peer, LEAST_MS), 4));
    }
    loads.push(loadavg()[0]);
  }
  if (engine === 'webgpu') {
    for (const peer of agreeing) {
      runtimes[peer].counts = await (await pageOf(peer, engine, model)).evaluate((given) => globalThis.counts(...given), [job, n]);
    }
  }
  const tokens = languageModel ? { tokens: await (await pageOf('ours', engine, model)).evaluate((given) => globalThis.tokens(given), job) } : {};
  const middle = (times) => [...times].sort((a, b) => a - b)[times.length >> 1]?.toFixed(1) ?? 'others';
  console.log([job, engine, model, n, ...what.peers.map((peer) => `${peer} ${middle(runtimes[peer].times)}`)].join('  '));
  return { job, engine, model, n, ...tokens, load: [Math.min(...loads), Math.max(...loads)].map((load) => rounded(load)), runtimes };
}

const rows = [];
for (const what of jobs) rows.push(await measure(what));

const versions = { ours: execFileSync('git', ['log', '-1', '--format=%h', '--', '../../crate/engine'], { encoding: 'utf8' }).trim() };
for (const peer of new Set(jobs.flatMap((job) => job.peers).filter((peer) => peer in PACKAGES))) {
  const name = PACKAGES[peer];
  versions[peer] = JSON.parse(await readFile(join(bench, 'node_modules', name, 'package.json'), 'utf8')).version;
}
const about = {
  date: new Date().toISOString().slice(0, 10),
  browser: browsers.cpu.version(),
  processor: cpus()[0].model,
  cores: cpus().length,
  niceness: NICENESS,
  versions,
  rounds: ROUNDS,
  least_ms: LEAST_MS,
  tolerance: TOLERANCE,
  models,
};
const lines = Object.entries(about).map(([name, value]) => `  ${JSON.stringify(name)}: ${JSON.stringify(value)},\n`);
await writeFile(file, `{\n${lines.join('')}  "rows": [\n${rows.map((row) => `    ${JSON.stringify(row)}`).join(',\n')}\n  ]\n}\n`);
for (const browser of Object.values(browsers)) await browser.close();
close();
