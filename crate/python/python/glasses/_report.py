"""Reports: everything that can be said about a configuration, as arrays.

An object says the names of its arrays' axes in ``axes``; ``to_xarray`` and ``to_pandas`` give them as a labelled data set where those packages
are installed. docs/report.md and docs/model.md define the numbers.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Iterator, Mapping, Sequence

import numpy as np

from . import _native
from ._link import link as _link
from ._model import Model, given

if TYPE_CHECKING:
    import pandas
    import xarray

METRICS = ("l1", "l2", "linf", "cosine")

# As a report writes what JSON has no number for.
_NOT_FINITE = {"NaN": np.nan, "Infinity": np.inf, "-Infinity": -np.inf}


def _number(value: Any) -> float:
    return _NOT_FINITE[value] if isinstance(value, str) else float(value)


def _numbers(values: Sequence[Any]) -> np.ndarray:
    """A list of numbers, or of lists of numbers, as an array; null, where there is none, is NaN."""
    if any(isinstance(value, list) for value in values):
        return np.array([_numbers(value) for value in values])
    return np.array([np.nan if value is None else _number(value) for value in values], dtype=np.float64)


def _stage(stage: Any) -> str:
    return stage if isinstance(stage, str) else f"layer {stage['layer']}"


# Arrays have no one answer to whether they are equal, so neither has what is made of them: `eq=False` has `==` tell whether it is the same
# object.


@dataclass(frozen=True, eq=False)
class Distances:
    """Four distances of two vectors: L1, L2, L-infinity, and 1 - cos. Each is an array with the axes that ``axes`` names."""

    l1: np.ndarray
    l2: np.ndarray
    linf: np.ndarray
    cosine: np.ndarray
    axes: tuple[str, ...]

    @classmethod
    def _of(cls, rows: Any, axes: tuple[str, ...]) -> Distances:
        def pick(rows: Any, metric: str) -> Any:
            return [pick(row, metric) for row in rows] if isinstance(rows, list) else _number(rows[metric])

        return cls(*(np.array(pick(rows, metric), dtype=np.float64) for metric in METRICS), axes)

    def __getitem__(self, metric: str) -> np.ndarray:
        """A distance by its word in links: ``report.sweep.output["linf"]``."""
        if metric not in METRICS:
            raise KeyError(f"a distance is one of {', '.join(METRICS)}, not {metric!r}")
        return getattr(self, metric)

    def _at(self, index: int) -> Distances:
        return Distances(*(self[metric][index] for metric in METRICS), self.axes[1:])

    def to_xarray(self, **coordinates: Any) -> xarray.Dataset:
        import xarray

        known = {axis: values for axis, values in coordinates.items() if axis in self.axes}
        return xarray.Dataset({metric: (self.axes, self[metric]) for metric in METRICS}, coords=known)


@dataclass(frozen=True, eq=False)
class Attention:
    """The attention map of one head: ``weights[query, key]``, both counted from token ``first``."""

    layer: int
    head: int
    first: int
    weights: np.ndarray
    axes: tuple[str, ...] = ("query", "key")


@dataclass(frozen=True, eq=False)
class Reading:
    """One sequence as the model reads it."""

    tokens: list[str]
    next: np.ndarray
    """The probability of each token of the alphabet to come next."""
    attention: Attention
    sink_share: float
    sink_by_layer: np.ndarray
    """The share of the last token's attention that the first token gets, mean over the heads: axes (layer,)."""
    sink_least_by_layer: np.ndarray
    """The same of the head that gives it least: axes (layer,)."""
    sink_most_by_layer: np.ndarray
    """The same of the head that gives it most: axes (layer,)."""

    @classmethod
    def _of(cls, raw: Mapping[str, Any]) -> Reading:
        seen = raw["attention"]
        weights = _numbers(seen["weights"]).reshape(seen["side"], seen["side"])
        attention = Attention(seen["layer"], seen["head"], seen["first"], weights)
        by_layer = [_numbers(raw[f"sink_{over}by_layer"]) for over in ("", "least_", "most_")]
        return cls(raw["tokens"], _numbers(raw["next"]), attention, _number(raw["sink_share"]), *by_layer)


