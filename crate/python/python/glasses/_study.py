"""Studies: the same questions of a grid of configurations. docs/studies.md describes the file and the rows."""

from __future__ import annotations

import csv
import functools
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Iterable, Iterator, Mapping, Sequence, Union

import numpy as np

from . import _native
from ._link import control
from ._model import Model, given
from ._output import write
from ._progress import progress_bar

if TYPE_CHECKING:
    import dask.bag
    import pandas

Value = Union[int, float, str]
Row = dict[str, Any]


@dataclass(frozen=True)
class Point:
    """One configuration of a study."""

    index: int
    link: str
    values: Mapping[str, Value]
    """Its value on each axis."""


class Rows(list[Row]):
    """Rows of a study: a dict for each number, with the link that gives it again.

    Attributes:
        columns: the names of what a row has.
        numbers: those that are numbers, and of which type; all others are texts.
    """

    def __init__(self, rows: Iterable[Row], columns: tuple[str, ...], numbers: Mapping[str, type]) -> None:
        super().__init__(rows)
        self.columns = columns
        self.numbers = numbers

    def to_pandas(self) -> pandas.DataFrame:
        import pandas

        return pandas.DataFrame(self, columns=list(self.columns))

    def to_parquet(self, path: str | os.PathLike[str]) -> Path:
        """Writes them as a Parquet file, whole or not at all. It needs pyarrow.

        The types of its columns follow from the study and not from its rows, so that the files of all shards are one data set: int64,
        double, and dictionaries of texts. What a row has none of is null.
        """
        import pyarrow
        import pyarrow.parquet

        text = pyarrow.dictionary(pyarrow.int32(), pyarrow.string())
        kinds = {int: pyarrow.int64(), float: pyarrow.float64()}
        schema = pyarrow.schema([(name, kinds[self.numbers[name]] if name in self.numbers else text) for name in self.columns])
        arrays = [pyarrow.array([row[field.name] if row[field.name] != "" else None for row in self], field.type) for field in schema]
        file = pyarrow.BufferOutputStream()
        pyarrow.parquet.write_table(pyarrow.Table.from_arrays(arrays, schema=schema), file)
        return write(path, file.getvalue().to_pybytes())


@dataclass(frozen=True)
class _Questions:
    """What all points of a study share, wherever they are answered."""

    columns: tuple[str, ...]
    numbers: Mapping[str, type]
    ask: list[str]
    model: str | bytes | None

    def rows(self, lines: Iterable[str]) -> Rows:
        """Rows of their CSV."""
        return Rows((self._row(cells) for cells in csv.reader(lines)), self.columns, self.numbers)

    def _row(self, cells: Sequence[str]) -> Row:
        row: Row = dict(zip(self.columns, cells, strict=True))
        for key, number in self.numbers.items():
            row[key] = number(row[key]) if row[key] else None
        return row


def _answer(point: tuple[int, str, list[str]], questions: _Questions) -> Rows:
    """A point's rows, wherever it is answered: what a task of Dask or Ray does."""
    return questions.rows(_native.study_rows(*point, questions.ask, questions.model).splitlines(keepends=True))


