"""What is written down: figures and weights."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np
import safetensors.numpy

from . import _native
from ._link import link as _link
from ._model import Model, given
from ._output import write


_OTHER_PICTURES = {".png", ".pdf", ".jpg", ".jpeg", ".gif", ".webp", ".eps"}


class Figure:
    """One of the page's figures, as an SVG document. A notebook shows it."""

    def __init__(self, svg: str, link: str, name: str) -> None:
        self.svg = svg
        self.link = link
        self.name = name

    def _repr_svg_(self) -> str:
        return self.svg

    def __repr__(self) -> str:
        return f"<glasses.Figure {self.name!r} of {self.link or 'the defaults'!r}>"

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Writes the SVG file.

        Raises:
            ValueError: for the name of another kind of picture, which programs would not open.
        """
        if Path(path).suffix.lower() in _OTHER_PICTURES:
            raise ValueError(f"a figure is saved as SVG, not as {Path(path).suffix.lower()}: name the file .svg")
        return write(path, self.svg.encode())


def draw(
    base: str = "",
    figure: str = "distance-by-n",
    *,
    model: Model | None = None,
    width: int = 720,
    height: int | None = None,
    theme: str = "light",
    **settings: Any,
) -> Figure:
    """Draws one of the page's figures (:func:`glasses.figures` lists them) for a configuration.

    Raises:
        GlassesError: if there is nothing to draw, in the page's words.
        ValueError: for a figure, a theme or a size that there is not.
    """
    link = _link(base, **settings)
    svg = _native.draw(link, figure, given(model), width, height, theme)
    return Figure(svg, link, figure)


def weights(base: str = "", *, model: Model | None = None, **settings: Any) -> dict[str, np.ndarray]:
    """The exact weights of a configuration's model by name, before any rounding: docs/model.md describes the arrays.

    Raises:
        GlassesError: if they can't be had.
    """
    return safetensors.numpy.load(_native.weights(_link(base, **settings), given(model)))
