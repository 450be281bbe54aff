// A small language model as a GGUF file, written by the test that opens it: two layers of random numbers, and a token for each byte.

const LAYERS = 2;
const WIDTH = 32;
const HEADS = 2;
const KEY_VALUE_HEADS = 1;
const HIDDEN = 64;
const F32 = 0;

/** The letter by which byte-level tokenizers write a byte: itself where it can be printed, else one from 256 on, in order. */
function letters() {
  const isPrinted = (byte) => (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || byte >= 0xae;
  let next = 256;
  return Array.from({ length: 256 }, (_, byte) => String.fromCodePoint(isPrinted(byte) ? byte : next++));
}

const whole = (number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(number);
  return bytes;
};
const long = (number) => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(number));
  return bytes;
};
const float = (number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeFloatLE(number);
  return bytes;
};
const text = (words) => Buffer.concat([long(Buffer.byteLength(words)), Buffer.from(words)]);

/** The bytes of the file. */
export function smallModel() {
  const tokens = ['<|endoftext|>', '<|im_start|>', '<|im_end|>', ...letters()];
  const list = Buffer.concat([whole(8), long(tokens.length), ...tokens.map(text)]);
  const entries = [
    ['general.architecture', 8, text('llama')],
    ['general.name', 8, text('A small model')],
    ['llama.block_count', 4, whole(LAYERS)],
    ['llama.embedding_length', 4, whole(WIDTH)],
    ['llama.feed_forward_length', 4, whole(HIDDEN)],
    ['llama.attention.head_count', 4, whole(HEADS)],
    ['llama.attention.head_count_kv', 4, whole(KEY_VALUE_HEADS)],
    ['llama.attention.layer_norm_rms_epsilon', 6, float(1e-5)],
    ['tokenizer.ggml.model', 8, text('gpt2')],
    ['tokenizer.ggml.pre', 8, text('smollm')],
    ['tokenizer.ggml.tokens', 9, list],
    ['tokenizer.ggml.merges', 9, Buffer.concat([whole(8), long(0)])],
    ['tokenizer.ggml.bos_token_id', 4, whole(1)],
    ['tokenizer.ggml.eos_token_id', 4, whole(2)],
  ];
  const arrays = [['token_embd.weight', [WIDTH, tokens.length], 1], ['output_norm.weight', [WIDTH], 0]];
  const keys = (WIDTH / HEADS) * KEY_VALUE_HEADS;
  for (let layer = 0; layer < LAYERS; layer += 1) {
    const matrices = { attn_q: [WIDTH, WIDTH], attn_k: [WIDTH, keys], attn_v: [WIDTH, keys], attn_output: [WIDTH, WIDTH], ffn_gate: [WIDTH, HIDDEN], ffn_up: [WIDTH, HIDDEN], ffn_down: [HIDDEN, WIDTH] };
    for (const [name, extents] of Object.entries(matrices)) arrays.push([`blk.${layer}.${name}.weight`, extents, 0.3]);
    for (const name of ['attn_norm', 'ffn_norm']) arrays.push([`blk.${layer}.${name}.weight`, [WIDTH], 0]);
  }
  let state = 7;
  const uniform = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state / 2 ** 31) - 1;
  };
  let at = 0;
  const heads = [];
  const numbers = [];
  for (const [name, extents, size] of arrays) {
    const count = extents.reduce((product, extent) => product * extent, 1);
    heads.push(text(name), whole(extents.length), ...extents.map(long), whole(F32), long(at));
    // The gains of norms are one.
    numbers.push(Buffer.concat(Array.from({ length: count }, () => float(size === 0 ? 1 : size * uniform()))));
    at += count * 4;
  }
  const header = Buffer.concat([
    Buffer.from('GGUF'),
    whole(3),
    long(arrays.length),
    long(entries.length),
    ...entries.flatMap(([name, kind, value]) => [text(name), whole(kind), value]),
    ...heads,
  ]);
  const padding = Buffer.alloc((32 - (header.length % 32)) % 32);
  return Buffer.concat([header, padding, ...numbers]);
}
