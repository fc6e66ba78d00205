"""The site: an opened build and everything that is made of it once to render pages. It depends on no request."""

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
from missiongraph.evidence.claim_graphs import Source
from missiongraph.graph.application_profile import Profile, read_profile
from missiongraph.graph.links_elsewhere import Coreference
from missiongraph.graph.quality import Quality
from missiongraph.graph.statements_and_labels import Labels
from missiongraph.names.finder import Finder
from missiongraph.names.words_beside_names import Contexts
from missiongraph.publication.addresses import by_iri, page_of
from missiongraph.publication.settings import Settings, pick
from missiongraph.reconciliation.service import Service as Reconciliation
from missiongraph.reconciliation.terms import Terms
from missiongraph.sparql.service_description import Measured
from missiongraph.vocab import VOID
from missiongraph.web.context.default_home import Overview
from missiongraph.web.context.network_budgets import Budget
from missiongraph.web.context.synchronous_evaluation import Evaluation
from missiongraph.web.rendering.environment import Renderer
from missiongraph.web.rendering.view_models import Section, SharedLayout

#: Most sources kept in memory.
_MOST_SOURCES = 1000

#: Most things whose labels are kept in memory.
_MOST_LABELS = 20_000

#: Most lists kept in memory, each of which may be long.
_MOST_LISTS = 24

_FRAGMENT_SAFE = "%/?:@!$&'()*+,;=~-._"


