"""The figures, dates and names that a claim states, in the form in which pages write them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from missiongraph.evidence.words.tokens import Token, tokenise
from missiongraph.publication.dataset import Dataset
from missiongraph.vocab import LABEL_PROPERTIES, MG, RDF, SCHEMA, XSD

_NAMING = frozenset((*LABEL_PROPERTIES, SCHEMA.alternateName))
_NUMERIC = frozenset(
    [
        XSD.integer, XSD.decimal, XSD.double, XSD.float, XSD.int, XSD.long, XSD.short, XSD.nonNegativeInteger,
        XSD.positiveInteger, XSD.gYear,
    ]
)  # fmt: skip
_PERIOD = re.compile(r"P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?$")


@dataclass(frozen=True)
class Stated:
    """The values of one claim.

    :ivar figures: values of its figures, as token keys have them
    :ivar dates: year, month and day of its dates; empty: not stated
    :ivar names: names that it gives to things
    :ivar words: folded words with a capital, of the names of its things and of its literals
    """

    figures: frozenset[str] = frozenset()
    dates: frozenset[tuple[str, ...]] = frozenset()
    names: tuple[str, ...] = ()
    words: frozenset[str] = frozenset()

    def figure(self, token: Token) -> str | None:
        """The figure or date of the claim that *token* writes; ``None`` if the claim does not state it."""
        if token.kind == "date":
            return "-".join(part.zfill(2) for part in token.key[1:]) if token.key[1:] in self.dates else None
        return token.key[1] if token.key[1] in self.figures else None


def stated_by(values: Iterable[object]) -> Stated:
    """The figures and dates of *values*."""
    literals = [value for value in values if isinstance(value, Literal)]
    return Stated(figures=frozenset(_figures(literals)), dates=frozenset(_dates(literals)))


@dataclass(frozen=True)
class Knowledge:
    """The names of things in a publication, and what each of its graphs states."""

    dataset: Dataset

    @cached_property
    def labels(self) -> dict[NamedNode, list[str]]:
        """The names of each thing; graphs and terms of the ontology are left out."""
        found: dict[NamedNode, list[str]] = defaultdict(list)
        graphs = {quad.graph_name for quad in self.dataset.quads}
        for quad in self.dataset.quads:
            subject, value = quad.subject, quad.object
            if quad.predicate not in _NAMING or not isinstance(subject, NamedNode) or not isinstance(value, Literal):
                continue
            if subject not in graphs and not subject.value.startswith(str(MG)):
                found[subject].append(value.value)
        return found

    @cached_property
    def name_words(self) -> frozenset[str]:
        """The folded words that begin with a capital in the name of a thing."""
        tokens = (t for names in self.labels.values() for name in names for t in tokenise(name))
        return frozenset(token.key[1] for token in tokens if token.is_capital)

    def stated(self, graph: NamedNode) -> Stated:
        """The figures, dates and names that *graph* states."""
        quads = self._by_graph.get(graph, [])
        literals = [quad.object for quad in quads if isinstance(quad.object, Literal)]
        things = {t for quad in quads for t in (quad.subject, quad.object) if isinstance(t, NamedNode)}
        named = [q.object.value for q in quads if isinstance(q.object, Literal) and q.predicate in _NAMING]
        words = (t for thing in things for name in self.labels.get(thing, ()) for t in tokenise(name))
        own = (t for literal in literals for t in tokenise(literal.value))
        return Stated(
            figures=frozenset(_figures(literals)),
            dates=frozenset(_dates(literals)),
            names=tuple(named),
            words=frozenset(token.key[1] for token in (*words, *own) if token.is_capital),
        )

    def things(self, graph: NamedNode) -> set[NamedNode]:
        """The subjects and objects of *graph*, without the classes that it states."""
        quads = [quad for quad in self._by_graph.get(graph, []) if quad.predicate != RDF.type]
        every = {quad.subject for quad in self._by_graph.get(graph, [])} | {quad.object for quad in quads}
        return {term for term in every if isinstance(term, NamedNode)}

    @cached_property
    def _by_graph(self) -> dict[NamedNode | BlankNode, list[Quad]]:
        found: dict[NamedNode | BlankNode, list[Quad]] = defaultdict(list)
        for quad in self.dataset.quads:
            if isinstance(quad.graph_name, NamedNode):
                found[quad.graph_name].append(quad)
        return found


def _figures(literals: Sequence[Literal]) -> Iterable[str]:
    for literal in literals:
        if literal.datatype in _NUMERIC:
            for token in tokenise(literal.value):
                yield token.key[1]
        elif literal.datatype == XSD.duration and (period := _PERIOD.match(literal.value)):
            yield from (part for part in period.groups() if part)
            if period[2]:  # a page writes a year and six months as eighteen months
                yield str(12 * int(period[1] or 0) + int(period[2]))
        elif literal.datatype == XSD.string:
            yield from (token.key[1] for token in tokenise(literal.value) if token.kind == "number")


def _dates(literals: Sequence[Literal]) -> Iterable[tuple[str, ...]]:
    for literal in literals:
        if literal.datatype in (XSD.date, XSD.dateTime):
            year, month, day = literal.value[:10].split("-")
            yield str(int(year)), str(int(month)), str(int(day))
        elif literal.datatype == XSD.gYearMonth:
            year, month = literal.value[:7].split("-")
            yield str(int(year)), str(int(month)), ""
