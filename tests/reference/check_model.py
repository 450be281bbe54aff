"""Checks model.py against a second way of computing the same: plain loops for the forward, central differences for the
sensitivity. Needs neither the engine nor its weights; gains and biases are random here, where the engine starts with ones and zeros.
"""

import cmath
import math

import jax.numpy as jnp
import numpy as np

from model import Model, embed, feed_forward, forward, norm, sensitivity

# Layers, heads and width.
SHAPES = [(1, 1, 8), (2, 4, 16), (3, 3, 12)]
ODD = (2, 3, 9)
SMALL = (2, 2, 4)


def main():
    worst = 0.0
    worst_sensitivity = 0.0
    for position in ("none", "sinusoidal", "rotary", "alibi"):
        for norm_kind in ("layer", "rms"):
            # Rotary needs heads of an even width.
            for shape in [*SHAPES, SMALL, *([] if position == "rotary" else [ODD])]:
                model = Model(*shape, position=position, norm=norm_kind)
                random = np.random.default_rng(sum(shape))
                weights = {name: random.normal(0, 0.5, shape) for name, shape in shapes(model)}
                tokens = random.integers(0, 96, 6 if shape == SMALL else 11).tolist()
                array = {name: jnp.array(tensor) for name, tensor in weights.items()}
                x = embed(array, model, tokens)
                trace = forward(array, model, x)
                fast = [trace.residual[0], *trace.head_output, *trace.weights, *trace.residual[1:], trace.output]
                worst = max(worst, *map(off, fast, slow_forward(weights, model, tokens)))
                for frozen in (False, True) if shape == SMALL else ():
                    expected = differences(array, model, x, trace.weights if frozen else None)
                    worst_sensitivity = max(worst_sensitivity, off(sensitivity(array, model, x, frozen), expected))
    print(f"forwards agree to {worst:.0e}, sensitivities with central differences to {worst_sensitivity:.0e}")
    # Float64 rounding; the error of central differences is about the square of their step.
    assert worst < 1e-13 and worst_sensitivity < 1e-7


def off(found, expected):
    found, expected = np.asarray(found), np.asarray(expected)
    assert found.shape == expected.shape, (found.shape, expected.shape)
    return float(np.max(np.abs(found - expected)) / np.max(np.abs(expected)))


def shapes(model):
    """Every tensor of the weights file."""
    d, norm_parts = model.width, ("gain", "bias") if model.norm == "layer" else ("gain",)
    yield "embed.weight", (96, d)
    for layer in range(model.layers):
        name = f"layers.{layer}"
        for norm in ("attention_norm", "feed_forward_norm"):
            yield from ((f"{name}.{norm}.{part}", (d,)) for part in norm_parts)
        yield from ((f"{name}.attention.{part}.weight", (d, d)) for part in ("query", "key", "value", "output"))
        yield from ((f"{name}.feed_forward.up.weight", (d, 4 * d)), (f"{name}.feed_forward.up.bias", (4 * d,)))
        yield from ((f"{name}.feed_forward.down.weight", (4 * d, d)), (f"{name}.feed_forward.down.bias", (d,)))
    yield from ((f"final_norm.{part}", (d,)) for part in norm_parts)
    yield "unembed.weight", (d, 96)


