"""Runs the reference itself in f32 and says how much of the committed tolerances that uses: what f32 costs, without the engine."""

import json
import sys
from dataclasses import replace

import jax
import jax.numpy as jnp
import numpy as np

import draw
import reference
from cases import CASES

jax.config.update("jax_enable_x64", False)


def main():
    """Names of cases behind the command: only those. Ends with an error where a tolerance is left."""
    wrong = 0
    for case in CASES:
        if sys.argv[1:] and case.name not in sys.argv[1:]:
            continue
        weights = {name: jnp.array(array, jnp.float32) for name, array in draw.weights(case.model).items()}
        found = reference.answer(replace(case, identical=False), weights, "")
        used = dict(shares(json.loads((reference.EXPECTED / f"{case.name}.json").read_text()), found))
        wrong += not max(used.values()) <= 1
        print(f"{case.name}:", ", ".join(f"{what} {share:.2f}" for what, share in used.items()), flush=True)
    sys.exit(wrong > 0)


def shares(expected, found):
    """For each kind of number the largest error, in tolerances."""
    everywhere = lambda answer: [answer, *answer["sweep"]]
    compared = lambda where: max(distance_share(*pair) for pair in zip(where(expected), where(found), strict=True))
    yield "stages", compared(lambda answer: [stage for part in everywhere(answer) for stage in part["stages"]])
    yield "heads", compared(lambda answer: sum(answer["heads"], []))
    for part in ("next", "attention"):
        floor = expected[part].get("floor", 0.0) + 2.0**-126
        rows = [(np.array(expected[part][which]), np.array(found[part][which])) for which in "ab"]
        yield part, max(float(np.max(np.abs(is_ - was) / (expected[part]["relative"] * np.abs(was) + floor))) for was, is_ in rows)
    if expected["sensitivity"]:
        for which in ("full", "frozen"):
            was, is_ = expected["sensitivity"][which], found["sensitivity"][which]
            yield which, float(np.max(np.abs(np.array(is_["norm"]) - np.array(was["norm"])))) / was["floor"]


def distance_share(expected, found):
    return max(abs(found["distances"][metric] - expected["distances"][metric]) / expected["floor"][metric] for metric in reference.METRICS)


if __name__ == "__main__":
    main()
