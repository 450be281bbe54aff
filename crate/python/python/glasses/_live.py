"""The live page as a widget, whose link is the same in the frame and in Python. It needs anywidget, and is imported where a page is made."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import anywidget
import traitlets

from ._page import Page, checked


class LivePage(Page, anywidget.AnyWidget):
    """The page that notebook and Python both change: ``link`` is what it shows.

    What is set in Python is checked as :func:`glasses.link` does. What a reader changes in the frame arrives a moment later, as the page's
    address says it.
    """

    _esm = Path(__file__).parent / "_live.js"

    link = traitlets.Unicode().tag(sync=True)
    height = traitlets.Int().tag(sync=True)
    _address = traitlets.Unicode().tag(sync=True)

    def __init__(self, link: str, address: str, height: int) -> None:
        self._heard: str | None = None
        anywidget.AnyWidget.__init__(self, link=link, height=height, _address=address)

    def observe(self, handler: Any, names: Any = "link", type: str = "change") -> None:
        """As every widget's, of the link where nothing else is said."""
        anywidget.AnyWidget.observe(self, handler, names, type)

    @traitlets.validate("link")
    def _checked(self, proposal: Any) -> str:
        link = proposal["value"]
        return link if link == self._heard else checked(link)

    def set_state(self, sync_data: dict[str, Any]) -> None:
        # What the page shows is taken as it says it. It may hold, half typed, what no answer is made of: what was mended in it would
        # be sent back, and the page would lose what its reader is about to do.
        self._heard = sync_data.get("link")
        super().set_state(sync_data)
