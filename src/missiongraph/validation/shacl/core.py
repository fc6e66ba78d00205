"""The core constraint components (SHACL, section 4), each as the specification defines its validator."""

from __future__ import annotations

from abc import abstractmethod
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import chain

from pyoxigraph import Literal

from missiongraph.rdf.datatypes import is_lexical
from missiongraph.validation.shacl.graph import Node, is_blank
from missiongraph.validation.shacl.literal_order import is_less
from missiongraph.validation.shacl.patterns import pattern
from missiongraph.validation.shacl.shapes import Constraint, Fault, Found, Shape, Validation
from missiongraph.vocab import SH

_NOTHING: tuple[Fault, ...] = ()
Test = Callable[["Validation", Node], bool]


class EachValue(Constraint):
    """A constraint that tests each value by itself."""

    def __init__(self, test: Test) -> None:
        self._test = test

    def faults(self, run: Validation, shape: Shape, focus: Node, values: Sequence[Node]) -> Sequence[Fault]:  # noqa: D102
        test = self._test
        return [Fault(value) for value in values if not test(run, value)]


def of_class(iri: str) -> Test:
    """The test of ``sh:class``."""
    return lambda run, value: run.graph.is_instance(value, iri)


def of_datatype(iri: str) -> Test:
    """The test of ``sh:datatype``. An ill-typed literal does not pass, whatever its datatype."""
    return lambda run, value: (
        isinstance(value, Literal) and value.datatype.value == iri and is_lexical(value.value, iri) is not False
    )


_KINDS: dict[str, Callable[[Node], bool]] = {
    "IRI": lambda node: type(node) is str and not node.startswith("_:"),
    "BlankNode": is_blank,
    "Literal": lambda node: type(node) is not str,
}
#: For each value of ``sh:nodeKind``, the kinds that it allows.
NODE_KINDS = {
    **{SH[name].value: (name,) for name in _KINDS},
    SH.BlankNodeOrIRI.value: ("BlankNode", "IRI"),
    SH.BlankNodeOrLiteral.value: ("BlankNode", "Literal"),
    SH.IRIOrLiteral.value: ("IRI", "Literal"),
}


def of_kind(iri: str) -> Test:
    """The test of ``sh:nodeKind``."""
    tests = [_KINDS[name] for name in NODE_KINDS[iri]]
    return lambda run, value: any(test(value) for test in tests)


def within(bound: Literal, *, least: bool, inclusive: bool) -> Test:
    """The test of ``sh:minExclusive``, ``sh:minInclusive``, ``sh:maxExclusive`` or ``sh:maxInclusive``."""
    if least:
        return lambda run, value: is_less(bound, value, or_equal=inclusive)
    return lambda run, value: is_less(value, bound, or_equal=inclusive)


def text(node: Node) -> str:
    """The string of an IRI or literal, as STR of SPARQL gives it."""
    return node if isinstance(node, str) else node.value


def of_length(number: int, *, least: bool) -> Test:
    """The test of ``sh:minLength`` or ``sh:maxLength``. A blank node does not pass."""
    if least:
        return lambda run, value: not is_blank(value) and len(text(value)) >= number
    return lambda run, value: not is_blank(value) and len(text(value)) <= number


def like(expression: str, flags: str) -> Test:
    """The test of ``sh:pattern`` with ``sh:flags``."""
    search = pattern(expression, flags).search
    return lambda run, value: not is_blank(value) and search(text(value)) is not None


def in_language(ranges: Sequence[str]) -> Test:
    """The test of ``sh:languageIn``, by basic filtering (RFC 4647, section 3.3.1)."""
    wanted = [wanted.lower() for wanted in ranges]

    def test(run: Validation, value: Node) -> bool:
        tag = value.language.lower() if isinstance(value, Literal) and value.language else ""
        return bool(tag) and any(one in (tag, "*") or tag.startswith(f"{one}-") for one in wanted)

    return test


def among(nodes: Sequence[Node]) -> Test:
    """The test of ``sh:in``."""
    allowed = frozenset(nodes)
    return lambda run, value: value in allowed


class MinCount(Constraint):
    """``sh:minCount``."""

    def __init__(self, number: int) -> None:
        self._number = number

    def faults(self, run: Validation, shape: Shape, focus: Node, values: Sequence[Node]) -> Sequence[Fault]:  # noqa: D102
        return _NOTHING if len(values) >= self._number else (Fault(),)


class MaxCount(Constraint):
    """``sh:maxCount``."""

    def __init__(self, number: int) -> None:
        self._number = number

    def faults(self, run: Validation, shape: Shape, focus: Node, values: Sequence[Node]) -> Sequence[Fault]:  # noqa: D102
        return _NOTHING if len(values) <= self._number else (Fault(),)


class HasValue(Constraint):
    """``sh:hasValue``."""

    def __init__(self, value: Node) -> None:
        self._value = value

    def faults(self, run: Validation, shape: Shape, focus: Node, values: Sequence[Node]) -> Sequence[Fault]:  # noqa: D102
        return _NOTHING if self._value in values else (Fault(),)


class UniqueLang(Constraint):
    """``sh:uniqueLang``: a result for each language of two or more values."""

    def faults(self, run: Validation, shape: Shape, focus: Node, values: Sequence[Node]) -> Sequence[Fault]:  # noqa: D102
        tags = Counter(value.language.lower() for value in values if isinstance(value, Literal) and value.language)
        return [Fault() for count in tags.values() if count > 1]


