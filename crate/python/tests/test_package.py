"""The package as its users meet it. What it says is held to the command line, whose numbers are held to independent references elsewhere."""

import errno
import csv
import io
import json
import os
import re
import subprocess
import sys
import textwrap
import zipfile
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest

import glasses

SMALL = dict(layers=2, heads=2, d=16, n=6, max=12)


def program() -> Path:
    """The command line of the same sources; GLASSES_CLI names it."""
    path = os.environ.get("GLASSES_CLI")
    if path is None:
        pytest.skip("GLASSES_CLI names no command line to compare with")
    return Path(path)


@pytest.mark.parametrize("settings", [SMALL, {**SMALL, "pos": "rotary", "fa": "bf16"}, {**SMALL, "a": "1010", "b": "10110"}])
def test_a_report_is_the_command_lines_bit_for_bit(settings):
    link = glasses.link(**settings)
    answer = subprocess.run([program(), "report", link, "--format", "json"], capture_output=True, check=True, text=True)
    assert glasses.report(link).raw == json.loads(answer.stdout)


@pytest.mark.parametrize("settings", [SMALL, {**SMALL, "pos": "rotary", "seed": 7}, {**SMALL, "a": "1010", "b": "10110"}])
def test_an_archive_holds_the_reports_numbers(settings, tmp_path):
    link = glasses.link(**settings)
    subprocess.run([program(), "archive", link, "--out", "all.zip"], cwd=tmp_path, capture_output=True, check=True)
    with zipfile.ZipFile(tmp_path / "all.zip") as archive:
        assert archive.testzip() is None
        stem = archive.namelist()[0].split("/")[0]
        assert stem.startswith(f"glasses-{glasses.__version__}-seed-{settings.get('seed', 1)}-")
        files = {name.removeprefix(f"{stem}/{stem}-"): archive.read(name) for name in archive.namelist()}
    report = glasses.report(link)
    assert json.loads(files["report.json"]) == report.raw
    stages, heads, n = (np.load(io.BytesIO(files[f"{name}.npy"])) for name in ("stages", "heads", "n"))
    assert stages.dtype == heads.dtype == np.float32
    native = glasses.representations(link)
    np.testing.assert_array_equal(stages, native.stages)
    np.testing.assert_array_equal(heads, native.heads)
    # The report's distances are those of the arrays.
    apart = np.abs(stages[:, 0, -1].astype(float) - stages[:, 1, -1].astype(float))
    at = list(n).index(report.pair.n)
    np.testing.assert_allclose(apart[at].max(), report.pair.output.linf, rtol=1e-6)
    if report.sweep is not None:
        assert list(n) == list(report.sweep.n)
        np.testing.assert_allclose(apart.max(axis=1), report.sweep.output.linf, rtol=1e-6)
        rows = list(csv.DictReader(line for line in files["distance-by-n.csv"].decode().splitlines() if not line.startswith("#")))
        np.testing.assert_allclose([float(row["output (L∞)"]) for row in rows], report.sweep.output.linf)
    for name, content in files.items():
        if not name.endswith(".npy"):
            text = content.decode().replace("&amp;", "&")
            assert link in text and glasses.__version__ in text, name
            assert re.search(rf"seed\W+{settings.get('seed', 1)}\b", text), name


def test_arrays_have_the_shapes_that_their_axes_say():
    report = glasses.report(pos="rotary", **SMALL)
    sweep = report.sweep
    assert list(sweep.n) == list(range(1, 13))
    assert sweep.stages == ["embedding", "layer 1", "layer 2", "output"]
    assert sweep.distances.linf.shape == (4, 12) and sweep.distances.axes == ("stage", "n")
    assert sweep.output["l2"].shape == (12,) and sweep.output.axes == ("n",)
    assert sweep.heads["l1"].shape == (2, 3, 12)
    assert sweep.collapse.shape == (6, 4)
    assert report.pair.heads.l1.shape == (2, 2)
    # Six ones, and the beginning of the text.
    assert report.pair.a.attention.weights.shape == (7, 7)
    np.testing.assert_allclose(report.pair.a.attention.weights.sum(axis=1), 1, rtol=1e-6)
    np.testing.assert_allclose(report.pair.a.next.sum(), 1, rtol=1e-6)
    assert report.sensitivity.full.shape == (7,) and report.sensitivity.probes is None
    assert report.theory.uniform.share.shape == (256,)
    assert report.comparison is None
    np.testing.assert_allclose(report.pair.output.linf, sweep.output.linf[5], rtol=1e-4)