class Study(Sequence[Point]):
    """A study that can be answered: here, by Dask, or by Ray.

    Attributes:
        axes: the values of each axis by the key of its control.
        ask: the parts of a report that it asks for; empty where it asks for all that apply.
        columns: the names of what a row has.
    """

    def __init__(self, plan: _native.StudyPlan, model: Model | None = None) -> None:
        self._plan = plan
        self._points = plan.points()
        axes = plan.axes()
        self._kinds = {key: {"integer": int, "number": float}.get(control(key)["takes"]["type"], str) for key, _ in axes}
        self.axes: dict[str, list[Value]] = {key: [self._kinds[key](value) for value in values] for key, values in axes}
        self.ask: list[str] = plan.ask()
        self.columns: tuple[str, ...] = tuple(next(csv.reader([plan.header()])))
        numbers = {"point": int, "place": int, "value": float, **{key: kind for key, kind in self._kinds.items() if kind is not str}}
        self._questions = _Questions(self.columns, numbers, self.ask, given(model))

    def __len__(self) -> int:
        return len(self._points)

    def __getitem__(self, index: Any) -> Any:
        if isinstance(index, slice):
            return [self[at] for at in range(*index.indices(len(self)))]
        index = range(len(self))[index]
        link, values = self._points[index]
        return Point(index, link, {key: self._kinds[key](value) for key, value in zip(self.axes, values, strict=True)})

    def __iter__(self) -> Iterator[Point]:
        return (self[index] for index in range(len(self)))

    @property
    def links(self) -> list[str]:
        """The link of each point; the last axis varies fastest."""
        return [link for link, _ in self._points]

    @functools.cached_property
    def cost(self) -> np.ndarray:
        """About how many floating-point operations each point takes: axes (point,).

        They are those of the pair, the sweep and the exact sensitivity, as far as the study asks for them; other parts are not counted.
        """
        return np.array(self._plan.cost(), dtype=np.float64)

    def __repr__(self) -> str:
        return f"<glasses.Study of {self._plan.describe()}>"

    def run(
        self,
        out: str | os.PathLike[str] | None = None,
        *,
        shard: str = "1/1",
        threads: int | None = None,
        progress: bool = True,
    ) -> Rows:
        """Answers the points on this machine, and gives their rows.

        Args:
            out: A CSV file to write them to, as ``glasses-cli study`` does: the same call or command goes on where it was stopped.
            shard: One part of so many, as in ``"3/16"``.
            threads: How many points are answered at once; by default as many as there are cores.
            progress: Whether there is a bar, where tqdm is installed.

        Raises:
            KeyboardInterrupt: if Ctrl-C was pressed.
            GlassesError: if a file can't be read or written. A point that has no answer is a row that says why.
        """
        if threads is not None and threads < 1:
            raise ValueError(f"threads is a number from 1, not {threads}")
        path = None if out is None else os.fspath(out)
        with progress_bar("point", progress) as tell:
            text = self._plan.run(path, shard, threads, self._questions.model, tell)
        if text is not None:
            return self._questions.rows(text.splitlines(keepends=True))
        assert path is not None
        with open(path, newline="", encoding="utf-8") as file:
            next(file)
            return self._questions.rows(file)

    def to_dask(self) -> dask.bag.Bag:
        """A bag of rows, a partition for each point: ``study.to_dask().compute()``, or ``.to_dataframe()``.

        The scheduler is Dask's, and so is what it does about workers that are lost.
        """
        import dask
        import dask.bag

        tasks = dask.bag.from_sequence(self._tasks(), partition_size=1)
        return tasks.map(_answer, questions=dask.delayed(self._questions)).flatten()

    def to_ray(self, **options: Any) -> list[Any]:
        """A reference to each point's rows: ``ray.get(study.to_ray())``.

        Args:
            options: Those of ``ray.remote``, such as ``num_cpus`` or ``max_retries``.
        """
        import ray

        answer = ray.remote(**options)(_answer) if options else ray.remote(_answer)
        questions = ray.put(self._questions)
        return [answer.remote(task, questions) for task in self._tasks()]

    def _tasks(self) -> list[tuple[int, str, list[str]]]:
        return [(index, link, values) for index, (link, values) in enumerate(self._points)]


def study(source: str | os.PathLike[str] | Mapping[str, Any], *, model: Model | None = None) -> Study:
    """Reads a study; all of its values are looked at before anything is computed.

    Args:
        source: The file of the study, in TOML, or the same as a dict: ``{"link": …, "ask": […], "axes": {"seed": range(1, 33)}}``.
        model: The model, where the link is of one of your own. By Dask or Ray, a file has to be there for every worker.

    Raises:
        GlassesError: if it is no study.
    """
    if isinstance(source, Mapping):
        return Study(_native.StudyPlan.of(json.dumps(dict(source), default=_plain)), model)
    return Study(_native.StudyPlan.open(os.fspath(source)), model)


def _plain(value: Any) -> Any:
    """What JSON has no word for: ranges, arrays, NumPy's numbers."""
    if hasattr(value, "tolist"):
        return value.tolist()
    if isinstance(value, Iterable):
        return list(value)
    raise TypeError(f"a study has texts, numbers and lists of them, not {value!r}")
