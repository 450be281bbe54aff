"""Studies: the command line's points and rows, wherever they are answered and whatever is lost on the way."""

import contextlib
import csv
import os
import pickle
import signal
import subprocess
import sys
import textwrap
import time

import numpy as np
import pytest

import glasses

STUDY = """\
link = 'v=1&layers=1&heads=1&d=8&max=4'
ask = ['sweep']
[axes]
pos = ['rotary', 'alibi']
seed = { from = 1, to = 3 }
"""

# Long enough that a worker can be killed in the middle.
LONG = {"link": "v=1&layers=2&heads=2&d=32&max=128", "ask": ["sweep", "sensitivity"], "axes": {"n": range(40, 64)}}


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "study.toml"
    path.write_text(STUDY)
    return path


def test_points_are_a_sequence(file):
    study = glasses.study(file)
    assert len(study) == 6 and study.ask == ["sweep"]
    assert study.axes == {"pos": ["rotary", "alibi"], "seed": [1, 2, 3]}
    assert study[-1].values == {"pos": "alibi", "seed": 3} and study[1].index == 1
    assert [point.link for point in study] == study.links and study[2:4] == [study[2], study[3]]
    assert study.links[0] == glasses.link("v=1&layers=1&heads=1&d=8&max=4", pos="rotary", seed=1)
    assert study.cost.shape == (6,) and (study.cost > 0).all()
    longer = glasses.study({"ask": ["sweep"], "axes": {"max": [64, 128]}})
    assert longer.cost[1] > 2 * longer.cost[0]
    assert "6 points over pos (2) × seed (3); asked: sweep" in repr(study)
    same = glasses.study({"link": "v=1&layers=1&heads=1&d=8&max=4", "ask": ["sweep"], "axes": {"pos": ["rotary", "alibi"], "seed": np.arange(1, 4)}})
    assert list(same) == list(study)


def test_rows_are_the_command_lines(file, tmp_path):
    rows = glasses.study(file).run(progress=False)
    assert len(rows) == 6 * 3 * (4 + 1) * 4 and [row["point"] for row in rows] == sorted(row["point"] for row in rows)
    one = [row for row in rows if row["quantity"] == "sweep distance"][-1]
    sweep = glasses.report(one["link"]).sweep
    assert one["value"] == sweep.distances[one["metric"]][sweep.stages.index(one["stage"]), list(sweep.n).index(one["place"])]
    assert (one["pos"], one["seed"], one["note"]) == ("alibi", 3, "")
    key = lambda row: (row["point"], row["quantity"], row["stage"], row["place"], row["metric"])  # noqa: E731
    written = glasses.study(file).run(tmp_path / "python.csv", threads=2, progress=False)
    assert sorted(written, key=key) == sorted(rows, key=key)
    parts = [row for part in ("1/2", "2/2") for row in glasses.study(file).run(shard=part, progress=False)]
    assert sorted(parts, key=key) == sorted(rows, key=key)
    program = os.environ.get("GLASSES_CLI")
    if program is not None:
        # It goes on where Python was, which is the end.
        subprocess.run([program, "study", "study.toml", "--out", "python.csv"], cwd=tmp_path, check=True, capture_output=True)
        subprocess.run([program, "study", "study.toml", "--out", "cli.csv"], cwd=tmp_path, check=True, capture_output=True)
        lines = lambda name: sorted((tmp_path / name).read_text().splitlines())  # noqa: E731
        assert lines("python.csv") == lines("cli.csv")


def test_the_spread_over_seeds_is_that_of_the_page():
    link = "v=1&layers=1&heads=1&d=8&max=4"
    seeds = glasses.report(link, seeds=3).raw["seeds"]
    rows = glasses.study({"link": link, "ask": ["sweep"], "axes": {"seed": seeds["seeds"]}}).run(progress=False)
    output = {
        (row["seed"], row["place"]): row["value"]
        for row in rows
        if (row["quantity"], row["stage"], row["metric"]) == ("sweep distance", "output", "linf")
    }
    page = {
        (seed, n): distances["linf"]
        for seed, of_seed in zip(seeds["seeds"], seeds["distances"], strict=True)
        for n, distances in zip(seeds["n"], of_seed, strict=True)
    }
    assert output == page and len(page) == 3 * 4


