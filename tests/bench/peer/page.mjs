// What a page of one runtime offers to the script that times it: `ready`, `answer`, `time` and `counts`.
import { countCalls } from './counts.mjs';
import { readWeights } from './weights.mjs';

const { peer, engine, model } = Object.fromEntries(new URLSearchParams(location.search));
const counted = countCalls();

/** A sequence without repetition to speak of, in which a wrong mask or a wrong head shows: BOS, then ids that step through the alphabet. */
const varied = (n) => Uint32Array.from({ length: n }, (_, at) => (at === 0 ? 0 : 1 + ((at * 37) % 95)));

/** What a language model reads before it writes. */
const PROMPTS = {
  prompt: 'It rained all night, and in the morning the river stood at the door. '.repeat(16),
  written: 'The capital of France is the city of',
};

const jobs = {
  forward: (runtime, n) => runtime.forward(varied(n)),
  jacobian: (runtime, n) => runtime.jacobian(varied(n)),
  sweep: (runtime, n) => runtime.sweep(n),
  prompt: (runtime, n) => runtime.write(PROMPTS.prompt, n),
  written: (runtime, n) => runtime.write(PROMPTS.written, n),
};

globalThis.ready = (async () => {
  const shape = JSON.parse(model);
  // Ours draws the same numbers itself.
  const weights = shape.file || peer === 'ours' ? undefined : await readWeights(`/weights/${shape.name}.safetensors`);
  const { open } = await import(`./${peer}.mjs`);
  globalThis.runtime = await open({ engine, shape, weights });
})();

/** The numbers of one run, or its text. */
globalThis.answer = async (job, n) => {
  const answer = await jobs[job](runtime, n);
  return typeof answer === 'string' ? answer : Array.from(answer);
};

/** Tokens of a job's prompt, where our engine is the runtime. */
globalThis.tokens = (job) => runtime.count(PROMPTS[job]);

/** Milliseconds a run, of as many as fill a time. */
globalThis.time = async (job, n, leastMs) => {
  const start = performance.now();
  let runs = 0;
  do {
    await jobs[job](runtime, n);
    runs += 1;
  } while (performance.now() - start < leastMs);
  return (performance.now() - start) / runs;
};

/** Calls of WebGPU in one run. */
globalThis.counts = async (job, n) => {
  const before = { ...counted };
  await jobs[job](runtime, n);
  return Object.fromEntries(Object.keys(counted).map((name) => [name, counted[name] - before[name]]));
};