@dataclass(frozen=True, eq=False)
class Pair:
    """The two sequences at one n."""

    n: int
    a: Reading
    b: Reading
    stages: list[str]
    distances: Distances
    """Of the last tokens: axes (stage,)."""
    heads: Distances
    """Of the heads' outputs: axes (layer, head)."""
    identical_in: list[str]
    """The float formats in which the two outputs are the same vector."""

    @classmethod
    def _of(cls, raw: Mapping[str, Any]) -> Pair:
        return cls(
            raw["n"],
            Reading._of(raw["a"]),
            Reading._of(raw["b"]),
            [_stage(row["stage"]) for row in raw["stages"]],
            Distances._of([row["distances"] for row in raw["stages"]], ("stage",)),
            Distances._of(raw["heads"], ("layer", "head")),
            raw["identical_in"],
        )

    @property
    def output(self) -> Distances:
        """The distances at the output, after the last norm."""
        return self.distances._at(-1)

    def to_xarray(self) -> xarray.Dataset:
        return self.distances.to_xarray(stage=self.stages)

    def to_pandas(self) -> pandas.DataFrame:
        return self.to_xarray().to_dataframe()


@dataclass(frozen=True, eq=False)
class Sweep:
    """The distances of the last tokens at every n."""

    n: np.ndarray
    method: str
    stages: list[str]
    distances: Distances
    """Axes (stage, n)."""
    heads: dict[str, np.ndarray]
    """By distance: axes (layer, statistic, n), the statistics over the heads being least, mean and greatest."""
    formats: list[str]
    collapse: np.ndarray
    """The collapse length: axes (format, stage); NaN where A and B still differ at the greatest n."""
    same_next: np.ndarray
    bound: np.ndarray
    """The one-layer bound of Theorem 4.2 on the L1 distance of the first layer's head outputs; NaN where it says nothing."""
    likeness: np.ndarray
    """The cosine of A's last token with its first one: axes (stage, n)."""

    @classmethod
    def _of(cls, raw: Mapping[str, Any]) -> Sweep:
        n = np.array(raw["n"], dtype=np.int64)

        def over_heads(metric: str) -> np.ndarray:
            return np.array([[[_number(at[name]) for at in row[metric]] for name in ("min", "mean", "max")] for row in raw["heads"]])

        bound = np.full(len(n), np.nan)
        bound[: len(raw["bound"])] = _numbers(raw["bound"])
        return cls(
            n,
            raw["method"],
            [_stage(curve["stage"]) for curve in raw["stages"]],
            Distances._of([curve["distances"] for curve in raw["stages"]], ("stage", "n")),
            {metric: over_heads(metric) for metric in METRICS},
            [row["format"] for row in raw["collapse"]],
            np.array([_numbers(row["stages"]) for row in raw["collapse"]]),
            np.array(raw["same_next"], dtype=bool),
            bound,
            np.array([_numbers(curve["cosine"]) for curve in raw["likeness"]]),
        )

    @property
    def output(self) -> Distances:
        """The distances at the output, after the last norm: axes (n,)."""
        return self.distances._at(-1)

    def collapse_length(self, format: str = "bf16", stage: str = "output") -> int | None:
        """The first n from which on A and B round to the same vector of a float format; None where that is not so up to the greatest n."""
        for name, known, given in (("format", self.formats, format), ("stage", self.stages, stage)):
            if given not in known:
                raise ValueError(f"{name} is one of {', '.join(known)}, not {given!r}")
        length = self.collapse[self.formats.index(format), self.stages.index(stage)]
        return None if np.isnan(length) else int(length)

    def to_xarray(self) -> xarray.Dataset:
        return self.distances.to_xarray(stage=self.stages, n=self.n).assign(
            same_next=("n", self.same_next), bound=("n", self.bound), collapse=(("format", "stage"), self.collapse), likeness=(("stage", "n"), self.likeness)
        ).assign_coords(format=self.formats)

    def to_pandas(self) -> pandas.DataFrame:
        """One row for each stage and n."""
        return self.to_xarray()[list(METRICS)].to_dataframe()


