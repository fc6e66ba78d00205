"""The page that evaluates SPARQL in the reader's browser, which loads the dumps. No query leaves the browser.

An exported site has no other way to be queried. Beside a running service, it is a second way.
"""

from __future__ import annotations

from collections.abc import Iterator

from missiongraph.publication.settings import pick
from missiongraph.rdf.formats import N_QUADS, N_TRIPLES, Format
from missiongraph.web.content.layout.page_frame import LOCAL_QUERY, layout_of
from missiongraph.web.content.layout.term_writer import Reader
from missiongraph.web.content.rows.opening_query import opening_query
from missiongraph.web.context.site import Site
from missiongraph.web.http.registry import Family, Member, Variant, page_variants
from missiongraph.web.rendering.view_models import BrowserSparqlPage, Link, Source

_PAGE = Member(LOCAL_QUERY, "")

#: The dumps that can be loaded: the default graph, or all named graphs, in line-based formats.
_FORMATS = (N_TRIPLES, N_QUADS)


def _render(site: Site, member: Member, variant: Variant) -> bytes:
    reader = Reader(site, variant)
    title = reader.say("Ask in your browser")
    lead = reader.say(
        "The whole publication is loaded into this page and queried here: nothing that you ask leaves your computer."
    )
    view = BrowserSparqlPage(
        title=title,
        lead=lead,
        action=reader.href(member.address()),
        query=opening_query(site),
        questions=tuple(
            Link(pick(q.question or q.title, (reader.language,)) or q.name, reader.href(_asking(q.query)))
            for q in site.build.questions
        ),
        prefixes=tuple(site.build.prefixes.items()),
        sources=tuple(_sources(site)),
        engine=site.renderer.has_engine,
        forced_language=reader.language if variant.explicit else None,
    )
    layout = layout_of(reader, member, title, description=lead, breadcrumb=(Link(title, current=True),))
    return site.renderer.render("local.html", view, layout).encode()


def _asking(query: str) -> str:
    return Member(LOCAL_QUERY, "", (("query", query),)).address()


def _sources(site: Site) -> Iterator[Source]:
    for form in _FORMATS:
        name = _dump(site, form)
        if name:
            yield Source(name, f"/dumps/{name}", form.media_type)


def _dump(site: Site, form: Format) -> str | None:
    found = [dump.name for dump in site.build.dumps if dump.name.endswith(f".{form.extension}.gz")]
    return found[0] if found else None


LOCAL = Family(
    name="local-sparql",
    pattern=f"/{LOCAL_QUERY}",
    summary="A page that loads the publication and answers SPARQL in the reader's browser",
    find=lambda site, key, arguments: _PAGE,
    members=lambda site: iter((_PAGE,)),
    variants=lambda site, member: page_variants(site),
    render=_render,
    parameters={"query": "A SPARQL query, which the page reads itself"},
    scripts=("'wasm-unsafe-eval'",),
)
