"""Computes role ladders: people or bodies in the middle, and the undertakings where they have roles on both sides."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from textwrap import wrap
from typing import ClassVar, Generic, NamedTuple, TypeVar

from missiongraph.drawings.evidence_strips_and_neighbourhoods import shorten
from missiongraph.drawings.linked_texts import Link

_Thing = TypeVar("_Thing", bound=Hashable)

#: The largest number of rungs; with more there is no drawing, only the table.
MOST_RUNGS = 20

#: The largest number of undertakings in a drawing.
MOST_SIDES = 2

_WIDTH, _TOP, _STEP, _REACH = 820, 22, 30, 195
_LETTER, _LINE = 7.0, 17
_NAME, _NAME_LINES, _OTHER = 26, 3, 30


class Role(NamedTuple, Generic[_Thing]):
    """*member* has the role called *role* in *undertaking*."""

    undertaking: _Thing
    role: str
    member: _Thing


@dataclass(frozen=True, slots=True)
class Rung:
    """A member of all undertakings that are drawn; `corners` mark one with a role that no other member has."""

    link: Link
    y: int
    corners: str = ""

    @property
    def name(self) -> str:
        """The name of the member, shortened to the room in the drawing."""
        return shorten(self.link.text, _OTHER)


@dataclass(frozen=True, slots=True)
class Written:
    """A text at a pixel."""

    text: str
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class Side:
    """An undertaking, and its members.

    :ivar lines: the lines to the rungs, each as path data and CSS class
    :ivar roles: the names of the roles beside the lines
    :ivar others: members without a rung, since they are in no other undertaking
    :ivar parts: the content in words: each role with its members
    :ivar stem: path data of the line to *others*
    """

    link: Link
    x: int
    y: int
    left: bool
    name: tuple[Written, ...]
    lines: tuple[tuple[str, str], ...]
    roles: tuple[Written, ...]
    others: tuple[tuple[Link, Written], ...]
    parts: tuple[tuple[str, tuple[Link, ...]], ...]
    stem: str = ""

    @property
    def anchor(self) -> str:
        """SVG `text-anchor` of the texts on the outer side."""
        return "end" if self.left else "start"


@dataclass(frozen=True, slots=True)
class Ladder:
    """A role ladder: rungs between one or two sides."""

    kind: ClassVar = "ladder"

    rungs: tuple[Rung, ...]
    sides: tuple[Side, ...]
    width: int
    height: int
    middle: int = _WIDTH // 2


def ladder(
    roles: Sequence[Role[_Thing]], links: Mapping[_Thing, Link], sort_key: Callable[[str], tuple[str, ...]]
) -> Ladder | None:
    """The role ladder of the first two undertakings of *roles*; ``None`` if there are no rungs or too many.

    :param links: the labels of undertakings and members
    :param sort_key: of a text, by which the members in the middle are sorted
    """
    undertakings = list(dict.fromkeys(role.undertaking for role in roles))[:MOST_SIDES]
    pairs = {(role.undertaking, role.member) for role in roles if role.undertaking in undertakings}
    shared = Counter(member for _, member in pairs)
    members = [m for m in dict.fromkeys(r.member for r in roles) if shared[m] == len(undertakings)]
    if not members or len(members) > MOST_RUNGS:
        return None
    members.sort(key=lambda member: sort_key(links[member].text))
    lone = {r for r in roles if r.member in members and _bearers(roles, r, members) == 1}
    first = [member for member in members if any(r.member == member for r in lone)]
    members = [*first, *(member for member in members if member not in first)]
    heights = {member: _TOP + 14 + row * _STEP for row, member in enumerate(members)}
    half = round(min(max(len(links[member].text) for member in members), _OTHER) * _LETTER / 2) + 12
    lefts = [True, False] if len(undertakings) > 1 else [False]
    sides = [
        _side([r for r in roles if r.undertaking == u], links, heights, half, lone, left=left)
        for u, left in zip(undertakings, lefts, strict=True)
    ]
    middle = _WIDTH // 2
    rungs = tuple(Rung(links[m], heights[m], _corners(middle, half, heights[m]) if m in first else "") for m in members)
    height = max(heights.values()) + _STEP
    lowest = [written.y + 12 for side in sides for _, written in side.others]
    return Ladder(rungs, tuple(sides), _WIDTH, max([height, *lowest]))


def _bearers(roles: Sequence[Role[_Thing]], one: Role[_Thing], members: Sequence[_Thing]) -> int:
    """How many of *members* have the role of *one* in its undertaking; 0 if all of them have different roles there."""
    of_undertaking = [r for r in roles if r.undertaking == one.undertaking and r.member in members]
    if len({r.role for r in of_undertaking}) == len(of_undertaking):
        return 0
    return sum(r.role == one.role for r in of_undertaking)


def _corners(middle: int, half: int, y: int) -> str:
    return f"M{middle - half + 2} {y - 4}v-8h9M{middle + half - 2} {y + 4}v8h-9"


def _side(
    roles: Sequence[Role[_Thing]],
    links: Mapping[_Thing, Link],
    heights: Mapping[_Thing, int],
    half: int,
    lone: set[Role[_Thing]],
    *,
    left: bool,
) -> Side:
    away = -1 if left else 1
    edge, link = _WIDTH // 2 + away * (half + 8), links[roles[0].undertaking]
    x, y = _WIDTH // 2 + away * _REACH, round(sum(heights.values()) / len(heights))
    ordinary = "edge sign" if left else "edge"
    lines = tuple(
        (
            f"M{edge} {heights[r.member]}C{x - away * 50} {heights[r.member]} {x - away * 40} {y} {x} {y}",
            "edge lead" if r in lone else ordinary,
        )
        for r in sorted(roles, key=lambda role: role in lone)
        if r.member in heights
    )
    named = wrap(link.text, _NAME)[:_NAME_LINES] or [link.text]
    outside, top = x + away * 12, y + 4 - (len(named) - 1) * _LINE // 2
    name = tuple(Written(line, outside, top + row * _LINE) for row, line in enumerate(named))
    others = [r for r in roles if r.member not in heights]
    below = name[-1].y + 2 * _LINE
    written, texts = [], dict.fromkeys(r.role for r in others)
    labels = [_label(r.role, edge, x, heights, above=True) for r in lone if r in roles]
    common = dict.fromkeys(r.role for r in roles if r.member in heights and r not in lone)
    labels += [_label(", ".join(common), edge, x, heights, above=False)] if common else []
    for role in texts:
        if role not in common:
            labels.append(Written(role, outside, below))
            below += _LINE
        for other in (r for r in others if r.role == role):
            written.append((links[other.member], Written(shorten(links[other.member].text, _OTHER), outside, below)))
            below += _LINE
    stem = f"M{x} {y + 8}V{below - _LINE}" if written else ""
    parts = tuple(
        (role, tuple(links[r.member] for r in roles if r.role == role)) for role in dict.fromkeys(r.role for r in roles)
    )
    return Side(link, x, y, left, name, lines, tuple(labels), tuple(written), parts, stem)


def _label(role: str, edge: int, x: int, heights: Mapping[_Thing, int], *, above: bool) -> Written:
    ys = heights.values()
    return Written(role, (edge + x) // 2, min(ys) - 14 if above else max(ys) + 20)