@dataclass(frozen=True, eq=False)
class Sensitivity:
    """How much the last token depends on each input token: the Frobenius norm of the Jacobian of the output in what enters the first block."""

    n: int
    sequence: str
    tokens: list[str]
    full: np.ndarray
    frozen: np.ndarray
    """The same with the attention weights held fixed."""
    full_standard_error: np.ndarray
    frozen_standard_error: np.ndarray
    probes: int | None
    """How many random probes it was estimated by; None where it is exact."""
    bound: np.ndarray | None
    rollout: np.ndarray | None
    paths: np.ndarray | None
    place: np.ndarray | None
    axes: tuple[str, ...] = ("token",)

    @classmethod
    def _of(cls, raw: Mapping[str, Any]) -> Sensitivity:
        full, frozen = raw["full"], raw["frozen"]
        method = full["method"]
        theory = raw["paths"] or {}

        def given(name: str) -> np.ndarray | None:
            return _numbers(theory[name]) if theory.get(name) else None

        return cls(
            raw["n"],
            raw["sequence"],
            raw["tokens"],
            _numbers(full["norm"]),
            _numbers(frozen["norm"]),
            _numbers(full["standard_error"]),
            _numbers(frozen["standard_error"]),
            None if method == "exact" else method["estimate"]["probes"],
            given("bound"),
            given("rollout"),
            given("paths"),
            given("place"),
        )

    def _by_token(self) -> dict[str, np.ndarray]:
        """What there is of each token, by name."""
        every = {name: getattr(self, name) for name in ("full", "frozen", "bound", "rollout", "paths", "place")}
        return {name: values for name, values in every.items() if values is not None}

    def to_xarray(self) -> xarray.Dataset:
        """Along ``token``, whose coordinate is each token's place from 0; ``text`` is the token itself."""
        import xarray

        variables = {name: (self.axes, values) for name, values in self._by_token().items()}
        return xarray.Dataset(variables, coords={"token": np.arange(len(self.tokens)), "text": (self.axes, self.tokens)})

    def to_pandas(self) -> pandas.DataFrame:
        """One row for each token."""
        import pandas

        return pandas.DataFrame({"token": self.tokens, **self._by_token()})


def _node(raw: Any) -> Any:
    """A part that has no class of its own: objects with attributes, lists of numbers as arrays."""
    if isinstance(raw, dict):
        if set(raw) == set(METRICS) and all(not isinstance(value, (list, dict)) for value in raw.values()):
            return Distances._of(raw, ())
        return SimpleNamespace(**{name: _node(value) for name, value in raw.items()})
    if isinstance(raw, list):
        is_numbers = raw and all(isinstance(value, (int, float)) and not isinstance(value, bool) or value in _NOT_FINITE for value in _flat(raw))
        if is_numbers and _is_even(raw):
            return _numbers(raw)
        return [_node(value) for value in raw]
    if isinstance(raw, str) and raw in _NOT_FINITE:
        return _NOT_FINITE[raw]
    return raw


def _is_even(raw: list[Any]) -> bool:
    """Whether lists within a list are all of one length, so that an array can hold them."""
    lengths = {len(value) if isinstance(value, list) else None for value in raw}
    return len(lengths) == 1 and all(_is_even(value) for value in raw if isinstance(value, list))


def _flat(raw: list[Any]) -> Iterator[Any]:
    for value in raw:
        if isinstance(value, list):
            yield from _flat(value)
        elif isinstance(value, dict):
            yield None
        else:
            yield value