@dataclass(frozen=True)
class Site:
    """One publication as it is served or exported.

    :ivar static: whether the site is exported as files, where no service can answer
    """

    build: Build
    static: bool = False

    @property
    def settings(self) -> Settings:
        """The publication's settings."""
        return self.build.settings

    @property
    def engine(self) -> Engine:
        """The engine that answers the queries of pages, which are ours and bounded."""
        return self.build.engine

    @property
    def languages(self) -> tuple[str, ...]:
        """The language tags of the pages, the default first."""
        return self.build.languages

    @property
    def base(self) -> str:
        """The base of the publication's IRIs."""
        return self.settings.base

    @property
    def root(self) -> str:
        """The URL of the home page: the public URL of the settings, else the base."""
        return self.settings.public_url or self.base

    @cached_property
    def evaluation(self) -> Evaluation:
        """Evaluates the queries of clients, in processes that can be ended."""
        return Evaluation(self.build)

    @cached_property
    def budget(self) -> Budget:
        """What each network has used of its processor time. A server hands it on from build to build."""
        return Budget(self.settings.limits)

    @cached_property
    def measured(self) -> Measured:
        """The features of the engine that the service description names."""
        return Measured.of(self.engine)

    @cached_property
    def renderer(self) -> Renderer:
        """Renders the templates."""
        return Renderer(draft=self.build.id if self.build.is_draft else None, static=self.static)

    @cached_property
    def profile(self) -> Profile:
        """The publication's shapes, read as an application profile."""
        return read_profile(self.build.statements("shapes"), self.engine)

    @cached_property
    def quality(self) -> Quality:
        """The quality measures of the dataset."""
        return Quality(self.engine, self.base)

    @cached_property
    def overview(self) -> Overview:
        """The queries behind the home page."""
        return Overview(self.engine, self.settings.home.classes, self.base)

    @cached_property
    def coreference(self) -> Coreference:
        """The links from things of the publication to things elsewhere."""
        return Coreference(self.engine, self.settings)

    @cached_property
    def finder(self) -> Finder:
        """Finds resources by their names."""
        return Finder(self.build.names, Contexts(self.engine, self.profile.class_names))

    @cached_property
    def reconciliation(self) -> Reconciliation:
        """The reconciliation service, without HTTP."""
        build = self.build
        terms = Terms(self.engine, self.settings, build.prefixes, self.profile, build.statements("void"))
        return Reconciliation(self.engine, build.names, self.finder, terms, self.base)

    @cached_property
    def source_count(self) -> int:
        """The number of sources that evidence graphs and reference graphs are derived from."""
        text = """PREFIX prov: <http://www.w3.org/ns/prov#> PREFIX dcterms: <http://purl.org/dc/terms/>
            PREFIX mg: <https://w3id.org/missiongraph/ontology#>
            SELECT DISTINCT ?source WHERE { { ?g a mg:EvidenceGraph ; prov:wasDerivedFrom/prov:wasQuotedFrom ?source }
            UNION { ?g a mg:ReferenceGraph ; dcterms:source ?source } }"""
        return sum(1 for _ in rows(self.engine, text))

    @cached_property
    def used_terms(self) -> tuple[NamedNode, ...]:
        """The classes and properties that the graph uses, the most used first, as the VoID description counts them."""
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
        """The labels of those terms. They are loaded once, since nearly every page needs most of them."""
        home = (NamedNode(iri) for iri in self.settings.home.classes)
        return Labels(self.engine, (*self.used_terms, *home))

    @cached_property
    def catalogue(self) -> Mapping[str, Mapping[NamedNode, Sequence[Term]]]:
        """The statements of the DCAT catalogue, by the IRI of their subject and by property."""
        things: dict[str, dict[NamedNode, list[Term]]] = {}
        for triple in self.build.statements("catalog"):
            if isinstance(triple.subject, NamedNode):
                things.setdefault(triple.subject.value, {}).setdefault(triple.predicate, []).append(triple.object)
        return things

    @cached_property
    def editor_data(self) -> dict[str, str]:
        """The JSON for the query editor by language. ``editor_data`` fills it."""
        return {}

    @cached_property
    def sparql_pages(self) -> dict[tuple[str, bool], str]:
        """The query page without a query, by language and by whether the address asks for that language."""
        return {}

    @cached_property
    def view_rows(self) -> dict[str, tuple[tuple[str, ...], list[tuple[Term | None, ...]]]]:
        """Variables and rows of each query view, by the path of its query. ``rows_of`` fills it."""
        return {}

    @cached_property
    def view_parts(self) -> dict[tuple[str, str], dict[Term | None, list[tuple[Term | None, ...]]]]:
        """Rows of query views by view and variable, then by the value of that variable. ``rows_about`` fills it."""
        return {}

    @property
    def sources(self) -> dict[NamedNode, Source]:
        """Cache of the sources on recent pages. When full, it begins anew."""
        if len(self._sources) > _MOST_SOURCES:
            self.__dict__["_sources"] = {}  # a page that is being rendered keeps the old one
        return self._sources

    @property
    def lists(self) -> dict[tuple[Any, str], Any]:
        """Cache of recent lists, by request and language."""
        if len(self._lists) > _MOST_LISTS:
            self.__dict__["_lists"] = {}
        return self._lists

    @cached_property
    def _lists(self) -> dict[tuple[Any, str], Any]:
        return {}

    @property
    def labels(self) -> Labels:
        """Cache of the labels on recent pages. When full, it begins anew."""
        if len(self._labels.resources) > _MOST_LABELS:
            self.__dict__["_labels"] = Labels(self.engine, ())  # a page that is being rendered keeps the old one
        return self._labels

    @cached_property
    def _labels(self) -> Labels:
        return Labels(self.engine, ())

    @cached_property
    def _sources(self) -> dict[NamedNode, Source]:
        return {}

    @cached_property
    def shared_layouts(self) -> dict[tuple[str, bool], SharedLayout]:
        """The layout that all pages share, by language and by whether the address asks for that language."""
        return {}

    @property
    def long_documents(self) -> dict[tuple[str, str, bool], tuple[Section, ...]]:
        """Cache of the sections of recent long documents, by address, language and whether the address asks for it."""
        if len(self._long_documents) > _MOST_LISTS:
            self.__dict__["_long_documents"] = {}
        return self._long_documents

    @cached_property
    def _long_documents(self) -> dict[tuple[str, str, bool], tuple[Section, ...]]:
        return {}

    @cached_property
    def page_ends(self) -> dict[str, tuple[int, ...]]:
        """Where the pages of each long document end, by the address of its first page. ``ends_of`` fills it."""
        return {}

    @cached_property
    def sitemap_parts(self) -> list[tuple[int, int]]:
        """Where each part of the sitemap begins: place of the family, place of the member."""
        return []

    @cached_property
    def tried(self) -> set[str]:
        """The names of the families whose variants have all been rendered once without a fault."""
        return set()

    def title(self, language: str) -> str:
        """The publication's title in *language*."""
        return pick(self.settings.title, (language,))

    def address_of(self, iri: NamedNode | str) -> str | None:
        """The address below the root of the page about *iri*; ``None`` if this site has none."""
        value = iri if isinstance(iri, str) else iri.value
        found = self.build.index.find(value)
        if found is None:
            return None
        fragment = value.partition("#")[2]
        if fragment and found.iri != value and found.path is None:  # a term that its vocabulary's page does not have
            return None
        anchor = f"#{quote(fragment, safe=_FRAGMENT_SAFE)}" if fragment else ""
        if found.path is None:
            return by_iri(found.document) + anchor
        return page_of(found.path) + anchor
