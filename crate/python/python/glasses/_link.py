"""Links: what a configuration is called."""

from __future__ import annotations

import decimal
import difflib
import functools
import json
import numbers
import reprlib
import sys
import warnings
from types import MappingProxyType
from typing import Any, Mapping
from urllib.parse import quote

from . import _native


# How a value stands in a message, which is to be read.
_SHORT = reprlib.Repr()
_SHORT.maxstring = _SHORT.maxother = 60


@functools.cache
def _controls() -> tuple[int, Mapping[str, Mapping[str, Any]]]:
    table = json.loads(_native.controls())
    return table["link_version"], _fixed({row["key"]: row for row in table["controls"]})


def _fixed(value: Any) -> Any:
    """What nobody can change any more: everybody is given the same table."""
    if isinstance(value, dict):
        return MappingProxyType({key: _fixed(member) for key, member in value.items()})
    return tuple(map(_fixed, value)) if isinstance(value, list) else value


def controls() -> Mapping[str, Mapping[str, Any]]:
    """Every control by its key: its label, what it does (``help``), what it takes (``takes``) and its default."""
    return _controls()[1]


def control(key: str) -> Mapping[str, Any]:
    """One control.

    Raises:
        TypeError: if there is none of this key; the message names the nearest.
    """
    try:
        return controls()[key]
    except KeyError:
        raise TypeError(_unknown(key)) from None


# What other programs (NumPy, PyTorch, Transformers, TransformerLens) and papers call some controls.
_ELSEWHERE = {
    "d_model": "d",
    "hidden_size": "d",
    "width": "d",
    "num_layers": "layers",
    "num_hidden_layers": "layers",
    "num_attention_heads": "heads",
    "position": "pos",
    "positional_embedding_type": "pos",
    "normalization_type": "norm",
    "random_state": "seed",
    "n_ctx": "max",
    "max_n": "max",
    "lr": "rate",
    "learning_rate": "rate",
    "batch_size": "batch",
    "n_steps": "steps",
    "max_steps": "steps",
    "window_size": "window",
    "dtype": "fw",
    "temperature": "scale",
}


def _unknown(key: str) -> str:
    """Says that there is no such control, and what may have been meant: a key, a control by its label, or by what others call it."""
    if key.lower() in _ELSEWHERE:
        return f"there is no control {key!r}; did you mean {_ELSEWHERE[key.lower()]!r}? glasses.controls() lists all"
    by_label = {row["label"].lower(): known for known, row in controls().items()}
    nearest = difflib.get_close_matches(key, controls(), n=3, cutoff=0.6)
    labelled = difflib.get_close_matches(key.replace("_", " ").lower(), by_label, n=2, cutoff=0.5)
    meant = list(dict.fromkeys([by_label[label] for label in labelled] + nearest))
    hint = f"; did you mean {' or '.join(repr(near) for near in meant)}?" if meant else ""
    return f"there is no control {key!r}{hint} glasses.controls() lists all"


def _written(key: str, value: Any) -> str:
    """A value as a link writes it."""
    if isinstance(value, str):
        return value
    if isinstance(value, (list, tuple, set, frozenset)):
        return ",".join(str(member) for member in value)
    # NumPy's numbers write themselves as Python's do only once they are Python's.
    if getattr(value, "ndim", None) == 0:
        value = value.item()
    if isinstance(value, bool) or not isinstance(value, (numbers.Real, decimal.Decimal)):
        raise TypeError(f"{key} takes {_takes(key)}, not {_SHORT.repr(value)}")
    return str(value)


def _takes(key: str) -> str:
    takes = control(key)["takes"]
    words = takes.get("words") or takes.get("cures")
    if words:
        return "one of " + ", ".join(word["word"] for word in words)
    if "min" in takes:
        return f"{'a whole number' if takes['type'] == 'integer' else 'a number'} from {takes['min']} to {takes['max']}"
    return "text"


def link(base: str = "", **settings: Any) -> str:
    """The link of a configuration, in its shortest form: the part behind ``#``.

    Args:
        base: A link, or a whole address of the page, that the settings change.
        settings: Values by the keys of :func:`controls`.

    Raises:
        TypeError: for a key that there is not, or a value of a wrong type.
        ValueError: for a value that its control does not take, in the page's words.
    """
    if not isinstance(base, str):
        raise TypeError(f"a link is text, not {_SHORT.repr(base)}")
    text = base.partition("#")[2] if "#" in base else base
    parts = [part for part in text.split("&") if part]
    known = {part.partition("=")[0] for part in parts}
    for key in settings:
        control(key)
    parts = [part for part in parts if part.partition("=")[0] not in settings]
    if "v" not in known and (parts or settings):
        parts.insert(0, f"v={_controls()[0]}")
    parts += [f"{key}={quote(_written(key, value), safe='')}" for key, value in settings.items()]
    canonical, replaced = _native.canonical("&".join(parts))
    for key, sentence in replaced:
        if key in settings:
            # The page goes on with the default, and says so; this stops.
            raise ValueError(f"{key}={_SHORT.repr(settings[key])}: {sentence.replace('; the default is used.', '.')}")
        _warn(sentence)
    return canonical


def _warn(sentence: str) -> None:
    """Warns of the line that called this package, through however many of its functions."""
    level, frame = 1, sys._getframe()
    while frame.f_back and frame.f_globals.get("__name__", "").partition(".")[0] in (__package__, "traitlets", "ipywidgets"):
        level, frame = level + 1, frame.f_back
    warnings.warn(sentence, stacklevel=level)
