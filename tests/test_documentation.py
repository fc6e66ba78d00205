"""The documentation is true: its examples run, and it leaves out nothing that can be set or called."""

from __future__ import annotations

import re
from pathlib import Path

import click
import httpx
import pytest

from missiongraph.cli import main
from missiongraph.settings import Home, Limits, Settings

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")
PUBLICATION = (ROOT / "docs" / "publication.md").read_text("utf-8")
ARCHITECTURE = (ROOT / "ARCHITECTURE.md").read_text("utf-8")


def hyphenated(names: object) -> list[str]:
    return [str(name).replace("_", "-") for name in names]  # type: ignore[attr-defined]  # a mapping's keys


def test_the_first_query_of_the_readme_gives_the_answer_beneath_it(site: httpx.Client) -> None:
    found = re.search(r"'query=\n(.*?)'\n\n((?:    [^\n]*\n)+)", README, re.DOTALL)
    assert found is not None
    answer = site.post("/sparql", data={"query": found[1]}, headers={"Accept": "text/csv"})
    assert answer.text.split() == found[2].split()


@pytest.mark.parametrize(
    ("path", "media_type"), re.findall(r"curl -L http://127.0.0.1:8000(\S+) -H 'Accept: (\S+)'", README)
)
def test_the_fetches_of_the_readme_answer(site: httpx.Client, path: str, media_type: str) -> None:
    answer = site.get(path, headers={"Accept": media_type}, follow_redirects=True)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].partition(";")[0] == media_type


@pytest.mark.parametrize(
    "setting",
    hyphenated(Settings.model_fields) + hyphenated(Limits.model_fields) + hyphenated(Home.model_fields),
)
def test_every_setting_is_documented(setting: str) -> None:
    assert f"`{setting}`" in PUBLICATION or f"`[{setting}]" in PUBLICATION


@pytest.mark.parametrize("command", main.list_commands(click.Context(main)))
def test_every_command_is_shown(command: str) -> None:
    assert f"missiongraph {command}" in README


@pytest.mark.parametrize("target", re.findall(r"^([a-z]+):.*##", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
def test_every_target_of_make_says_what_it_does(target: str) -> None:
    assert re.search(rf"^{target}:.*## \w+", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)


@pytest.mark.parametrize("room", sorted(path.name for path in (ROOT / "src" / "missiongraph").iterdir()))
def test_every_room_is_on_the_map(room: str) -> None:
    if not room.startswith("_") and room != "py.typed":
        assert f"`{room}`" in ARCHITECTURE or f"`{room}/`" in ARCHITECTURE


@pytest.mark.parametrize("link", re.findall(r"\]\((?!http)([^)#]+)", README + ARCHITECTURE))
def test_every_link_leads_to_a_file(link: str) -> None:
    assert (ROOT / link).exists()
