"""Puts plausible mistakes into the model, one at a time, and says which cases notice: some number leaves its tolerance.

A mistake that no case notices is a hole in the table of cases.
"""

import json
import math
import sys
from dataclasses import replace

import jax.numpy as jnp
import numpy as np

import attention
import model
import reference
from cases import CASES


def alibi_without_one(heads, n):
    """Slopes 2^(-8h/H) with h from 0."""
    return ALIBI(heads, n) * 2.0 ** (8 / heads)


def alibi_scaled(heads, n):
    """A bias divided by √c, here for the case five_heads."""
    return ALIBI(heads, n) / 3**0.5


def alibi_signed(heads, n):
    """A bias that rewards what comes behind."""
    return ALIBI(heads, n) * np.sign(np.arange(n)[:, None] - np.arange(n)[None, :])


def turn_neighbours(config, x):
    """Pairs (x[2i], x[2i+1]) instead of halves."""
    half = x.shape[-1] // 2
    order = np.concatenate([np.arange(half) * 2, np.arange(half) * 2 + 1])
    return TURN(config, x[..., order])[..., np.argsort(order)]


def turn_back(config, x):
    """The other way round: scores see the same distances with the wrong sign."""
    return TURN(config, x[:, ::-1])[:, ::-1]


def turn_rounded_up(config, x):
    """One pair more where the share is not whole."""
    share = math.ceil(config.share * (x.shape[-1] // 2)) / (x.shape[-1] // 2)
    return TURN(replace(config, share=share), x)


def turn_slow(config, x):
    """The slowest frequencies instead of the fastest."""
    if config.position != "prope":
        return TURN(config, x)
    slow = replace(config, share=1 - config.share)
    return TURN(replace(config, position="rotary"), x) - TURN(slow, x) + x


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


def window_too_wide(config, layer, n):
    """|i - j| ≤ w."""
    return VISIBLE(replace(config, window=config.window + 1), layer, n)


def window_in_the_others(config, layer, n):
    """Windows in the second, fourth, … layer."""
    return VISIBLE(config, layer + 1, n)


def temperature_of_the_place(config, scores, visible, count):
    """The number of keys as if there were no window and no later tokens."""
    return TEMPERATURE(config, scores, visible, np.arange(len(count))[:, None] + 1)


def temperature_never_cold(config, scores, visible, count):
    """No temperature below that of the plain model."""
    factor, magnitude = TEMPERATURE(config, scores, visible, count)
    return jnp.maximum(factor, 1), magnitude


def temperature_inverted(config, scores, visible, count):
    """Scores divided by what they are multiplied by."""
    factor, magnitude = TEMPERATURE(config, scores, visible, count)
    return 1 / jnp.maximum(factor, 0.1), magnitude


def entropy_in_bits(scores, visible):
    """The logarithm to base two."""
    return ENTROPY(scores, visible) / math.log(2)


def weigh_with(change):
    """Another sink, or another number of keys."""

    def weigh(config, scores, visible, count, sink):
        return WEIGH(config, scores, visible, *change(count, sink))

    return weigh


def first_lambda_from_one(layer):
    """Layers counted from 1 in the exponent."""
    return FIRST_LAMBDA(layer + 1)


ALIBI, TURN, VISIBLE, TEMPERATURE = attention.alibi, attention.turn, attention.visible_keys, attention.temperature
ENTROPY, WEIGH, ENTMAX, FIRST_LAMBDA = attention.entropy_of, attention.weigh, attention.entmax, attention.first_lambda
SINUSOID, NORM = model.sinusoid, model.norm
MISTAKES = [
    (attention, "alibi", "slopes from h = 0", alibi_without_one),
    (attention, "alibi", "bias divided by √c", alibi_scaled),
    (attention, "alibi", "not the absolute distance", alibi_signed),
    (attention, "turn", "neighbouring pairs", turn_neighbours),
    (attention, "turn", "turned the other way, from the end", turn_back),
    (attention, "turn", "share rounded up", turn_rounded_up),
    (attention, "turn", "slow frequencies", turn_slow),
    (model, "sinusoid", "places from 1", sinusoid_from_one),
    (model, "sinusoid", "sines, then cosines", sinusoid_halves),
    (model, "gelu", "tanh approximation", gelu_tanh),
    (model, "norm", "ε = 1e-6", norm_with_epsilon(1e-6)),
    (model, "norm", "ε = 0", norm_with_epsilon(0.0)),
    (model, "norm", "ε = 1e-4", norm_with_epsilon(1e-4)),
    (model, "norm", "unbiased variance", norm_unbiased),
    (model, "norm", "RMS norm that centres", norm_centred),
    (attention, "visible_keys", "window one wider", window_too_wide),
    (attention, "visible_keys", "window in the other layers", window_in_the_others),
    (attention, "temperature", "place instead of visible keys", temperature_of_the_place),
    (attention, "temperature", "not below one", temperature_never_cold),
    (attention, "temperature", "divided instead of multiplied", temperature_inverted),
    (attention, "entropy_of", "in bits", entropy_in_bits),
    (attention, "weigh", "no sink", weigh_with(lambda count, sink: (count, None))),
    (attention, "weigh", "sink of score zero", weigh_with(lambda count, sink: (count, None if sink is None else 0 * sink))),
    (attention, "weigh", "sink among the visible keys", weigh_with(lambda count, sink: (count if sink is None else count + 1, sink))),
    (attention, "entmax", "softmax", lambda x, alpha: attention.softmax(x)),
    (attention, "entmax", "scores without α - 1", lambda x, alpha: ENTMAX(x / (alpha - 1), alpha)),
    (attention, "first_lambda", "layers from 1", first_lambda_from_one),
    (attention, "HEAD_NORM_EPSILON", "ε = 1e-6", 1e-6),
]


def main():
    # Short ones: the long cases differ only in length.
    cases = [case for case in CASES if not case.name.startswith("long") and case.model.width <= 64]
    weights = {case.name: reference.weights_of(case) for case in cases}
    unnoticed = 0
    for module, name, says, mistake in MISTAKES:
        right = getattr(module, name)
        setattr(module, name, mistake)
        noticed = [case.name for case in cases if is_off(case, *weights[case.name])]
        setattr(module, name, right)
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
