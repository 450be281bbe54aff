// What the benchmarks of other runtimes share: where their files are, what a browser is told of its adapter, and what was measured on.
import { execFileSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { launch } from './folder.mjs';

export const SWIFTSHADER = ['--use-webgpu-adapter=swiftshader', '--use-angle=swiftshader'];
export const DRIVER = ['--use-angle=vulkan', '--disable-vulkan-surface', '--ignore-gpu-blocklist', '--enable-webgpu-developer-features'];
/** Arguments of a browser for a device, with those of its adapter. */
export const ARGS = { cpu: () => [], webgpu: (adapter) => ['--enable-unsafe-webgpu', '--enable-features=Vulkan,WebGPU', ...adapter] };

const PACKAGES = { ort: 'onnxruntime-web', tfjs: '@tensorflow/tfjs', jax: '@jax-js/jax', wllama: '@wllama/wllama' };
export const bench = fileURLToPath(new URL('../bench', import.meta.url));

/** What reads the file of an address: our engine and the weights lie in a folder, the rest in tests/bench. */
export const inFolder = (folder) => (path) => {
  const isOurs = path.startsWith('/ours/') || path.startsWith('/weights/');
  return readFile(isOurs ? join(folder, path.replace('/ours/', '/')) : join(bench, path));
};

export const rounded = (value, digits = 3) => Number(value.toPrecision(digits));

/** When, in which browser, on which machine, and which versions. */
export async function about(peers) {
  const versions = { ours: process.env.COMMIT ?? execFileSync('git', ['log', '-1', '--format=%h', '--', '../../crate/engine'], { encoding: 'utf8' }).trim() };
  for (const peer of peers.filter((peer) => peer in PACKAGES)) {
    versions[peer] = JSON.parse(await readFile(join(bench, 'node_modules', PACKAGES[peer], 'package.json'), 'utf8')).version;
  }
  const browser = await launch();
  const version = browser.version();
  await browser.close();
  return { date: new Date().toISOString().slice(0, 10), browser: version, processor: cpus()[0].model, cores: cpus().length, versions };
}
