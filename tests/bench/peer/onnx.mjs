// The decoder as an ONNX model in the wire format of protocol buffers, of which it needs two kinds of field: numbers, and whatever has a length.
import { ALPHABET, causalMask, layersOf } from './weights.mjs';

const [FLOAT, INT64] = [1, 7];
const OPERATORS = 20;

function varint(value) {
  const bytes = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  while (rest > 0x7fn) {
    bytes.push(Number(rest & 0x7fn) | 0x80);
    rest >>= 7n;
  }
  return Uint8Array.from([...bytes, Number(rest)]);
}

function joined(parts) {
  const all = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

const number = (field, value) => joined([varint(field << 3), varint(value)]);
const float = (field, value) => joined([varint((field << 3) | 5), new Uint8Array(Float32Array.of(value).buffer)]);
const bytes = (field, value) => joined([varint((field << 3) | 2), varint(value.length), value]);
const text = (field, value) => bytes(field, new TextEncoder().encode(value));
const message = (field, ...parts) => bytes(field, joined(parts));

/** An AttributeProto (field 5 of a node): a list of whole numbers, one, or a fraction. */
function attribute(name, value) {
  if (Array.isArray(value)) return message(5, text(1, name), ...value.map((one) => number(8, one)), number(20, 7));
  return Number.isInteger(value)
    ? message(5, text(1, name), number(3, value), number(20, 2))
    : message(5, text(1, name), float(2, value), number(20, 1));
}

/** A ValueInfoProto: a name, a type and its extents. */
const value = (field, name, type, extents) =>
  message(field, text(1, name), message(2, message(1, number(1, type), message(2, ...extents.map((extent) => message(1, number(1, extent)))))));

/** A graph under construction: nodes and constants by name. */
class Graph {
  #nodes = [];
  #constants = [];
  #count = 0;

  constant(values, extents) {
    const name = `constant${(this.#count += 1)}`;
    const type = values instanceof BigInt64Array ? INT64 : FLOAT;
    const raw = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    this.#constants.push(message(5, ...extents.map((extent) => number(1, extent)), number(2, type), text(8, name), bytes(9, raw)));
    return name;
  }

  /** A node with so many outputs; its only one, or all of them. */
  node(operator, inputs, attributes = {}, { outputs = 1, domain = '' } = {}) {
    const names = Array.from({ length: outputs }, () => `value${(this.#count += 1)}`);
    const given = Object.entries(attributes).map(([name, value]) => attribute(name, value));
    this.#nodes.push(
      message(1, ...inputs.map((name) => text(1, name)), ...names.map((name) => text(2, name)), text(4, operator), ...given, text(7, domain)),
    );
    return outputs === 1 ? names[0] : names;
  }

  /** A ModelProto with these inputs and outputs. */
  model(inputs, outputs) {
    const graph = message(7, ...this.#nodes, text(2, 'decoder'), ...this.#constants, ...inputs, ...outputs);
    const operators = [message(8, text(1, ''), number(2, OPERATORS)), message(8, text(1, 'com.microsoft'), number(2, 1))];
    return joined([number(1, 9), ...operators, graph]);
  }
}

/**
 * The decoder for sequences of n tokens: from `tokens` [n] to `y`, [rows, d], of the last row or of all.
 *
 * Attention is written in ONNX's own operators, or `fused` in ONNX Runtime's.
 */
export function decoder(shape, weights, n, { rows = 1, fused = false } = {}) {
  const { d, heads } = shape;
  const c = d / heads;
  const graph = new Graph();
  const floats = (values, ...extents) => graph.constant(values, extents);
  const whole = (...values) => graph.constant(BigInt64Array.from(values, BigInt), [values.length]);
  const [split, join] = [whole(n, heads, c), whole(1, n, d)];
  const mask = fused ? '' : floats(causalMask(n), n, n);
  const norm = (x, gain, bias) => graph.node('LayerNormalization', [x, floats(gain, d), floats(bias, d)], { axis: -1, epsilon: 1e-5 });
  const product = (x, weight, inputs, outputs) => graph.node('MatMul', [x, floats(weight, inputs, outputs)]);

  const attention = (x, { qkv }) => {
    if (fused) {
      const inputs = [x, floats(qkv, d, 3 * d), floats(new Float32Array(3 * d), 3 * d)];
      return graph.node('Attention', inputs, { num_heads: heads, unidirectional: 1 }, { domain: 'com.microsoft' });
    }
    const parts = graph.node('Split', [product(x, qkv, d, 3 * d)], { axis: -1, num_outputs: 3 }, { outputs: 3 });
    const turned = (part, perm) => graph.node('Transpose', [graph.node('Reshape', [part, split])], { perm });
    const scores = graph.node('MatMul', [turned(parts[0], [1, 0, 2]), turned(parts[1], [1, 2, 0])]);
    const weights = graph.node('Softmax', [graph.node('Add', [scores, mask])], { axis: -1 });
    const mixed = graph.node('MatMul', [weights, turned(parts[2], [1, 0, 2])]);
    return graph.node('Reshape', [graph.node('Transpose', [mixed], { perm: [1, 0, 2] }), join]);
  };

  let x = graph.node('Gather', [floats(weights('embed.weight'), ALPHABET, d), 'tokens']);
  // Its own attention divides by √c.
  for (const layer of layersOf(shape, weights, !fused)) {
    const mixed = attention(norm(x, layer.attentionGain, layer.attentionBias), layer);
    const z = graph.node('Add', [x, product(mixed, layer.output, d, d)]);
    const hidden = graph.node('Add', [product(norm(z, layer.feedForwardGain, layer.feedForwardBias), layer.up, d, 4 * d), floats(layer.upBias, 4 * d)]);
    const made = graph.node('Add', [product(graph.node('Gelu', [hidden]), layer.down, 4 * d, d), floats(layer.downBias, d)]);
    x = graph.node('Add', [z, made]);
  }
  const all = norm(x, weights('final_norm.gain'), weights('final_norm.bias'));
  const y = graph.node('Slice', [all, whole(n - rows), whole(n), whole(1)]);
  return { bytes: graph.model([value(11, 'tokens', INT64, [1, n])], [value(12, y, FLOAT, [1, rows, d])]), output: y };
}
