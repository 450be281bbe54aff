// TensorFlow.js: operation by operation, without a graph. Its builds are scripts that share a global.
import { ALPHABET, causalMask, distances, layersOf, ones } from './weights.mjs';

const SCRIPTS = {
  cpu: ['tfjs/dist/tf.min.js', 'tfjs-backend-wasm/dist/tf-backend-wasm.min.js'],
  webgpu: ['tfjs/dist/tf.min.js', 'tfjs-backend-webgpu/dist/tf-backend-webgpu.min.js'],
};
/** Cotangents that go back at once. */
const COTANGENTS = 16;
const EPSILON = 1e-5;

const load = (address) =>
  new Promise((loaded, failed) => {
    document.head.append(Object.assign(document.createElement('script'), { src: address, onload: loaded, onerror: failed }));
  });

export async function open({ engine, shape, weights }) {
  for (const script of SCRIPTS[engine]) await load(`/node_modules/@tensorflow/${script}`);
  const { tf } = globalThis;
  if (engine === 'cpu') tf.wasm.setWasmPaths('/node_modules/@tensorflow/tfjs-backend-wasm/dist/');
  if (!(await tf.setBackend(engine === 'cpu' ? 'wasm' : 'webgpu'))) throw new Error('TensorFlow.js has no such backend here');
  await tf.ready();
  const { d, heads } = shape;
  const c = d / heads;
  const layers = layersOf(shape, weights).map((layer) => ({
    ...Object.fromEntries(Object.entries(layer).map(([name, values]) => [name, tf.tensor1d(values)])),
    qkv: tf.tensor2d(layer.qkv, [d, 3 * d]),
    output: tf.tensor2d(layer.output, [d, d]),
    up: tf.tensor2d(layer.up, [d, 4 * d]),
    down: tf.tensor2d(layer.down, [4 * d, d]),
  }));
  const embed = tf.tensor2d(weights('embed.weight'), [ALPHABET, d]);
  const [gain, bias] = ['gain', 'bias'].map((name) => tf.tensor1d(weights(`final_norm.${name}`)));
  const masks = new Map();
  const maskOf = (n) => {
    if (!masks.has(n)) masks.set(n, tf.keep(tf.tensor2d(causalMask(n), [n, n])));
    return masks.get(n);
  };

  const norm = (x, gain, bias) => {
    const centred = x.sub(x.mean(-1, true));
    return centred.mul(centred.square().mean(-1, true).add(EPSILON).rsqrt()).mul(gain).add(bias);
  };
  const fused = (a, b, bias) => tf.fused.matMul({ a, b, bias });
  // A gradient of the fused product computes those of weights, too, whether they are asked for or not.
  const unfused = (a, b, bias) => tf.matMul(a, b).add(bias);
  const gelu = (x) => x.mul(0.5).mul(tf.erf(x.mul(Math.SQRT1_2)).add(1));
  // x holds a batch of sequences one below the other, [batch · n, d].
  const block = (x, layer, batch, n, product) => {
    const qkv = tf.split(tf.matMul(norm(x, layer.attentionGain, layer.attentionBias), layer.qkv), 3, 1);
    const [query, key, value] = qkv.map((part) => part.reshape([batch, n, heads, c]).transpose([0, 2, 1, 3]));
    const attention = tf.softmax(tf.matMul(query, key, false, true).add(maskOf(n)));
    const mixed = tf.matMul(attention, value).transpose([0, 2, 1, 3]).reshape([batch * n, d]);
    const z = x.add(tf.matMul(mixed, layer.output));
    const normed = norm(z, layer.feedForwardGain, layer.feedForwardBias);
    return z.add(product(gelu(product(normed, layer.up, layer.upBias)), layer.down, layer.downBias));
  };
  const from = (x, batch, n, product = fused) => norm(layers.reduce((x, layer) => block(x, layer, batch, n, product), x), gain, bias);
  const start = (tokens) => tf.gather(embed, tf.tensor1d(Int32Array.from(tokens), 'int32'));
  const read = async (compute) => {
    const result = tf.tidy(compute);
    const values = await result.data();
    result.dispose();
    return values;
  };

  /** Σ over some cotangents of (rᵀ ∂y_n/∂x⁰_i)², [n]: the input once for each of them, and the gradient of what the unit vectors pick. */
  const squares = (tokens, first) => {
    const n = tokens.length;
    const x = start(tokens);
    const many = x.expandDims(0).tile([COTANGENTS, 1, 1]).reshape([COTANGENTS * n, d]);
    const unit = tf.oneHot(tf.range(first, first + COTANGENTS, 1, 'int32'), d).toFloat();
    const picked = (x) => {
      const y = from(x, COTANGENTS, n, unfused).reshape([COTANGENTS, n, d]).slice([0, n - 1, 0], [COTANGENTS, 1, d]);
      return y.reshape([COTANGENTS, d]).mul(unit).sum();
    };
    return tf.grad(picked)(many).square().reshape([COTANGENTS, n, d]).sum([0, 2]);
  };

  return {
    forward: (tokens) => read(() => from(start(tokens), 1, tokens.length).slice([tokens.length - 1, 0], [1, d])),
    sweep: async (max) => distances(await read(() => from(start(ones(max + 1)), 1, max + 2)), max, d),
    jacobian: async (tokens) => {
      const sums = new Float64Array(tokens.length);
      for (let first = 0; first < d; first += COTANGENTS) {
        (await read(() => squares(tokens, first))).forEach((square, at) => (sums[at] += square));
      }
      return sums.map(Math.sqrt);
    },
  };
}
