// ONNX Runtime Web: a graph for each length, compiled by its session.
import { decoder } from './onnx.mjs';
import { distances, ones } from './weights.mjs';

const DIST = '/node_modules/onnxruntime-web/dist/';

export async function open({ engine, shape, weights }, fused = false) {
  const runtime = await import(`${DIST}${engine === 'cpu' ? 'ort.wasm.min.mjs' : 'ort.webgpu.min.mjs'}`);
  Object.assign(runtime.env.wasm, { numThreads: 1, wasmPaths: DIST });
  runtime.env.logLevel = 'error';
  const sessions = new Map();
  const sessionOf = (n, rows) => {
    const key = `${n} ${rows}`;
    if (!sessions.has(key)) {
      const { bytes, output } = decoder(shape, weights, n, { rows, fused });
      const executionProviders = [engine === 'cpu' ? 'wasm' : 'webgpu'];
      sessions.set(key, runtime.InferenceSession.create(bytes, { executionProviders }).then((session) => ({ session, output })));
    }
    return sessions.get(key);
  };
  const run = async (tokens, rows) => {
    const { session, output } = await sessionOf(tokens.length, rows);
    const ids = new runtime.Tensor('int64', BigInt64Array.from(tokens, BigInt), [1, tokens.length]);
    return (await session.run({ tokens: ids }))[output].data;
  };
  return {
    forward: (tokens) => run(tokens, 1),
    sweep: async (max) => distances(await run(ones(max + 1), max + 2), max, shape.d),
  };
}
