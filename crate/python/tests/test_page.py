"""The live page in a notebook, from files."""

import html
import urllib.error
import urllib.request

import pytest

import glasses


def fetch(url):
    with urllib.request.urlopen(url) as answer:
        return answer.headers["Content-Type"], answer.read()


def test_a_page_is_served_from_its_own_files(tmp_path):
    site = tmp_path / "site"
    (site / "weights").mkdir(parents=True)
    (site / "index.html").write_text("<title>Glasses</title>")
    (site / "engine.wasm").write_bytes(b"\0asm")
    page = glasses.page(pos="rotary", n=40, site=site, height=600)
    base, _, link = page.url.partition("#")
    assert base.startswith("http://127.0.0.1:") and link == page.link == glasses.link(pos="rotary", n=40)
    assert fetch(base) == ("text/html", b"<title>Glasses</title>")
    assert fetch(base + "engine.wasm") == ("application/wasm", b"\0asm")
    for lost in ("none", "weights/", "../secret"):
        with pytest.raises(urllib.error.HTTPError):
            fetch(base + lost)
    shown = page._repr_html_()
    assert shown.startswith("<iframe ") and 'height="600"' in shown and html.escape(page.url) in shown
    # One server a folder, however often it is shown.
    assert glasses.page(site=site).url == base


def test_a_published_site_is_shown_from_where_it_is():
    assert glasses.page("v=1&n=7", site="https://example.org/glasses/").url == "https://example.org/glasses/#v=1&n=7"


def test_a_folder_without_a_site_is_refused(tmp_path):
    with pytest.raises(FileNotFoundError, match="no built site in"):
        glasses.page(site=tmp_path)
    with pytest.raises(TypeError, match="'pos'"):
        glasses.page(position="rotary", site=tmp_path)
