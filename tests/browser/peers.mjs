// Times the engine beside other runtimes, in turns, and writes what every run took: `node peers.mjs SET FOLDER FILE`. SET is a row of SETS. FOLDER holds
// the engine built for either device (`cpu`, `webgpu`) and the weights of tests/bench/models.json (`weights`). A fourth argument is a language model's file,
// where that is timed. A runtime whose numbers are others is not timed.
import { readFile, readdir, writeFile } from 'node:fs/promises';
import { loadavg, setPriority } from 'node:os';
import { basename, join } from 'node:path';
import { launch, serve } from './folder.mjs';
import { ARGS, DRIVER, SWIFTSHADER, about as aboutMachine, bench, inFolder, rounded } from './runtimes.mjs';

const ROUNDS = Number(process.env.ROUNDS ?? 15);
/** Of the browser's processes, for machines that are busy with something else; below 0 is root's only. */
const NICENESS = Number(process.env.NICENESS ?? 0);
/** A sample is as many runs as fill this time, so that a slice of time which the system gives to another program does not make it. */
const LEAST_MS = 100;
/** Runs that are not counted fill this time: of kernels that are yet to be compiled, and code that the browser has yet to optimise. */
const WARM_UP_MS = 500;
/** How far a number may be from the CPU engine's: y is of size 1, and f32 in another order is off by some 10⁻⁶ of it. */
const TOLERANCE = 1e-4;

/** A page that takes longer than this for one call has failed. */
const MOST_MS = Number(process.env.MOST_MS ?? 120_000);

const FORWARD = ['ours', 'ort', 'ort-fused', 'tfjs', 'jax'];
const forwards = (engine, names, sizes) => names.flatMap((model) => sizes.map((n) => ({ job: 'forward', engine, model, n, peers: FORWARD })));
const sweep = (engine) => ({ job: 'sweep', engine, model: 'd64', n: 512, peers: FORWARD });
/** What can be measured: the jobs, and what a browser is told of its adapter where it has to have one. */
const SETS = {
  tiny: {
    adapter: SWIFTSHADER,
    jobs: [
      ...forwards('cpu', ['d64', 'd256'], [16, 64, 256, 1024]),
      sweep('cpu'),
      { job: 'jacobian', engine: 'cpu', model: 'd64', n: 64, peers: ['ours', 'tfjs'] },
      ...forwards('webgpu', ['d64'], [16, 64, 256, 1024]),
    ],
  },
  hardware: {
    adapter: DRIVER,
    jobs: [...forwards('webgpu', ['d64', 'd256'], [16, 64, 256, 1024, 4096]), sweep('webgpu')],
  },
  /** A long prompt and one token behind it; a short one and as many tokens as n; and what no other offers. */
  language: {
    adapter: [],
    jobs: [
      { job: 'prompt', engine: 'cpu', model: 'language', n: 1, peers: ['ours', 'wllama'] },
      { job: 'written', engine: 'cpu', model: 'language', n: 16, peers: ['ours', 'wllama'] },
      { job: 'sweep', engine: 'cpu', model: 'language', n: 500, peers: ['ours'] },
    ],
  },
};

const [set, folder, file, languageModel] = process.argv.slice(2);
const { adapter, jobs } = SETS[set];
const models = languageModel
  ? [{ name: 'language', file: basename(languageModel) }]
  : JSON.parse(await readFile(join(bench, 'models.json'), 'utf8'));

// Without isolation there is no shared memory, so that every runtime has one thread.
const { origin, close } = await serve((path) => (path.startsWith('/model/') ? readFile(languageModel) : inFolder(folder)(path)));

/** A browser for each device, and in it a page for each runtime and model. What is right is known from our engine on the processor. */
const browsers = {};
for (const engine of new Set(['cpu', ...jobs.map((job) => job.engine)])) {
  browsers[engine] = await launch(ARGS[engine](adapter));
}

