"""Shapes, constraints and results in memory (SHACL, sections 2 to 4)."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from pyoxigraph import BlankNode, Literal, NamedNode, Store

from missiongraph.validation.report import Severity, Term
from missiongraph.validation.shacl.graph import Node, View
from missiongraph.validation.shacl.paths import Path

ShapeTerm = NamedNode | BlankNode


@dataclass
class Targets:
    """The targets of a shape (SHACL, section 2.1.3)."""

    nodes: list[Node] = field(default_factory=list)
    classes: list[str] = field(default_factory=list)
    subjects_of: list[str] = field(default_factory=list)
    objects_of: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.nodes or self.classes or self.subjects_of or self.objects_of)


@dataclass(eq=False)
class Shape:
    """A shape: its targets, its path if it is a property shape, and its constraints.

    :ivar messages: language tag (empty: none) and text of each ``sh:message``
    :ivar properties: its property shapes (``sh:property``)
    """

    term: ShapeTerm
    path: Path | None = None
    severity: Severity = "violation"
    messages: tuple[tuple[str, str], ...] = ()
    deactivated: bool = False
    constraints: list[Constraint] = field(default_factory=list)
    properties: list[Shape] = field(default_factory=list)
    targets: Targets = field(default_factory=Targets)


class Fault(NamedTuple):
    """What breaks a constraint.

    :ivar value: the value node
    :ivar details: results of inner shapes that decided
    :ivar path: the path of the result, if it is not that of the shape
    :ivar messages: messages in the place of those of the shape
    """

    value: Node | None = None
    details: tuple[Found, ...] = ()
    path: str | None = None
    messages: tuple[tuple[str, str], ...] | None = None


class Found(NamedTuple):
    """A validation result (SHACL, section 3.6.2).

    Without *constraint*, it stands for a shape that leads back to itself and is not followed again.
    """

    shape: Shape
    constraint: Constraint | None
    focus: Node
    fault: Fault


class Validation(Protocol):
    """The validation that a constraint is evaluated in."""

    @property
    def graph(self) -> View:
        """The data graph."""

    @property
    def store(self) -> Store:
        """The data graph as a store for queries."""

    def conforms(self, shape: Shape, node: Node) -> bool:
        """Whether *node* conforms to *shape*."""

    def against(self, shape: Shape, node: Node) -> Sequence[Found]:
        """The results of *shape* for *node*; empty if it conforms."""


class Constraint(ABC):
    """A constraint of a shape.

    :ivar component: IRI of its constraint component
    :ivar parameters: IRI and value of each parameter; the members of a list one by one
    :ivar monotone: whether it can only become harder to meet when fewer nodes conform to inner shapes (``sh:not`` is
        not)
    """

    component: str
    parameters: tuple[tuple[str, Term], ...] = ()
    monotone = True

    @abstractmethod
    def faults(self, run: Validation, shape: Shape, focus: Node, values: Sequence[Node]) -> Sequence[Fault]:
        """What breaks the constraint among the *values* of *focus*.

        If *shape* has no path, the only value is *focus* itself.
        """

    def inner(self) -> Sequence[Shape]:
        """The shapes that it refers to."""
        return ()

    def predicates(self) -> Iterator[str]:
        """The properties that it reads beside the path of its shape."""
        return iter(())

    #: Whether it reads all properties of the focus node.
    everything = False


def circles_of(shapes: Iterable[Shape]) -> dict[Shape, frozenset[Shape]]:
    """The shapes that refer to themselves, directly or through others, each with all shapes on its circles."""
    reached: dict[Shape, set[Shape]] = {}
    for shape in shapes:
        found: dict[Shape, None] = {}
        todo = [shape]
        while todo:
            for inner in references_of(todo.pop()):
                if inner not in found:
                    found[inner] = None
                    todo.append(inner)
        reached[shape] = set(found)
    return {
        shape: frozenset(other for other in found if shape in reached[other])
        for shape, found in reached.items()
        if shape in found
    }


def references_of(shape: Shape) -> Iterator[Shape]:
    """The shapes that *shape* refers to directly."""
    yield from shape.properties
    for constraint in shape.constraints:
        yield from constraint.inner()


def text_of(literal: Literal) -> tuple[str, str]:
    """Language tag (empty: none) and text of *literal*."""
    return literal.language or "", literal.value
