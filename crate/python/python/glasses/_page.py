"""The live page in a notebook, from files on this machine."""

from __future__ import annotations

import functools
import html
import os
import threading
import webbrowser
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Callable

from ._link import link as _link

# Where a wheel has it that was built with the site.
_PACKAGED = Path(__file__).parent / "site"

_MISSING = (
    "the page's files are not in this package: give the folder that “cargo xtask build” made with site=, "
    "or the address of a published site"
)


class Page:
    """The live page on one configuration. A notebook shows it; ``show_in_browser()`` shows it in a browser.

    Where anywidget is installed it is an ``anywidget.AnyWidget`` (:class:`glasses._live.LivePage`) whose trait ``link`` is what the frame
    shows now, both ways. Without, the frame goes its own way: ``link`` is what it opens with when it is shown next.
    """

    height: int

    def __init__(self, link: str, address: str, height: int) -> None:
        self._address = address
        self.link = link
        self.height = height

    @property
    def link(self) -> str:
        """The link of what it shows."""
        return self._shown

    @link.setter
    def link(self, link: str) -> None:
        self._shown = checked(link)

    @property
    def url(self) -> str:
        """The address of what it shows."""
        return f"{self._address}#{self.link}"

    def set(self, **settings: Any) -> None:
        """Changes what is shown.

        Args:
            settings: Values by the keys of :func:`glasses.controls`; all others stay as they are.

        Raises:
            TypeError, ValueError: for settings that there are not (:func:`glasses.link`); nothing is changed then.
        """
        self.link = _link(self.link, **settings)

    def observe(self, handler: Callable[[Any], None], names: Any = "link", type: str = "change") -> None:
        """Calls ``handler`` at each change of the link, as traitlets do: with ``old`` and ``new``.

        Raises:
            ModuleNotFoundError: where anywidget is not installed, without which nobody hears of a change.
        """
        raise ModuleNotFoundError("what changes in the frame is heard where anywidget is installed: pip install anywidget", name="anywidget")

    def _repr_html_(self) -> str:
        return (
            f'<iframe src="{html.escape(self.url)}" title="Glasses" width="100%" height="{self.height}" '
            'style="border: 0" allow="clipboard-write; fullscreen"></iframe>'
        )

    def __repr__(self) -> str:
        return f"<glasses.Page at {self.url}>"

    def show_in_browser(self) -> None:
        """Shows it in the default browser, in a window of its own that is not heard."""
        webbrowser.open(self.url)


def checked(link: str) -> str:
    """A link that opens what it says wherever it stands: the bare address opens the story, and an empty link the bench."""
    return _link(link) or "v=1"


def _kind() -> type[Page]:
    """The class of pages here: the live one, where what it needs is installed."""
    try:
        from ._live import LivePage
    except ModuleNotFoundError as missing:
        if missing.name not in ("anywidget", "traitlets"):
            raise
        return Page
    return LivePage


def page(base: str = "", *, site: str | os.PathLike[str] | None = None, height: int = 800, **settings: Any) -> Page:
    """The live page on a configuration, served from files on this machine: it needs no network.

    Args:
        base: A link, or a whole address of the page.
        site: The folder of the built site, or the address of a published one; by default what the package was built with.
        height: Of the frame, in CSS pixels.
        settings: Values by the keys of :func:`glasses.controls`; ``embed="by-n"`` shows one part of the page alone.

    Raises:
        FileNotFoundError: if there are no such files.
        TypeError, ValueError: for settings that there are not (:func:`glasses.link`).
    """
    link = _link(base, **settings)
    if isinstance(site, str) and site.startswith(("http://", "https://")):
        address = site.partition("#")[0]
    else:
        folder = _PACKAGED if site is None else Path(site)
        if not (folder / "index.html").is_file():
            raise FileNotFoundError(_MISSING if site is None else f"there is no built site in {folder}: it has no index.html")
        address = _served(folder.resolve())
    return _kind()(link, address, height)


class _Files(SimpleHTTPRequestHandler):
    # Some systems know other types for these, or none, and browsers are strict about them.
    extensions_map = {
        **SimpleHTTPRequestHandler.extensions_map,
        ".js": "text/javascript",
        ".wasm": "application/wasm",
        ".webmanifest": "application/manifest+json",
    }

    def end_headers(self) -> None:
        # A site that is built again takes the place of the old one.
        self.send_header("Cache-Control", "no-cache")
        super().end_headers()

    def list_directory(self, path: Any) -> None:
        self.send_error(404)

    def log_message(self, format: str, *args: Any) -> None:
        """A notebook is not told of every file."""


@functools.lru_cache(maxsize=None)
def _served(folder: Path) -> str:
    """The address at which a folder is served for as long as this process lives, to this machine alone."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Files, directory=os.fspath(folder)))
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, name="glasses.page", daemon=True).start()
    return f"http://127.0.0.1:{server.server_address[1]}/"
