"""The plane of the two outputs over all n by NumPy's singular value decomposition (LAPACK), and what a format tells apart in it; writes
expected_meeting.json.

The texts are n and n + 1 ones behind BOS, so that one causal forward holds both at every n. A cell is given by how far it goes from A in some
directions of the plane: to the nearest of its walls. Run as README.md says.
"""

import json
from pathlib import Path

import numpy as np
from draw import weights
from model import Model, embed, forward, logits, tokens_of

MOST = 60
MANTISSA = 7  # bf16
DIRECTIONS = 16


def stored(y):
    """The nearest number of the format; nothing here is so small that the steps grow no finer. Ties are not met."""
    step = 2.0 ** (np.floor(np.log2(np.abs(y))) - MANTISSA)
    return np.round(y / step) * step


def walls(y):
    """How far the cell of y goes down and up in every coordinate: found by halving, not by the format's steps."""
    ends = []
    for sign in (-1, 1):
        near, far = np.zeros_like(y), np.full_like(y, 2.0 ** (4 - MANTISSA))
        for _ in range(60):
            middle = (near + far) / 2
            same = stored(y + sign * middle) == stored(y)
            near, far = np.where(same, middle, near), np.where(same, far, middle)
        ends.append(near)
    return ends


def reach(directions, y):
    """From y along some ways in the plane to the nearest wall."""
    down, up = walls(y)
    found = []
    for angle in 2 * np.pi * np.arange(DIRECTIONS) / DIRECTIONS:
        way = np.array([np.cos(angle), np.sin(angle)]) @ directions
        found.append(float(np.min(np.where(way > 0, up, down) / np.abs(way))))
    return found


def meeting():
    model = Model()
    parameters = weights(model)
    y = np.asarray(forward(parameters, model, embed(parameters, model, tokens_of("1" * (MOST + 1), True))).output)
    a, b = y[1 : MOST + 1], y[2 : MOST + 2]
    points = np.concatenate([a, b])
    mean = points.mean(0)
    _, values, directions = np.linalg.svd(points - mean, full_matrices=False)
    directions = directions[:2]
    greatest = np.abs(directions).argmax(1)
    directions = directions * np.sign(directions[[0, 1], greatest])[:, None]
    apart = (b - a) @ directions.T
    following = np.argmax(np.asarray(logits(parameters, y)), 1)
    return {
        "link": f"v=1&max={MOST}",
        "share": (values[:2] ** 2 / np.sum(values**2)).tolist(),
        "a": ((a - mean) @ directions.T).tolist(),
        "apart": apart.tolist(),
        "seen": (np.sum(apart**2, 1) / np.sum((b - a) ** 2, 1)).tolist(),
        "differing": np.sum(stored(a) != stored(b), 1).tolist(),
        "next": [[int(following[n]), int(following[n + 1])] for n in range(1, MOST + 1)],
        "cells": {str(n): reach(directions, a[n - 1]) for n in (1, 7, 24, MOST)},
    }


if __name__ == "__main__":
    path = Path(__file__).parent / "expected_meeting.json"
    rounded = json.loads(json.dumps(meeting()), parse_float=lambda text: float(f"{float(text):.12g}"))
    path.write_text(json.dumps(rounded, indent=None) + "\n")
    print(path.name)
