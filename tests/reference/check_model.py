"""Checks model.py and attention.py against a second way of computing the same: the plain loops of slow.py for the forward, and
central differences of those for the sensitivity.

Gains, biases and the like are random here, where the weights of a seed have ones and zeros.
"""

from dataclasses import replace

import jax.numpy as jnp
import numpy as np

import slow
from model import Model, embed, forward, sensitivity
from switches import SWITCHES

# Layers, heads and width.
SHAPES = [(1, 1, 8), (2, 4, 16), (3, 3, 12)]
ODD = (2, 3, 9)
SMALL = (2, 2, 4)


def main():
    worst = worst_sensitivity = 0.0
    for model in models():
        small = (model.layers, model.heads, model.width) == SMALL
        random = np.random.default_rng(model.layers + model.heads + model.width)
        weights = {name: random.normal(0, 0.5, shape) for name, shape in slow.shapes(model)}
        tokens = random.integers(0, 96, 6 if small else 11).tolist()
        array = {name: jnp.array(tensor) for name, tensor in weights.items()}
        x = embed(array, model, tokens)
        trace = forward(array, model, x)
        embedded = slow.embedding(weights, model, tokens)
        expected = [embedded, *slow.forward(weights, model, embedded)]
        found = [x, *trace.head_output, *trace.weights, *trace.residual[1:], trace.output]
        worst = max(worst, *map(off, found, expected))
        for frozen in (False, True) if small else ():
            expected = differences(weights, model, embedded, [np.asarray(maps).tolist() for maps in trace.weights] if frozen else None)
            worst_sensitivity = max(worst_sensitivity, off(sensitivity(array, model, x, frozen), expected))
    print(f"forwards agree to {worst:.0e}, sensitivities with central differences to {worst_sensitivity:.0e}")
    # Float64 rounding; the error of central differences is about the square of their step.
    assert worst < 1e-12 and worst_sensitivity < 1e-6


def models():
    """Every position with every norm in several shapes, then every case of the switches in two."""
    for position in ("none", "sinusoidal", "learned", "rotary", "prope", "alibi"):
        for norm in ("layer", "rms"):
            # Rotary needs heads of an even width.
            for shape in [*SHAPES, SMALL, *([] if position in ("rotary", "prope") else [ODD])]:
                yield Model(*shape, position=position, norm=norm)
    for case in SWITCHES:
        for layers, heads, width in ((3, 2, 8), SMALL):
            yield replace(case.model, layers=layers, heads=heads, width=width)


def off(found, expected):
    found, expected = np.asarray(found), np.asarray(expected)
    assert found.shape == expected.shape, (found.shape, expected.shape)
    return float(np.max(np.abs(found - expected)) / np.max(np.abs(expected)))


def differences(weights, model, x, fixed, step=1e-5):
    """The sensitivity by moving each coordinate of x_0 up and down; `fixed` are attention weights that stay as they were."""
    last = lambda x: slow.forward(weights, model, x, fixed)[-1][-1]
    squares = np.zeros(x.shape)
    for place in np.ndindex(*x.shape):
        move = np.zeros(x.shape)
        move[place] = step
        squares[place] = np.sum(((last(x + move) - last(x - move)) / (2 * step)) ** 2)
    return np.sqrt(squares.sum(1))


if __name__ == "__main__":
    main()