def test_representations_give_the_reports_distances():
    link = glasses.link(pos="alibi", **SMALL)
    sweep, read = glasses.report(link).sweep, glasses.representations(link)
    assert read.stages.shape == (12, 2, 4, 16) and read.heads.shape == (12, 2, 2, 2, 8)
    a, b = read.stages[:, 0].astype(np.float64), read.stages[:, 1].astype(np.float64)
    np.testing.assert_allclose(np.abs(a - b).max(axis=-1).T, sweep.distances.linf, rtol=1e-12)
    np.testing.assert_allclose(np.abs(a - b).sum(axis=-1).T, sweep.distances.l1, rtol=1e-12)
    heads = read.heads.astype(np.float64)
    np.testing.assert_allclose(np.abs(heads[:, 0] - heads[:, 1]).max(axis=-1).max(axis=-1).T, sweep.heads["linf"][:, 2], rtol=1e-12)
    assert read.at(5) == 4
    with pytest.raises(KeyError, match="n goes from 1 to 12"):
        read.at(13)


def test_texts_that_do_not_change_with_n_are_read_at_their_n():
    read = glasses.representations(a="1010", b="10110", **SMALL)
    assert list(read.n) == [6] and read.stages.shape == (1, 2, 4, 16)


def test_views_are_labelled():
    pytest.importorskip("xarray")
    pytest.importorskip("pandas")
    report = glasses.report(**SMALL)
    data = report.sweep.to_xarray()
    assert float(data.linf.sel(stage="output", n=6)) == report.sweep.output.linf[5]
    assert report.sweep.to_pandas().loc[("output", 6), "linf"] == report.sweep.output.linf[5]
    assert list(report.sensitivity.to_pandas().columns[:3]) == ["token", "full", "frozen"]
    by_token = report.sensitivity.to_xarray()
    assert by_token.full.dims == ("token",) and list(by_token.text.values) == report.sensitivity.tokens
    np.testing.assert_array_equal(by_token.bound, report.sensitivity.bound)
    assert glasses.representations(**SMALL).to_xarray().stages.dims == ("n", "sequence", "stage", "width")


def test_weights_and_figures():
    arrays = glasses.weights(**SMALL)
    assert sum(array.size for array in arrays.values()) == glasses.report(**SMALL).model.parameters
    figure = glasses.draw(figure="sensitivity", **SMALL)
    assert figure._repr_svg_().startswith("<svg") and "sensitivity" in repr(figure)
    with pytest.raises(ValueError, match="figure is one of meeting"):
        glasses.draw(figure="sensitivty", **SMALL)
    with pytest.raises(ValueError, match="100 to 4000"):
        glasses.draw(width=5, **SMALL)


def test_links_are_the_pages():
    assert glasses.link(n=40, pos="rotary") == glasses.link("https://example.org/glasses/#v=1&n=40", pos="rotary")
    assert glasses.link(n=np.int64(40)) == glasses.link(n=40)
    assert glasses.report("v=1&n=3", max=5, layers=1, heads=1, d=8).pair.n == 3
    assert glasses.link("v=1&n=3", n=4) == glasses.link(n=4)


@pytest.mark.parametrize("wrong, says", [("position", "'pos'"), ("laysers", "'layers'"), ("number_of_layers", "'layers'"), ("d_model", "'d'"), ("lr", "'rate'")])
def test_a_wrong_keyword_is_answered_with_the_nearest_right_one(wrong, says):
    with pytest.raises(TypeError, match=says):
        glasses.report(**{wrong: 3})


def test_a_wrong_value_is_refused_in_the_pages_words():
    with pytest.raises(ValueError, match="layers=99"):
        glasses.link(layers=99)
    with pytest.raises(ValueError, match="rotari"):
        glasses.link(pos="rotari")
    for wrong in (True, None, np.array([3, 4]), np.True_, object(), {"layers": 3}):
        with pytest.raises(TypeError, match="layers takes a whole number from"):
            glasses.link(layers=wrong)
    with pytest.raises(TypeError, match="a link is text"):
        glasses.report({"layers": 3})
    # Whoever wrote the line is warned, however many functions are between.
    for function in (glasses.link, glasses.report):
        with pytest.warns(UserWarning, match="nonsense") as told:
            function(f"{glasses.link(**SMALL)}&nonsense=1")
        assert told[0].filename == __file__
    with pytest.raises(glasses.GlassesError, match=r"\^"):
        glasses.report(a="1^")
    with pytest.raises(AttributeError, match="its parts are"):
        glasses.report(**SMALL).sweeep


def test_a_refusal_does_not_say_that_a_default_is_used():
    values = {"integer": -99, "number": -1e9, "words": "no such word"}
    refused = 0
    for key, row in glasses.controls().items():
        if row["takes"]["type"] in values:
            try:
                glasses.link(**{key: values[row["takes"]["type"]]})
            except ValueError as wrong:
                refused += 1
                assert key in str(wrong) and "default" not in str(wrong), wrong
    assert refused > 30


