// A small language model as a GGUF file or as the three files of a hub, written by the test that opens it: two layers of random numbers, and a token
// for each byte.

const LAYERS = 2;
const WIDTH = 32;
const HEADS = 2;
const KEY_VALUE_HEADS = 1;
const HIDDEN = 64;
const F32 = 0;
/** Types of blocks by their numbers in a file, all that a row of 32 numbers may have: bytes of a block, and where scale and minimum are, for numbers up to about one. */
export const BLOCKS = { 2: [18, { 0: 1 / 8 }], 3: [20, { 0: 1 / 8, 2: -1 }], 6: [22, { 0: 1 / 16 }], 7: [24, { 0: 1 / 16, 2: -1 }], 8: [34, { 0: 1 / 128 }] };

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

const TOKENS = ['<|endoftext|>', '<|im_start|>', '<|im_end|>', ...letters()];

/** A number in half precision, cut off. */
const half = (number) => {
  const bits = float(number).readUInt32LE();
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(((bits >>> 16) & 0x8000) | ((((bits >>> 23) & 255) - 112) << 10) | ((bits >>> 13) & 0x3ff));
  return bytes;
};

/** Its arrays: name, extents, numbers, type; matrices are of these types in turns. */
function arrays(types = [F32]) {
  const all = [['token_embd.weight', [WIDTH, TOKENS.length], 1], ['output_norm.weight', [WIDTH], 0]];
  const keys = (WIDTH / HEADS) * KEY_VALUE_HEADS;
  for (let layer = 0; layer < LAYERS; layer += 1) {
    const matrices = { attn_q: [WIDTH, WIDTH], attn_k: [WIDTH, keys], attn_v: [WIDTH, keys], attn_output: [WIDTH, WIDTH], ffn_gate: [WIDTH, HIDDEN], ffn_up: [WIDTH, HIDDEN], ffn_down: [HIDDEN, WIDTH] };
    for (const [name, extents] of Object.entries(matrices)) all.push([`blk.${layer}.${name}.weight`, extents, 0.3]);
    for (const name of ['attn_norm', 'ffn_norm']) all.push([`blk.${layer}.${name}.weight`, [WIDTH], 0]);
  }
  let state = 7;
  const uniform = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state / 2 ** 31) - 1;
  };
  let matrices = 0;
  return all.map(([name, extents, size]) => {
    const count = extents.reduce((product, extent) => product * extent, 1);
    const type = size === 0 ? F32 : types[matrices++ % types.length];
    if (type === F32) {
      // The gains of norms are one.
      return [name, extents, Buffer.concat(Array.from({ length: count }, () => float(size === 0 ? 1 : size * uniform()))), type];
    }
    const [length, scales] = BLOCKS[type];
    const blocks = Array.from({ length: count / 32 }, () => {
      const block = Buffer.from(Array.from({ length }, () => Math.floor(128 * (uniform() + 1))));
      for (const [at, scale] of Object.entries(scales)) half(size * scale).copy(block, Number(at));
      return block;
    });
    return [name, extents, Buffer.concat(blocks), type];
  });
}

/** The bytes of the GGUF file, with matrices of these types in turns. */
export function smallModel(types = [F32]) {
  const list = Buffer.concat([whole(8), long(TOKENS.length), ...TOKENS.map(text)]);
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
  let at = 0;
  const heads = [];
  const numbers = [];
  for (const [name, extents, bytes, type] of arrays(types)) {
    heads.push(text(name), whole(extents.length), ...extents.map(long), whole(type), long(at));
    const filled = Buffer.concat([bytes, Buffer.alloc((32 - (bytes.length % 32)) % 32)]);
    numbers.push(filled);
    at += filled.length;
  }
  const header = Buffer.concat([
    Buffer.from('GGUF'),
    whole(3),
    long(numbers.length),
    long(entries.length),
    ...entries.flatMap(([name, kind, value]) => [text(name), whole(kind), value]),
    ...heads,
  ]);
  const padding = Buffer.alloc((32 - (header.length % 32)) % 32);
  return Buffer.concat([header, padding, ...numbers]);
}

const HUB_NAMES = { attn_norm: 'input_layernorm', attn_q: 'self_attn.q_proj', attn_k: 'self_attn.k_proj', attn_v: 'self_attn.v_proj', attn_output: 'self_attn.o_proj', ffn_norm: 'post_attention_layernorm', ffn_gate: 'mlp.gate_proj', ffn_up: 'mlp.up_proj', ffn_down: 'mlp.down_proj' };

/** The name in a hub's file of an array of the GGUF file. */
function hubName(name) {
  if (name === 'token_embd.weight') return 'model.embed_tokens.weight';
  if (name === 'output_norm.weight') return 'model.norm.weight';
  const [, layer, array] = name.split('.');
  return `model.layers.${layer}.${HUB_NAMES[array]}.weight`;
}

/** Rows with the even ones of each head in front of the odd ones, as a hub's files have those of queries and keys. */
function halves(bytes, rows) {
  const size = bytes.length / rows;
  const of = (row) => bytes.subarray(row * size, (row + 1) * size);
  const head = WIDTH / HEADS;
  const order = Array.from({ length: rows }, (_, row) => row - (row % head) + ((row % head) * 2) % head + Math.floor((2 * (row % head)) / head));
  return Buffer.concat(order.map(of));
}

/** The same model as the three files of a hub, by their names. */
export function smallHubModel() {
  const config = { model_type: 'llama', num_hidden_layers: LAYERS, hidden_size: WIDTH, intermediate_size: HIDDEN, num_attention_heads: HEADS, num_key_value_heads: KEY_VALUE_HEADS, rms_norm_eps: 1e-5, tie_word_embeddings: true, bos_token_id: 1, eos_token_id: 2 };
  const tokenizer = {
    added_tokens: [0, 1, 2].map((id) => ({ id, content: TOKENS[id], special: true })),
    pre_tokenizer: { type: 'Sequence', pretokenizers: [{ type: 'Digits', individual_digits: true }, { type: 'ByteLevel', add_prefix_space: false, use_regex: true }] },
    model: { type: 'BPE', vocab: Object.fromEntries(TOKENS.map((token, id) => [token, id])), merges: [] },
  };
  const header = {};
  const numbers = [];
  let at = 0;
  for (const [name, extents, bytes] of arrays()) {
    const turns = name.includes('attn_q') || name.includes('attn_k.');
    header[hubName(name)] = { dtype: 'F32', shape: [...extents].reverse(), data_offsets: [at, at + bytes.length] };
    numbers.push(turns ? halves(bytes, extents[1]) : bytes);
    at += bytes.length;
  }
  const json = Buffer.from(JSON.stringify(header));
  return {
    'config.json': Buffer.from(JSON.stringify(config)),
    'tokenizer.json': Buffer.from(JSON.stringify(tokenizer)),
    'model.safetensors': Buffer.concat([long(json.length), json, ...numbers]),
  };
}
