"""Which nodes of a JSON-LD document stand within which."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeAlias

from pyoxigraph import BlankNode, Literal

from missiongraph.vocab import RDF

#: Values by property, of each subject.
Subjects: TypeAlias = Mapping[str, Mapping[str, Sequence[Any]]]

# Parts within parts; further ones stand beside the whole, so that a long list cannot exhaust the stack.
_DEEPEST = 20


def identifier(term: Any) -> str:
    """What names *term* under ``@id``."""
    return str(term) if isinstance(term, BlankNode) else str(term.value)


class Nesting:
    """A part stands within what names it: it is named once, and has no name of its own or one in the other's document.

    :ivar subjects: what is written of each node
    :ivar parts: nodes that only stand within another
    :ivar written: nodes that have been written, so that none is written twice
    """

    #: Whether values of one property are told alike: as objects, where one of them is an object.
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
        """Whether *part* is written in the place where *whole* names it, which is so deep itself."""
        return part in self.parts and part not in self.written and depth < _DEEPEST


class Frame(Nesting):
    """Everything stands within one thing, as far as that leads to it.

    What the thing itself names stands wherever it names it; anything else once, where something names it first.
    """

    alike = True

    def __init__(self, subjects: Subjects, about: str, naming: set[str]) -> None:
        """:param about: the thing

        :param naming: what names it, which stands in the thing as well
        """
        super().__init__(subjects)
        self.about = about
        own = subjects.get(about, {})
        self._near = {about, *naming, *_named({p: values for p, values in own.items() if p != RDF.type.value})}

    def within(self, part: str, whole: str, depth: int) -> bool:
        """As of any nesting."""
        if part not in self.subjects or part == self.about:
            return False
        return whole == self.about or (part not in self._near | self.written and depth < _DEEPEST)


def _named(properties: Mapping[str, Sequence[Any]]) -> Iterator[str]:
    return (identifier(v) for values in properties.values() for v in values if not isinstance(v, Literal))


def _is_part(part: str, by: list[str]) -> bool:
    document, hash_sign, _ = part.partition("#")
    return len(by) == 1 and (part.startswith("_:") or bool(hash_sign and by[0].partition("#")[0] == document))
