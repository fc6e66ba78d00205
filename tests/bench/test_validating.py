"""The validators that the benchmark compares, each run by a script of its own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from bench import validating
from bench.publications import BASE


@pytest.mark.parametrize("script", ["OURS", "PYSHACL", "SHACL"])
def test_each_script_finds_what_is_wrong(script: str, tmp_path: Path) -> None:
    folder = validating.publication(tmp_path, 200)
    (folder / "data" / "wrong.nt").write_text(
        f"<urn:x> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <{BASE}ns/Reading> .\n"
        f'<urn:x> <{BASE}ns/at> "nowhere" .\n'
    )
    if script != "OURS":  # they read one file
        with (folder / "data" / "air.nt").open("a") as data:
            data.write((folder / "data" / "wrong.nt").read_text())
    run = subprocess.run(
        [sys.executable, "-c", getattr(validating, script), str(folder)], capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr
    assert run.stdout.strip().endswith(", 1]")
