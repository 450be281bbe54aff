"""Greatest singular values by NumPy's singular value decomposition (LAPACK), and writes expected_spectral.json.

Matrices whose singular values tie, lie close, vanish, or are tiny and huge, with their numbers; and weights of a link, by name, with a
product of two for each head. Run as README.md says.
"""

import json
from pathlib import Path
from types import SimpleNamespace

import numpy as np
from draw import weights

random = np.random.default_rng(25)


def with_values(rows, columns, values):
    """A random matrix that has these singular values."""
    turn = lambda size: np.linalg.qr(random.normal(size=(size, size)))[0]
    middle = np.zeros((rows, columns))
    np.fill_diagonal(middle, values)
    return turn(rows) @ middle @ turn(columns)


def greatest(matrix):
    return float(np.linalg.svd(matrix, compute_uv=False)[0])


def case(name, a, b=None):
    found = {"name": name, "a": a.tolist(), "norm": greatest(a if b is None else a @ b)}
    return found if b is None else found | {"b": b.tolist()}


def matrices():
    narrow, side = with_values(16, 4, np.ones(4)), np.linalg.svd(random.normal(size=(12, 12)))
    yield case("all tied", with_values(12, 14, np.ones(12)))
    yield case("two tied", with_values(14, 12, np.r_[3.0, 3.0, np.linspace(2, 0, 10)]))
    yield case("a cluster", with_values(16, 16, 1 - 1e-9 * np.arange(16)))
    yield case("nearly tied, as random matrices are", with_values(20, 20, 1 - 1e-4 * np.arange(20) ** 1.5))
    yield case("half of them zero", with_values(16, 16, np.r_[np.linspace(2, 1, 8), np.zeros(8)]))
    yield case("all zero", np.zeros((4, 3)))
    yield case("rank one", np.outer(random.normal(size=9), random.normal(size=7)))
    yield case("from tiny to huge", with_values(12, 12, 10.0 ** np.linspace(100, -100, 12)))
    yield case("tiny", 1e-290 * random.normal(size=(6, 5)))
    yield case("huge", 1e290 * random.normal(size=(5, 6)))
    yield case("as small as f32 goes", 2.0**-149 * random.integers(0, 3, size=(6, 6)))
    yield case("one number", np.array([[-7.0]]))
    yield case("a row", np.array([[3.0, 4.0]]))
    yield case("a column", np.array([[5.0], [12.0]]))
    yield case("a sign for each of 16", np.kron(*[np.kron(*[np.array([[1.0, 1.0], [1.0, -1.0]])] * 2)] * 2))
    yield case("a product", random.normal(size=(16, 4)), random.normal(size=(4, 16)))
    yield case("a product of tied ones", narrow, narrow.T)
    yield case("a product with nothing", random.normal(size=(6, 3)), np.zeros((3, 6)))
    yield case("a product of one rank", with_values(12, 6, [2.0, 0, 0, 0, 0, 0]), random.normal(size=(6, 12)))
    yield case("a tiny and a huge one", 1e-200 * random.normal(size=(8, 4)), 1e190 * random.normal(size=(4, 8)))
    # What one keeps the other loses: nothing is left but rounding, and the bound is that of what was lost.
    yield case("a product that cancels", side[0][:, :6] @ np.eye(6, 12) @ side[2], side[2][6:].T @ random.normal(size=(6, 12)))


def of_a_link():
    model = SimpleNamespace(layers=4, heads=4, width=256, seed=2, norm="layer", position="none", feed_forward="on", mix="plain", sink="none")
    found, names = weights(model), {}
    c = model.width // model.heads
    for layer in range(model.layers):
        name = f"layers.{layer}"
        for part in ("up", "down"):
            names[f"{name}.feed_forward.{part}.weight"] = greatest(found[f"{name}.feed_forward.{part}.weight"])
        value, output = found[f"{name}.attention.value.weight"], found[f"{name}.attention.output.weight"]
        names[f"{name}.attention"] = [greatest(value[:, h * c : (h + 1) * c] @ output[h * c : (h + 1) * c]) for h in range(model.heads)]
    return {"link": "v=1&seed=2&layers=4&heads=4&d=256", "norms": names}


if __name__ == "__main__":
    path = Path(__file__).parent / "expected_spectral.json"
    path.write_text(json.dumps({"matrices": list(matrices()), "weights": of_a_link()}, indent=1) + "\n")
    print(path.name)
