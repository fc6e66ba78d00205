"""Shapes as they are read from a shapes graph (SHACL, sections 2 and 4)."""

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
    """What a shape aims at (SHACL, section 2.1.3)."""

    nodes: list[Node] = field(default_factory=list)
    classes: list[str] = field(default_factory=list)
    subjects_of: list[str] = field(default_factory=list)
    objects_of: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.nodes or self.classes or self.subjects_of or self.objects_of)


@dataclass(eq=False)
class Shape:
    """A shape: its targets, and the constraints on what its path leads to.

    :ivar messages: language (empty: none) and text of each ``sh:message``
    :ivar properties: the shapes of ``sh:property``
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
    """What a constraint finds: the value, and what it adds to or says in the place of its shape."""

    value: Node | None = None
    details: tuple[Found, ...] = ()
    path: str | None = None
    messages: tuple[tuple[str, str], ...] | None = None


class Found(NamedTuple):
    """A validation result (SHACL, section 3.6.2); without constraint, the step back to a shape that is looked at."""

    shape: Shape
    constraint: Constraint | None
    focus: Node
    fault: Fault


class Validation(Protocol):
    """What constraints ask of the validation that they are a part of."""

    @property
    def graph(self) -> View:
        """The data graph."""

    @property
    def store(self) -> Store:
        """The data graph for queries."""

    def conforms(self, shape: Shape, node: Node) -> bool:
        """Whether *node* conforms to *shape*."""

    def against(self, shape: Shape, node: Node) -> Sequence[Found]:
        """The results of *shape* on *node*; none where it conforms."""


class Constraint(ABC):
    """A constraint of one component.

    :ivar component: IRI of the constraint component
    :ivar parameters: IRI and value of each parameter, members of lists one by one
    :ivar monotone: whether nodes that conform to fewer inner shapes never make the constraint true
    """

    component: str
    parameters: tuple[tuple[str, Term], ...] = ()
    monotone = True

    @abstractmethod
    def faults(self, run: Validation, shape: Shape, focus: Node, values: Sequence[Node]) -> Sequence[Fault]:
        """What is wrong with *values* of *focus*, which are *focus* itself where *shape* has no path."""

    def inner(self) -> Sequence[Shape]:
        """The shapes that it refers to."""
        return ()

    def predicates(self) -> Iterator[str]:
        """Properties that it looks at beside the path of its shape."""
        return iter(())

    #: Whether it looks at all properties.
    everything = False


def circles_of(shapes: Iterable[Shape]) -> dict[Shape, frozenset[Shape]]:
    """Shapes that refer to themselves in the end, each with those that lie on its circles."""
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
    """The shapes that *shape* refers to."""
    yield from shape.properties
    for constraint in shape.constraints:
        yield from constraint.inner()


def text_of(literal: Literal) -> tuple[str, str]:
    """Language and text of a message."""
    return literal.language or "", literal.value
