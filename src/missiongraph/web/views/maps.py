"""Maps: places as dots whose names do not cover each other, before the countries that they lie in."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import ClassVar

from missiongraph.web.coasts import Coasts
from missiongraph.web.views.land import extent, homes, land_of
from missiongraph.web.views.parts import Link
from missiongraph.web.views.projection import Position, Window, window_around

MOST_PLACES = 500

#: Places up to which names are written; on a map of more, pointing at a dot shows its name.
MOST_NAMED = 40

#: Widths of a map: beside text, and as the matter of a page.
NARROW, WIDE = 400, 640

_MARGIN = 44
_LETTER, _LINE, _DOT = 7.5, 11, 4.5


@dataclass(frozen=True, slots=True)
class Place:
    """A dot, hollow or filled; `left`: its name stands to the left; `named`: it is written at all times."""

    link: Link
    x: float
    y: float
    left: bool = False
    named: bool = True
    hollow: bool = False

    @property
    def name_x(self) -> float:
        """Where the name begins or ends."""
        beside = 14 if self.link.current else 9
        return round(self.x + (-beside if self.left else beside), 1)

    @property
    def corners(self) -> str:
        """The corners around the place that the page is about; empty for any other."""
        return f"M{self.x - 9} {self.y - 3}v-6h6M{self.x + 9} {self.y + 3}v6h-6" if self.link.current else ""


@dataclass(frozen=True, slots=True)
class Map:
    """Places before the land around them, smaller where they are many; without outlines, `land` is empty.

    `land` are the countries that hold places, `other` those that do not.
    """

    kind: ClassVar = "map"

    places: tuple[Place, ...]
    land: str
    other: str
    width: int
    height: int

    @property
    def crowded(self) -> bool:
        """Whether there are too many places for their names."""
        return len(self.places) > MOST_NAMED


def map_of(
    places: Sequence[tuple[Link, float, float]],
    outlines: Coasts,
    hollow: Collection[Link] = (),
    width: int = NARROW,
) -> Map | None:
    """The map of *places* with longitude and latitude in degrees before *outlines*; ``None`` without any.

    :param hollow: those whose dot is not filled
    :param width: in pixels; it is at most a fifth higher than wide
    """
    positions = tuple((longitude, latitude) for _, longitude, latitude in places)
    home, alone, window = _frame(positions, outlines, width)
    if window is None:
        return None
    dots = [(link, at) for link, longitude, latitude in places if (at := window.at(longitude, latitude)) is not None]
    named = _named(dots, width) if len(dots) <= MOST_NAMED else _quiet(dots, width)
    if hollow:
        named = tuple(replace(place, hollow=place.link in hollow) for place in named)
    return Map(named, *land_of(window, outlines, home, alone=alone), width, window.height)


@lru_cache(maxsize=32)
def _frame(positions: tuple[Position, ...], outlines: Coasts, width: int) -> tuple[frozenset[int], bool, Window | None]:
    """The countries that *positions* lie in; whether one is drawn alone; the window around it, else around them."""
    found = set(homes(positions, outlines).values())
    home = frozenset(number for number in found if number is not None)
    alone = len(found) == len(home) == 1
    frame = extent(min(home), positions, outlines) if alone else positions
    margin = _MARGIN if not alone and len(positions) <= MOST_NAMED else _MARGIN // 2
    return home, alone, window_around(frame, width, margin)


def _named(dots: Sequence[tuple[Link, Position]], width: int) -> tuple[Place, ...]:
    """Names to the right, else to the left, else only for who points at the dot: none covers another or a dot."""
    taken = [(x - _DOT, y - _DOT, x + _DOT, y + _DOT) for _, (x, y) in dots]
    places = []
    for link, (x, y) in dots:
        length = len(link.text) * _LETTER + 9
        for left in (False, True):
            west, east = (x - length, x - 6) if left else (x + 6, x + length)
            box = (west, y - _LINE / 2, east, y + _LINE / 2)
            if west >= 0 and east <= width - 4 and not any(_meet(box, other) for other in taken):
                taken.append(box)
                places.append(Place(link, round(x, 1), round(y, 1), left))
                break
        else:
            places.append(Place(link, round(x, 1), round(y, 1), left=x > width / 2, named=False))
    return tuple(places)


def _quiet(dots: Sequence[tuple[Link, Position]], width: int) -> tuple[Place, ...]:
    return tuple(Place(link, round(x, 1), round(y, 1), left=x > width / 2, named=False) for link, (x, y) in dots)


def _meet(one: tuple[float, float, float, float], other: tuple[float, float, float, float]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