def test_the_table_of_controls_can_not_be_changed():
    takes = glasses.controls()["pos"]["takes"]
    for change in (lambda: takes.update(type="text"), lambda: takes["words"].clear(), lambda: takes["words"][0].clear()):
        with pytest.raises(AttributeError):
            change()


def test_a_long_value_is_told_shortly():
    with pytest.raises(ValueError, match=r"^a='1+\.\.\.1+': ") as told:
        glasses.link(a="1" * 5000)
    assert len(str(told.value)) < 400
    assert glasses.link(c=Decimal("0.5")) == glasses.link(c=0.5)


def test_other_names_are_those_of_controls():
    from glasses import _link

    assert set(_link._ELSEWHERE.values()) <= set(glasses.controls()) and not set(_link._ELSEWHERE) & set(glasses.controls())


def test_what_holds_arrays_is_equal_to_itself():
    report, again = glasses.report(**SMALL), glasses.report(**SMALL)
    for part in ("pair", "sweep", "sensitivity"):
        assert getattr(report, part) == getattr(report, part) and getattr(report, part) != getattr(again, part)
    read = glasses.representations(**SMALL)
    assert read == read and read != glasses.representations(**SMALL) and len({read, report.sweep.output}) == 2


def test_a_format_or_stage_that_there_is_not_is_answered_with_those_that_there_are():
    sweep = glasses.report(**SMALL).sweep
    with pytest.raises(ValueError, match="format is one of fp32, .*bf16.*, not 'bfloat16'"):
        sweep.collapse_length("bfloat16")
    with pytest.raises(ValueError, match="stage is one of embedding, .*output, not 'layer 9'"):
        sweep.collapse_length("bf16", "layer 9")


def test_a_model_that_is_not_asked_is_refused(tmp_path):
    file = glasses.train(tasks="ones", steps=1, length=4, progress=False, **SMALL).save(tmp_path / "m.safetensors")
    for function in (glasses.report, glasses.draw, glasses.weights, glasses.representations):
        with pytest.raises(glasses.GlassesError, match="weights=own"):
            function(model=file, **SMALL)
        function(model=file, weights="own", **SMALL)


@pytest.mark.skipif(sys.platform != "linux", reason="the limit of a file's size is set as Linux has it")
def test_a_file_that_does_not_fit_leaves_what_was_there(tmp_path):
    script = textwrap.dedent(
        f"""
        import glasses, resource, signal
        figure = glasses.draw(figure="sensitivity", n=6, max=8)
        figure.save("s.svg")
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (1000, resource.RLIM_INFINITY))
        for name in ("s.svg", "other.svg"):
            try:
                figure.save(name)
            except OSError as full:
                print(full.errno)
        """
    )
    answer = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, cwd=tmp_path, check=True)
    assert answer.stdout.split() == [str(errno.EFBIG)] * 2
    assert [path.name for path in tmp_path.iterdir()] == ["s.svg"] and (tmp_path / "s.svg").read_text().endswith("</svg>\n")


def test_a_figure_is_saved_as_what_it_is(tmp_path):
    figure = glasses.draw(figure="sensitivity", **SMALL)
    with pytest.raises(ValueError, match="not as .png"):
        figure.save(tmp_path / "s.PNG")
    (tmp_path / "linked.svg").symlink_to("s.svg")
    assert figure.save(tmp_path / "linked.svg").read_text(encoding="utf-8") == figure.svg == (tmp_path / "s.svg").read_text(encoding="utf-8")
    assert (tmp_path / "linked.svg").is_symlink()
    (tmp_path / "as-usual").touch()
    assert (tmp_path / "s.svg").stat().st_mode == (tmp_path / "as-usual").stat().st_mode
    with pytest.raises(IsADirectoryError):
        figure.save(tmp_path)
    with pytest.raises(FileNotFoundError, match="nowhere'$"):
        figure.save(tmp_path / "nowhere" / "s.svg")


@pytest.mark.skipif(sys.platform == "win32", reason="signals are sent as Unix has them")
def test_ctrl_c_stops_an_answer():
    script = textwrap.dedent(
        """
        import glasses, threading, os, signal
        threading.Timer(1.0, lambda: os.kill(os.getpid(), signal.SIGINT)).start()
        try:
            glasses.report(layers=16, heads=16, d=512, n=900, max=1500)
        except KeyboardInterrupt:
            print("stopped")
        """
    )
    answer = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=True)
    assert answer.stdout == "stopped\n"


def test_the_lock_is_free_while_it_computes():
    import threading
    import time

    done = threading.Event()

    def compute():
        glasses.report(layers=4, d=64, n=64, max=400)
        done.set()

    thread = threading.Thread(target=compute)
    thread.start()
    turns = 0
    while not done.is_set():
        time.sleep(0.001)
        turns += 1
    thread.join()
    assert turns > 5
