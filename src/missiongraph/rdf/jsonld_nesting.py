"""Decides which node objects of a JSON-LD document are nested in which."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeAlias

from pyoxigraph import BlankNode, Literal

from missiongraph.vocab import RDF

#: Values by property, of each subject.
Subjects: TypeAlias = Mapping[str, Mapping[str, Sequence[Any]]]

# The deepest nesting; deeper parts are not nested, so that a long list cannot exhaust the stack.
_DEEPEST = 20


def identifier(term: Any) -> str:
    """The value of ``@id`` for *term*: its IRI, or the label of a blank node with ``_:``."""
    return str(term) if isinstance(term, BlankNode) else str(term.value)


class Nesting:
    """Nests a node in the node that links to it, if it is a part of that.

    A part has one node that links to it. It is a blank node, or its IRI is that node's document with a fragment.

    :ivar subjects: the properties and values of each node
    :ivar parts: the nodes that are parts
    :ivar written: the nodes written so far, so that none is written twice
    """

    #: Whether all values of a property are written as objects if one of them is.
    alike = False

    def __init__(self, subjects: Subjects, written: set[str] | None = None) -> None:
        self.subjects = subjects
        self.written = set() if written is None else written
        named: dict[str, list[str]] = defaultdict(list)
        for subject, properties in subjects.items():
            for value in _named(properties):
                named[value].append(subject)
        self.parts = {part for part, by in named.items() if part in subjects and part not in by and _is_part(part, by)}

    def within(self, part: str, whole: str, depth: int) -> bool:
        """Whether *part* is nested in *whole*, which is nested *depth* levels deep itself."""
        return part in self.parts and part not in self.written and depth < _DEEPEST


class Frame(Nesting):
    """Nests in one thing all nodes to which it leads.

    A node to which the thing itself links is nested at each such link. Any other node is nested once, at the first link
    to it.
    """

    alike = True

    def __init__(self, subjects: Subjects, about: str, naming: set[str]) -> None:
        """:param about: the IRI of the thing

        :param naming: the nodes that link to it, which are nested in it too
        """
        super().__init__(subjects)
        self.about = about
        own = subjects.get(about, {})
        self._near = {about, *naming, *_named({p: values for p, values in own.items() if p != RDF.type.value})}

    def within(self, part: str, whole: str, depth: int) -> bool:
        """Whether *part* is nested in *whole*; see :meth:`Nesting.within`."""
        if part not in self.subjects or part == self.about:
            return False
        return whole == self.about or (part not in self._near | self.written and depth < _DEEPEST)


def _named(properties: Mapping[str, Sequence[Any]]) -> Iterator[str]:
    return (identifier(v) for values in properties.values() for v in values if not isinstance(v, Literal))


def _is_part(part: str, by: list[str]) -> bool:
    document, hash_sign, _ = part.partition("#")
    return len(by) == 1 and (part.startswith("_:") or bool(hash_sign and by[0].partition("#")[0] == document))