def slow_forward(weights, model, tokens):
    """The forward token by token, head by head and coordinate by coordinate: embedding, head outputs, attention weights,
    residual streams and output, as the trace has them."""
    d, heads, c, n = model.width, model.heads, model.width // model.heads, len(tokens)
    stream = [[float(weights["embed.weight"][token][i]) for i in range(d)] for token in tokens]
    if model.position == "sinusoidal":
        for place, x in enumerate(stream):
            for i in range(0, d, 2):
                angle = place / 10000 ** (i / d)
                x[i] += math.sin(angle)
                if i + 1 < d:
                    x[i + 1] += math.cos(angle)
    embedding, head_outputs, attention_weights, residuals = np.array(stream), [], [], []

    def normed(name, x):
        gain = weights[f"{name}.gain"]
        if model.norm == "rms":
            size = math.sqrt(sum(value * value for value in x) / d + 1e-5)
            return [x[i] / size * gain[i] for i in range(d)]
        mean = sum(x) / d
        size = math.sqrt(sum((value - mean) ** 2 for value in x) / d + 1e-5)
        return [(x[i] - mean) / size * gain[i] + weights[f"{name}.bias"][i] for i in range(d)]

    def times(x, matrix):
        return [sum(x[i] * matrix[i][j] for i in range(len(x))) for j in range(matrix.shape[1])]

    def turned(x, place):
        pairs = [complex(x[i], x[i + c // 2]) * cmath.rect(1, place * 10000 ** (-2 * i / c)) for i in range(c // 2)]
        return [pair.real for pair in pairs] + [pair.imag for pair in pairs]

    for layer in range(model.layers):
        name = f"layers.{layer}"
        outputs, weightings = np.zeros((heads, n, c)), np.zeros((heads, n, n))
        normed_stream = [normed(f"{name}.attention_norm", x) for x in stream]
        q, k, v = ([times(x, weights[f"{name}.attention.{part}.weight"]) for x in normed_stream] for part in ("query", "key", "value"))
        for head in range(heads):
            own = slice(head * c, (head + 1) * c)
            for query in range(n):
                scores = []
                for key in range(query + 1):
                    left, right = q[query][own], k[key][own]
                    if model.position == "rotary":
                        left, right = turned(left, query), turned(right, key)
                    score = sum(x * y for x, y in zip(left, right)) / math.sqrt(c)
                    if model.position == "alibi":
                        score -= 2 ** (-8 * (head + 1) / heads) * (query - key)
                    scores.append(score)
                total = sum(math.exp(score) for score in scores)
                for key, score in enumerate(scores):
                    weightings[head, query, key] = math.exp(score) / total
                    outputs[head, query] += weightings[head, query, key] * np.array(v[key][own])
        head_outputs.append(outputs)
        attention_weights.append(weightings)
        for place in range(n):
            joined = [value for head in range(heads) for value in outputs[head, place]]
            z = [x + y for x, y in zip(stream[place], times(joined, weights[f"{name}.attention.output.weight"]))]
            up = times(normed(f"{name}.feed_forward_norm", z), weights[f"{name}.feed_forward.up.weight"])
            up = [x + bias for x, bias in zip(up, weights[f"{name}.feed_forward.up.bias"])]
            hidden = [value * 0.5 * math.erfc(-value / math.sqrt(2)) for value in up]
            down = times(hidden, weights[f"{name}.feed_forward.down.weight"])
            stream[place] = [x + y + bias for x, y, bias in zip(z, down, weights[f"{name}.feed_forward.down.bias"])]
        residuals.append(np.array(stream))
    return [embedding, *head_outputs, *attention_weights, *residuals, np.array([normed("final_norm", x) for x in stream])]


def differences(weights, model, x, fixed, step=1e-5):
    """The sensitivity by moving each coordinate of x_0 up and down; `fixed` are attention weights that stay as they were."""
    last = lambda x: np.asarray(forward(weights, model, x).output[-1] if fixed is None else with_weights(weights, model, x, fixed)[-1])
    squares = np.zeros(x.shape)
    for place in np.ndindex(*x.shape):
        move = jnp.zeros_like(x).at[place].set(step)
        squares[place] = np.sum(((last(x + move) - last(x - move)) / (2 * step)) ** 2)
    return np.sqrt(squares.sum(1))


def with_weights(weights, model, x, fixed):
    """The output, with the attention weights given instead of computed."""
    n, head_width = x.shape[0], model.width // model.heads
    for layer, weighting in enumerate(fixed):
        name = f"layers.{layer}"
        v = norm(weights, model, f"{name}.attention_norm", x) @ weights[f"{name}.attention.value.weight"]
        mixed = weighting @ v.reshape(n, model.heads, head_width).transpose(1, 0, 2)  # [H, n, c]
        z = x + mixed.transpose(1, 0, 2).reshape(n, -1) @ weights[f"{name}.attention.output.weight"]
        x = z + feed_forward(weights, f"{name}.feed_forward", norm(weights, model, f"{name}.feed_forward_norm", z))
    return norm(weights, model, "final_norm", x)


if __name__ == "__main__":
    main()
