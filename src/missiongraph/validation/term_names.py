"""Names of terms and shapes in reports, in one language, and what data and shapes state about a result."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from pyoxigraph import BlankNode, Literal, NamedNode

from missiongraph.errors import Place, UnreadableInput
from missiongraph.publication.dataset import Dataset
from missiongraph.translation import translate, translate_count
from missiongraph.validation.path_values import Values
from missiongraph.validation.report import Result, Term
from missiongraph.validation.shacl.paths import PredicatePath, parse_path, shorten_path
from missiongraph.validation.shapes_in_words import Shape, Shapes, clause_of, shapes_in
from missiongraph.vocab import XSD

_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|^`\\]*\Z")
_LONGEST = 80
_BARE = {XSD.integer, XSD.decimal, XSD.double, XSD.boolean}


@dataclass
class TermNames:
    """Names of the terms of *dataset* in one language: prefixed names, paths under the base, or places in files.

    :ivar nodes: the nodes of the results of a report, whose values will be asked for
    """

    dataset: Dataset
    language: str = "en"
    nodes: Sequence[Term | None] = field(default=(), repr=False)

    @classmethod
    def of(cls, dataset: Dataset, results: Sequence[Result], language: str = "en") -> TermNames:
        """The names for a report of *results*."""
        return cls(dataset, language, [node for one in _with_details(results) for node in (one.focus, one.value)])

    def in_language(self, language: str) -> TermNames:
        """The same in another language, without looking anything up again."""
        other = TermNames(self.dataset, language, self.nodes)
        for name in ("values", "shapes", "_shapes_at"):
            other.__dict__[name] = getattr(self, name)
        return other

    def say(self, message: str, **variables: object) -> str:
        """An English sentence in the language."""
        return translate(self.language, message, **variables)

    def count(self, one: str, many: str, number: int, **variables: object) -> str:
        """An English sentence with a number in the language."""
        return translate_count(self.language, one, many, number, **variables)

    def name_of(self, term: Term) -> str:
        """The name of *term*: a prefixed name, a path under the base, a quoted literal, the place of a blank node."""
        if isinstance(term, NamedNode):
            short = short_iri(term, self.dataset.prefixes)
            base = self.dataset.publication.settings.base
            return short.removeprefix(base) or short if short == term.value else short
        if isinstance(term, Literal):
            return self._literal(term)
        if isinstance(term, BlankNode):
            place = self.dataset.places.term(term)
            return self.say("the node at %(place)s", place=place) if place else self.say("a node without a name")
        return str(term)

    def class_name(self, kind: NamedNode) -> str:
        """The prefixed name of a class."""
        return self.name_of(kind)

    def _literal(self, literal: Literal) -> str:
        text = literal.value if len(literal.value) <= _LONGEST else f"{literal.value[: _LONGEST - 1]}…"
        text = text.replace("\n", "\\n").replace("\r", "\\r")
        if literal.datatype in _BARE:
            return text
        quoted = f"«{text}»" if self.language.startswith("it") else f"“{text}”"
        if literal.language:
            return f"{quoted}@{literal.language}"
        return quoted if literal.datatype == XSD.string else f"{quoted} ({self.name_of(literal.datatype)})"

    def path(self, result: Result) -> str:
        """The path of *result* with prefixed names."""
        return shorten_path(result.path or "", lambda iri: self.name_of(NamedNode(iri)))

    def shape(self, result: Result) -> str:
        """The name of the shape, rule or check of *result*; for a shape without IRI, its place and path."""
        if result.component is None or result.shape_place is None or not _is_place(result):
            return self.name_of(NamedNode(result.source)) if _IRI.match(result.source) else result.source
        place = f"{result.shape_place.file}:{result.shape_place.line}" if result.shape_place.line else ""
        place = place or str(result.shape_place)
        if result.path:
            return self.say("shape at %(place)s, on %(path)s", place=place, path=self.path(result))
        return self.say("shape at %(place)s", place=place)

    @cached_property
    def values(self) -> Values:
        """The values of the nodes in the data."""
        return Values(self.dataset, self.nodes)

    def found(self, result: Result) -> list[Term]:
        """The values that the path of *result* has; without path, the focus node."""
        path = parse_path(result.path or "")
        if path is None or result.focus is None:
            return [] if result.focus is None else [result.focus]
        return self.values.of(result.focus, path, result.graph)

    def found_of(self, result: Result, other: Term) -> list[Term]:
        """The values of the property *other* of the focus node."""
        if result.focus is None or not isinstance(other, NamedNode):
            return []
        return self.values.of(result.focus, PredicatePath(other.value), result.graph)

    @cached_property
    def shapes(self) -> Shapes:
        """The statements about shapes, by shape and property."""
        try:
            return shapes_in(quad.triple for file in self.dataset.shapes for quad in file.quads)
        except UnreadableInput:
            return {}

    def shape_of(self, result: Result) -> Shape:
        """The statements about the shape of *result*."""
        term = self.shape_term(result.source)
        return self.shapes.get(term, {}) if term is not None else {}

    def shape_term(self, source: str) -> Term | None:
        """The shape that results call *source*: by its IRI, or by its place."""
        if _IRI.match(source):
            return NamedNode(source) if NamedNode(source) in self.shapes else None
        return self._shapes_at.get(source)

    @cached_property
    def _shapes_at(self) -> dict[str, Term]:
        nodes = {shape for shape, stated in self.shapes.items() if isinstance(shape, BlankNode) and stated}
        return {str(place): node for node in nodes if (place := self.dataset.shape_places.term(node))}

    def inner(self, shape: Term) -> str:
        """An inner shape: its IRI, else its constraints in words, else its place."""
        if isinstance(shape, NamedNode):
            return self.name_of(shape)
        place: Place | None = self.dataset.shape_places.term(shape)
        return clause_of(self, self.shapes.get(shape, {}), self.shapes) or (str(place) if place else "…")


def _is_place(result: Result) -> bool:
    return result.shape_place is not None and result.source == str(result.shape_place)


def _with_details(results: Sequence[Result]) -> Iterator[Result]:
    for result in results:
        yield result
        yield from _with_details(result.details)


def short_iri(iri: NamedNode, prefixes: dict[str, str]) -> str:
    """The prefixed name of *iri*, if a prefix leaves a plain local name; else the whole IRI.

    >>> short_iri(NamedNode("https://example.org/a-b"), {"ex": "https://example.org/"})
    'ex:a-b'
    """
    for prefix, namespace in prefixes.items():
        local = iri.value.removeprefix(namespace)
        if local != iri.value and local.replace("-", "").replace("_", "").isalnum():
            return f"{prefix}:{local}"
    return iri.value
