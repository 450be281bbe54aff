"""Training: the command line's models, stopped and gone on with."""

import os
import subprocess
import sys
import textwrap
import time

import numpy as np
import pytest

import glasses
from glasses import _native

TINY = dict(tasks="ones", length=3, layers=1, heads=1, d=8, batch=2, steps=40)


def test_a_model_is_the_command_lines_bit_for_bit(tmp_path):
    trained = glasses.train(out=tmp_path / "python.safetensors", progress=False, **TINY)
    program = os.environ.get("GLASSES_CLI")
    if program is None:
        pytest.skip("GLASSES_CLI names no command line to compare with")
    subprocess.run([program, "train", glasses.link(**TINY), "--out", "cli.safetensors"], cwd=tmp_path, check=True, capture_output=True)
    for kind in ("safetensors", "json", "svg"):
        assert (tmp_path / f"python.{kind}").read_bytes() == (tmp_path / f"cli.{kind}").read_bytes(), kind
    assert trained.data == (tmp_path / "cli.safetensors").read_bytes()


def test_what_was_trained_answers_as_a_readers_own_model(tmp_path):
    trained = glasses.train(progress=False, **TINY)
    assert trained.loss.shape == (40,) and trained.axes == ("step",) and np.isfinite(trained.loss).all()
    assert set(trained.accuracy) == {"ones"} and "40 steps" in repr(trained)
    assert trained.path is None
    by_object = glasses.report(trained.link, n=5, max=8, model=trained)
    by_file = glasses.report(trained.link, n=5, max=8, model=trained.save(tmp_path / "m.safetensors"))
    assert by_object.raw["sweep"] == by_file.raw["sweep"]
    named = glasses.weights(trained.link, model=trained)
    assert all((named[name] == array).all() for name, array in trained.weights().items())
    with pytest.raises(glasses.GlassesError):
        glasses.report(trained.link, model=b"no model")


def test_a_run_that_was_stopped_goes_on_to_the_same_weights(tmp_path):
    def stop_in_the_middle(done, of, loss):
        # Python hears again a twentieth of a second later.
        time.sleep(0.06)
        if done > 0:
            raise KeyboardInterrupt

    out = tmp_path / "m.safetensors"
    link = glasses.link(**TINY)
    with pytest.raises(KeyboardInterrupt) as stopped:
        _native.train(link, str(out), 1000, stop_in_the_middle)
    if sys.version_info >= (3, 11):
        assert any("The run is kept" in note for note in stopped.value.__notes__)
    assert not out.exists() and out.with_suffix(".checkpoint").exists()
    steps = []
    *_, losses, data = _native.train(link, str(out), 1000, lambda done, of, loss: steps.append(done))
    whole = glasses.train(progress=False, **TINY)
    assert steps[0] == 1 and steps[-1] == 40
    assert (np.array(losses) == whole.loss).all() and data == whole.data
    assert not out.with_suffix(".checkpoint").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="signals are sent as Unix has them")
def test_ctrl_c_stops_it_and_it_is_kept(tmp_path):
    script = textwrap.dedent(
        """
        import glasses, threading, os, signal
        threading.Timer(1.0, lambda: os.kill(os.getpid(), signal.SIGINT)).start()
        try:
            glasses.train(tasks="ones", steps=1000000, out="m.safetensors", progress=False)
        except KeyboardInterrupt:
            print("stopped")
        """
    )
    answer = subprocess.run([sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True, timeout=60, check=True)
    assert answer.stdout == "stopped\n"
    assert [path.name for path in tmp_path.iterdir()] == ["m.checkpoint"]


def test_what_can_not_be_trained_is_said(tmp_path):
    with pytest.raises(glasses.GlassesError, match="nothing to learn"):
        glasses.train(tasks="", progress=False)
    with pytest.raises(glasses.GlassesError, match="can't be written"):
        glasses.train(out=tmp_path / "no" / "m.safetensors", progress=False, **TINY)
    with pytest.raises(ValueError, match="save_every"):
        glasses.train(save_every=0, **TINY)


def test_it_has_a_bar_where_tqdm_is(capsys):
    pytest.importorskip("tqdm")
    glasses.train(**TINY)
    assert "40/40" in capsys.readouterr().err
    glasses.train(progress=False, **TINY)
    assert capsys.readouterr().err == ""