class Report:
    """Everything that was asked of one configuration; a part that was not asked for or does not apply is None.

    Attributes:
        link: the part of a link behind ``#`` that gives this report again.
        warnings: what was replaced in the input, and why a part has no answer.
        raw: the JSON of docs/report.md, as Python has it.
        pair, sweep, sensitivity: the parts with classes of their own.
    """

    _OTHERS = ("meeting", "reference", "theory", "comparison", "separators", "found", "simulation", "answers", "lengths", "tokens", "continuation",
               "pinned", "seeds")

    def __init__(self, text: str) -> None:
        self.raw: dict[str, Any] = json.loads(text)
        raw = self.raw
        self.link: str = raw["link"]
        self.engine = _node(raw["engine"])
        self.model = _node(raw["model"])
        self.warnings: list[str] = [warning["sentence"] for warning in raw["warnings"]]
        self.pair = Pair._of(raw["pair"]) if raw["pair"] else None
        self.sweep = Sweep._of(raw["sweep"]) if raw["sweep"] else None
        self.sensitivity = Sensitivity._of(raw["sensitivity"]) if raw["sensitivity"] else None
        self.reference = Sweep._of(raw["reference"]) if raw["reference"] else None
        for name in self._OTHERS:
            if name != "reference":
                setattr(self, name, _node(raw[name]))

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(f"a report has no {name!r}; its parts are pair, sweep, sensitivity, {', '.join(self._OTHERS)}")

    def __repr__(self) -> str:
        parts = [name for name in ("pair", "sweep", "sensitivity", *self._OTHERS) if getattr(self, name) is not None]
        return f"<glasses.Report of {self.link or 'the defaults'!r}: {', '.join(parts)}>"


def report(base: str = "", *, model: Model | None = None, **settings: Any) -> Report:
    """Answers a configuration: distances, next tokens, the sweep over n, the exact sensitivity, theory, and the instrument that it chooses.

    Args:
        base: A link, or a whole address of the page.
        model: The model, where the link is of one of your own: its file, its bytes, or what :func:`glasses.train` gave.
        settings: Values by the keys of :func:`glasses.controls`, which change the link.

    Raises:
        GlassesError: if there is no answer, in the page's words.
        TypeError, ValueError: for settings that there are not (:func:`glasses.link`).
    """
    return Report(_native.report(_link(base, **settings), given(model)))


@dataclass(frozen=True, eq=False)
class Representations:
    """The last tokens' representations themselves, as f32.

    ``stages[n, sequence, stage]`` is the residual stream of width d at the embedding, behind each layer, and after the last norm (the output);
    ``heads[n, sequence, layer, head]`` what each head gathers, before the output projection. A is sequence 0, B sequence 1.
    """

    link: str
    n: np.ndarray
    stages: np.ndarray
    heads: np.ndarray
    stage_names: list[str]
    axes = {"stages": ("n", "sequence", "stage", "width"), "heads": ("n", "sequence", "layer", "head", "head_width")}

    def at(self, n: int) -> int:
        """Where a value of n stands on the first axis."""
        (found,) = np.nonzero(self.n == n)
        if not len(found):
            raise KeyError(f"n = {n} was not computed; n goes from {self.n[0]} to {self.n[-1]}")
        return int(found[0])

    def to_xarray(self) -> xarray.Dataset:
        import xarray

        arrays = {name: (axes, getattr(self, name)) for name, axes in self.axes.items()}
        return xarray.Dataset(arrays, coords={"n": self.n, "sequence": ["a", "b"], "stage": self.stage_names})


def representations(base: str = "", *, model: Model | None = None, **settings: Any) -> Representations:
    """The last tokens' representations at every n up to ``max``, or at the link's own n where neither sequence depends on it.

    Raises:
        GlassesError: if there is no answer, in the page's words.
        TypeError, ValueError: for settings that there are not (:func:`glasses.link`).
    """
    link = _link(base, **settings)
    n, (stages, stages_shape), (heads, heads_shape) = _native.representations(link, given(model))
    names = ["embedding", *(f"layer {layer + 1}" for layer in range(heads_shape[2])), "output"]
    array = lambda data, shape: np.frombuffer(data, dtype=np.float32).reshape(shape)  # noqa: E731
    return Representations(link, np.array(n, dtype=np.int64), array(stages, stages_shape), array(heads, heads_shape), names)