class PropertyPair(Constraint):
    """A property pair constraint (SHACL, section 4.5): compares the values with those of another property."""

    def __init__(self, predicate: str) -> None:
        self._predicate = predicate

    def predicates(self) -> Iterator[str]:  # noqa: D102
        yield self._predicate

    def faults(self, run: Validation, shape: Shape, focus: Node, values: Sequence[Node]) -> Sequence[Fault]:  # noqa: D102
        return [Fault(value) for value in self._wrong(values, run.graph.values(focus, self._predicate))]

    @abstractmethod
    def _wrong(self, values: Sequence[Node], others: Sequence[Node]) -> Iterator[Node]:
        """The values that break the constraint with *others*."""


class Equals(PropertyPair):
    """``sh:equals``."""

    def _wrong(self, values: Sequence[Node], others: Sequence[Node]) -> Iterator[Node]:
        here, there = frozenset(values), frozenset(others)
        yield from (value for value in values if value not in there)
        yield from (other for other in others if other not in here)


class Disjoint(PropertyPair):
    """``sh:disjoint``."""

    def _wrong(self, values: Sequence[Node], others: Sequence[Node]) -> Iterator[Node]:
        there = frozenset(others)
        return (value for value in values if value in there)


class LessThan(PropertyPair):
    """``sh:lessThan`` or ``sh:lessThanOrEquals``: a result for each pair of values that is not in order."""

    def __init__(self, predicate: str, *, or_equal: bool) -> None:
        super().__init__(predicate)
        self._or_equal = or_equal

    def _wrong(self, values: Sequence[Node], others: Sequence[Node]) -> Iterator[Node]:
        return (value for value in values for other in others if not is_less(value, other, or_equal=self._or_equal))


class Closed(Constraint):
    """``sh:closed``: only the properties of the shape's own property shapes, and ignored ones, are allowed."""

    everything = True

    def __init__(self, allowed: Sequence[str]) -> None:
        self._allowed = frozenset(allowed)

    def faults(self, run: Validation, shape: Shape, focus: Node, values: Sequence[Node]) -> Sequence[Fault]:  # noqa: D102
        graph, allowed = run.graph, self._allowed
        return [
            Fault(value, path=f"<{predicate}>")
            for node in values
            for predicate in graph.properties(node)
            if predicate not in allowed
            for value in graph.values(node, predicate)
        ]


class ShapeBased(Constraint):
    """A constraint by inner shapes (SHACL, sections 4.6 and 4.7): tests each value against them."""

    def __init__(self, shapes: Sequence[Shape]) -> None:
        self._shapes = tuple(shapes)

    def inner(self) -> Sequence[Shape]:  # noqa: D102
        return self._shapes

    def faults(self, run: Validation, shape: Shape, focus: Node, values: Sequence[Node]) -> Sequence[Fault]:  # noqa: D102
        found = ((value, self._details(run, value)) for value in values)
        return [Fault(value, tuple(details)) for value, details in found if details is not None]

    @abstractmethod
    def _details(self, run: Validation, value: Node) -> Sequence[Found] | None:
        """The results of inner shapes because of which *value* breaks the constraint; ``None`` if it does not."""


class All(ShapeBased):
    """``sh:node`` and ``sh:and``."""

    def _details(self, run: Validation, value: Node) -> Sequence[Found] | None:
        return [*chain.from_iterable(run.against(shape, value) for shape in self._shapes)] or None


class Not(ShapeBased):
    """``sh:not``."""

    monotone = False

    def _details(self, run: Validation, value: Node) -> Sequence[Found] | None:
        return () if run.conforms(self._shapes[0], value) else None


class Or(ShapeBased):
    """``sh:or``."""

    def _details(self, run: Validation, value: Node) -> Sequence[Found] | None:
        found: list[Found] = []
        for shape in self._shapes:
            if not (against := run.against(shape, value)):
                return None
            found += against
        return found


class Xone(ShapeBased):
    """``sh:xone``. If a value conforms to several shapes, there are no inner results to show."""

    monotone = False

    def _details(self, run: Validation, value: Node) -> Sequence[Found] | None:
        found = [run.against(shape, value) for shape in self._shapes]
        return None if sum(not against for against in found) == 1 else [*chain.from_iterable(found)]


class Qualified(Constraint):
    """``sh:qualifiedMinCount`` or ``sh:qualifiedMaxCount``.

    :param siblings: shapes that a value must not conform to in order to count (``sh:qualifiedValueShapesDisjoint``);
        they are filled in when all shapes are read
    """

    def __init__(self, shape: Shape, siblings: Sequence[Shape], number: int, *, least: bool) -> None:
        self._shape, self._siblings, self._number, self._least = shape, siblings, number, least

    @property
    def monotone(self) -> bool:  # type: ignore[override]  # noqa: D102  # of each by itself
        return self._least and not self._siblings

    def inner(self) -> Sequence[Shape]:  # noqa: D102
        return (self._shape, *self._siblings)

    def faults(self, run: Validation, shape: Shape, focus: Node, values: Sequence[Node]) -> Sequence[Fault]:  # noqa: D102
        count = 0
        details: list[Found] = []
        for value in values:
            against = run.against(self._shape, value)
            details += against
            count += not against and not any(run.conforms(sibling, value) for sibling in self._siblings)
        if self._least:
            return _NOTHING if count >= self._number else (Fault(details=tuple(details)),)
        return _NOTHING if count <= self._number else (Fault(),)