def test_rows_are_a_table(file):
    pandas = pytest.importorskip("pandas")
    table = glasses.study(file).run(progress=False).to_pandas()
    assert list(table.columns) == list(glasses.study(file).columns)
    assert pandas.api.types.is_integer_dtype(table.seed) and pandas.api.types.is_float_dtype(table.value)


def test_a_point_that_fails_is_a_row_with_its_sentence():
    study = glasses.study({"link": "v=1&layers=1&heads=1&d=8&max=2", "ask": ["pair"], "axes": {"a": ["1^", "0110"]}})
    rows = study.run(progress=False)
    failed = [row for row in rows if row["quantity"] == "failed"]
    assert [row["point"] for row in failed] == [0] and "^" in failed[0]["note"] and failed[0]["value"] is None
    assert {row["a"] for row in rows} == {"1^", "0110"}
    # So is one whose model is not there.
    lost = glasses.study({"ask": ["pair"], "axes": {"weights": ["own"]}})
    assert [row["quantity"] for row in lost.run(progress=False)] == ["failed"]


def test_what_is_no_study_is_refused(tmp_path):
    with pytest.raises(glasses.GlassesError, match="no control “position”"):
        glasses.study({"axes": {"position": ["rotary"]}})
    with pytest.raises(glasses.GlassesError, match="can't be read"):
        glasses.study(tmp_path / "none.toml")
    with pytest.raises(TypeError, match="a study has texts"):
        glasses.study({"axes": {"pos": object()}})
    with pytest.raises(ValueError, match="3/16"):
        glasses.study({}).run(shard="17/16")
    with pytest.raises(ValueError, match="threads"):
        glasses.study({}).run(threads=0)


def test_a_trained_model_goes_along():
    trained = glasses.train(tasks="ones", length=3, layers=1, heads=1, d=8, batch=2, steps=2, progress=False)
    rows = glasses.study({"link": trained.link, "ask": ["pair"], "axes": {"n": [2, 3]}}, model=trained).run(progress=False)
    assert {row["quantity"] for row in rows} >= {"pair distance"} and {row["n"] for row in rows} == {2, 3}


def test_a_model_of_ones_own_has_to_stand_in_the_study():
    trained = glasses.train(tasks="ones", length=3, layers=1, heads=1, d=8, batch=2, steps=2, progress=False)
    study = {"link": "v=1&layers=1&heads=1&d=8", "ask": ["pair"], "axes": {"n": [2]}}
    with pytest.raises(glasses.GlassesError, match="weights=own"):
        glasses.study(study, model=trained).run(progress=False)
    study["axes"]["weights"] = ["seed", "own"]
    rows = glasses.study(study, model=trained).run(progress=False)
    assert "failed" not in {row["quantity"] for row in rows} and {row["weights"] for row in rows} == {"seed", "own"}


def test_rows_keep_their_columns_where_there_are_none(file):
    pytest.importorskip("pandas")
    none = glasses.study(file).run(shard="7/7", progress=False)
    assert not none and list(none.to_pandas().columns) == list(glasses.study(file).columns)
    rows = glasses.study(file).run(progress=False)
    assert pickle.loads(pickle.dumps(rows)).to_pandas().equals(rows.to_pandas())


