"""Training: a model of a recipe, as the command line's ``train`` makes it."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Mapping

import numpy as np
import safetensors.numpy

from . import _native
from ._link import link as _link
from ._output import write
from ._progress import progress_bar

if TYPE_CHECKING:
    import pandas


@dataclass(frozen=True, eq=False, repr=False)
class Trained:
    """A trained model. Give it as ``model=`` together with its link: ``glasses.report(trained.link, n=40, model=trained)``."""

    link: str
    """Opens with this model as the reader's own."""
    loss: np.ndarray
    """Of every step, in nats for each token of an answer: axes (step,)."""
    recipe: Mapping[str, Any]
    """How it was made, and how well it answers, as it stands in the file."""
    data: bytes
    """The file: weights in safetensors, with the recipe inside."""
    path: Path | None
    """Where the file is, if it was written."""
    axes: tuple[str, ...] = ("step",)

    @property
    def accuracy(self) -> dict[str, float]:
        """By task: the share of right answers over examples drawn as in training, but never trained on."""
        return {row["task"]: row["trained"] for row in self.recipe["accuracy"]}

    def weights(self) -> dict[str, np.ndarray]:
        """The weights by name: docs/model.md describes the arrays."""
        return safetensors.numpy.load(self.data)

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Writes the file, for ``--model`` of the command line and for the page."""
        return write(path, self.data)

    def to_pandas(self) -> pandas.DataFrame:
        """One row for each step, counted from 1."""
        import pandas

        return pandas.DataFrame({"step": np.arange(1, len(self.loss) + 1), "loss": self.loss})

    def __repr__(self) -> str:
        shares = ", ".join(f"{task}: {share:.1%} right" for task, share in self.accuracy.items())
        return f"<glasses.Trained in {len(self.loss)} steps to a loss of {self.recipe['final_loss']:.4f}; {shares}>"


def train(
    base: str = "",
    *,
    out: str | os.PathLike[str] | None = None,
    save_every: int = 200,
    progress: bool = True,
    **settings: Any,
) -> Trained:
    """Trains a link's model on a link's tasks.

    With ``out``, the model, its recipe and the curve of its loss are written there as the command line does it, and a run that is stopped is
    kept beside it: the same call, or the same command, goes on from there to the same weights.

    Args:
        base: A link, or a whole address of the page.
        out: The file of the model.
        save_every: Steps between two looks at where the run is: what may be lost where the process is killed.
        progress: Whether there is a bar, where tqdm is installed.
        settings: Values by the keys of :func:`glasses.controls`, such as ``tasks``, ``steps``, ``rate``, ``layers``.

    Raises:
        KeyboardInterrupt: if Ctrl-C was pressed.
        GlassesError: if it can't be trained or written, in the page's words.
        TypeError, ValueError: for settings that there are not (:func:`glasses.link`).
    """
    if save_every < 1:
        raise ValueError(f"save_every is a number of steps from 1, not {save_every}")
    path = None if out is None else Path(out)
    with progress_bar("step", progress) as tell:
        link, recipe, losses, data = _native.train(_link(base, **settings), None if path is None else os.fspath(path), save_every, tell)
    return Trained(link, np.array(losses, dtype=np.float64), json.loads(recipe), data, path)
