"""Pages are valid HTML, and style sheets valid CSS, as the Nu HTML Checker has it: one page of each family."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from hatch_build import FrontEndError, npm_command
from missiongraph.build import Build
from missiongraph.web.serving.application import create_app
from tests.conftest import ROOT
from tests.journeys.test_accessibility import ANSWERS, OTHERS, PAGES

pytestmark = pytest.mark.conformance

#: Which version of the checker, and of which bytes.
PINNED = Path(__file__).parent / "nu"

BESIDE = {
    "shapes": "/shapes",
    "void": "/.well-known/void",
    "local": "/sparql/local",
    "changes": "/changes",
    "release": "/dumps/0.9.0/",
    "roles": "/views/roles",
    "preview": "/reconcile/preview?id=https://w3id.org/missiongraph/id/city/bologna",
}

#: Rows of one property with sources of their own: one name, told again for programs and hidden from the eye.
KNOWN = re.compile("Duplicate “dt” name|The first occurrence of “dt” name")

#: Properties of CSS that the checker does not know yet (Anchor Positioning, and those of SVG 2).
NEWER = re.compile("Property “(?:position-area|position-try-fallbacks|vector-effect|paint-order)” doesn't exist")


@pytest.fixture(scope="module")
def checker(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The command of the checker; npm brings it (of the system, else from PyPI), Java runs it."""
    if shutil.which("java") is None:
        pytest.skip("the Nu HTML Checker needs Java, which this machine lacks")
    folder = tmp_path_factory.mktemp("nu")
    for file in ("package.json", "package-lock.json", ".npmrc"):
        shutil.copy(PINNED / file, folder)
    environment = dict(os.environ)
    try:
        command = [*npm_command(folder, environment), "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
        subprocess.run(command, cwd=folder, env=environment, check=True, capture_output=True, timeout=300)
    except (FrontEndError, subprocess.CalledProcessError) as error:
        pytest.skip(f"the Nu HTML Checker needs npm, which cannot be had or fetch it here: {error}")
    return ["java", "-jar", str(folder / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar")]


def told(checker: list[str], files: Iterable[Path], *options: str) -> list[tuple[str, str, str]]:
    """What the checker says: kind, file and line, message."""
    command = [*checker, "--format", "json", "--exit-zero-always", *options, *map(str, files)]
    run = subprocess.run(command, capture_output=True, text=True, check=True, timeout=300)
    found: list[dict[str, Any]] = json.loads(run.stderr)["messages"]
    return [(one["type"], f"{Path(one['url']).name}:{one.get('lastLine')}", one["message"]) for one in found]


def test_a_page_of_each_family_is_valid_in_both_languages(
    checker: list[str], released_build: Build, shipped_build: Build, tmp_path: Path
) -> None:
    files = []
    clients = {name: create_app(build).test_client() for name, build in (("", shipped_build), ("r-", released_build))}
    for name, address in {**PAGES, **ANSWERS, **OTHERS, **BESIDE}.items():
        for language in ("en", "it"):
            client = clients["r-" if name in ("release", "changes") else ""]
            answer = client.get(address, headers={"Accept": "text/html", "Accept-Language": language})
            assert answer.mimetype == "text/html", (address, answer.status)
            files.append(tmp_path / f"{name}-{language}.html")
            files[-1].write_bytes(answer.data)
    found = [one for one in told(checker, files) if not KNOWN.search(one[2])]
    # a guess by frequent words, which a table of names of cities misleads
    assert [one for one in found if not one[2].startswith("This document appears to be written in")] == []


def test_the_checker_finds_what_it_is_asked_for(checker: list[str], tmp_path: Path) -> None:
    """A row that repeats its own role is what it complained of."""
    page = tmp_path / "page.html"
    page.write_text("<!doctype html><html lang=en><title>A</title><table role=table><tr role=row><td>1</table>")
    assert any(kind == "error" or "role" in message for kind, _, message in told(checker, [page]))


def test_the_style_sheets_are_valid(checker: list[str]) -> None:
    sheets = sorted((ROOT / "src" / "missiongraph" / "web" / "static").glob("*.css"))
    assert sheets
    assert [one for one in told(checker, sheets, "--css") if not NEWER.search(one[2])] == []
