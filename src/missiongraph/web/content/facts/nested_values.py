"""Blank nodes as values: RDF lists and containers with their members, and nodes within nodes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from pyoxigraph import BlankNode, Literal, NamedNode

from missiongraph.engine.protocol import Engine, Term, rows
from missiongraph.graph.statements_and_labels import Properties, Statement
from missiongraph.vocab import RDF
from missiongraph.web.content.facts.rdf_lists import Members, is_cell, list_at, members_in
from missiongraph.web.content.facts.summaries import parts_of, summary, terms_of
from missiongraph.web.content.layout.page_frame import all_of
from missiongraph.web.content.layout.term_writer import Reader
from missiongraph.web.http.registry import Member
from missiongraph.web.rendering.view_models import Value
from missiongraph.web.rendering.view_models.parts import FIRST_VALUES, MANY_VALUES

#: Most statements that a page reads about the nodes below one property of a thing. Of longer lists it reads the start.
MOST_BELOW = 4000

#: Most members of a list on a page. A link leads to a query for all.
_MOST_MEMBERS = 200

#: Longest list for which that query can count the position of each member.
_MOST_COUNTED = 2000

#: Deepest level of nodes within nodes on a page. A list is one level.
_DEEPEST = 4

_IN_LISTS = f"({RDF.first}|{RDF.rest})*"
_STARTS = f"FILTER(isBlank(?c) || ?p IN ({RDF.first}, {RDF.rest}))"

_Way = tuple[NamedNode, tuple[NamedNode, ...]]


@dataclass
class Below:
    """The blank nodes that a thing leads to, at any depth.

    :ivar described: their properties, and those of list cells that have an IRI
    :ivar lengths: the lengths of lists of which only the start was read, by first cell
    """

    described: dict[Term, dict[NamedNode, list[Term]]] = field(default_factory=dict)
    lengths: dict[Term, int] = field(default_factory=dict)

    @property
    def terms(self) -> Iterable[Term]:
        """All terms in these properties."""
        return (term for found in self.described.values() for term in terms_of(found))


def nodes_below(
    engine: Engine,
    stated: Mapping[NamedNode, Sequence[Statement]],
    parts: Mapping[NamedNode, Mapping[Term, Properties]],
) -> dict[NamedNode, Below]:
    """The blank nodes below each thing. The engine is asked only if one of *parts* leads to another.

    :param stated: the statements about each thing
    :param parts: the properties of their objects that are blank nodes or hash IRIs
    """
    found: dict[NamedNode, Below] = defaultdict(Below)
    for thing, of_thing in parts.items():
        described = found[thing].described
        described.update({p: {k: list(v) for k, v in props.items()} for p, props in of_thing.items()})
    ways: list[_Way] = [
        (thing, (s.predicate,))
        for thing, said in stated.items()
        for s in said
        if isinstance(s.object, BlankNode) and _goes_on(parts.get(thing, {}).get(s.object, {}))
    ]
    for _ in range(_DEEPEST):
        if not ways:
            break
        ways = [way for way in dict.fromkeys(ways) for way in _read(engine, way, found[way[0]])]
    return found


def _goes_on(properties: Properties) -> bool:
    return is_cell(properties) or any(isinstance(t, BlankNode) for terms in properties.values() for t in terms)


def _read(engine: Engine, way: _Way, into: Below) -> list[_Way]:
    """Read the nodes at the end of *way* into *into*, with all cells of lists; return the ways that lead on."""
    thing, steps = way
    chain, start = "", str(thing)
    for number, step in enumerate(steps):
        end = "?c" if number == len(steps) - 1 else f"?c{number}"
        chain += f"{start} {step} ?b{number} . FILTER(isBlank(?b{number})) ?b{number} {_IN_LISTS} {end} . "
        start = end
    lengths = _lengths(engine, thing, steps)
    long = sum(lengths.values()) > MOST_BELOW // 2
    into.lengths.update({head: length for head, length in lengths.items() if long and length > MANY_VALUES})
    found = _beginnings(engine, thing, steps) if long else _asked(engine, f"{chain} ?c ?p ?o {_STARTS}")
    described: dict[Term, dict[NamedNode, list[Term]]] = defaultdict(lambda: defaultdict(list))
    for node, predicate, value in dict.fromkeys(found):
        described[node][predicate].append(value)
    into.described.update({node: dict(props) for node, props in described.items()})
    further = (
        ()
        if long
        else {
            predicate
            for props in described.values()
            for predicate, terms in props.items()
            if predicate not in (RDF.first, RDF.rest)
            and any(isinstance(term, BlankNode) and term not in into.described for term in terms)
        }
    )
    return [(thing, (*steps, predicate)) for predicate in sorted(further, key=str)]


def _lengths(engine: Engine, thing: NamedNode, steps: tuple[NamedNode, ...]) -> dict[Term, int]:
    """The lengths of the lists at the end of *steps*, by first cell."""
    text = f"""SELECT ?h (COUNT(?c) AS ?n) WHERE {{ {thing} {"/".join(map(str, steps))} ?h .
        FILTER(isBlank(?h)) ?h {RDF.rest}* ?c }} GROUP BY ?h"""
    counted = ((row["h"], row["n"]) for row in rows(engine, text))
    return {head: int(n.value) - 1 for head, n in counted if head is not None and isinstance(n, Literal)}  # rdf:nil


def _beginnings(engine: Engine, thing: NamedNode, steps: tuple[NamedNode, ...]) -> list[tuple[Term, NamedNode, Term]]:
    """The first cells of the lists at the end of *steps*, asked for singly: ``rdf:rest*`` gives them in no order."""
    path = "/".join(map(str, steps))
    cells = (f"{{ {thing} {path}{f'/{RDF.rest}' * number} ?c . ?c ?p ?o }}" for number in range(MANY_VALUES))
    return _asked(engine, f"{' UNION '.join(cells)} {_STARTS}")


def _asked(engine: Engine, pattern: str) -> list[tuple[Term, NamedNode, Term]]:
    answer = rows(engine, f"SELECT ?c ?p ?o WHERE {{ {pattern} }} LIMIT {MOST_BELOW}")
    return [
        (row["c"], row["p"], row["o"])
        for row in answer
        if row["c"] is not None and isinstance(row["p"], NamedNode) and row["o"] is not None
    ]


class Nested:
    """Makes values of the blank nodes below one thing. The reader must have learned the terms of *below*."""

    def __init__(self, reader: Reader, thing: NamedNode, below: Below) -> None:
        self._reader, self._thing, self._below = reader, thing, below

    @classmethod
    def of_all(cls, reader: Reader, described: Mapping[NamedNode, Properties]) -> dict[NamedNode, Nested]:
        """A `Nested` for each thing of *described*. Its nodes are read, and *reader* learns their terms."""
        engine = reader.site.engine
        stated = {
            thing: [Statement(thing, p, term, (), True) for p, terms in found.items() for term in terms]
            for thing, found in described.items()
        }
        below = nodes_below(engine, stated, parts_of(engine, stated))
        reader.learn([term for one in below.values() for term in one.terms])
        return {thing: cls(reader, thing, below.get(thing) or Below()) for thing in described}

    def values(self, terms: Sequence[Term], predicate: NamedNode) -> tuple[Value, ...]:
        """The values of a fact: IRIs and literals, then blank nodes."""
        nodes = [term for term in terms if isinstance(term, BlankNode) and term in self._below.described]
        named = self._reader.values([term for term in terms if term not in nodes], predicate)
        return (*named, *(self.value(node, predicate) for node in nodes))

    def value(self, node: Term, predicate: NamedNode, depth: int = 0) -> Value:
        """A blank node as a value: the members of a list or container, else its properties."""
        found = self._below.described[node]
        if is_cell(found):
            return self._list(node, predicate, depth)
        if members := members_in(found):
            rest = {p: terms for p, terms in found.items() if not members_in({p: terms})}
            return self.listed(Members(tuple(members)), predicate, depth, aside=summary(self._reader, rest))
        below = {
            p: [term for term in terms if isinstance(term, BlankNode) and term in self._below.described]
            for p, terms in sorted(found.items(), key=lambda item: item[0].value)
        }
        plain = {p: kept for p, terms in found.items() if (kept := [t for t in terms if t not in below[p]])}
        text = summary(self._reader, plain)
        if depth >= _DEEPEST:
            return Value(text or "…")
        items = tuple(
            replace(self.value(one, p, depth + 1), label=self._reader.property_name(p))
            for p, nodes in below.items()
            for one in nodes
        )
        return items[0] if len(items) == 1 and not text else Value(text, items=items)

    def _list(self, head: Term, predicate: NamedNode, depth: int) -> Value:
        length = self._below.lengths.get(head)
        found = list_at(head, self._below.described, cut=length is not None)
        return self.listed(found, predicate, depth, length=length)

    def listed(
        self, found: Members, predicate: NamedNode, depth: int = 0, *, aside: str = "", length: int | None = None
    ) -> Value:
        """A list or container as a value with its members.

        :param predicate: the property whose value it is
        :param depth: its level below the thing
        :param aside: a line beneath it
        :param length: its length, if only the start was read
        """
        reader = self._reader
        items = tuple(self._member(member, predicate, depth) for member in found.members[:_MOST_MEMBERS])
        total = length or len(found.members)
        faults = ", ".join(map(reader.say, found.faults))
        return Value(
            ", ".join(item.text for item in items[:FIRST_VALUES]) + (", …" if total > FIRST_VALUES else ""),
            items=items,
            ordered=True,
            aside=aside or None,
            note=reader.say("This list is not well-formed: %(faults)s.", faults=faults) if faults else None,
            total=total,
            all_href=self._all(predicate, total) if total > len(items) else None,
        )

    def _member(self, member: Term | Members, predicate: NamedNode, depth: int) -> Value:
        if isinstance(member, Members):
            return self.listed(member, predicate, depth)
        if isinstance(member, BlankNode) and member in self._below.described and depth < _DEEPEST:
            return self.value(member, predicate, depth + 1)
        return Value("…") if isinstance(member, BlankNode) else self._reader.value(member, predicate)

    def _all(self, predicate: NamedNode, total: int) -> str:
        """The address of a query for all members: in order, unless the list is too long to count positions."""
        start = f"{self._thing} {predicate}"
        if total > _MOST_COUNTED:
            return all_of(self._reader, f"{start}/{RDF.rest}*/{RDF.first} ?thing")
        text = f"""SELECT (COUNT(?before) AS ?position) ?member WHERE {{ {start} ?list . ?list {RDF.rest}* ?before .
            ?before {RDF.rest}* ?cell . ?cell {RDF.first} ?member }} GROUP BY ?list ?cell ?member ORDER BY ?position"""
        return self._reader.href(Member("sparql", "", (("query", text),)).address())
