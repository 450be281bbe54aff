"""The notebooks of docs/notebooks run to their ends, and are kept without what they show."""

import json
from pathlib import Path

import pytest

# Installed, the package knows nothing of the repository: its tests stand in it.
NOTEBOOKS = sorted((Path(__file__).resolve().parents[3] / "docs/notebooks").glob("*.ipynb"))


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_a_notebook_runs(path):
    for missing in ("nbclient", "ipykernel", "matplotlib", "pandas"):
        pytest.importorskip(missing, reason=f"{missing} is not installed, so notebooks are not run")
    import nbclient
    import nbformat

    notebook = nbformat.read(path, as_version=4)
    nbclient.NotebookClient(notebook, timeout=120, kernel_name="python3").execute()
    assert any("image/png" in output.get("data", {}) for cell in notebook.cells for output in cell.get("outputs", []))


def test_there_are_notebooks_and_they_are_small():
    assert NOTEBOOKS
    for path in NOTEBOOKS:
        assert path.stat().st_size < 16_000, path
        assert all(not cell.get("outputs") for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]), path
