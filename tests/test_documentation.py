"""The documentation is true: its examples run, its map is that of the code, and it leaves out nothing that counts."""

from __future__ import annotations

import re
from pathlib import Path

import click
import httpx
import pytest

from missiongraph.cli.main import main
from missiongraph.publication.settings import Home, Limits, Settings
from tests.test_architecture import FLOORS_OF_THE_WEB, PATH_OF_DATA

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")
PUBLICATION = (ROOT / "docs" / "publication.md").read_text("utf-8")
ARCHITECTURE = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
DECISIONS = ROOT / "docs" / "decisions"


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


SOURCE = ROOT / "src" / "missiongraph"
#: The layer of each room that ARCHITECTURE.md has in its tables.
LAYERS = {
    room.rstrip("/").removesuffix(".py"): int(layer)
    for layer, rooms in re.findall(r"^\| (\d+) \| (`[^|]+) \|", ARCHITECTURE, re.MULTILINE)
    for room in re.findall(r"`([^`]+)`", rooms)
}


@pytest.mark.parametrize(("place", "order"), [("", PATH_OF_DATA), ("web/", FLOORS_OF_THE_WEB)], ids=["all", "web"])
def test_the_map_has_the_layers_that_imports_are_held_to(place: str, order: tuple[tuple[str, ...], ...]) -> None:
    held = {place + room: layer for layer, line in enumerate(order, 1) for room in line if room != "__main__"}
    mapped = {room: layer for room, layer in LAYERS.items() if room.startswith("web/") == bool(place)}
    assert {room: layer for room, layer in mapped.items() if room != "translations"} == held


@pytest.mark.parametrize("room", sorted(path.name for path in (ROOT / "src" / "missiongraph").iterdir()))
def test_every_room_is_on_the_map(room: str) -> None:
    if not room.startswith("_") and room != "py.typed":
        assert f"`{room}`" in ARCHITECTURE or f"`{room}/`" in ARCHITECTURE


@pytest.mark.parametrize("folder", sorted(p.name for p in (SOURCE / "web").iterdir() if p.is_dir()))
def test_every_folder_of_the_site_is_on_the_map(folder: str) -> None:
    if not folder.startswith("_"):
        assert f"`web/{folder}/`" in ARCHITECTURE


#: Documents for developers and publishers, and those of them that name files of a publication or of a host.
MAPS = (
    "ARCHITECTURE.md",
    "CONTRIBUTING.md",
    "SECURITY.md",
    *sorted(str(p.relative_to(ROOT)) for p in (ROOT / "docs").rglob("*.md")),
)
OF_PUBLISHERS = (
    *("docs/hosting.md", "docs/publication.md", "docs/tutorial.md"),
    *(name for name in MAPS if name.startswith(("docs/how-to/", "docs/explanation/", "docs/reference/"))),
)


@pytest.mark.parametrize("document", [name for name in MAPS if name not in OF_PUBLISHERS])
def test_every_path_that_is_named_exists(document: str) -> None:
    """Relative to the root or to the package; a name without a folder follows one that has it."""
    named = re.findall(
        r"`([\w.-]+/[\w./-]*(?:/|\.(?:py|js|rq|po|ttl|html|lock|json)))`", (ROOT / document).read_text("utf-8")
    )
    assert not [path for path in named if not (ROOT / path).exists() and not (SOURCE / path).exists()]


def test_the_architecture_is_read_in_ten_minutes() -> None:
    assert len(ARCHITECTURE.split()) <= 2000


def test_the_index_of_decisions_has_each_of_them_once_under_its_title() -> None:
    index = (DECISIONS / "README.md").read_text("utf-8")
    listed = re.findall(r"^- \[(\d+)\]\((\d{4})-([\w-]+)\.md\): ", index, re.MULTILINE)
    assert all(int(number) == int(written) for number, written, _ in listed)
    written = sorted(path.stem for path in DECISIONS.glob("[0-9]*.md"))
    assert sorted({f"{number}-{slug}" for _, number, slug in listed}) == written


@pytest.mark.parametrize("decision", sorted(DECISIONS.glob("[0-9]*.md")), ids=lambda path: path.stem)
def test_a_decision_has_its_parts(decision: Path) -> None:
    text = decision.read_text("utf-8")
    assert text.startswith(f"# {int(decision.stem[:4])}. ")
    assert re.search(r"^Decided on \d+ \w+ \d{4}\. Status: (in force|superseded on )", text, re.MULTILINE)
    found = [part for part in re.findall(r"^## (.+)$", text, re.MULTILINE) if part != "What was measured"]
    assert found == ["Context", "Decision", "Consequences"]


@pytest.mark.parametrize("document", ["README.md", *MAPS])
def test_every_link_leads_to_a_file(document: str) -> None:
    links = re.findall(r"\]\((?!http|#)([^)#…]+)(?:#[^)]*)?\)", (ROOT / document).read_text("utf-8"))
    assert not [link for link in links if not (ROOT / document).parent.joinpath(link).exists()]
