"""The rooms of the house: what each may use, how many stand side by side, and that no import runs back up."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import pytest

import missiongraph

SOURCE = Path(missiongraph.__file__).parent

#: Packages of the path of data; each may use those of earlier lines, and those before it in its own line.
PATH_OF_DATA = (
    ("errors", "vocab", "translation"),
    ("engine", "geometry", "processes", "rdf"),
    ("drawings", "publication"),
    ("graph", "names", "validation"),
    ("evidence", "reconciliation"),
    ("build",),
    ("sparql",),
    ("web",),
    ("export", "api", "agents", "doctor"),
    ("cli",),
    ("__main__",),
)

#: Folders of the web, likewise.
FLOORS_OF_THE_WEB = (
    ("rendering",),
    ("context",),
    ("http",),
    ("content",),
    ("pages",),
    ("services",),
    ("serving",),
)

MOST_MODULES, MOST_LAYERS, MOST_ABREAST = 14, 8, 12


def modules() -> dict[str, Path]:
    """All modules by their name below the package; a package's own is called as the package."""
    found = {}
    for file in SOURCE.rglob("*.py"):
        parts = file.relative_to(SOURCE).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = file
    return found


@cache
def imports() -> Mapping[str, frozenset[str]]:
    """The modules of ours that each module imports, for types too."""
    known = modules()
    return {name: frozenset(_imported(file, known)) - {name} for name, file in known.items()}


def _imported(file: Path, known: Mapping[str, Path]) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        named = []
        if isinstance(node, ast.Import):
            named = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            named = [f"{node.module}.{alias.name}" for alias in node.names]
        for name in named:
            if name.startswith("missiongraph."):
                below = name.removeprefix("missiongraph.")
                yield below if below in known else below.rpartition(".")[0]


def rooms(place: str) -> dict[str, set[str]]:
    """What stands in *place*, and which of its neighbours each uses."""
    start = f"{place}." if place else ""
    found: dict[str, set[str]] = defaultdict(set)
    for name, used in imports().items():
        if name.startswith(start) and name != place:
            room = name.removeprefix(start).partition(".")[0]
            neighbours = {u.removeprefix(start).partition(".")[0] for u in used if u.startswith(start)}
            found[room] |= neighbours - {room, ""}
    return found


def packages() -> list[str]:
    return sorted(name for name, file in modules().items() if file.name == "__init__.py")


@pytest.mark.parametrize(("place", "order"), [("", PATH_OF_DATA), ("web", FLOORS_OF_THE_WEB)], ids=["all", "web"])
def test_nobody_imports_what_stands_later(place: str, order: tuple[tuple[str, ...], ...]) -> None:
    level = {room: number for number, line in enumerate(order) for room in line}
    found = rooms(place)
    assert set(found) - {""} == set(level)
    assert [
        (room, used) for room, neighbours in found.items() for used in neighbours if level[used] > level[room]
    ] == []


@pytest.mark.parametrize("place", packages())
def test_no_two_rooms_need_each_other(place: str) -> None:
    assert layers(rooms(place))


def layers(found: Mapping[str, set[str]]) -> list[set[str]]:
    """The rooms from the ground up.

    :raises AssertionError: some import each other in a circle
    """
    left, built = dict(found), list[set[str]]()
    while left:
        free = {room for room, used in left.items() if not used & left.keys()}
        assert free, f"a circle: {sorted(left)}"
        built.append(free)
        left = {room: used for room, used in left.items() if room not in free}
    return built or [set()]


def test_the_web_is_seen_at_a_glance() -> None:
    floors = layers(rooms("web"))
    assert len(floors) <= MOST_LAYERS
    assert sum(map(len, floors)) <= MOST_ABREAST


def test_no_folder_holds_more_modules_than_one_can_keep_in_mind() -> None:
    counted = {
        p: sum(f.name != "__init__.py" for f in p.glob("*.py")) for p in {f.parent for f in SOURCE.rglob("*.py")}
    }
    assert {str(place): number for place, number in counted.items() if number > MOST_MODULES} == {}
