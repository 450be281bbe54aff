"""Computes the expected numbers of every case in float64 and writes expected/<case>.json.

The weights come from draw.py, everything else from model.py. Run as README.md says; `--check` compares with the committed
files instead of writing them.
"""

import argparse
import json
import math
import sys
from pathlib import Path

import jax.numpy as jnp
import numpy as np

import draw
from attention import softmax
from cases import CASES
from model import embed, forward, logits, sensitivity, tokens_of

HERE = Path(__file__).parent
EXPECTED = HERE / "expected"
METRICS = ("l1", "l2", "linf", "cosine")
# The keys under which tolerances stand.
TOLERANCES = ("floor", "relative")

# Half the distance of neighbouring f32 numbers around 1: what one rounding costs, relative to its result.
ROUNDING = 2.0**-24
# How many such roundings, relative to the largest coordinate, the engine may be off by in any coordinate of a representation.
# See README.md, "Tolerances".
ROUNDINGS = 16
# One more for so many keys: attention adds as many terms in f32, and where all are alike their roundings add up too.
KEYS_PER_ROUNDING = 4


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="compare with the committed files, write nothing")
    parser.add_argument("cases", nargs="*", help="names of cases; none is all")
    arguments = parser.parse_args()
    EXPECTED.mkdir(exist_ok=True)
    wrong = 0
    for case in CASES:
        if arguments.cases and case.name not in arguments.cases:
            continue
        expected = rounded(answer(case, *weights_of(case)))
        path = EXPECTED / f"{case.name}.json"
        if arguments.check:
            off = difference(json.loads(path.read_text()), expected)
            wrong += off is not None
            print(f"{case.name}: {off or 'the same'}")
        else:
            path.write_text(pretty(expected) + "\n")
            print(f"{case.name}: {path.stat().st_size} bytes")
    sys.exit(wrong > 0)


def weights_of(case):
    """The weights of this case, and the SHA-256 of their bytes, which tells changed weights from changed maths."""
    weights = draw.weights(case.model)
    return {name: jnp.array(array) for name, array in weights.items()}, draw.fingerprint(weights)


def answer(case, weights, fingerprint):
    """Everything that is compared of one case."""
    read = lambda which, n: forward(weights, case.model, embed(weights, case.model, tokens_of(case.plain(which, n), case.bos)))
    a, b = read("a", case.n), read("b", case.n)
    expected = {
        "case": case.name,
        "says": case.says,
        "link": case.link(),
        "weights_sha256": fingerprint,
        "identical": case.identical,
        "n": case.n,
        "tokens": {which: len(tokens_of(case.plain(which, case.n), case.bos)) for which in "ab"},
        "stages": stages(case, a, b),
        "heads": heads(case, a, b),
        "next": next_token(weights, a, b),
        "attention": attention(case, a, b),
        "sweep": [],
        "sensitivity": None,
    }
    if case.sensitivity:
        x = embed(weights, case.model, tokens_of(case.plain(case.sensitivity, case.n), case.bos))
        growth = growth_of(case, {"a": a, "b": b}[case.sensitivity])
        profile = lambda frozen: with_floor(sensitivity(weights, case.model, x, frozen), growth)
        expected["sensitivity"] = {"sequence": case.sensitivity, "full": profile(False), "frozen": profile(True)}
    for n in case.sweep:
        a, b = read("a", n), read("b", n)
        spreads = [spread(layer) for layer in heads(case, a, b)]
        expected["sweep"].append({"n": n, "stages": stages(case, a, b), "heads": spreads})
    return expected


def stages(case, a, b):
    """The distances of the last tokens at every stage."""
    names = ["embedding", *({"layer": layer + 1} for layer in range(case.model.layers)), "output"]
    pairs = zip(names, [*a.residual, a.output], [*b.residual, b.output], strict=True)
    return [
        {"stage": name, **distances(case, len(y), x[-1], y[-1], max(np.max(np.abs(x[-1])), np.max(np.abs(y[-1]))))} for name, x, y in pairs
    ]


def heads(case, a, b):
    """The distances of the last tokens' head outputs: for each layer, for each head."""
    layers = zip(a.head_output, b.head_output, a.head_magnitude, b.head_magnitude, strict=True)
    return [
        [
            distances(case, y.shape[1], x[head, -1], y[head, -1], max(np.max(x_size[head, -1]), np.max(y_size[head, -1])))
            for head in range(case.model.heads)
        ]
        for x, y, x_size, y_size in layers
    ]


def distances(case, keys, x, y, magnitude):
    """The four distances, and with each the floor under which f32 cannot tell: see README.md, "Tolerances"."""
    x, y, magnitude = np.asarray(x, np.float64), np.asarray(y, np.float64), float(magnitude)
    apart = np.abs(x - y)
    x_norm, y_norm = np.linalg.norm(x), np.linalg.norm(y)
    # 1 - cos as half the squared chord of the unit vectors: the same number, without the cancellation.
    cosine = np.sum((x / x_norm - y / y_norm) ** 2) / 2
    found = {"l1": np.sum(apart), "l2": np.linalg.norm(apart), "linf": np.max(apart), "cosine": cosine}
    found = {metric: float(distance) for metric, distance in found.items()}
    if case.identical:
        assert found["linf"] <= 1e-13 * magnitude, f"{case.name} is not identical: {found}"
        found = dict.fromkeys(METRICS, 0.0)
    # Each of the two vectors is off by so much in each coordinate, so their difference by twice that.
    off = 2 * roundings(keys) * magnitude
    turn = off * math.sqrt(len(x)) / float(min(x_norm, y_norm))
    floor = {
        "l1": off * len(x),
        "l2": off * math.sqrt(len(x)),
        "linf": off,
        # An angle θ that is off by `turn` moves θ²/2 by at most θ·turn + turn²; the rest is the f64 in which it is computed.
        "cosine": math.sqrt(2 * found["cosine"]) * turn + turn**2 + 2.0**-50,
    }
    return {"distances": found, "floor": floor}


