"""The notebooks and the example of docs/python.md run as a reader would run them, on a build that is there already."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from missiongraph.build import Build
from tests.conftest import ROOT

NOTEBOOKS = sorted((ROOT / "docs" / "notebooks").glob("*.ipynb"))
PYTHON = (ROOT / "docs" / "python.md").read_text("utf-8")

#: Runs a notebook in a kernel of this environment, and prints it with its outputs.
RUN = """
import sys, nbclient, nbformat
manager = nbclient.client.KernelManager(kernel_name="python3")
manager.kernel_spec.argv = [sys.executable, *manager.kernel_spec.argv[1:]]
notebook = nbformat.reads(sys.stdin.read(), as_version=4)
nbformat.validate(notebook)
print(nbformat.writes(nbclient.NotebookClient(notebook, km=manager, timeout=60).execute()))
"""


def run(script: str, stdin: str = "") -> str:
    command = [sys.executable, "-c", script]
    return subprocess.run(
        command, input=stdin, stdout=subprocess.PIPE, text=True, cwd=ROOT, timeout=120, check=True
    ).stdout


def on(build: Build, text: str) -> str:
    """*text* with the publication opened from its build, which takes less time than the folder."""
    assert text.count("mg.open()") == 1
    return text.replace("mg.open()", f"mg.open('{build.folder}')")


def test_there_are_two_and_the_documentation_links_to_each() -> None:
    assert len(NOTEBOOKS) == 2
    assert all(f"(notebooks/{notebook.name})" in PYTHON for notebook in NOTEBOOKS)


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda notebook: str(notebook.stem))
def test_a_notebook_runs_and_draws(notebook: Path, shipped_build: Build) -> None:
    for library in ("nbclient", "nbformat", "ipykernel", "matplotlib", "pandas"):
        pytest.importorskip(library)
    text = notebook.read_text("utf-8")
    assert not any(cell.get("outputs") for cell in json.loads(text)["cells"])  # a reader makes them
    outputs = [
        out for cell in json.loads(run(RUN, on(shipped_build, text)))["cells"] for out in cell.get("outputs", ())
    ]
    assert any("image/png" in output.get("data", {}) for output in outputs)
    assert any("text/html" in output.get("data", {}) for output in outputs)
    assert any("“" in "".join(output.get("text", ())) for output in outputs)  # it shows words of a source


def test_the_example_of_the_documentation_runs(shipped_build: Build) -> None:
    pytest.importorskip("pandas")
    found = re.search(r"```python\n(.*?)```", PYTHON, re.DOTALL)
    assert found is not None
    said = run(on(shipped_build, found[1]))
    assert said.startswith("Bologna · Città in Emilia-Romagna")
    assert "Let's GOv · lead partner · Municipality of Bologna" in said
    assert "“the lead partner Bologna”" in said
