"""The model that a link calls its reader's own."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Union

if TYPE_CHECKING:
    from ._training import Trained

Model = Union[str, "os.PathLike[str]", bytes, "Trained"]
"""A model's file, its bytes, or what :func:`glasses.train` gave."""


def given(model: Model | None) -> str | bytes | None:
    """As the native half takes it."""
    if model is None or isinstance(model, bytes):
        return model
    data = getattr(model, "data", None)
    return data if isinstance(data, bytes) else os.fspath(model)  # type: ignore[arg-type]
