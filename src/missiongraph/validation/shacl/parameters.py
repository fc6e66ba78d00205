"""The parameters that make a constraint by themselves, with their kinds of values and their constraints."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from missiongraph.validation.report import Term
from missiongraph.validation.shacl import core
from missiongraph.validation.shacl.graph import node_of
from missiongraph.validation.shacl.shapes import Constraint
from missiongraph.vocab import SH


@dataclass(frozen=True)
class Parameter:
    """A parameter that makes a constraint by itself: the kind of its values, and the constraint for a value."""

    kind: str
    single: bool
    constraint: Callable[[Term], Constraint]


def _each(test: Callable[[Term], core.Test]) -> Callable[[Term], Constraint]:
    return lambda value: core.EachValue(test(value))


def _bound(*, least: bool, inclusive: bool) -> Parameter:
    return Parameter("a literal", True, _each(lambda v: core.within(literal(v), least=least, inclusive=inclusive)))


def literal(term: Term) -> Literal:
    """*term* as a literal, which it is."""
    assert isinstance(term, Literal)
    return term


def number(term: Term) -> int:
    """The integer value of *term*."""
    return int(literal(term).value)


def iri(term: Term) -> str:
    """The IRI of *term* as text."""
    assert isinstance(term, NamedNode)
    return term.value


PARAMETERS: dict[NamedNode, Parameter] = {
    SH["class"]: Parameter("an IRI", False, _each(lambda value: core.of_class(iri(value)))),
    SH.datatype: Parameter("an IRI", True, _each(lambda value: core.of_datatype(iri(value)))),
    SH.minCount: Parameter("a whole number", True, lambda value: core.MinCount(number(value))),
    SH.maxCount: Parameter("a whole number", True, lambda value: core.MaxCount(number(value))),
    SH.minExclusive: _bound(least=True, inclusive=False),
    SH.minInclusive: _bound(least=True, inclusive=True),
    SH.maxExclusive: _bound(least=False, inclusive=False),
    SH.maxInclusive: _bound(least=False, inclusive=True),
    SH.minLength: Parameter("a whole number", True, _each(lambda v: core.of_length(number(v), least=True))),
    SH.maxLength: Parameter("a whole number", True, _each(lambda v: core.of_length(number(v), least=False))),
    SH.equals: Parameter("an IRI", False, lambda value: core.Equals(iri(value))),
    SH.disjoint: Parameter("an IRI", False, lambda value: core.Disjoint(iri(value))),
    SH.lessThan: Parameter("an IRI", False, lambda value: core.LessThan(iri(value), or_equal=False)),
    SH.lessThanOrEquals: Parameter("an IRI", False, lambda value: core.LessThan(iri(value), or_equal=True)),
    SH.hasValue: Parameter("any term", False, lambda value: core.HasValue(node_of(value))),
}


def named(
    constraint: Constraint, predicate: NamedNode, value: Term, *others: tuple[NamedNode | str, Term]
) -> Constraint:
    """Set component and parameters of *constraint*, which *predicate* with *value* (and *others*) states."""
    constraint.component = _component_of(predicate)
    constraint.parameters = tuple((_text(name), term) for name, term in ((predicate, value), *others))
    return constraint


def named_list(constraint: Constraint, predicate: NamedNode, members: Sequence[Term]) -> Constraint:
    """As :func:`named`, with each of *members* as a value of *predicate*."""
    constraint.component = _component_of(predicate)
    constraint.parameters = tuple((predicate.value, member) for member in members)
    return constraint


def _text(name: NamedNode | str) -> str:
    return name if isinstance(name, str) else name.value


def _component_of(predicate: NamedNode) -> str:
    name = predicate.value.removeprefix(SH)
    return f"{SH}{name[0].upper()}{name[1:]}ConstraintComponent"


def parameter_of(constraint: Constraint) -> str:
    """The parameter that states *constraint*, by its prefixed name."""
    name = constraint.component.removeprefix(SH).removesuffix("ConstraintComponent")
    return f"sh:{name[0].lower()}{name[1:]}"
