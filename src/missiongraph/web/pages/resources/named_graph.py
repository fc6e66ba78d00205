"""The page of a named graph: the words that its claim rests on, its statements, its checks."""

from __future__ import annotations

from pyoxigraph import Literal, NamedNode

from missiongraph.engine.protocol import rows
from missiongraph.graph.statements_and_labels import Statement as GraphStatement
from missiongraph.vocab import EARL, MG
from missiongraph.web.content.facts.margin_notes import Margin
from missiongraph.web.content.layout.page_frame import class_list, listing_page, things_of
from missiongraph.web.content.layout.term_writer import Reader
from missiongraph.web.pages.resources.nanopublications import nanopub_of
from missiongraph.web.pages.resources.shared_parts import Page, incoming_links, lost, sections_of, withdrawn
from missiongraph.web.rendering.view_models import EntityPage, EvidencePage, Group, Link, Statement
from missiongraph.web.rendering.view_models.derived_from_facts import marks

#: Most statements on the page. The RDF documents have all.
MOST_STATEMENTS = 100


def graph_page(page: Page) -> str:
    """The page of an evidence graph or of any other named graph."""
    reader, facts, iri = page.reader, page.facts, page.iri
    taken_back = withdrawn(reader, facts)
    said, total = _content(page)
    reader.learn([t for s in said for t in (s.subject, s.predicate, s.object)])
    others, margin = dict.fromkeys(graph for s in said for graph in s.graphs), facts.margin
    if iri not in margin.graphs or not others.keys() <= margin.graphs.keys():
        margin = Margin(reader, [iri, *others])
    quotes = margin.notes([iri], "")
    description = facts.description()
    groups = tuple(Group(g.title, g.facts, g.id, g.description) for g in facts.groups())
    if taken_back:
        replaced = EntityPage(
            title=page.title, iri=iri.value, kicker=page.kicker, description=description, groups=groups,
            sections=sections_of(page), formats=page.formats, citation=page.citation, withdrawn=taken_back,
        )  # fmt: skip
        return page.html("entity.html", replaced, description.text if description else None)
    view = EvidencePage(
        title=page.title,
        iri=iri.value,
        quotes=tuple(q for q in quotes if q.kind != "record" and q.words),
        kicker=page.kicker,
        description=description,
        statements=tuple(_statement(page, s, margin) for s in said),
        total=total,
        checks=tuple(margin.check(recorded) for recorded in margin.checks.get(iri, ())),
        lost=lost(reader, sources[0].iri) if (sources := margin.graphs[iri].sources) else None,
        groups=groups,
        sections=sections_of(page),
        incoming=incoming_links(reader, iri, facts, (EARL.test,)),  # checks have a table of their own
        formats=(*page.formats, *_nanopublication(page)),
        citation=page.citation,
    )
    above = _source(page, margin)
    return page.html("evidence.html", view, description.text if description else None, above)


def _source(page: Page, margin: Margin) -> tuple[Link, ...]:
    """The breadcrumb: the list of sources, if there is one, and the source of the graph."""
    reader, sources = page.reader, margin.graphs[page.iri].sources
    if len(sources) != 1:
        return ()
    listed = [Link(reader.plural(MG.Source), things_of(reader, MG.Source))] if _lists_sources(reader) else []
    return (*listed, reader.link(sources[0].iri))


def _lists_sources(reader: Reader) -> bool:
    """Whether there is a list of sources: by their class ``mg:Source``, or by a query view."""
    site = reader.site
    return MG.Source in site.used_terms or listing_page(site, MG.Source) != class_list(MG.Source.value)


def _nanopublication(page: Page) -> tuple[Link, ...]:
    published = nanopub_of(page.reader.site, page.iri)
    return (Link(page.reader.say("Nanopublication"), f"/{published.address('trig')}"),) if published else ()


def _content(page: Page) -> tuple[list[GraphStatement], int]:
    """The first statements of the graph, and the number of all."""
    engine, iri = page.reader.site.engine, page.iri
    counted = next(rows(engine, f"SELECT (COUNT(*) AS ?n) WHERE {{ GRAPH {iri} {{ ?s ?p ?o }} }}"))["n"]
    text = f"""SELECT ?s ?p ?o (GROUP_CONCAT(STR(?other); separator=" ") AS ?others) WHERE {{
        {{ SELECT ?s ?p ?o WHERE {{ GRAPH {iri} {{ ?s ?p ?o }} }} ORDER BY ?s ?p ?o LIMIT {MOST_STATEMENTS} }}
        OPTIONAL {{ GRAPH ?other {{ ?s ?p ?o }} FILTER(?other != {iri}) }} }} GROUP BY ?s ?p ?o ORDER BY ?s ?p ?o"""
    found = []
    for row in rows(engine, text):
        subject, predicate, value, others = row["s"], row["p"], row["o"], row["others"]
        if isinstance(predicate, NamedNode) and subject is not None and value is not None:
            names = others.value.split() if isinstance(others, Literal) else []
            found.append(GraphStatement(subject, predicate, value, tuple(NamedNode(name) for name in names), True))
    return found, int(getattr(counted, "value", 0))


def _statement(page: Page, said: GraphStatement, margin: Margin) -> Statement:
    reader = page.reader
    subject = (
        reader.link(said.subject) if isinstance(said.subject, NamedNode) else reader.link(page.iri, str(said.subject))
    )
    return Statement(
        subject=subject,
        property=reader.link(said.predicate, reader.property_name(said.predicate)),
        value=reader.value(said.object, said.predicate),
        marks=marks(margin.notes(said.graphs, "")),
    )
