"""Watch a transformer go blind: representational collapse and over-squashing, measured.

A *link* names one configuration: two sequences, a model, and how they are looked at. It is the part behind ``#`` of an address of the page, and
the page, the command line and this package answer it alike. Give it as text, or as keywords, one for each control of :func:`controls`::

    import glasses
    report = glasses.report(pos="rotary", n=40)
    report.sweep.output.linf          # the L-infinity distance of the last tokens, one number for each n
    report.sensitivity.full           # how much the last token depends on each token

Names of controls are those of the link (``pos``, ``n``, ``a``, ``b``, ``layers`` …).
"""

from __future__ import annotations

from ._link import control, controls, link
from ._native import GlassesError, __version__
from ._native import figures as _figures
from ._report import (
    Attention,
    Distances,
    Pair,
    Reading,
    Report,
    Representations,
    Sensitivity,
    Sweep,
    report,
    representations,
)
from ._files import Figure, draw, weights
from ._page import Page, page
from ._study import Point, Rows, Study, study
from ._training import Trained, train


def figures() -> dict[str, str]:
    """The figures that :func:`draw` knows: their words, and what each shows."""
    return dict(_figures())


__all__ = [
    "Attention",
    "Distances",
    "Figure",
    "GlassesError",
    "Page",
    "Pair",
    "Point",
    "Reading",
    "Report",
    "Representations",
    "Rows",
    "Sensitivity",
    "Study",
    "Sweep",
    "Trained",
    "__version__",
    "control",
    "controls",
    "draw",
    "figures",
    "link",
    "page",
    "report",
    "representations",
    "study",
    "train",
    "weights",
]
