"""The classes and properties of the publication that the service offers, found by identifier, key or name."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from pyoxigraph import Literal, NamedNode, Triple

from missiongraph.engine.protocol import Engine, rows
from missiongraph.graph.application_profile import Profile, PropertyProfile
from missiongraph.graph.statements_and_labels import Labels
from missiongraph.names.folding import words_of
from missiongraph.publication.settings import Settings, pick
from missiongraph.vocab import DESCRIPTION_PROPERTIES, OWL, RDF, SKOS, TERM_CLASSES, VOID

#: Begins the identifier of an inverse property, as in a SPARQL property path.
INVERSE = "^"

#: Where a word begins in a local name in camel case.
_CASE = re.compile("(?<=[a-z0-9])(?=[A-Z])")

#: How many things of a class are looked at to find its properties.
_SAMPLE = 1000


@dataclass(frozen=True, slots=True)
class Property:
    """A property, followed from subject to value or, if *inverse*, from value to subject."""

    iri: NamedNode
    inverse: bool = False

    @property
    def id(self) -> str:
        """Its identifier in the service."""
        return (INVERSE if self.inverse else "") + self.iri.value

    def pattern(self, subject: str, value: str) -> str:
        """A triple pattern (SPARQL) for *subject* and its *value*, which are variables or terms."""
        return f"{value} {self.iri} {subject}" if self.inverse else f"{subject} {self.iri} {value}"


@dataclass(frozen=True, slots=True)
class Term:
    """A class or property as the service offers it to readers of one language."""

    id: str
    name: str
    description: str = ""


class Terms:
    """The classes and properties of one publication, with their order and names."""

    def __init__(
        self, engine: Engine, settings: Settings, prefixes: dict[str, str], profile: Profile, void: Iterable[Triple]
    ) -> None:
        """:param void: the VoID description of the dataset, with its class and property partitions"""
        self._engine = engine
        self._settings = settings
        self._prefixes = prefixes
        self._profile = profile
        self._classes, self._properties = _partitions(void)

    @cached_property
    def classes(self) -> tuple[NamedNode, ...]:
        """The classes of things: those of the home page, then those with shapes, then others; larger ones first."""
        main = [NamedNode(iri) for iri in self._settings.home.classes]

        def order(kind: NamedNode) -> tuple[int, bool, int, str]:
            place = main.index(kind) if kind in main else len(main)
            return place, kind not in self._profile.classes, -self._classes[kind], kind.value

        return tuple(sorted((kind for kind in self._classes if kind not in TERM_CLASSES), key=order))

    @property
    def main(self) -> NamedNode:
        """The class for queries that ask for none: the first one; ``owl:Thing`` if there are no classes."""
        return self.classes[0] if self.classes else OWL.Thing

    def in_order(self, types: Iterable[str]) -> list[str]:
        """*types* in the order of :attr:`classes`, without those that have a subclass among them.

        The classes that the settings name stay, subclass or not.
        """
        all_types = set(types)
        refined = {kind for kind in all_types if not all_types.isdisjoint(self.narrower(kind)[1:])}
        refined -= set(self._settings.home.classes)
        return sorted(all_types - refined, key=lambda iri: (self._rank.get(iri, len(self._rank)), iri))

    @cached_property
    def _rank(self) -> dict[str, int]:
        return {kind.value: number for number, kind in enumerate(self.classes)}

    def is_main(self, types: Iterable[str]) -> bool:
        """Whether a thing of *types* is an instance of the main class."""
        return not self.classes or not self._main_classes.isdisjoint(types)

    @cached_property
    def _main_classes(self) -> frozenset[str]:
        return frozenset(self.narrower(self.main.value))

    def narrower(self, kind: str) -> tuple[str, ...]:
        """*kind* and its subclasses."""
        above = NamedNode(kind)
        return (kind, *(one.value for one, broader in self._profile.superclasses.items() if above in broader))

    def class_of(self, reference: str) -> str | None:
        """The IRI of the class that *reference* (an IRI, a prefixed name or a name) means."""
        return self._iri(reference) or next((k.value for k in self.classes if self._is_called(k, reference)), None)

    def property_of(self, reference: str) -> Property | None:
        """The property that *reference* (an IRI, a prefixed name, a ``skos:notation`` or a name) means."""
        inverse = reference.startswith(INVERSE)
        iri = self._iri(reference.removeprefix(INVERSE))
        if iri is not None:
            return Property(NamedNode(iri), inverse)
        return self._by_name.get(words_of(reference))

    @cached_property
    def _by_name(self) -> dict[tuple[str, ...], Property]:
        properties: dict[tuple[str, ...], Property] = {}
        for prop in self.properties:
            for name in (*self._names(prop), *self._keys(prop.iri)):
                properties.setdefault(words_of(name), prop)
        return properties

    def _iri(self, reference: str) -> str | None:
        prefix, colon, local = reference.partition(":")
        if colon and prefix in self._prefixes:
            reference = self._prefixes[prefix] + local
        try:
            return NamedNode(reference).value
        except ValueError:
            return None

    @cached_property
    def properties(self) -> tuple[Property, ...]:
        """The properties in use and the inverse ones of shapes: first those with shapes, in the order of these."""
        known = dict.fromkeys(
            Property(one.path, one.inverse)
            for kind in self.classes
            for one in self._profile.classes.get(kind, ())
            if one.inverse or one.path in self._properties
        )
        rest = sorted(self._properties.keys() - {RDF.type}, key=lambda p: (-self._properties[p], p.value))
        return tuple(dict.fromkeys((*known, *map(Property, rest))))

    def properties_of(self, kind: str) -> tuple[Property, ...]:
        """The properties of things of the class *kind*: those of its shapes, then others that a sample of them has."""
        profiled = [Property(one.path, one.inverse) for one in self._profile.of([NamedNode(kind)])]
        some = f"SELECT ?s WHERE {{ ?s a {NamedNode(kind)} }} LIMIT {_SAMPLE}"
        text = f"SELECT DISTINCT ?p WHERE {{ {{ {some} }} ?s ?p ?o }}"
        used = sorted({row["p"] for row in rows(self._engine, text) if isinstance(row["p"], NamedNode)}, key=str)
        used = [predicate for predicate in used if predicate != RDF.type]
        return tuple(dict.fromkeys((*(p for p in profiled if p.inverse or p.iri in used), *map(Property, used))))

    def property_term(self, prop: Property, language: str) -> Term:
        """*prop* as the service offers it to a reader of *language*."""
        shapes = self._shapes.get(prop, [])
        name = next((pick(shape.names, (language,)) for shape in shapes if shape.names), "")
        described = next((pick(shape.descriptions, (language,)) for shape in shapes if shape.descriptions), "")
        return Term(
            prop.id, name or self._label(prop.iri, language), described or self._description(prop.iri, language)
        )

    @cached_property
    def _shapes(self) -> dict[Property, list[PropertyProfile]]:
        """The property shapes of each property: those of the main class first, qualified ones last."""
        shapes_of: dict[Property, list[PropertyProfile]] = defaultdict(list)
        for kind in self.classes:
            for shape in self._profile.classes.get(kind, ()):
                shapes_of[Property(shape.path, shape.inverse)].append(shape)
        return {prop: sorted(shapes, key=lambda shape: shape.partial) for prop, shapes in shapes_of.items()}

    def class_term(self, iri: str, language: str) -> Term:
        """The class *iri* as the service offers it to a reader of *language*."""
        kind = NamedNode(iri)
        name = pick(self._profile.class_names.get(kind, {}), (language,)) or self._label(kind, language)
        return Term(iri, name, self._description(kind, language))

    def _label(self, iri: NamedNode, language: str) -> str:
        found = self._labels.of(iri, language)
        local = iri.value.rstrip("/#").rpartition("#")[2].rpartition("/")[2] or iri.value
        words = _CASE.sub(" ", local)
        return found[0] if found else local if words == local else local[:1] + words[1:].lower()

    def _description(self, iri: NamedNode, language: str) -> str:
        found = self._descriptions.of(iri, language)
        return found[0] if found else ""

    @cached_property
    def _labels(self) -> Labels:
        return Labels(self._engine, (*self._classes, *self._properties))

    @cached_property
    def _descriptions(self) -> Labels:
        return Labels(self._engine, (*self._classes, *self._properties), DESCRIPTION_PROPERTIES)

    def _names(self, prop: Property) -> list[str]:
        names = [text for shape in self._shapes.get(prop, ()) for text in shape.names.values()]
        return names if prop.inverse else [*names, *self._texts[prop.iri], self._label(prop.iri, "")]

    def _is_called(self, kind: NamedNode, reference: str) -> bool:
        names = (*self._profile.class_names.get(kind, {}).values(), *self._texts[kind], self._label(kind, ""))
        return words_of(reference) in map(words_of, names)

    @cached_property
    def _texts(self) -> dict[NamedNode, list[str]]:
        """The labels of each term, in all languages."""
        texts: dict[NamedNode, list[str]] = defaultdict(list)
        for triple in self._labels.triples:
            if isinstance(triple.subject, NamedNode) and isinstance(triple.object, Literal):
                texts[triple.subject].append(triple.object.value)
        return texts

    def _keys(self, iri: NamedNode) -> Sequence[str]:
        return self._notations.get(iri, ())

    @cached_property
    def _notations(self) -> dict[NamedNode, list[str]]:
        notations: dict[NamedNode, list[str]] = defaultdict(list)
        for triple in Labels(self._engine, self._properties, (SKOS.notation,)).triples:
            if isinstance(triple.subject, NamedNode) and isinstance(triple.object, Literal):
                notations[triple.subject].append(triple.object.value)
        return notations


def _partitions(void: Iterable[Triple]) -> tuple[dict[NamedNode, int], dict[NamedNode, int]]:
    """How many things each class has, and how many statements each property (VoID, section 4.4)."""
    partitions: dict[NamedNode, dict[object, NamedNode]] = {VOID["class"]: {}, VOID.property: {}}
    counts: dict[tuple[object, NamedNode], int] = {}
    for triple in void:
        if triple.predicate in partitions and isinstance(triple.object, NamedNode):
            partitions[triple.predicate][triple.subject] = triple.object
        elif triple.predicate in (VOID.entities, VOID.triples) and isinstance(triple.object, Literal):
            counts[triple.subject, triple.predicate] = int(triple.object.value)
    classes = {kind: counts.get((node, VOID.entities), 0) for node, kind in partitions[VOID["class"]].items()}
    properties = {kind: counts.get((node, VOID.triples), 0) for node, kind in partitions[VOID.property].items()}
    return classes, properties
