"""Groups the faults of a table, so that a mistake made in many cells is one line of the report."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from missiongraph.errors import Place, Problem

#: Mistakes of one column that are reported one by one; further ones are only counted.
_MOST = 20


@dataclass(frozen=True)
class Fault:
    """A fault of a cell or a row. Faults of the same *kind* count as one mistake."""

    kind: str
    column: str | None
    what: str
    place: Place
    advice: str | None = None


def problems_of(faults: list[Fault]) -> list[Problem]:
    """One problem for each mistake, at its first place, with the number of further cells that have it."""
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
