"""The mapping set of the ontology is SSSOM, as the validator of the standard's authors has it."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from missiongraph.build import Build
from missiongraph.publication.source_folder import Publication
from missiongraph.web.serving.application import create_app

pytestmark = pytest.mark.conformance

#: Which version of the validator, and of all that it needs: an environment of its own, since it brings 98 packages.
PINNED = Path(__file__).parent / "sssom" / "requirements.txt"

Validated = Callable[[Path], subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def validated(tmp_path_factory: pytest.TempPathFactory) -> Validated:
    """Asks the validator about a file."""
    folder = tmp_path_factory.mktemp("sssom")
    made = subprocess.run([sys.executable, "-m", "venv", str(folder)], capture_output=True, text=True, check=False)
    install = [str(folder / "bin" / "python"), "-m", "pip", "install", "--quiet", "--no-deps", "-r", str(PINNED)]
    run = made if made.returncode else subprocess.run(install, capture_output=True, text=True, check=False)
    if run.returncode:
        pytest.skip(f"the validator of SSSOM cannot be installed here: {run.stderr[-300:]}")

    def validate(file: Path) -> subprocess.CompletedProcess[str]:
        command = [str(folder / "bin" / "sssom"), "validate", str(file)]
        return subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)

    return validate


def test_the_mapping_set_that_is_served_is_valid(validated: Validated, shipped_build: Build, tmp_path: Path) -> None:
    file = tmp_path / "missiongraph.sssom.tsv"
    file.write_bytes(create_app(shipped_build).test_client().get(f"/mappings/{file.name}").data)
    answer = validated(file)
    assert answer.returncode == 0, answer.stderr
    assert "error" not in (answer.stdout + answer.stderr).lower()


def test_the_validator_refuses_a_predicate_that_nobody_declares(
    validated: Validated, shipped: Publication, tmp_path: Path
) -> None:
    (file,) = shipped.mapping_files
    wrong = Path(shutil.copy(file, tmp_path))
    wrong.write_text(wrong.read_text("utf-8").replace("semapv:ManualMappingCuration", "nobody:knows"), "utf-8")
    answer = validated(wrong)
    assert answer.returncode != 0 or "error" in (answer.stdout + answer.stderr).lower()
