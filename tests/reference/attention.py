"""The attention of docs/model.md in float64, slot by slot: bias, cap, mask and reach, scale, sink, weigh, mix.

Shapes in the comments: n tokens, d width, H heads, c = d/H head width, m keys.
"""

import math

import jax
import jax.numpy as jnp
import numpy as np

from draw import first_lambda

HEAD_NORM_EPSILON = 1e-5


def attention(weights, model, layer, x, frozen, trace):
    """Weighted values, head by head, side by side, times W_O. x is what comes out of the norm, [n, d]."""
    name, n, c = f"layers.{layer}.attention", x.shape[0], model.width // model.heads
    part = lambda which: (x @ weights[f"{name}.{which}.weight"]).reshape(n, model.heads, c).transpose(1, 0, 2)  # [H, n, c]
    visible = visible_keys(model, layer, n)  # [n, m]
    count = visible.sum(-1, keepdims=True)  # [n, 1]
    sink = {"none": None, "zero": jnp.zeros(model.heads), "logit": weights.get(f"{name}.sink.logit")}[model.sink]
    v = part("value")
    weighting, steepness, magnitude = attention_map(model, part("query"), part("key"), visible, count, sink)
    if model.mix == "centred":
        steepness = steepness + visible / count
        weighting = weighting - visible / count
    if model.mix == "differential":
        factor = weights[f"{name}.lambda"][:, None, None]
        second = attention_map(model, part("second_query"), part("second_key"), visible, count, sink)
        weighting = weighting - factor * second[0]
        steepness, magnitude = steepness + factor * second[1], jnp.maximum(magnitude, second[2])
    if frozen:
        weighting = jax.lax.stop_gradient(weighting)
    out, out_magnitude = weighting @ v, steepness @ jnp.abs(v)  # [H, n, c]
    if model.mix == "gated":
        gate = jax.nn.sigmoid(x @ weights[f"{name}.gate.weight"] + weights[f"{name}.gate.bias"]).T[..., None]  # [H, n, 1]
        out, out_magnitude = out * gate, out_magnitude * gate
    if model.mix == "differential":
        size = jnp.sqrt(jnp.mean(out**2, -1, keepdims=True) + HEAD_NORM_EPSILON)
        gain = weights[f"{name}.head_norm.gain"] * (1 - first_lambda(layer))
        out, out_magnitude = out / size * gain, out_magnitude / size * gain
    trace.head_output.append(out)
    trace.head_magnitude.append(out_magnitude)
    trace.weights.append(weighting)
    trace.weight_steepness.append(steepness)
    trace.score_magnitude.append(magnitude)
    return out.transpose(1, 0, 2).reshape(n, model.width) @ weights[f"{name}.output.weight"]


def attention_map(model, q, k, visible, count, sink):
    """From queries and keys, before they are rotated, to the weights of each head, [H, n, m].

    Beside them two arrays that tolerances are made of: how much an error of a score moves its weight, and the sum of absolute values
    that made the score, times what multiplied it, to which its rounding is proportional.
    """
    _, n, c = q.shape
    q, k = (turn(model, y) if model.position in ("rotary", "prope") else y for y in (q, k))
    bias = alibi(model.heads, n) if model.position == "alibi" else jnp.zeros((model.heads, n, n))  # [H, n, m]
    scores = q @ k.transpose(0, 2, 1) / c**0.5 + bias  # [H, n, m]
    magnitude = jnp.abs(q) @ jnp.abs(k).transpose(0, 2, 1) / c**0.5 + jnp.abs(bias)
    if model.cap == "soft":
        scores = model.cap_at * jnp.tanh(scores / model.cap_at)
    factor, factor_magnitude = temperature(model, scores, visible, count)
    weighting, steepness = weigh(model, scores * factor, visible, count, sink)
    return weighting, steepness, magnitude * factor_magnitude


def visible_keys(model, layer, n):
    """Which keys each query sees, [n, m]: what the mask lets through, and in a windowed layer only what is near."""
    distance = np.arange(n)[:, None] - np.arange(n)[None, :]
    seen = np.ones((n, n), bool) if model.mask == "both" else distance >= 0
    if model.reach == "local" or model.reach == "alternating" and layer % 2 == 0:
        seen &= np.abs(distance) < model.window
    return seen


def temperature(model, scores, visible, count):
    """What scores are multiplied by, and the sum of absolute values that made it; both broadcast to [H, n, m]."""
    if model.scale == "log":
        factor = model.log_factor * np.log(count)
        return factor, factor
    if model.scale == "log-relative":
        factor = np.maximum(1, np.log(count) / np.log(model.reference_length))
        return factor, factor
    if model.scale == "power":
        # NumPy has 0⁰ = 1.
        factor = model.power_offset + model.power_factor * np.log(count) ** model.power_exponent
        return factor, factor
    if model.scale == "adaptive":
        entropy = entropy_of(scores, visible)
        terms = [coefficient * entropy ** (4 - power) for power, coefficient in enumerate((-0.037, 0.481, -2.3, 4.917, -1.791))]
        factor = jnp.where(entropy > 0.5, jnp.maximum(sum(terms), 1), 1.0)
        return factor, jnp.where(factor > 1, sum(map(jnp.abs, terms)), 1.0)
    return 1.0, 1.0


