"""The forward of docs/model.md a third time: token by token, head by head and coordinate by coordinate, in plain Python."""

import cmath
import math

import numpy as np


def shapes(model):
    """Every array of the weights file."""
    d, heads, norm_parts = model.width, model.heads, ("gain", "bias") if model.norm == "layer" else ("gain",)
    yield "embed.weight", (96, d)
    if model.position == "learned":
        yield "position.weight", (4096, d)
    for layer in range(model.layers):
        name = f"layers.{layer}"
        for norm in ("attention_norm", "feed_forward_norm"):
            yield from ((f"{name}.{norm}.{part}", (d,)) for part in norm_parts)
        yield from ((f"{name}.attention.{part}.weight", (d, d)) for part in ("query", "key", "value", "output"))
        if model.mix == "differential":
            yield from ((f"{name}.attention.second_{part}.weight", (d, d)) for part in ("query", "key"))
            yield from ((f"{name}.attention.lambda", (heads,)), (f"{name}.attention.head_norm.gain", (d // heads,)))
        if model.mix == "gated":
            yield from ((f"{name}.attention.gate.weight", (d, heads)), (f"{name}.attention.gate.bias", (heads,)))
        if model.sink == "logit":
            yield f"{name}.attention.sink.logit", (heads,)
        yield from ((f"{name}.feed_forward.up.weight", (d, 4 * d)), (f"{name}.feed_forward.up.bias", (4 * d,)))
        yield from ((f"{name}.feed_forward.down.weight", (4 * d, d)), (f"{name}.feed_forward.down.bias", (d,)))
    yield from ((f"final_norm.{part}", (d,)) for part in norm_parts)
    yield "unembed.weight", (d, 96)


def embedding(weights, model, tokens):
    """What enters the first block."""
    d = model.width
    stream = [[float(weights["embed.weight"][token][i]) for i in range(d)] for token in tokens]
    for place, x in enumerate(stream):
        if model.position == "sinusoidal":
            for i in range(0, d, 2):
                angle = place / 10000 ** (i / d)
                x[i] += math.sin(angle)
                if i + 1 < d:
                    x[i + 1] += math.cos(angle)
        if model.position == "learned":
            for i in range(d):
                x[i] += weights["position.weight"][place][i]
    return np.array(stream)


def forward(weights, model, embedded, fixed=None):
    """Head outputs, attention weights and the stream behind each layer, then the output; `fixed` are attention weights to take instead."""
    stream, head_outputs, attention_weights, residuals = embedded.tolist(), [], [], []
    skipped = lambda x, y: [a + b for a, b in zip(x, y)] if model.residual == "on" else y
    for layer in range(model.layers):
        name = f"layers.{layer}"
        normed_stream = [normed(weights, model, f"{name}.attention_norm", x) for x in stream]
        heads = [
            head_of(weights, model, layer, head, normed_stream, None if fixed is None else fixed[layer][head]) for head in range(model.heads)
        ]
        attention_weights.append(np.array([weighting for weighting, _ in heads]))
        head_outputs.append(np.array([outputs for _, outputs in heads]))
        for place in range(len(stream)):
            joined = [value for _, outputs in heads for value in outputs[place]]
            z = skipped(stream[place], times(joined, weights[f"{name}.attention.output.weight"]))
            if model.feed_forward == "on":
                up = times(normed(weights, model, f"{name}.feed_forward_norm", z), weights[f"{name}.feed_forward.up.weight"])
                up = [x + bias for x, bias in zip(up, weights[f"{name}.feed_forward.up.bias"])]
                hidden = [value * 0.5 * math.erfc(-value / math.sqrt(2)) for value in up]
                down = times(hidden, weights[f"{name}.feed_forward.down.weight"])
                z = skipped(z, [y + bias for y, bias in zip(down, weights[f"{name}.feed_forward.down.bias"])])
            stream[place] = z
        residuals.append(np.array(stream))
    return [*head_outputs, *attention_weights, *residuals, np.array([normed(weights, model, "final_norm", x) for x in stream])]


def normed(weights, model, name, x):
    d, gain = len(x), weights[f"{name}.gain"]
    if model.norm == "rms":
        size = math.sqrt(sum(value * value for value in x) / d + 1e-5)
        return [x[i] / size * gain[i] for i in range(d)]
    mean = sum(x) / d
    size = math.sqrt(sum((value - mean) ** 2 for value in x) / d + 1e-5)
    return [(x[i] - mean) / size * gain[i] + weights[f"{name}.bias"][i] for i in range(d)]


def times(x, matrix):
    return [sum(x[i] * matrix[i][j] for i in range(len(x))) for j in range(matrix.shape[1])]


def head_of(weights, model, layer, head, stream, fixed):
    """The weights of one head, one row a query, and its outputs."""
    name, c, n = f"layers.{layer}.attention", model.width // model.heads, len(stream)
    part = lambda which: [times(x, weights[f"{name}.{which}.weight"][:, head * c : (head + 1) * c]) for x in stream]
    sink = {"none": None, "zero": 0.0, "logit": float(weights.get(f"{name}.sink.logit", np.zeros(model.heads))[head])}[model.sink]
    near = model.reach == "local" or (model.reach == "alternating" and layer in (0, 2, 4, 6, 8, 10, 12, 14))
    values, weighting, outputs = part("value"), [[0.0] * n for _ in range(n)], []
    maps = [(1.0, part("query"), part("key"))]
    lost = 0.8 - 0.6 * math.exp(-0.3 * layer)
    if model.mix == "differential":
        maps.append((-weights[f"{name}.lambda"][head], part("second_query"), part("second_key")))
    for i in range(n):
        visible = [j for j in range(n) if (model.mask == "both" or j <= i) and (not near or abs(i - j) < model.window)]
        for sign, queries, keys in maps:
            scores = [score(model, head, i, j, queries[i], keys[j]) for j in visible]
            for j, weight in zip(visible, weights_of(model, scores, sink)):
                weighting[i][j] += sign * weight
        for j in visible if model.mix == "centred" else ():
            weighting[i][j] -= 1 / len(visible)
        row = weighting[i] if fixed is None else fixed[i]
        o = [sum(row[j] * values[j][coordinate] for j in visible) for coordinate in range(c)]
        if model.mix == "gated":
            opening = sum(x * g for x, g in zip(stream[i], weights[f"{name}.gate.weight"][:, head])) + weights[f"{name}.gate.bias"][head]
            o = [y / (1 + math.exp(-opening)) for y in o]
        if model.mix == "differential":
            size = math.sqrt(sum(y * y for y in o) / c + 1e-5)
            o = [y / size * gain * (1 - lost) for y, gain in zip(o, weights[f"{name}.head_norm.gain"])]
        outputs.append(o)
    return weighting, outputs


def score(model, head, i, j, q, k):
    """The score of one query and one key, with its bias and cap."""
    c = len(q)
    if model.position in ("rotary", "prope"):
        pairs = c // 2 if model.position == "rotary" else int(model.share * c / 2)
        q, k = turned(q, i, pairs), turned(k, j, pairs)
    s = sum(x * y for x, y in zip(q, k)) / math.sqrt(c)
    if model.position == "alibi":
        s -= 2 ** (-8 * (head + 1) / model.heads) * abs(i - j)
    return model.cap_at * math.tanh(s / model.cap_at) if model.cap == "soft" else s


def turned(x, place, pairs):
    c = len(x)
    angles = [place * 10000 ** (-2 * i / c) if i < pairs else 0.0 for i in range(c // 2)]
    found = [complex(x[i], x[i + c // 2]) * cmath.rect(1, angle) for i, angle in enumerate(angles)]
    return [pair.real for pair in found] + [pair.imag for pair in found]


def weights_of(model, scores, sink):
    """From the scores of the visible keys of one query to their weights."""
    m = len(scores)
    if model.scale == "log":
        factor = model.log_factor * math.log(m)
    elif model.scale == "log-relative":
        factor = max(1, math.log(m) / math.log(model.reference_length))
    elif model.scale == "power":
        factor = model.power_offset + model.power_factor * math.log(m) ** model.power_exponent
    elif model.scale == "adaptive":
        h = -sum(p * math.log(p) for p in softmax(scores))
        polynomial = (((-0.037 * h + 0.481) * h - 2.3) * h + 4.917) * h - 1.791
        factor = max(polynomial, 1) if h > 0.5 else 1
    else:
        factor = 1
    scores = [factor * s for s in scores]
    if model.weigh == "sigmoid":
        return [1 / (1 + math.exp(-s)) for s in scores]
    if sink is not None:
        scores.append(sink)
    if model.weigh == "entmax":
        return entmax(scores, model.alpha)[:m]
    found = softmax(scores)[:m]
    if model.weigh == "clipped":
        return [min(max((1 + model.clip / m) * p - model.clip / m, 0), 1) for p in found]
    return found


def softmax(scores):
    total = sum(math.exp(s) for s in scores)
    return [math.exp(s) / total for s in scores]


def entmax(scores, alpha):
    """Where one half has a threshold in closed form, by sorting (Martins and Astudillo 2016, Peters et al. 2019); else by halving."""
    z = [(alpha - 1) * s for s in scores]
    above = lambda tau: [max(x - tau, 0) ** (1 / (alpha - 1)) for x in z]
    if alpha in (1.5, 2):
        ordered = sorted(z, reverse=True)
        for size in range(len(z), 0, -1):
            top = ordered[:size]
            mean = sum(top) / size
            spread = (1 - sum((x - mean) ** 2 for x in top)) / size
            tau = mean - 1 / size if alpha == 2 else mean - math.sqrt(max(spread, 0))
            if top[-1] > tau and (alpha == 2 or spread >= 0):
                return above(tau)
    low, high = max(z) - 1, max(z)
    for _ in range(80):
        middle = (low + high) / 2
        low, high = (middle, high) if sum(above(middle)) > 1 else (low, middle)
    return above(low)
