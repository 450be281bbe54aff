"""Simulates the paper's synthetic figures in NumPy, float64, from what the paper says of them, and writes expected_figures.json.

Figure 8: one attention head, d = 64, sinusoidal positions added to queries and keys, all and the values N(0, 1/d); L-infinity.
Figure 9: softmaxes of n scores U[0, 1], and of the same with U[0, 0.1] added to the first 200; L1 distance.
Figure 10: one attention head, d = 64, rows N(0, 1) scaled to unit length; L1; four kinds of positions.
Distances are of the last outputs for n tokens and for n + 1, the last token twice. Run as README.md says.
"""

import json
from pathlib import Path

import numpy as np

WIDTH = 64
SEEDS = 40
N8 = [5, 10, 50, 100, 200, 500, 1000, 5000, 10_000]
N9 = [500, 750, 1000, 1500, 2000, 2500, 3000, 4000, 5000, 10_000]
N10 = [5, 10, 50, 100, 500, 1000, 2000, 5000]
# ALiBi's slope of a single head, scaled like the scores: see docs/decisions/0012-synthetic-figures.md.
SLOPE = 2.0**-8


def softmax(scores):
    powers = np.exp(scores - scores.max())
    return powers / powers.sum()


def sinusoidal(places):
    pair = np.arange(0, WIDTH, 2)
    angles = places[:, None] / 10_000.0 ** (pair / WIDTH)
    table = np.empty((len(places), WIDTH))
    table[:, 0::2], table[:, 1::2] = np.sin(angles), np.cos(angles)
    return table


def rotary(rows, places):
    """Coordinates i and i + d/2 turn together, as one complex number."""
    half = WIDTH // 2
    turned = (rows[:, :half] + 1j * rows[:, half:]) * np.exp(1j * np.outer(places, 10_000.0 ** (-np.arange(half) * 2 / WIDTH)))
    return np.concatenate([turned.real, turned.imag], axis=1)


def last_output(q, k, v, scheme):
    n = len(k)
    places = np.arange(n, dtype=float)
    keys, query = scheme["place"](k, places), scheme["place"](q[-1:], places[-1:])[0]
    scores = (keys @ query + scheme["bias"](places[-1] - places)) / np.sqrt(WIDTH)
    return softmax(scores) @ v


def moves(n, draw, scheme, norm, random):
    q, k, v = (draw(random, n) for _ in range(3))
    once = last_output(q, k, v, scheme)
    twice = last_output(*(np.concatenate([x, x[-1:]]) for x in (q, k, v)), scheme)
    return norm(once - twice)


def scheme(place=lambda rows, places: rows, bias=lambda distance: 0.0 * distance):
    return {"place": place, "bias": bias}


def unit(random, n):
    rows = random.standard_normal((n, WIDTH))
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def figure_8():
    positions = scheme(lambda rows, places: rows + sinusoidal(places))
    draw = lambda random, n: random.standard_normal((n, WIDTH)) / np.sqrt(WIDTH)
    norm = lambda x: np.abs(x).max()
    return {"sinusoidal positions": curve(N8, lambda n, random: moves(n, draw, positions, norm, random), 8)}


def figure_9():
    def variation(n, random):
        x = random.random(n)
        noise = np.where(np.arange(n) < 200, 0.1 * random.random(n), 0.0)
        return np.abs(softmax(x) - softmax(x + noise)).sum()

    return {"total variation": curve(N9, variation, 9)}


def figure_10():
    norm = lambda x: np.abs(x).sum()
    schemes = {
        "no positions": scheme(),
        "sinusoidal": scheme(lambda rows, places: rows + sinusoidal(places) * np.sqrt(2 / WIDTH)),
        "rotary": scheme(rotary),
        "ALiBi": scheme(bias=lambda distance: -SLOPE * distance),
    }
    of = lambda one: lambda n, random: moves(n, unit, one, norm, random)
    return {label: curve(N10, of(one), 10) for label, one in schemes.items()}


def curve(lengths, value, figure):
    mean = [float(np.mean([value(n, np.random.default_rng([figure, n, seed])) for seed in range(SEEDS)])) for n in lengths]
    return {"n": lengths, "mean": mean}


if __name__ == "__main__":
    figures = {"8": figure_8(), "9": figure_9(), "10": figure_10()}
    path = Path(__file__).parent / "expected_figures.json"
    path.write_text(json.dumps(figures, indent=1) + "\n")
    print(path.name)
