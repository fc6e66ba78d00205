"""Comparison of answers: multisets of solutions and graphs, blank nodes up to isomorphism."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Iterator
from decimal import Decimal, InvalidOperation
from enum import Enum

from pyoxigraph import BlankNode, CanonicalizationAlgorithm, Dataset, Literal, NamedNode, Quad

from tests.conformance.sparql.answers import Answer, Table, Term, Triples

_XSD = "http://www.w3.org/2001/XMLSchema#"
_INTEGER = f"{_XSD}integer"
_INTEGERS = {
    f"{_XSD}{name}"
    for name in (
        *("integer", "long", "int", "short", "byte", "nonPositiveInteger", "negativeInteger", "nonNegativeInteger"),
        *("positiveInteger", "unsignedLong", "unsignedInt", "unsignedShort", "unsignedByte"),
    )
}
_NUMBERS = {f"{_XSD}decimal", f"{_XSD}double", f"{_XSD}float"}
_DATES = {f"{_XSD}date", f"{_XSD}dateTime"}
_STEP = "urn:x-suite:variable:"
_COUNT, _INDEX = NamedNode("urn:x-suite:count"), NamedNode("urn:x-suite:index")


class Likeness(Enum):
    """How an answer agrees with the expected one."""

    NONE = "differs"
    VALUE = "same values, other spelling"
    TERM = "same terms"


def compare(actual: Answer, wanted: Answer, *, lax: bool = False, typed: bool = True) -> Likeness:
    """How *actual* agrees with *wanted*.

    :param lax: duplicates may be left out (``mf:LaxCardinality``)
    :param typed: whether the format keeps datatypes; CSV does not
    """
    for likeness, spelling in ((Likeness.TERM, _as_it_is), (Likeness.VALUE, by_value if typed else number_or_text)):
        if _same(actual, wanted, spelling, lax):
            return likeness
    return Likeness.NONE


def _same(actual: Answer, wanted: Answer, spelling: Callable[[Term], Term], lax: bool) -> bool:
    if isinstance(actual, Triples) and isinstance(wanted, Triples):
        return _shape(_quads(actual, spelling)) == _shape(_quads(wanted, spelling))
    if isinstance(actual, Table) and isinstance(wanted, Table):
        if actual.variables != wanted.variables or (lax and len(actual.rows) > len(wanted.rows)):
            return False
        ordered = wanted.ordered
        return _shape(_solutions(actual, spelling, ordered, lax)) == _shape(_solutions(wanted, spelling, ordered, lax))
    return type(actual) is type(wanted) and actual == wanted


def _as_it_is(term: Term) -> Term:
    return term


def by_value(term: Term) -> Term:
    """One spelling for each value of the types that the store canonicalises.

    Decimal, double and float stay apart; the types derived from integer are integers, as the store keeps them.
    """
    if not isinstance(term, Literal):
        return term
    datatype = term.datatype.value
    if datatype in _INTEGERS:
        return Literal(_number(term.value, _INTEGER), datatype=NamedNode(_INTEGER))
    if datatype in _DATES:
        return Literal(re.sub(r"[+-]00:00$", "Z", term.value), datatype=term.datatype)
    if datatype in _NUMBERS:
        return Literal(_number(term.value, datatype), datatype=term.datatype)
    if datatype == f"{_XSD}boolean":
        return Literal({"1": "true", "0": "false"}.get(term.value, term.value), datatype=term.datatype)
    return term


def number_or_text(term: Term) -> Term:
    """For CSV, which has no types: one spelling of each text that is a number."""
    return Literal(_number(term.value, f"{_XSD}double")) if isinstance(term, Literal) else term


def _number(text: str, datatype: str) -> str:
    try:
        if datatype in (_INTEGER, f"{_XSD}decimal"):
            number = Decimal(text)
            return str(number.normalize() + 0) if number.is_finite() else text
        value = float(text.replace("INF", "inf"))
        return "NaN" if math.isnan(value) else repr(value)
    except (ValueError, InvalidOperation):
        return text


def _shape(quads: Iterator[Quad]) -> frozenset[Quad]:
    dataset = Dataset(quads)
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return frozenset(dataset)


def _quads(graph: Triples, spelling: Callable[[Term], Term]) -> Iterator[Quad]:
    for triple in graph.triples:
        yield Quad(triple.subject, triple.predicate, spelling(triple.object))


def _solutions(table: Table, spelling: Callable[[Term], Term], ordered: bool, lax: bool) -> Iterator[Quad]:
    """Solutions as a graph: isomorphic where they are the same multiset, or sequence."""
    rows = [tuple(sorted((name, spelling(term)) for name, term in row.items())) for row in table.rows]
    for index, (row, count) in enumerate([(row, 1) for row in rows] if ordered else Counter(rows).items()):
        node = BlankNode()
        yield Quad(node, _COUNT, Literal(1 if lax else count))
        if ordered:
            yield Quad(node, _INDEX, Literal(index))
        for name, term in row:
            yield Quad(node, NamedNode(_STEP + name), term)
