// jax-js: one function, compiled by its jit for each length.
import { defaultDevice, init, jit, nn, numpy as np, tree } from '/node_modules/@jax-js/jax/dist/index.js';
import { ALPHABET, distances, layersOf, ones } from './weights.mjs';

export async function open({ engine, shape, weights }) {
  const device = engine === 'cpu' ? 'wasm' : 'webgpu';
  if (!(await init(device)).includes(device)) throw new Error(`jax-js has no ${device} here`);
  defaultDevice(device);
  const { d, heads } = shape;
  const c = d / heads;
  const array = (values, ...extents) => np.array(values).reshape(extents);
  // 1/√c is its own attention's business.
  const layers = layersOf(shape, weights, false).map((layer) => ({
    ...Object.fromEntries(Object.entries(layer).map(([name, values]) => [name, np.array(values)])),
    qkv: array(layer.qkv, d, 3 * d),
    output: array(layer.output, d, d),
    up: array(layer.up, d, 4 * d),
    down: array(layer.down, 4 * d, d),
  }));
  const model = {
    embed: array(weights('embed.weight'), ALPHABET, d),
    layers,
    gain: np.array(weights('final_norm.gain')),
    bias: np.array(weights('final_norm.bias')),
  };

  // Every array is used up where it is used without `.ref`.
  const norm = (x, gain, bias) => nn.standardize(x, -1).mul(gain).add(bias);
  const block = (x, layer, n) => {
    const qkv = np.matmul(norm(x.ref, layer.attentionGain, layer.attentionBias), layer.qkv).reshape([n, 3, heads, c]);
    const [query, key, value] = [qkv.ref.slice([], 0), qkv.ref.slice([], 1), qkv.slice([], 2)];
    const mixed = nn.dotProductAttention(query, key, value, { isCausal: true }).reshape([n, d]);
    const z = x.add(np.matmul(mixed, layer.output));
    const hidden = np.matmul(norm(z.ref, layer.feedForwardGain, layer.feedForwardBias), layer.up).add(layer.upBias);
    return z.add(np.matmul(nn.gelu(hidden, { approximate: false }), layer.down).add(layer.downBias));
  };
  const rows = (tokens, { embed, layers, gain, bias }) => {
    const n = tokens.shape[0];
    const x = layers.reduce((x, layer) => block(x, layer, n), np.take(embed, tokens, 0));
    return norm(x, gain, bias);
  };
  const all = jit(rows);
  const last = jit((tokens, model) => rows(tokens, model).slice(-1));
  const run = (compiled, tokens) => compiled(np.array(Int32Array.from(tokens)), tree.ref(model)).data();

  return {
    forward: (tokens) => run(last, tokens),
    sweep: async (max) => distances(await run(all, ones(max + 1)), max, d),
  };
}
