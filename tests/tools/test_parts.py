"""What a wheel is made of: every part has a licence that permits use, and wheel and lists are the same each time."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tools import parts
from tools.sbom import sbom, write_sbom

PARTS = parts.parts()

#: What of a checkout a wheel is made of.
SOURCES = ("pyproject.toml", "hatch_build.py", "README.md", "LICENSE", "missiongraph.toml", "context.jsonld")
FOLDERS = ("src", "ontology", "shapes", "queries", "data", "front")


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.purl)
def test_every_part_has_a_licence_that_permits_use(part: parts.Part) -> None:
    if not part.licence:
        pytest.skip("not installed on this system")
    assert any(set(re.split(" AND ", one)) <= parts.PERMISSIVE for one in re.split(" OR ", part.licence)), part.licence


def test_the_list_of_licences_is_that_of_the_locks() -> None:
    """Where a part is not installed, its licence cannot be compared; its name and version can."""
    listed = re.findall(
        r"^\| (\S+) \| (\S+) \| (pypi|npm) \| (.+) \|$", parts.LICENCES.read_text("utf-8"), re.MULTILINE
    )
    assert [row[:3] for row in listed] == [(p.name, p.version, p.ecosystem) for p in PARTS], "run `make licences`"
    assert [row[3] for row, p in zip(listed, PARTS, strict=True) if p.licence] == [
        p.licence for p in PARTS if p.licence
    ]


@pytest.fixture(scope="module")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Two wheels of the same sources, copied at other times, into other folders, under other masks."""
    made: list[Path] = []
    for number, mask in enumerate((0o022, 0o077)):
        folder = tmp_path_factory.mktemp(f"checkout-{number}")
        for name in SOURCES:
            shutil.copyfile(parts.ROOT / name, folder / name)
        for name in FOLDERS:
            shutil.copytree(parts.ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__", "vendor"))
        for file in folder.rglob("*"):
            os.utime(file, (10**9 + number, 10**9 + number))
        subprocess.run(
            [sys.executable, "-m", "hatchling", "build", "--target", "wheel"],
            cwd=folder,
            env={**os.environ, "MISSIONGRAPH_NO_FRONT_END": "1", "PYTHONPATH": ""},
            umask=mask,
            capture_output=True,
            check=True,
        )
        made += (folder / "dist").glob("*.whl")
    return made


def test_the_same_sources_give_the_same_wheel(wheels: list[Path]) -> None:
    first, second = wheels
    assert first.read_bytes() == second.read_bytes()


def test_the_list_of_parts_names_all_with_their_digests(wheels: list[Path]) -> None:
    first, second = (write_sbom(wheel) for wheel in wheels)
    assert first.read_bytes() == second.read_bytes()
    found = json.loads(first.read_text("utf-8"))
    assert {one["purl"] for one in found["components"]} == {part.purl for part in PARTS}
    assert all(one["hashes"] for one in found["components"])
    names = {one["bom-ref"] for one in found["components"]}
    (root,) = found["dependencies"]
    assert set(root["dependsOn"]) <= names
    assert "pkg:npm/oxigraph" in " ".join(root["dependsOn"])


def test_the_list_of_parts_is_valid(wheels: list[Path]) -> None:
    """By the library of CycloneDX with the schema of version 1.6, where it is installed."""
    pytest.importorskip("cyclonedx")
    from cyclonedx.schema import SchemaVersion
    from cyclonedx.validation.json import JsonStrictValidator

    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(json.dumps(sbom(wheels[0]))) is None
