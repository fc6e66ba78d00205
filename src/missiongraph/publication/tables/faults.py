"""The faults of a table, told so that one mistake is one line."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from missiongraph.errors import Place, Problem

#: More values of one column than these are counted, not told.
_MOST = 20


@dataclass(frozen=True)
class Fault:
    """A fault of a cell, or of a row; those with the same *kind* are one mistake, made once."""

    kind: str
    column: str | None
    what: str
    place: Place
    advice: str | None = None


def told(faults: list[Fault]) -> list[Problem]:
    """What to say of *faults*: each mistake where it is first, and in how many cells it is again."""
    by_kind: dict[str, list[Fault]] = {}
    for fault in faults:
        by_kind.setdefault(fault.kind, []).append(fault)
    problems: list[Problem] = []
    more: dict[str | None, list[Fault]] = defaultdict(list)
    count: dict[str | None, int] = defaultdict(int)
    for same in by_kind.values():
        column = same[0].column
        count[column] += 1
        if column is not None and count[column] > _MOST:
            more[column] += same
        else:
            problems.append(_counted(same))
    for column, left in more.items():
        first = min(left, key=lambda fault: fault.place.line or 0)
        what = f"column “{column}”: {len(left)} further cells with such faults, the first here"
        problems.append(Problem(what, first.place))
    return problems


def _counted(same: list[Fault]) -> Problem:
    first, *others = same
    places = dict.fromkeys(fault.place for fault in others if fault.place != first.place)
    if not places:
        return Problem(first.what, first.place, first.advice)
    cells = "1 further cell, in" if len(places) == 1 else f"{len(places)} further cells, first in"
    return Problem(f"{first.what}, and in {cells} line {next(iter(places)).line}", first.place, first.advice)
