"""Puts plausible mistakes into model.py, one at a time, and says which cases notice: some number leaves its tolerance.

A mistake that no case notices is a hole in the table of cases.
"""

import argparse
import json
import sys

import jax.numpy as jnp
import numpy as np

import model
import reference
from cases import CASES


def alibi_without_one(heads, n):
    """Slopes 2^(-8h/H) with h from 0."""
    return ALIBI(heads, n) * 2.0 ** (8 / heads)


def alibi_scaled(heads, n):
    """A bias divided by √c, here for the case five_heads."""
    return ALIBI(heads, n) / 3**0.5


def rotate_neighbours(x):
    """Pairs (x[2i], x[2i+1]) instead of halves."""
    half = x.shape[-1] // 2
    order = np.concatenate([np.arange(half) * 2, np.arange(half) * 2 + 1])
    return ROTATE(x[..., order])[..., np.argsort(order)]


def rotate_back(x):
    """The other way round: scores see the same distances with the wrong sign."""
    return ROTATE(x[:, ::-1])[:, ::-1]


def sinusoid_from_one(n, width):
    """Places from 1."""
    return SINUSOID(n + 1, width)[1:]


def sinusoid_halves(n, width):
    """All sines, then all cosines."""
    table = SINUSOID(n, width)
    return jnp.concatenate([table[:, 0::2], table[:, 1::2]], -1)


def gelu_tanh(x):
    """The tanh approximation."""
    return x * (1 + jnp.tanh((2 / np.pi) ** 0.5 * (x + 0.044715 * x**3))) / 2


def norm_with_epsilon(epsilon):
    """Another ε under the root."""

    def norm(weights, config, name, x):
        model.NORM_EPSILON, before = epsilon, model.NORM_EPSILON
        try:
            return NORM(weights, config, name, x)
        finally:
            model.NORM_EPSILON = before

    return norm


def norm_unbiased(weights, config, name, x):
    """The variance with d - 1."""
    y = NORM(weights, config, name, x)
    return y * ((config.width - 1) / config.width) ** 0.5 if config.norm == "layer" else y


def norm_centred(weights, config, name, x):
    """An RMS norm that subtracts the mean."""
    return NORM(weights, config, name, x - jnp.mean(x, -1, keepdims=True)) if config.norm == "rms" else NORM(weights, config, name, x)


ALIBI, ROTATE, SINUSOID, NORM = model.alibi, model.rotate, model.sinusoid, model.norm
MISTAKES = [
    ("alibi", "slopes from h = 0", alibi_without_one),
    ("alibi", "bias divided by √c", alibi_scaled),
    ("rotate", "neighbouring pairs", rotate_neighbours),
    ("rotate", "turned the other way, from the end", rotate_back),
    ("sinusoid", "places from 1", sinusoid_from_one),
    ("sinusoid", "sines, then cosines", sinusoid_halves),
    ("gelu", "tanh approximation", gelu_tanh),
    ("norm", "ε = 1e-6", norm_with_epsilon(1e-6)),
    ("norm", "ε = 0", norm_with_epsilon(0.0)),
    ("norm", "ε = 1e-4", norm_with_epsilon(1e-4)),
    ("norm", "unbiased variance", norm_unbiased),
    ("norm", "RMS norm that centres", norm_centred),
]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cli", default="cargo run --quiet --package glasses-cli --", help="how to run the command line")
    cli = parser.parse_args().cli.split()
    # Short ones: the long cases differ only in length.
    cases = [case for case in CASES if not case.name.startswith("long") and case.model.width <= 64]
    weights = {case.name: reference.weights_of(case, cli) for case in cases}
    unnoticed = 0
    for name, says, mistake in MISTAKES:
        right = getattr(model, name)
        setattr(model, name, mistake)
        noticed = [case.name for case in cases if is_off(case, *weights[case.name])]
        setattr(model, name, right)
        unnoticed += not noticed
        print(f"{name}, {says}: {', '.join(noticed) or 'NOT NOTICED'}", flush=True)
    sys.exit(unnoticed > 0)


def is_off(case, weights, fingerprint):
    """Whether any number of the pair leaves its tolerance."""
    expected = json.loads((reference.EXPECTED / f"{case.name}.json").read_text())
    assert expected["weights_sha256"] == fingerprint, f"{case.name}: other weights"
    read = lambda which: model.forward(
        weights, case.model, model.embed(weights, case.model, model.tokens_of(case.plain(which, case.n), case.bos))
    )
    try:
        a, b = read("a"), read("b")
        found = {"stages": reference.stages(case, a, b), "heads": reference.heads(case, a, b), "next": reference.next_token(weights, a, b)}
    except AssertionError:
        # Two sequences that should have been the same were not.
        return True
    vectors = zip(found["stages"] + sum(found["heads"], []), expected["stages"] + sum(expected["heads"], []), strict=True)
    distances = any(
        not abs(is_["distances"][metric] - was["distances"][metric]) <= was["floor"][metric] for is_, was in vectors for metric in reference.METRICS
    )
    probabilities = any(
        not abs(is_ - was) <= expected["next"]["relative"] * was
        for which in "ab"
        for is_, was in zip(found["next"][which], expected["next"][which], strict=True)
    )
    return distances or probabilities


if __name__ == "__main__":
    main()
