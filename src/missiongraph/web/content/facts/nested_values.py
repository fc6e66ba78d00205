"""Nodes without a name as values: lists with their members, containers, and nodes in nodes, each member linked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from pyoxigraph import BlankNode, Literal, NamedNode

from missiongraph.engine.protocol import Engine, Term, rows
from missiongraph.graph.describe import Properties, Statement
from missiongraph.vocab import RDF
from missiongraph.web.content.facts.rdf_lists import Sequence as Members
from missiongraph.web.content.facts.rdf_lists import is_cell, members_in, sequence_at
from missiongraph.web.content.facts.summaries import parts_of, summary, terms_of
from missiongraph.web.content.layout.page_layout import all_of
from missiongraph.web.content.layout.reader import Reader
from missiongraph.web.http.registry import Member
from missiongraph.web.rendering.view_models import Value
from missiongraph.web.rendering.view_models.parts import FIRST_VALUES, MANY_VALUES

#: Statements about the nodes below one property of a thing that a page reads; of a longer list it has the beginning.
MOST_BELOW = 4000

#: Members of a list that a page holds; a query has the others.
_MOST_MEMBERS = 200

#: Members up to which a query can count the place of each.
_MOST_COUNTED = 2000

#: Nodes in nodes that are told; a list counts as one.
_DEEPEST = 4

_IN_LISTS = f"({RDF.first}|{RDF.rest})*"
_STARTS = f"FILTER(isBlank(?c) || ?p IN ({RDF.first}, {RDF.rest}))"

_Way = tuple[NamedNode, tuple[NamedNode, ...]]


@dataclass
class Below:
    """What is said of the nodes without a name that a thing leads to.

    :ivar described: their properties, and those of named cells of lists
    :ivar lengths: of the lists of which only the beginning is there, by their first cell
    """

    described: dict[Term, dict[NamedNode, list[Term]]] = field(default_factory=dict)
    lengths: dict[Term, int] = field(default_factory=dict)

    @property
    def terms(self) -> Iterable[Term]:
        """All terms that they are told with."""
        return (term for found in self.described.values() for term in terms_of(found))


def nodes_below(
    engine: Engine,
    stated: Mapping[NamedNode, Sequence[Statement]],
    parts: Mapping[NamedNode, Mapping[Term, Properties]],
) -> dict[NamedNode, Below]:
    """The nodes below the *parts* of each thing, which is asked only where these lead to others without a name."""
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
    """Read what lies at the end of *way*, lists to their end; what leads on from there."""
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
    """How many cells the lists at the end of *steps* have, by the first of them."""
    text = f"""SELECT ?h (COUNT(?c) AS ?n) WHERE {{ {thing} {"/".join(map(str, steps))} ?h .
        FILTER(isBlank(?h)) ?h {RDF.rest}* ?c }} GROUP BY ?h"""
    counted = ((row["h"], row["n"]) for row in rows(engine, text))
    return {head: int(n.value) - 1 for head, n in counted if head is not None and isinstance(n, Literal)}  # rdf:nil


def _beginnings(engine: Engine, thing: NamedNode, steps: tuple[NamedNode, ...]) -> list[tuple[Term, NamedNode, Term]]:
    """The first cells of the lists at the end of *steps*: a path of any length would come in no order."""
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
    """Writes the nodes below one thing for a reader, who has learned their terms."""

    def __init__(self, reader: Reader, thing: NamedNode, below: Below) -> None:
        self._reader, self._thing, self._below = reader, thing, below

    @classmethod
    def of_all(cls, reader: Reader, described: Mapping[NamedNode, Properties]) -> dict[NamedNode, Nested]:
        """What writes the nodes below each of many things whose properties are known; *reader* learns their names."""
        engine = reader.site.engine
        stated = {
            thing: [Statement(thing, p, term, (), True) for p, terms in found.items() for term in terms]
            for thing, found in described.items()
        }
        below = nodes_below(engine, stated, parts_of(engine, stated))
        reader.learn([term for one in below.values() for term in one.terms])
        return {thing: cls(reader, thing, below.get(thing) or Below()) for thing in described}

    def values(self, terms: Sequence[Term], predicate: NamedNode) -> tuple[Value, ...]:
        """The values of a fact: what has a name as the reader writes it, then nodes without."""
        nodes = [term for term in terms if isinstance(term, BlankNode) and term in self._below.described]
        named = self._reader.values([term for term in terms if term not in nodes], predicate)
        return (*named, *(self.value(node, predicate) for node in nodes))

    def value(self, node: Term, predicate: NamedNode, depth: int = 0) -> Value:
        """A node without a name: its members in order, or its properties in a line with such nodes below."""
        found = self._below.described[node]
        if is_cell(found):
            return self._sequence(node, predicate, depth)
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

    def _sequence(self, head: Term, predicate: NamedNode, depth: int) -> Value:
        length = self._below.lengths.get(head)
        found = sequence_at(head, self._below.described, cut=length is not None)
        return self.listed(found, predicate, depth, length=length)

    def listed(
        self, found: Members, predicate: NamedNode, depth: int = 0, *, aside: str = "", length: int | None = None
    ) -> Value:
        """*found* as a value that holds its members, values of *predicate*."""
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
        """Where all members of the lists are: in order, unless they are too many to be counted through."""
        start = f"{self._thing} {predicate}"
        if total > _MOST_COUNTED:
            return all_of(self._reader, f"{start}/{RDF.rest}*/{RDF.first} ?thing")
        text = f"""SELECT (COUNT(?before) AS ?position) ?member WHERE {{ {start} ?list . ?list {RDF.rest}* ?before .
            ?before {RDF.rest}* ?cell . ?cell {RDF.first} ?member }} GROUP BY ?list ?cell ?member ORDER BY ?position"""
        return self._reader.href(Member("sparql", "", (("query", text),)).address())