def test_the_parquet_files_of_shards_are_one_data_set(tmp_path):
    dataset = pytest.importorskip("pyarrow.dataset", reason="pyarrow is not installed, so no Parquet file is written")
    # The first part has a point without an answer, and so a note; the last has no point at all.
    study = glasses.study({"link": "v=1&layers=1&heads=1&d=8&max=3", "ask": ["pair"], "axes": {"a": ["1^", "1^n"], "c": [0.5]}})
    folder = tmp_path / "study"
    folder.mkdir()
    for part in ("1/3", "2/3", "3/3"):
        rows = study.run(tmp_path / f"{part[0]}.csv", shard=part, progress=False)
        assert rows.to_parquet(folder / f"{part[0]}.parquet") == folder / f"{part[0]}.parquet"
    schemas = {str(dataset.dataset(path).schema) for path in folder.iterdir()}
    assert len(schemas) == 1
    whole = dataset.dataset(folder).to_table().to_pylist()
    empty = lambda row: {key: None if value == "" else value for key, value in row.items()}  # noqa: E731
    assert whole == [empty(row) for row in study.run(progress=False)] and {row["quantity"] for row in whole} > {"failed"}
    polars = pytest.importorskip("polars", reason="Polars is not installed, so no Parquet file is read with it")
    read = polars.read_parquet(folder / "*.parquet")
    assert read.height == len(whole) and read["value"].dtype == polars.Float64 and read["point"].dtype == polars.Int64


@pytest.mark.skipif(sys.platform == "win32", reason="signals are sent as Unix has them")
def test_ctrl_c_keeps_what_there_is(tmp_path):
    script = textwrap.dedent(
        """
        import glasses, threading, time, os, signal

        def stop():
            # The list of points begins with a line of 33 characters.
            while not os.path.exists("s.points") or os.path.getsize("s.points") < 50:
                time.sleep(0.01)
            os.kill(os.getpid(), signal.SIGINT)

        study = glasses.study({"link": "v=1&layers=2&d=32", "ask": ["pair"], "axes": {"seed": range(1, 3000)}})
        threading.Thread(target=stop).start()
        try:
            study.run("s.csv", progress=False)
        except KeyboardInterrupt:
            print("stopped")
        """
    )
    answer = subprocess.run([sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True, timeout=60, check=True)
    assert answer.stdout == "stopped\n", answer.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["s.csv", "s.points"]
    with open(tmp_path / "s.csv", newline="") as rows:
        assert len(list(csv.reader(rows))) > 1


def wait_for(look, seconds=60):
    """What `look` finds, once it finds something."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = look()
        if found:
            return found
        time.sleep(0.01)
    raise AssertionError("nothing was found in time")


@pytest.mark.skipif(sys.platform == "win32", reason="a worker is killed as Unix does it")
def test_dask_answers_what_a_killed_worker_leaves():
    distributed = pytest.importorskip("distributed", reason="Dask is not installed, so studies by Dask are not tested")
    study = glasses.study(LONG)
    with distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster, distributed.Client(cluster) as client:
        workers = {info["pid"] for info in client.run(lambda: {"pid": os.getpid()}).values()}
        future = client.compute(study.to_dask())
        wait_for(lambda: any(client.processing().values()))
        assert not future.done()
        os.kill(min(workers), signal.SIGKILL)
        rows = future.result(timeout=120)
    assert list(rows) == study.run(progress=False)


@pytest.mark.skipif(sys.platform == "win32", reason="a worker is killed as Unix does it")
def test_ray_answers_what_a_killed_worker_leaves(monkeypatch):
    ray = pytest.importorskip("ray", reason="Ray is not installed, so studies by Ray are not tested")
    psutil = pytest.importorskip("psutil", reason="psutil is not installed, so no worker of Ray's can be found")
    # It keeps a token in the home folder otherwise.
    monkeypatch.setenv("RAY_AUTH_MODE", "disabled")
    study = glasses.study(LONG)
    ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False)
    try:
        references = study.to_ray(max_retries=3)

        def at_work():
            # One that ends while it is looked at is none.
            with contextlib.suppress(psutil.NoSuchProcess):
                return [process for process in psutil.Process().children(recursive=True) if process.name().startswith("ray::_answer")]
            return []

        wait_for(at_work)[0].kill()
        _, waiting = ray.wait(references, num_returns=1, timeout=0)
        rows = [row for rows in ray.get(references, timeout=120) for row in rows]
    finally:
        ray.shutdown()
    assert waiting, "it was killed in the middle"
    assert rows == study.run(progress=False)