/** The adapter that pages get, in the browser's words, which has to be of the kind that is measured. */
async function adapterOf(browser) {
  const page = await browser.newPage();
  await page.goto(`${origin}/peer/weights.mjs`);
  const { vendor, architecture, description } = await page.evaluate(async () => {
    const { vendor, architecture, description } = (await navigator.gpu?.requestAdapter())?.info ?? {};
    return { vendor, architecture, description };
  });
  await page.close();
  const name = [vendor, architecture, description].filter(Boolean).join(', ');
  if (name === '') throw new Error('the browser has no adapter');
  if (/swiftshader|llvmpipe|lavapipe/i.test(name) !== (adapter === SWIFTSHADER)) throw new Error(`the adapter is ${name}`);
  return name;
}
const adapterName = browsers.webgpu ? await adapterOf(browsers.webgpu) : undefined;
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

/** What a function of a runtime's page promises, or a rejection where that takes too long: a driver may never answer. */
async function ask(peer, { engine, model }, name, ...given) {
  const page = await pageOf(peer, engine, model);
  let timer;
  const late = new Promise((_, reject) => (timer = setTimeout(() => reject(new Error(`no answer in ${MOST_MS / 1000} s`)), MOST_MS)));
  return Promise.race([page.evaluate(([name, given]) => globalThis[name](...given), [name, given]), late]).finally(() => clearTimeout(timer));
}

const answer = (peer, what) => ask(peer, what, 'answer', what.job, what.n);

/** The greatest difference; of a Jacobian's norms, which have no size of their own, as a share of the greatest of them. Texts are the same or are not. */
function difference(job, numbers, expected) {
  if (typeof expected === 'string') return numbers === expected ? 0 : Infinity;
  if (numbers.length !== expected.length) return Infinity;
  const scale = job === 'jacobian' ? Math.max(...expected) : 1;
  return numbers.reduce((most, number, at) => (most >= Math.abs(number - expected[at]) / scale ? most : Math.abs(number - expected[at]) / scale), 0);
}

/** One row: what each runtime's numbers are off by, and what its rounds took. */
async function measure(what) {
  const { job, engine, model, n } = what;
  const expected = await answer('ours', { ...what, engine: 'cpu' });
  const runtimes = {};
  for (const peer of what.peers) {
    const given = await answer(peer, what).catch((error) => error);
    if (given instanceof Error) {
      if (peer === 'ours') throw given;
      // The page may be of no use any more.
      pages.delete([peer, engine, model].join());
      runtimes[peer] = { difference: null, failed: given.message.split('\n')[0].slice(0, 200), times: [] };
      continue;
    }
    const off = difference(job, given, expected);
    runtimes[peer] = { difference: Number.isFinite(off) ? rounded(off, 2) : null, times: [] };
    if (!(off <= TOLERANCE) && peer === 'ours') throw new Error(`${job} at ${n} on ${engine}: the engine is off by ${off} from its own on the CPU`);
  }
  const agreeing = what.peers.filter((peer) => runtimes[peer].difference !== null && runtimes[peer].difference <= TOLERANCE);
  const time = (peer, least) => ask(peer, what, 'time', job, n, least);
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
      runtimes[peer].counts = await ask(peer, what, 'counts', job, n);
    }
  }
  const tokens = languageModel && job !== 'sweep' ? { tokens: await ask('ours', what, 'tokens', job) } : {};
  const middle = (times) => [...times].sort((a, b) => a - b)[times.length >> 1]?.toFixed(1) ?? 'others';
  console.log([job, engine, model, n, ...what.peers.map((peer) => `${peer} ${middle(runtimes[peer].times)}`)].join('  '));
  return { job, engine, model, n, ...tokens, load: [Math.min(...loads), Math.max(...loads)].map((load) => rounded(load)), runtimes };
}

const about = {
  ...(await aboutMachine([...new Set(jobs.flatMap((job) => job.peers))])),
  ...(adapterName && { adapter: adapterName }),
  niceness: NICENESS,
  rounds: ROUNDS,
  least_ms: LEAST_MS,
  tolerance: TOLERANCE,
  models,
};
const lines = Object.entries(about).map(([name, value]) => `  ${JSON.stringify(name)}: ${JSON.stringify(value)},\n`);
const rows = [];
for (const what of jobs) {
  rows.push(await measure(what));
  // After each, for it takes long, and what was measured is not to be lost with what was not.
  await writeFile(file, `{\n${lines.join('')}  "rows": [\n${rows.map((row) => `    ${JSON.stringify(row)}`).join(',\n')}\n  ]\n}\n`);
}
for (const browser of Object.values(browsers)) await browser.close();
close();
