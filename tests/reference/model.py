"""The transformer of docs/model.md in float64, written from that text alone: it shares no line with the engine.

Shapes in the comments: n tokens, d width, H heads, c = d/H head width, m keys.
"""

from dataclasses import dataclass, field

import jax
import jax.numpy as jnp
import numpy as np

from attention import attention

jax.config.update("jax_enable_x64", True)

NORM_EPSILON = 1e-5
BOS = 0


@dataclass(frozen=True)
class Model:
    """The shape and the parts of a transformer; its weights are drawn in draw.py. The words are those of links."""

    layers: int = 4
    heads: int = 4
    width: int = 64
    seed: int = 1
    position: str = "none"
    norm: str = "layer"
    share: float = 0.75  # p of p-RoPE
    residual: str = "on"
    feed_forward: str = "on"
    mask: str = "causal"
    reach: str = "global"
    window: int = 16
    scale: str = "sqrt"
    log_factor: float = 0.43  # c
    reference_length: int = 16  # m₀
    power_offset: float = 1.0  # δ
    power_factor: float = 0.5  # β
    power_exponent: float = 1.0  # γ
    weigh: str = "softmax"
    alpha: float = 1.5
    clip: float = 3.0
    sink: str = "none"
    sink_logit: float = 1.0
    mix: str = "plain"
    cap: str = "none"
    cap_at: float = 50.0


@dataclass
class Trace:
    """What one forward leaves behind, for all tokens; all but `output` hold one entry a layer."""

    residual: list = field(default_factory=list)  # [n, d]: first what enters the first block, then the stream after each block
    head_output: list = field(default_factory=list)  # [H, n, c]: what leaves the head, before the output projection
    head_magnitude: list = field(default_factory=list)  # [H, n, c]: the same sum with |values|, to which its rounding is proportional
    weights: list = field(default_factory=list)  # [H, n, m]: attention weights
    weight_steepness: list = field(default_factory=list)  # [H, n, m]: how much an error of a score moves its weight
    score_magnitude: list = field(default_factory=list)  # [H, n, m]: Σ|q||k|/√c + |bias|, to which the scores' rounding is proportional
    output: jax.Array = None  # [n, d], after the last norm


def tokens_of(text, bos):
    """Ids of a plain text: BOS is 0, a printable ASCII character its code - 31."""
    assert all(" " <= character <= "~" for character in text), text
    return ([BOS] if bos else []) + [ord(character) - 31 for character in text]


def embed(weights, model, tokens):
    """x_0 = embed[token], plus what the place adds to it."""
    x = weights["embed.weight"][jnp.array(tokens)]  # [n, d]
    if model.position == "sinusoidal":
        return x + sinusoid(len(tokens), model.width)
    return x + weights["position.weight"][: len(tokens)] if model.position == "learned" else x


def forward(weights, model, x, frozen=False):
    """From x_0 [n, d] to everything; `frozen` holds the attention weights fixed under differentiation."""
    trace = Trace(residual=[x])
    for layer in range(model.layers):
        name = f"layers.{layer}"
        skip = 1 if model.residual == "on" else 0
        x = skip * x + attention(weights, model, layer, norm(weights, model, f"{name}.attention_norm", x), frozen, trace)
        if model.feed_forward == "on":
            x = skip * x + feed_forward(weights, f"{name}.feed_forward", norm(weights, model, f"{name}.feed_forward_norm", x))
        trace.residual.append(x)
    trace.output = norm(weights, model, "final_norm", x)
    return trace


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


def sinusoid(n, width):
    """p[pos, 2i] = sin(pos / 10000^(2i/d)), p[pos, 2i+1] = cos(the same); an odd d ends with a sine."""
    coordinate = np.arange(width)
    angle = np.arange(n)[:, None] / 10000.0 ** (coordinate // 2 * 2 / width)
    return jnp.array(np.where(coordinate % 2 == 0, np.sin(angle), np.cos(angle)))  # [n, d]


def logits(weights, y):
    """One score for each token of the alphabet."""
    return y @ weights["unembed.weight"]


def sensitivity(weights, model, x, frozen):
    """‖∂y_last/∂x_0[i]‖_F for every token i, from the whole Jacobian."""
    last = lambda x: forward(weights, model, x, frozen).output[-1]
    jacobian = jax.jacrev(last)(x)  # [d, n, d]
    return np.sqrt(np.sum(np.asarray(jacobian) ** 2, axis=(0, 2)))