def roundings(keys):
    """How far a coordinate may be off, relative to the largest one, where attention adds up so many keys."""
    return (ROUNDINGS + keys / KEYS_PER_ROUNDING) * ROUNDING


def spread(layer):
    """Least, mean and greatest over the heads of a layer."""
    found = {metric: [head["distances"][metric] for head in layer] for metric in METRICS}
    return {
        **{metric: {"min": min(all), "mean": sum(all) / len(all), "max": max(all)} for metric, all in found.items()},
        "floor": {metric: max(head["floor"][metric] for head in layer) for metric in METRICS},
    }


def next_token(weights, a, b):
    """The probability of each token to come next."""
    # A logit that is off by δ makes a probability off by a factor of e^δ, and the sum below it by as much again.
    magnitude = max(float(np.max(np.abs(trace.output[-1]) @ np.abs(weights["unembed.weight"]))) for trace in (a, b))
    probabilities = lambda trace: np.asarray(softmax(logits(weights, trace.output[-1]))).tolist()
    return {"a": probabilities(a), "b": probabilities(b), "relative": 2 * roundings(max(len(a.output), len(b.output))) * magnitude}


def attention(case, a, b):
    """The last token's attention weights in the layer and head that are looked at."""
    last = lambda kept: np.asarray(kept[case.layer][case.head, -1], np.float64)
    relative = 2 * roundings(max(len(a.output), len(b.output))) * max(float(np.max(last(trace.score_magnitude))) for trace in (a, b))
    # An exponential moves in proportion to itself. What is cut off or subtracted does not, nor do weights near their threshold.
    steepness = max(float(np.max(last(trace.weight_steepness))) for trace in (a, b))
    exponential = case.model.weigh in ("softmax", "sigmoid") and case.model.mix in ("plain", "gated")
    floor = 0.0 if exponential else relative * steepness
    found = {"layer": case.layer, "head": case.head, "a": last(a.weights).tolist(), "b": last(b.weights).tolist()}
    return {**found, "relative": relative, "floor": floor}


def with_floor(profile, growth):
    """A sensitivity profile; each block of the Jacobian is off by roundings of the largest one."""
    return {"norm": profile.tolist(), "floor": growth * roundings(len(profile)) * float(np.max(profile))}


def growth_of(case, trace):
    """What roundings are multiplied by where the difference of two maps is divided by its own size: the norm of differential heads."""
    if case.model.mix != "differential":
        return 1.0
    largest = lambda heads: np.max(np.abs(np.asarray(heads)), -1)
    layers = zip(trace.head_magnitude, trace.head_output, strict=True)
    return max(float(np.max(largest(magnitude) / largest(out))) for magnitude, out in layers)


def rounded(value, digits=12):
    """Every number in it to twelve significant digits, tolerances to two."""
    if isinstance(value, dict):
        return {key: rounded(part, 2 if key in TOLERANCES else digits) for key, part in value.items()}
    if isinstance(value, list):
        return [rounded(part, digits) for part in value]
    return float(f"{value:.{digits}g}") if isinstance(value, float) else value


def pretty(value, indent="\n"):
    """JSON with a line for each thing that is no more than two levels deep."""
    if levels(value) <= 2:
        return json.dumps(value)
    inner = indent + " "
    if isinstance(value, dict):
        return "{" + inner + f",{inner}".join(f"{json.dumps(key)}: {pretty(part, inner)}" for key, part in value.items()) + indent + "}"
    return "[" + inner + f",{inner}".join(pretty(part, inner) for part in value) + indent + "]"


def levels(value):
    """How deep lists and objects stand in each other."""
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else None
    return 0 if inner is None else 1 + max(map(levels, inner), default=0)


def difference(committed, computed, path=""):
    """The first place where two answers differ by more than another machine's float64 explains, in words; or nothing."""
    if isinstance(committed, dict) and isinstance(computed, dict) and committed.keys() == computed.keys():
        inner = [(f"{path}.{key}", committed[key], computed[key]) for key in committed]
    elif isinstance(committed, list) and isinstance(computed, list) and len(committed) == len(computed):
        inner = [(f"{path}[{index}]", *pair) for index, pair in enumerate(zip(committed, computed))]
    elif isinstance(committed, float) and isinstance(computed, float):
        # Two digits of a tolerance may round the other way.
        close = math.isclose(committed, computed, rel_tol=0.1 if any(key in path for key in TOLERANCES) else 1e-8, abs_tol=1e-14)
        return None if close else f"{path} is {computed}, was {committed}"
    else:
        return None if committed == computed else f"{path} is {computed}, was {committed}"
    return next((off for entry in inner if (off := difference(entry[1], entry[2], entry[0]))), None)


if __name__ == "__main__":
    main()
