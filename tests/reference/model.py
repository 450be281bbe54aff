"""The transformer of docs/model.md in float64, written from that text alone: it shares no line with the engine.

Shapes in the comments: n tokens, d width, H heads, c = d/H head width, m keys.
"""

import json
from dataclasses import dataclass, field

import jax
import jax.numpy as jnp
import numpy as np

jax.config.update("jax_enable_x64", True)

NORM_EPSILON = 1e-5
BOS = 0


@dataclass(frozen=True)
class Model:
    """The shape and the parts of a transformer; its weights come from a file."""

    layers: int = 4
    heads: int = 4
    width: int = 64
    seed: int = 1
    position: str = "none"
    norm: str = "layer"


@dataclass
class Trace:
    """What one forward leaves behind, for all tokens; all but `output` hold one entry a layer."""

    residual: list = field(default_factory=list)  # [n, d]: first what enters the first block, then the stream after each block
    head_output: list = field(default_factory=list)  # [H, n, c]: weighted values before the output projection
    head_magnitude: list = field(default_factory=list)  # [H, n, c]: the same sum with |values|, to which its rounding is proportional
    weights: list = field(default_factory=list)  # [H, n, m]: attention weights
    score_magnitude: list = field(default_factory=list)  # [H, n, m]: Σ|q||k|/√c + |bias|, to which the scores' rounding is proportional
    output: jax.Array = None  # [n, d], after the last norm


def tokens_of(text, bos):
    """Ids of a plain text: BOS is 0, a printable ASCII character its code - 31."""
    assert all(" " <= character <= "~" for character in text), text
    return ([BOS] if bos else []) + [ord(character) - 31 for character in text]


def embed(weights, model, tokens):
    """x_0 = embed[token], plus sines and cosines of the place where the model has sinusoidal positions."""
    x = weights["embed.weight"][jnp.array(tokens)]  # [n, d]
    return x + sinusoid(len(tokens), model.width) if model.position == "sinusoidal" else x


def forward(weights, model, x, frozen=False):
    """From x_0 [n, d] to everything; `frozen` holds the attention weights fixed under differentiation."""
    trace = Trace(residual=[x])
    for layer in range(model.layers):
        name = f"layers.{layer}"
        z = x + attention(weights, model, f"{name}.attention", norm(weights, model, f"{name}.attention_norm", x), frozen, trace)
        x = z + feed_forward(weights, f"{name}.feed_forward", norm(weights, model, f"{name}.feed_forward_norm", z))
        trace.residual.append(x)
    trace.output = norm(weights, model, "final_norm", x)
    return trace


def attention(weights, model, name, x, frozen, trace):
    """For each head softmax(q·kᵀ/√c + bias, causal)·v; heads side by side, times W_O."""
    n, heads = x.shape[0], model.heads
    head_width = model.width // heads
    split = lambda y: y.reshape(n, heads, head_width).transpose(1, 0, 2)  # [n, d] -> [H, n, c]
    q, k, v = (split(x @ weights[f"{name}.{part}.weight"]) for part in ("query", "key", "value"))
    if model.position == "rotary":
        q, k = rotate(q), rotate(k)
    bias = alibi(heads, n) if model.position == "alibi" else jnp.zeros((heads, n, n))  # [H, n, m]
    scores = q @ k.transpose(0, 2, 1) / head_width**0.5 + bias  # [H, n, m]
    visible = jnp.tril(jnp.ones((n, n), bool))
    weighting = softmax(jnp.where(visible, scores, -jnp.inf))  # [H, n, m]
    if frozen:
        weighting = jax.lax.stop_gradient(weighting)
    heads_out = weighting @ v  # [H, n, c]
    trace.head_output.append(heads_out)
    trace.head_magnitude.append(weighting @ jnp.abs(v))
    trace.weights.append(weighting)
    trace.score_magnitude.append(jnp.abs(q) @ jnp.abs(k).transpose(0, 2, 1) / head_width**0.5 + jnp.abs(bias))
    return heads_out.transpose(1, 0, 2).reshape(n, model.width) @ weights[f"{name}.output.weight"]


def feed_forward(weights, name, x):
    """down(gelu(up(x))), both with biases."""
    hidden = gelu(x @ weights[f"{name}.up.weight"] + weights[f"{name}.up.bias"])  # [n, 4d]
    return hidden @ weights[f"{name}.down.weight"] + weights[f"{name}.down.bias"]


def norm(weights, model, name, x):
    """Layer norm with the biased variance and a bias, or RMS norm without."""
    gain = weights[f"{name}.gain"]
    if model.norm == "rms":
        return x / jnp.sqrt(jnp.mean(x**2, -1, keepdims=True) + NORM_EPSILON) * gain
    centred = x - jnp.mean(x, -1, keepdims=True)
    return centred / jnp.sqrt(jnp.mean(centred**2, -1, keepdims=True) + NORM_EPSILON) * gain + weights[f"{name}.bias"]


def gelu(x):
    """x Φ(x), with the error function and not its tanh approximation."""
    return x * (1 + jax.scipy.special.erf(x / 2**0.5)) / 2


def softmax(x):
    """Along the last axis."""
    exponentials = jnp.exp(x - jnp.max(x, -1, keepdims=True))
    return exponentials / jnp.sum(exponentials, -1, keepdims=True)


def sinusoid(n, width):
    """p[pos, 2i] = sin(pos / 10000^(2i/d)), p[pos, 2i+1] = cos(the same); an odd d ends with a sine."""
    coordinate = np.arange(width)
    angle = np.arange(n)[:, None] / 10000.0 ** (coordinate // 2 * 2 / width)
    return jnp.array(np.where(coordinate % 2 == 0, np.sin(angle), np.cos(angle)))  # [n, d]


def rotate(x):
    """Turns the pairs (x[i], x[i + c/2]) by pos · 10000^(-2i/c); x is [H, n, c]."""
    _, n, head_width = x.shape
    half = head_width // 2
    angle = np.arange(n)[:, None] * 10000.0 ** (-2 * np.arange(half) / head_width)  # [n, c/2]
    first, second = x[..., :half], x[..., half:]
    cos, sin = np.cos(angle), np.sin(angle)
    return jnp.concatenate([first * cos - second * sin, second * cos + first * sin], -1)


def alibi(heads, n):
    """-2^(-8(h+1)/H) · (query place - key place), h from 0."""
    slope = 2.0 ** (-8 * (np.arange(heads) + 1) / heads)
    place = np.arange(n)
    return jnp.array(-slope[:, None, None] * (place[:, None] - place[None, :]))  # [H, n, m]


def logits(weights, y):
    """One score for each token of the alphabet."""
    return y @ weights["unembed.weight"]


def sensitivity(weights, model, x, frozen):
    """‖∂y_last/∂x_0[i]‖_F for every token i, from the whole Jacobian."""
    last = lambda x: forward(weights, model, x, frozen).output[-1]
    jacobian = jax.jacrev(last)(x)  # [d, n, d]
    return np.sqrt(np.sum(np.asarray(jacobian) ** 2, axis=(0, 2)))


def read_weights(data):
    """The f32 tensors in the bytes of a safetensors file, widened without loss."""
    start = 8 + int.from_bytes(data[:8], "little")
    weights = {}
    for name, entry in json.loads(data[8:start]).items():
        if name == "__metadata__":
            continue
        assert entry["dtype"] == "F32", (name, entry)
        begin, end = entry["data_offsets"]
        weights[name] = jnp.array(np.frombuffer(data[start + begin : start + end], "<f4").reshape(entry["shape"]).astype(np.float64))
    return weights
