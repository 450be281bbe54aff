"""Progress bars, where tqdm is installed."""

from __future__ import annotations

import warnings
from contextlib import contextmanager
from typing import Any, Callable, Iterator

Tell = Callable[..., None]


@contextmanager
def progress_bar(unit: str, is_wanted: bool) -> Iterator[Tell | None]:
    """What to tell ``(done, of)``, and perhaps the loss; None where there is no bar."""
    tqdm = _tqdm() if is_wanted else None
    if tqdm is None:
        yield None
        return
    bar: Any = None

    def tell(done: int, of: int, loss: float | None = None) -> None:
        nonlocal bar
        if bar is None:
            bar = tqdm(total=of, initial=done, unit=unit)
        if loss is not None and done > 0:
            bar.set_postfix(loss=f"{loss:.4f}", refresh=False)
        bar.update(done - bar.n)

    try:
        yield tell
    finally:
        if bar is not None:
            bar.close()


def _tqdm() -> Any:
    try:
        with warnings.catch_warnings():
            # A notebook without widgets has a bar of text.
            warnings.simplefilter("ignore")
            from tqdm.auto import tqdm
    except ImportError:
        return None
    return tqdm
