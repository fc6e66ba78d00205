"""A site: an opened build and everything that rendering its pages needs. Nothing in it depends on a request."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import quote

from pyoxigraph import Literal, NamedNode

from missiongraph.build import Build
from missiongraph.engine import Engine
from missiongraph.engine.protocol import Term, rows
from missiongraph.evidence.claims import Source
from missiongraph.graph.application_profile import Profile, read_profile
from missiongraph.graph.describe import Labels
from missiongraph.graph.links_elsewhere import Coreference
from missiongraph.graph.quality import Quality
from missiongraph.names.context import Contexts
from missiongraph.names.finder import Finder
from missiongraph.publication.addresses import by_iri, page_of
from missiongraph.publication.settings import Settings, pick
from missiongraph.reconciliation.service import Service as Reconciliation
from missiongraph.reconciliation.terms import Terms
from missiongraph.sparql.service_description import Measured
from missiongraph.vocab import VOID
from missiongraph.web.context.evaluation import Evaluation
from missiongraph.web.context.overview import Overview
from missiongraph.web.context.rate_limit import RateLimit
from missiongraph.web.rendering.environment import Renderer
from missiongraph.web.rendering.view_models import Section, SharedLayout

#: Sources that are kept in memory.
_MOST_SOURCES = 1000

#: Things whose names are kept for pages to come.
_MOST_LABELS = 20_000

#: Lists of things that are kept, each of which may be long.
_MOST_LISTS = 24

_FRAGMENT_SAFE = "%/?:@!$&'()*+,;=~-._"


@dataclass(frozen=True)
class Site:
    """One publication as it is served.

    :ivar static: whether it is served as files, where no service answers
    """

    build: Build
    static: bool = False

    @property
    def settings(self) -> Settings:
        """The publication's settings."""
        return self.build.settings

    @property
    def engine(self) -> Engine:
        """Answers the queries of pages, which are ours and bounded."""
        return self.build.engine

    @property
    def languages(self) -> tuple[str, ...]:
        """Languages of the pages, the default first."""
        return self.build.languages

    @property
    def base(self) -> str:
        """The base of the publication's IRIs."""
        return self.settings.base

    @property
    def root(self) -> str:
        """Where the site says that it is: its public URL, else the base."""
        return self.settings.public_url or self.base

    @cached_property
    def evaluation(self) -> Evaluation:
        """Answers the queries of others, where they can be ended."""
        return Evaluation(self.build)

    @cached_property
    def rate_limit(self) -> RateLimit:
        """Bounds what one client may ask."""
        return RateLimit(self.settings.limits)

    @cached_property
    def measured(self) -> Measured:
        """What the service description says of the engine."""
        return Measured.of(self.engine)

    @cached_property
    def renderer(self) -> Renderer:
        """Writes pages."""
        return Renderer()

    @cached_property
    def profile(self) -> Profile:
        """The shapes as application profile."""
        return read_profile(self.build.statements("shapes"), self.engine)

    @cached_property
    def quality(self) -> Quality:
        """What is measured of the dataset."""
        return Quality(self.engine, self.base)

    @cached_property
    def overview(self) -> Overview:
        """What there is, for a home page."""
        return Overview(self.engine, self.settings.home.classes, self.base)

    @cached_property
    def coreference(self) -> Coreference:
        """What is known elsewhere under other names."""
        return Coreference(self.engine, self.settings)

    @cached_property
    def finder(self) -> Finder:
        """Finds resources by what they are called."""
        return Finder(self.build.names, Contexts(self.engine, self.profile.class_names))

    @cached_property
    def reconciliation(self) -> Reconciliation:
        """Matches the records of others."""
        build = self.build
        terms = Terms(self.engine, self.settings, build.prefixes, self.profile, build.statements("void"))
        return Reconciliation(self.engine, build.names, self.finder, terms, self.base)

    @cached_property
    def source_count(self) -> int:
        """How many sources the graphs of the publication are taken from."""
        text = """PREFIX prov: <http://www.w3.org/ns/prov#> PREFIX dcterms: <http://purl.org/dc/terms/>
            PREFIX mg: <https://w3id.org/missiongraph/ontology#>
            SELECT DISTINCT ?source WHERE { { ?g a mg:EvidenceGraph ; prov:wasDerivedFrom/prov:wasQuotedFrom ?source }
            UNION { ?g a mg:ReferenceGraph ; dcterms:source ?source } }"""
        return sum(1 for _ in rows(self.engine, text))

    @cached_property
    def used_terms(self) -> tuple[NamedNode, ...]:
        """Classes and properties that the graph uses, those used most first, as VoID counts them."""
        counts: dict[Term, int] = {}
        terms: dict[Term, NamedNode] = {}
        for triple in self.build.statements("void"):
            value = triple.object
            if triple.predicate in (VOID["class"], VOID.property) and isinstance(value, NamedNode):
                terms[triple.subject] = value
            elif triple.predicate in (VOID.entities, VOID.triples) and isinstance(value, Literal):
                counts[triple.subject] = int(value.value)
        return tuple(terms[node] for node in sorted(terms, key=lambda node: (-counts.get(node, 0), terms[node].value)))

    @cached_property
    def vocabulary(self) -> Labels:
        """Names of the terms that statements are made of: nearly every page has most of them."""
        home = (NamedNode(iri) for iri in self.settings.home.classes)
        return Labels(self.engine, (*self.used_terms, *home))

    @cached_property
    def catalogue(self) -> Mapping[str, Mapping[NamedNode, Sequence[Term]]]:
        """What the catalogue says, by thing and property."""
        things: dict[str, dict[NamedNode, list[Term]]] = {}
        for triple in self.build.statements("catalog"):
            if isinstance(triple.subject, NamedNode):
                things.setdefault(triple.subject.value, {}).setdefault(triple.predicate, []).append(triple.object)
        return things

    @cached_property
    def editor_data(self) -> dict[str, str]:
        """What the query editor works with, by language; each made when it is first wanted."""
        return {}

    @cached_property
    def sparql_pages(self) -> dict[tuple[str, bool], str]:
        """The query page as it opens, by language, and by whether links keep it; made when first wanted."""
        return {}

    @cached_property
    def view_rows(self) -> dict[str, tuple[tuple[str, ...], list[tuple[Term | None, ...]]]]:
        """Variables and rows of views, by the path of their query; each asked for when it is first wanted."""
        return {}

    @cached_property
    def view_parts(self) -> dict[tuple[str, str], dict[Term | None, list[tuple[Term | None, ...]]]]:
        """The rows of a view by the value of a variable, for each pair of them; likewise."""
        return {}

    @property
    def sources(self) -> dict[NamedNode, Source]:
        """The sources that pages have named of late."""
        if len(self._sources) > _MOST_SOURCES:
            self.__dict__["_sources"] = {}  # a page that is being written keeps what it has
        return self._sources

    @property
    def lists(self) -> dict[tuple[Any, str], Any]:
        """The lists that were asked for of late, in the order of a language."""
        if len(self._lists) > _MOST_LISTS:
            self.__dict__["_lists"] = {}
        return self._lists

    @cached_property
    def _lists(self) -> dict[tuple[Any, str], Any]:
        return {}

    @property
    def labels(self) -> Labels:
        """The names of things that pages have named of late."""
        if len(self._labels.resources) > _MOST_LABELS:
            self.__dict__["_labels"] = Labels(self.engine, ())  # a page that is being written keeps what it has
        return self._labels

    @cached_property
    def _labels(self) -> Labels:
        return Labels(self.engine, ())

    @cached_property
    def _sources(self) -> dict[NamedNode, Source]:
        return {}

    @cached_property
    def shared_layouts(self) -> dict[tuple[str, bool], SharedLayout]:
        """What stands around every page, by language, and by whether links keep it; made when first wanted."""
        return {}

    @property
    def long_documents(self) -> dict[tuple[str, str, bool], tuple[Section, ...]]:
        """The sections of documents of several pages, as a reader has them, whose pages were asked for of late."""
        if len(self._long_documents) > _MOST_LISTS:
            self.__dict__["_long_documents"] = {}
        return self._long_documents

    @cached_property
    def _long_documents(self) -> dict[tuple[str, str, bool], tuple[Section, ...]]:
        return {}

    @cached_property
    def page_ends(self) -> dict[str, tuple[int, ...]]:
        """Where the pages of long documents end, by the address of the first; each found out when it is first asked."""
        return {}

    @cached_property
    def sitemap_parts(self) -> list[tuple[int, int]]:
        """Where each part of the sitemap begins; found when it is first wanted."""
        return []

    @cached_property
    def tried(self) -> set[str]:
        """Families that were seen to be written in all of their forms."""
        return set()

    def title(self, language: str) -> str:
        """The publication's title in *language*."""
        return pick(self.settings.title, (language,))

    def address_of(self, iri: NamedNode | str) -> str | None:
        """The address below the root where this site speaks of *iri*; ``None``: it does not."""
        value = iri if isinstance(iri, str) else iri.value
        found = self.build.index.find(value)
        if found is None:
            return None
        fragment = value.partition("#")[2]
        anchor = f"#{quote(fragment, safe=_FRAGMENT_SAFE)}" if fragment else ""
        if found.path is None:
            return by_iri(found.document) + anchor
        return page_of(found.path) + anchor
