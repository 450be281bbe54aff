"""The live page in a notebook: its files, its link, and what notebook and frame tell each other."""

import html
import sys
import urllib.error
import urllib.request
import warnings

import pytest

import glasses

SITE = "https://example.org/glasses/"


def fetch(url):
    with urllib.request.urlopen(url) as answer:
        return answer.headers["Content-Type"], answer.read()


@pytest.fixture
def plain(monkeypatch):
    """As where anywidget is not installed."""
    monkeypatch.delitem(sys.modules, "glasses._live", raising=False)
    monkeypatch.setitem(sys.modules, "anywidget", None)


@pytest.fixture
def live(monkeypatch):
    """A page whose front end is a list of what was sent to it, and a function that says something for it."""
    pytest.importorskip("anywidget", reason="anywidget is not installed, so the live page's link is not heard")
    page = glasses.page(n=40, site=SITE)
    sent = []

    monkeypatch.setattr(page.comm, "send", lambda data=None, metadata=None, buffers=None: sent.append(data))

    def say(**state):
        page._handle_msg({"content": {"data": {"method": "update", "state": state, "buffer_paths": []}}, "buffers": []})

    return page, sent, say


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
    assert glasses.page(n=7, site=site).url == f"{base}#v=1&n=7"


def test_a_published_site_is_shown_from_where_it_is():
    assert glasses.page("v=1&n=7", site=SITE + "#v=1").url == f"{SITE}#v=1&n=7"


def test_what_is_all_default_is_not_what_the_bare_address_opens():
    for page in (glasses.page(site=SITE), glasses.page(n=24, site=SITE)):
        assert (page.link, page.url) == ("v=1", f"{SITE}#v=1")


def test_a_folder_without_a_site_is_refused(tmp_path):
    with pytest.raises(FileNotFoundError, match="no built site in"):
        glasses.page(site=tmp_path)
    with pytest.raises(TypeError, match="'pos'"):
        glasses.page(position="rotary", site=tmp_path)


def changes(page):
    """What a page's link can be set to, and what not; both kinds of pages."""
    page.set(n=50)
    assert page.link == "v=1&n=50"
    page.set(pos="rotary")
    assert page.link == glasses.link(n=50, pos="rotary") and page.url == f"{SITE}#{page.link}"
    for wrong, error in (({"n": -1}, ValueError), ({"position": "rotary"}, TypeError), ({"n": 7, "pos": "no"}, ValueError)):
        with pytest.raises(error):
            page.set(**wrong)
    assert page.link == glasses.link(n=50, pos="rotary")
    page.link = "https://example.org/#n=9&v=1"
    assert page.link == "v=1&n=9" and page.url in html.unescape(page._repr_html_())
    page.link = ""
    assert page.link == "v=1"
    with pytest.raises(Exception, match="5"):
        page.link = 5
    with pytest.warns(UserWarning, match="-3") as told:
        page.link = "v=1&n=-3"
    assert page.link == "v=1" and told[0].filename == __file__


def test_without_anywidget_a_page_is_a_frame_that_is_not_heard(plain):
    page = glasses.page(n=40, site=SITE)
    assert type(page) is glasses.Page and page.link == "v=1&n=40"
    with pytest.raises(ModuleNotFoundError, match="pip install anywidget"):
        page.observe(print)
    changes(page)


def test_a_live_page_is_a_widget_whose_link_is_set_as_any_link(live):
    page, sent, _ = live
    assert isinstance(page, glasses.Page)
    heard = []
    page.observe(lambda change: heard.append((change["old"], change["new"])))
    page.height = 500
    changes(page)
    links = [data["state"]["link"] for data in sent if "link" in data.get("state", {})]
    assert links == [new for _, new in heard] == ["v=1&n=50", glasses.link(n=50, pos="rotary"), "v=1&n=9", "v=1"]
    shown = page._repr_mimebundle_()[0]
    assert "application/vnd.jupyter.widget-view+json" in shown


def test_what_is_changed_in_the_frame_is_the_link_and_is_not_sent_back(live):
    page, sent, say = live
    heard = []
    page.observe(lambda change: heard.append(change["new"]))
    # Half typed: no answer is made of a width of 1, and the reader goes on to 16.
    half = "v=1&n=40&d=1"
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        say(link=half)
    assert page.link == half and heard == [half]
    assert not [data for data in sent if data["method"] != "echo_update"]
    say(link="v=1&n=40&d=16")
    page.set(n=41)
    assert page.link == "v=1&n=41&d=16" and sent[-1]["state"]["link"] == page.link


def test_an_observer_may_set_the_link(live):
    page, sent, say = live

    def bound(change):
        if "n=99" in change["new"]:
            page.set(n=10)

    page.observe(bound)
    say(link="v=1&n=99&pos=rotary")
    assert page.link == glasses.link(n=10, pos="rotary") and sent[-1]["state"]["link"] == page.link
