// A model's weights from a safetensors file, under the names of docs/model.md.

/** A function from a name to the array of f32 beneath it. */
export async function readWeights(address) {
  const bytes = await (await fetch(address)).arrayBuffer();
  const length = Number(new DataView(bytes).getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(new Uint8Array(bytes, 8, length)));
  return (name) => {
    const { dtype, data_offsets: [from, to] } = header[name];
    if (dtype !== 'F32') throw new Error(`${name} is ${dtype}`);
    return new Float32Array(bytes.slice(8 + length + from, 8 + length + to));
  };
}

/**
 * The weights as runtimes like them best: queries, keys and values in one matrix [d, 3d], with 1/√c within the queries unless
 * the runtime divides by it.
 */
export function layersOf({ d, layers, heads }, weights, scaled = true) {
  const scale = scaled ? 1 / Math.sqrt(d / heads) : 1;
  return Array.from({ length: layers }, (_, layer) => {
    const of = (name) => weights(`layers.${layer}.${name}`);
    const parts = [of('attention.query.weight').map((value) => value * scale), of('attention.key.weight'), of('attention.value.weight')];
    const qkv = new Float32Array(3 * d * d);
    for (let row = 0; row < d; row += 1) {
      parts.forEach((part, index) => qkv.set(part.subarray(row * d, (row + 1) * d), (3 * row + index) * d));
    }
    return {
      attentionGain: of('attention_norm.gain'),
      attentionBias: of('attention_norm.bias'),
      qkv,
      output: of('attention.output.weight'),
      feedForwardGain: of('feed_forward_norm.gain'),
      feedForwardBias: of('feed_forward_norm.bias'),
      up: of('feed_forward.up.weight'),
      upBias: of('feed_forward.up.bias'),
      down: of('feed_forward.down.weight'),
      downBias: of('feed_forward.down.bias'),
    };
  });
}

/** Tokens of the alphabet, BOS among them. */
export const ALPHABET = 96;

/** The mask of causal attention, [n, n]: added to scores, it leaves no weight to what comes behind. */
export const causalMask = (n) => Float32Array.from({ length: n * n }, (_, at) => (at % n > Math.floor(at / n) ? -1e9 : 0));

/** BOS and so many ones: the longest sequence of a sweep, whose rows hold the last tokens of all shorter ones. */
export const ones = (count) => Uint32Array.from({ length: count + 1 }, (_, at) => (at === 0 ? 0 : '1'.charCodeAt(0) - 31));

/** The L2 distances of 1^n and 1^(n+1) for n from 1 to `max`, from y of BOS and max + 1 ones, [max + 2, d]. */
export function distances(y, max, d) {
  return Float64Array.from({ length: max }, (_, at) => {
    let sum = 0;
    for (let coordinate = 0; coordinate < d; coordinate += 1) {
      sum += (y[(at + 1) * d + coordinate] - y[(at + 2) * d + coordinate]) ** 2;
    }
    return Math.sqrt(sum);
  });
}
