"""RDF lists and containers as sequences of members. An ill-formed list is read as far as possible, and always ends."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pyoxigraph import BlankNode, Literal, NamedNode

from missiongraph.engine.protocol import Term
from missiongraph.graph.statements_and_labels import Properties
from missiongraph.translation import message
from missiongraph.vocab import RDF

#: What can be wrong with a list; each continues "This list is not well-formed: …".
SEVERAL_FIRST = message("a cell has several values of rdf:first")
NO_FIRST = message("a cell has no rdf:first")
SEVERAL_REST = message("a cell has several values of rdf:rest")
NO_REST = message("it does not end with rdf:nil")
NO_LIST = message("rdf:rest leads to something that is no list")
ROUND = message("it leads back to itself")
DEEP = message("lists in it are nested too deeply to be shown")

_MEMBER = re.compile(re.escape(str(RDF)) + r"_([1-9][0-9]*)")

#: Deepest level of lists within lists.
_DEEPEST = 8


@dataclass(frozen=True)
class Members:
    """The members of a list or container in order. A list among them has members itself.

    :ivar faults: why the list is not well-formed; then *members* has each member found, once
    """

    members: tuple[Term | Members, ...]
    faults: tuple[str, ...] = ()


def is_cell(found: Properties) -> bool:
    """Whether a node with these properties is a cell of a list: whether it has ``rdf:first`` or ``rdf:rest``."""
    return RDF.first in found or RDF.rest in found


def position_of(predicate: NamedNode) -> int | None:
    """The number of a container membership property: 1 for ``rdf:_1``; ``None`` for any other property."""
    found = _MEMBER.fullmatch(predicate.value)
    return int(found[1]) if found else None


def members_in(found: Properties) -> list[Term]:
    """The members of a container in the order of their numbers (RDF Schema 1.1, section 5.1)."""
    numbered = ((number, p) for p in found if (number := position_of(p)) is not None)
    return [term for _, predicate in sorted(numbered, key=lambda item: item[0]) for term in found[predicate]]


def list_at(
    head: Term,
    cells: Mapping[Term, Properties],
    above: frozenset[Term] = frozenset(),
    depth: int = 0,
    *,
    cut: bool = False,
) -> Members:
    """The list whose first cell is *head*.

    :param cells: properties of its cells, and of the cells of lists within it
    :param above: the cells of the lists that it is a member of
    :param depth: the number of those lists
    :param cut: whether only its first cells are in *cells*
    """
    members: list[Term | Members] = []
    faults: dict[str, None] = {}
    seen: dict[Term, None] = {}
    for cell in _walked(head, cells, seen, faults, cut=cut):
        firsts = cells[cell].get(RDF.first, ())
        if len(firsts) != 1:
            faults[SEVERAL_FIRST if firsts else NO_FIRST] = None
        for member in firsts:
            if not (isinstance(member, BlankNode) and is_cell(cells.get(member, {}))):
                members.append(member)
            elif member in above or member in seen:
                faults[ROUND] = None
            elif depth >= _DEEPEST:
                faults[DEEP] = None
            else:
                members.append(list_at(member, cells, above | seen.keys(), depth + 1))
    return Members(tuple(members), tuple(faults))


def _walked(
    head: Term, cells: Mapping[Term, Properties], seen: dict[Term, None], faults: dict[str, None], *, cut: bool
) -> Iterator[Term]:
    """The cells from *head* on, each once. Where ``rdf:rest`` has several values, all are followed."""
    ahead = [head]
    while ahead:
        cell = ahead.pop()
        if cell == RDF.nil:
            continue
        if cell in seen:
            faults[ROUND] = None
            continue
        if isinstance(cell, Literal) or not is_cell(cells.get(cell, {})):
            if not cut:
                faults[NO_LIST] = None
            continue
        seen[cell] = None
        yield cell
        rests = cells[cell].get(RDF.rest, ())
        if len(rests) != 1:
            faults[SEVERAL_REST if rests else NO_REST] = None
        ahead += reversed(rests)
