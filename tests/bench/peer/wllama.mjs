// llama.cpp in WebAssembly, as wllama offers it, on one thread.
import { Wllama } from '/node_modules/@wllama/wllama/esm/index.js';

export async function open({ shape }) {
  const wllama = new Wllama({ default: '/node_modules/@wllama/wllama/esm/wasm/wllama.wasm' }, { suppressNativeLog: true });
  const file = await (await fetch(`/model/${shape.file}`)).blob();
  await wllama.loadModel([file], { n_threads: 1, n_ctx: 1024, n_batch: 512, n_gpu_layers: 0 });
  return {
    // What it keeps of the last prompt would be read for nothing the next time.
    write: async (prompt, most) =>
      (await wllama.createCompletion({ prompt, max_tokens: most, temperature: 0, cache_prompt: false })).choices[0].text,
  };
}