def entropy_of(scores, visible):
    """The entropy of softmax over the visible keys in nats, [H, n, 1]."""
    highest = jax.lax.stop_gradient(jnp.max(jnp.where(visible, scores, -jnp.inf), -1, keepdims=True))
    # What is hidden may be far above what is seen, so it is taken out before the exponential, not behind.
    below = jnp.where(visible, scores - highest, 0)
    logarithm = jnp.where(visible, below - jnp.log(jnp.sum(jnp.where(visible, jnp.exp(below), 0), -1, keepdims=True)), 0)
    return -jnp.sum(jnp.where(visible, jnp.exp(logarithm) * logarithm, 0), -1, keepdims=True)


def weigh(model, scores, visible, count, sink):
    """Weights of the visible keys, zero elsewhere, and how much an error of a score moves its weight; the sink's own weight is dropped."""
    if model.weigh == "sigmoid":
        found = jnp.where(visible, jax.nn.sigmoid(scores), 0)
        return found, found
    if sink is not None:
        scores = jnp.concatenate([scores, jnp.broadcast_to(sink[:, None, None], (*scores.shape[:2], 1))], -1)
        visible_and_sink = np.concatenate([visible, np.ones_like(count, bool)], -1)
    else:
        visible_and_sink = visible
    scores = jnp.where(visible_and_sink, scores, -jnp.inf)
    found = (entmax(scores, model.alpha) if model.weigh == "entmax" else softmax(scores))[..., : visible.shape[1]]
    if model.weigh == "entmax":
        # d p = p^(2-α) d s, and less where the threshold gives way.
        return found, jnp.where(found > 0, jnp.maximum(found, 1e-300) ** (2 - model.alpha), 0)
    if model.weigh == "clipped":
        stretch = model.clip / count
        return jnp.where(visible, jnp.clip((1 + stretch) * found - stretch, 0, 1), 0), (1 + stretch) * found
    return found, found


def softmax(x):
    """Along the last axis."""
    exponentials = jnp.exp(x - jnp.max(x, -1, keepdims=True))
    return exponentials / jnp.sum(exponentials, -1, keepdims=True)


def entmax(x, alpha):
    """p = [(α-1) x - τ]₊^(1/(α-1)) along the last axis, with τ such that they add to one, by bisection."""
    z, exponent = (alpha - 1) * x, 1 / (alpha - 1)
    above = lambda tau, z: jnp.where(z > tau, jnp.where(z > tau, z - tau, 1.0), 0)
    fixed = jax.lax.stop_gradient(z)
    # τ is below the largest z, where nothing is left, and not below one less, where that one alone makes one.
    high = jnp.max(fixed, -1, keepdims=True)
    low = high - 1
    for _ in range(60):
        middle = (low + high) / 2
        full = jnp.sum(above(middle, fixed) ** exponent, -1, keepdims=True) >= 1
        low, high = jnp.where(full, middle, low), jnp.where(full, high, middle)
    # A step of Newton's from there moves τ by rounding only, but has the derivative of the exact τ with respect to z.
    slope = jnp.sum(jnp.where(fixed > low, exponent * above(low, fixed) ** (exponent - 1), 0), -1, keepdims=True)
    tau = low + (jnp.sum(above(low, z) ** exponent, -1, keepdims=True) - 1) / slope
    return above(tau, z) ** exponent


def turn(model, x):
    """Rotary: turns the pairs (x[i], x[i + c/2]) by pos · 10000^(-2i/c); p-RoPE leaves all but the first pairs. x is [H, n, c]."""
    _, n, c = x.shape
    half = c // 2
    turned = math.floor(model.share * half) if model.position == "prope" else half
    angle = np.arange(n)[:, None] * np.where(np.arange(half) < turned, 10000.0 ** (-2 * np.arange(half) / c), 0)  # [n, c/2]
    first, second = x[..., :half], x[..., half:]
    cos, sin = np.cos(angle), np.sin(angle)
    return jnp.concatenate([first * cos - second * sin, second * cos + first * sin], -1)


def alibi(heads, n):
    """-2^(-8(h+1)/H) · |query place - key place|, h from 0."""
    slope = 2.0 ** (-8 * (np.arange(heads) + 1) / heads)
    place = np.arange(n)
    return jnp.array(-slope[:, None, None] * np.abs(place[:, None] - place[None, :]))  # [H, n, m]

