"""Makes the answers of the reconciliation service: manifest, candidates, suggestions, previews, data extension."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from pyoxigraph import NamedNode

from missiongraph.engine.protocol import Engine
from missiongraph.graph.statements_and_labels import Labels
from missiongraph.names.finder import Finder
from missiongraph.names.folding import words_of
from missiongraph.names.index import NameIndex, Role
from missiongraph.reconciliation.extend import Extender
from missiongraph.reconciliation.match import Candidate, Matcher
from missiongraph.reconciliation.queries import MOST_QUERIES, Extension, Query
from missiongraph.reconciliation.terms import Term, Terms
from missiongraph.vocab import DESCRIPTION_PROPERTIES

V0, V1 = "0.2", "1.0-draft"
VERSIONS = (V0, V1)

#: Size of a preview, in pixels.
WIDTH, HEIGHT = 420, 160

#: The most suggestions; a client may skip some of them (``cursor``).
MOST_SUGGESTED = 100

#: The least likeness of a suggested name to what somebody has typed.
_ALIKE = 0.5

Json = dict[str, Any]


@dataclass(frozen=True)
class Described:
    """What a preview or flyout shows of a thing, class or property; *kinds* are the names of its classes."""

    id: str
    name: str
    description: str = ""
    kinds: tuple[str, ...] = ()


class Service:
    """Reconciliation over one publication; safe to share between threads."""

    def __init__(self, engine: Engine, index: NameIndex, finder: Finder, terms: Terms, base: str) -> None:
        """:param base: the base of identifiers (``identifierSpace``)"""
        self.terms = terms
        self._engine = engine
        self._index = index
        self._finder = finder
        self._base = base
        self._matcher = Matcher(engine, index, finder, terms, base)
        self._extender = Extender(engine, terms, base)

    def manifest(self, name: str, root: str, version: str, language: str) -> Json:
        """The manifest in the form of *version*.

        :param name: the name of the service
        :param root: the address of the site, with a slash at the end
        """
        main = self._class(self.terms.main.value, language)
        manifest: Json = {
            "versions": list(VERSIONS) if version == V0 else [V1],
            "name": name,
            "defaultTypes": [main],
            "view": {"url": f"{root}resource?iri=" + ("{{id}}" if version == V0 else "{id}")},
            "batchSize": MOST_QUERIES,
            "standardizedScore": True,
            "lang": language,
        }
        size = {"width": WIDTH, "height": HEIGHT}
        if version == V1:
            return manifest | {
                "preview": size,
                "suggest": {"entity": True, "property": True, "type": True},
                "extend": {"proposeProperties": True, "propertySettings": [_limit_setting("id", "name", "helpText")]},
            }
        return manifest | {
            "identifierSpace": self._base,
            "schemaSpace": self.terms.main.value,
            "preview": {"url": f"{root}reconcile/preview?id={{{{id}}}}", **size},
            "suggest": {kind: _suggest_metadata(root, kind) for kind in ("entity", "property", "type")},
            "extend": {
                "propose_properties": {
                    "service_url": root.rstrip("/"),
                    "service_path": "/reconcile/extend/propose",
                },
                "property_settings": [_limit_setting("name", "label", "help_text")],
            },
        }

    def match(self, queries: Sequence[Query], languages: Sequence[str]) -> list[list[Json]]:
        """The candidates of each query as JSON, with names in the first of *languages*."""
        answers = self._matcher.answer(queries, languages)
        things = [NamedNode(one.iri) for candidates in answers for one in candidates]
        labels = Labels(self._engine, things)
        descriptions = Labels(self._engine, things, DESCRIPTION_PROPERTIES)
        kinds = {kind for candidates in answers for one in candidates for kind in one.types}
        classes = {kind: self._class(kind, languages[0]) for kind in kinds}
        return [
            [self._candidate(one, labels, descriptions, classes, languages[0]) for one in candidates]
            for candidates in answers
        ]

    def _candidate(
        self, one: Candidate, labels: Labels, descriptions: Labels, classes: dict[str, Json], language: str
    ) -> Json:
        thing = NamedNode(one.iri)
        label, description = labels.of(thing, language), descriptions.of(thing, language)
        features = [{"id": "name", "name": "likeness of the name", "value": round(100 * one.name_score, 1)}]
        if one.conditions:
            share = round(100 * one.fulfilled, 1)
            features.append({"id": "properties", "name": "share of the properties that agree", "value": share})
        features.append({"id": "type", "name": "of the class asked for, or the main one", "value": one.fits})
        return {
            "id": one.iri,
            "name": label[0] if label else one.iri,
            **({"description": description[0]} if description else {}),
            "type": [classes[kind] for kind in self.terms.in_order(one.types)],
            "score": round(one.score, 2),
            "match": one.match,
            "features": features,
        }

    def _class(self, iri: str, language: str) -> Json:
        return {"id": iri, "name": self.terms.class_term(iri, language).name}

    def suggest(self, kind: str, prefix: str, language: str) -> list[Json]:
        """Suggests things, properties or classes whose names fit what somebody has typed.

        :param kind: ``entity``, ``property`` or ``type``
        """
        if kind == "entity":
            return self._entities(prefix, language)
        return [_offer(term) for term in _called(self._all(kind, language), prefix)]

    def _all(self, kind: str, language: str) -> list[Term]:
        if kind == "type":
            return [self.terms.class_term(one.value, language) for one in self.terms.classes]
        return [self.terms.property_term(one, language) for one in self.terms.properties]

    def _entities(self, prefix: str, language: str) -> list[Json]:
        words = words_of(prefix)
        begun = self._index.beginning(words, MOST_SUGGESTED, roles=(Role.THING,))
        begun.sort(key=lambda name: (not self.terms.is_main(name.types), len(name.text), name.iri))
        alike = self._finder.find([prefix], roles=(Role.THING,))[0]
        known = self._index.of(prefix)
        names = [*known, *begun, *(one.name for one in alike if one.likeness.score >= _ALIKE)]
        types = {name.iri: name.types for name in names}
        return [
            _offer(Term(one.id, one.name, one.description))
            | {"notable": [self._class(kind, language) for kind in self.terms.in_order(types[one.id])]}
            for one in self.described(list(types), language)
        ]

    def described(self, iris: Sequence[str], language: str) -> list[Described]:
        """The names, descriptions and classes of the things *iris*, for readers of *language*."""
        things = [NamedNode(iri) for iri in iris]
        labels = Labels(self._engine, things)
        descriptions = Labels(self._engine, things, DESCRIPTION_PROPERTIES)
        descriptions_of = []
        for thing in things:
            label, description = labels.of(thing, language), descriptions.of(thing, language)
            kinds = self.terms.in_order(self._index.types_of(thing.value))
            descriptions_of.append(
                Described(
                    thing.value,
                    label[0] if label else thing.value,
                    description[0] if description else "",
                    tuple(self.terms.class_term(kind, language).name for kind in kinds),
                )
            )
        return descriptions_of

    def describe(self, kind: str, reference: str, language: str) -> Described | None:
        """The thing, property or class with the identifier *reference*, as a flyout shows it; ``None`` if unknown.

        :param kind: ``entity``, ``property`` or ``type``
        """
        if kind == "entity":
            iri = next((i for i in (reference, self._base + reference) if self._index.of(i)), None)
            return self.described([iri], language)[0] if iri is not None else None
        term = next((one for one in self._all(kind, language) if one.id == reference), None)
        return Described(term.id, term.name, term.description) if term is not None else None

    def propose(self, kind: str, language: str, most: int) -> list[Json]:
        """At most *most* properties for the data extension of things of the class *kind*."""
        iri = self.terms.class_of(kind) if kind else self.terms.main.value
        properties = self.terms.properties_of(iri) if iri is not None else ()
        return [_offer(self.terms.property_term(one, language)) for one in properties[:most]]

    def extend(self, extension: Extension, language: str) -> tuple[list[Json], dict[str, dict[str, list[Json]]]]:
        """The columns (``meta``) and rows that answer the data extension query *extension*."""
        return list(self._extender.columns(extension, language)), self._extender.rows(extension, language)


def _suggest_metadata(root: str, kind: str) -> Json:
    return {
        "service_url": root.rstrip("/"),
        "service_path": f"/reconcile/suggest/{kind}",
        "flyout_service_path": f"/reconcile/flyout/{kind}?id=${{id}}",
    }


def _limit_setting(key: str, name: str, help_text: str) -> Json:
    return {
        "type": "number",
        "default": 0,
        key: "limit",
        name: "Limit",
        help_text: "How many values of each thing to fetch at most; 0 for all",
    }


def _offer(term: Term) -> Json:
    return {"id": term.id, "name": term.name, **({"description": term.description} if term.description else {})}


def _called(terms: Iterable[Term], prefix: str) -> list[Term]:
    """The *terms* in whose names each word of *prefix* begins a word; first those whose names begin with these."""
    wanted = words_of(prefix)

    def fits(term: Term) -> bool:
        own = words_of(term.name)
        return term.id == prefix or all(any(word.startswith(part) for word in own) for part in wanted)

    def begins(term: Term) -> bool:
        return words_of(term.name)[: len(wanted)] != wanted

    return sorted(filter(fits, terms), key=begins)
