"""A thing of a publication: its names, classes, facts, and what names it."""

from __future__ import annotations

from functools import cached_property
from html import escape

from pyoxigraph import NamedNode

from missiongraph.api.facts import Fact, facts_naming, facts_of
from missiongraph.api.graphs import Graph
from missiongraph.api.values import IRI, Value
from missiongraph.graph.statements_and_labels import Labels, properties_of
from missiongraph.vocab import DESCRIPTION_PROPERTIES, RDF

#: The most facts of one property that a thing lists, unless told otherwise.
_MOST = 500


class Thing:
    """A thing of a publication, by its IRI. What it says is read when it is asked for.

    :ivar iri: its IRI
    """

    def __init__(self, graph: Graph, iri: IRI) -> None:
        """Use ``publication[…]``, which checks that the thing is there."""
        self.iri = iri
        self._graph = graph
        self._node = NamedNode(iri)

    def __repr__(self) -> str:
        return f"<Thing {self.iri}>"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Thing) and self.iri == other.iri

    def __hash__(self) -> int:
        return hash(self.iri)

    @cached_property
    def _labels(self) -> Labels:
        return Labels(self._graph.engine, [self._node])

    @cached_property
    def _descriptions(self) -> Labels:
        return Labels(self._graph.engine, [self._node], DESCRIPTION_PROPERTIES)

    def label(self, language: str | None = None) -> str:
        """Its name in *language* (by default the publication's first), else in another one, else its IRI."""
        found = self._labels.of(self._node, language or self._graph.languages[0])
        return found[0] if found else str(self.iri)

    def description(self, language: str | None = None) -> str | None:
        """A sentence about it; ``None`` if the publication has none."""
        found = self._descriptions.of(self._node, language or self._graph.languages[0])
        return found[0] if found else None

    @cached_property
    def types(self) -> tuple[IRI, ...]:
        """The IRIs of its classes, in order."""
        found = properties_of(self._graph.engine, [self._node])[self._node].get(RDF.type, ())
        return tuple(sorted(IRI(one.value) for one in found if isinstance(one, NamedNode)))

    def facts(self, property: str | None = None, *, language: str | None = None, most: int = _MOST) -> tuple[Fact, ...]:
        """What the publication states of it, with evidence, sorted by property and value.

        Facts that do not count (``accepted`` is false) are among them.

        :param property: only those of this property: an IRI or a prefixed name such as ``mg:labelledOn``
        :param language: the language of names
        :param most: the most facts of one property
        """
        found = facts_of(self._graph, self._node, language or self._graph.languages[0], most)
        wanted = expanded(self._graph, property) if property is not None else None
        return tuple(fact for fact in found if wanted is None or fact.property == wanted)

    def named_by(self, *, language: str | None = None, most: int = 50) -> tuple[Fact, ...]:
        """The facts of other things with this one as their value: at most *most* of each property."""
        return facts_naming(self._graph, self._node, language or self._graph.languages[0], most)

    def values(self, property: str) -> list[Value]:
        """The accepted values of *property*, an IRI or a prefixed name."""
        return [fact.value for fact in self.facts(property) if fact.accepted]

    def _repr_html_(self) -> str:
        """Name, IRI and description, which notebooks show."""
        about = escape(self.description() or "")
        return f'<p><a href="{escape(self.iri)}"><b>{escape(self.label())}</b></a> {about}</p>'


def expanded(graph: Graph, name: str) -> IRI:
    """The IRI that *name* means: a prefixed name, an IRI, or a path under the base."""
    prefix, colon, local = name.partition(":")
    if colon and not local.startswith("//") and prefix in graph.prefixes:
        return IRI(graph.prefixes[prefix] + local)
    return IRI(name if "://" in name or name.startswith("urn:") else graph.base + name.lstrip("/"))
