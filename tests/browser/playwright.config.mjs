// Where the specs run: one Chromium without WebGPU, and one with an adapter made of software.
// `cargo xtask test` sets CHROME and GLASSES_PORT; `npx playwright test` in this folder works too.
import { fileURLToPath } from 'node:url';
import { defineConfig } from '@playwright/test';

const port = process.env.GLASSES_PORT ?? '4173';
const address = `http://127.0.0.1:${port}/`;

const minutes = (count) => count * 60_000;

// Chromium's sandbox refuses to work for root, and root is who runs in most containers.
const rootArgs = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
// SwiftShader computes WebGPU on the processor, and is asked for by name: a machine's own GPU
// would make the results depend on the machine.
const swiftshaderArgs = [
  '--enable-unsafe-webgpu',
  '--enable-features=Vulkan,WebGPU',
  '--use-webgpu-adapter=swiftshader',
  '--use-angle=swiftshader',
];

const chromium = (args) => ({
  browserName: 'chromium',
  launchOptions: { executablePath: process.env.CHROME, args: [...rootArgs, ...args] },
});

export default defineConfig({
  testMatch: '*.spec.mjs',
  outputDir: 'results',
  reporter: 'list',
  // A test that passes the second time has found something.
  retries: 0,
  forbidOnly: true,
  // No test measures time, so they share the machine: two halve the wait, more would starve the engines on two cores.
  workers: 2,
  fullyParallel: true,
  expect: { timeout: minutes(0.5) },
  // A service worker would answer in the place of what a spec routes; offline.spec.mjs is about it and lets it in. A trace costs a third of
  // the time: who looks into a failure runs its spec again with `--trace on`.
  use: { baseURL: address, serviceWorkers: 'block' },
  projects: [
    { name: 'cpu', testIgnore: 'webgpu*.spec.mjs', timeout: minutes(2), use: chromium([]) },
    { name: 'webgpu', testMatch: 'webgpu*.spec.mjs', timeout: minutes(5), use: chromium(swiftshaderArgs) },
  ],
  webServer: {
    command: `cargo xtask serve --whole --port ${port}`,
    cwd: fileURLToPath(new URL('../..', import.meta.url)),
    url: address,
    // Long enough for `cargo xtask serve` to build the site first.
    timeout: minutes(30),
    stdout: 'ignore',
    stderr: 'pipe',
  },
});
