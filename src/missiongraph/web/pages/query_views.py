"""The pages of query views: rows as a map, timeline, ladder or chart, as a table, and as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from pyoxigraph import Literal, NamedNode

from missiongraph.engine.protocol import Term
from missiongraph.publication.query_files import Question
from missiongraph.publication.settings import pick
from missiongraph.web.content.layout.page_frame import layout_of, view_page
from missiongraph.web.content.layout.term_writer import Reader
from missiongraph.web.content.rows import view_content
from missiongraph.web.content.rows.answer_rows import Rows
from missiongraph.web.context.site import Site
from missiongraph.web.http.registry import Arguments, BadParameter, Choices, Family, Member, Variant, page_variants
from missiongraph.web.rendering.view_models import Link
from missiongraph.web.rendering.view_models.query_views import ViewPage

_CSV = Variant("text/csv", "csv", "CSV")


def _pages(site: Site) -> Iterator[Question]:
    return (view for view in site.build.views if view.is_page)


def _view(site: Site, member: Member) -> Question:
    return next(view for view in _pages(site) if view_page(view).path == member.path)


def _find(site: Site, key: str, arguments: Arguments) -> Member | None:
    view = next((view for view in _pages(site) if view.name == key), None)
    if view is None:
        return None
    chosen = {name: arguments[name] for name in view.filters if arguments.get(name)}
    for offered in _choices(site, view) if chosen else ():
        value = chosen.get(offered.name)
        if value is not None and value not in offered.values:
            raise BadParameter(offered.name, f"“{value}” is no value of it; {view_page(view).address()} offers them")
    return view_page(view, chosen)


def _choices(site: Site, view: Question) -> tuple[Choices, ...]:
    """The filters of *view*, named as its columns."""
    rows = view_content.rows_of(site, view)
    names = view_content.column_names(view, rows, site.languages[0])
    return tuple(
        Choices(name, names[name], tuple(view_content.text_of(term) for term in view_content.choices(rows, name)))
        for name in view.filters
    )


def _render(site: Site, member: Member, variant: Variant) -> bytes:
    view, chosen = _view(site, member), dict(member.arguments)
    everything = view_content.rows_of(site, view)
    rows = view_content.narrowed(everything, chosen)
    if not variant.is_page:
        return _table(rows)
    reader = Reader(site, variant)
    title, lead = (pick(text, (reader.language,)) for text in (view.title, view.question))
    page = ViewPage(
        title=title or view.name,
        lead=lead or None,
        action="/" + view_page(view).address(),
        drawing=view_content.draw(reader, view, rows),
        caption=pick(view.caption, (reader.language,)) or None,
        listing=view_content.listing(reader, view, rows),
        filters=() if site.static else view_content.filters(reader, view, everything, chosen),
        narrowed=bool(chosen),
        chosen=tuple(reader.link(t) for t in _chosen(reader, view, chosen) if isinstance(t, NamedNode)),
        formats=(Link("CSV", "/" + member.address("csv")),),
        query=Link(reader.say("The query"), reader.href(Member("sparql", "", (("query", view.query),)).address())),
        forced_language=reader.language if reader.explicit else None,
    )
    layout = layout_of(reader, member, _title(reader, view, page.title, chosen), description=lead, data=(_CSV,))
    return site.renderer.render("view.html", page, layout).encode()


def _title(reader: Reader, view: Question, title: str, chosen: dict[str, str]) -> str:
    """The title, with the reader's choices, since titles must differ."""
    return ", ".join((title, *(reader.value(term).text for term in _chosen(reader, view, chosen))))


def _chosen(reader: Reader, view: Question, chosen: dict[str, str]) -> list[Term]:
    """The terms of the *chosen* values."""
    terms = [
        term
        for name, value in chosen.items()
        for term in view_content.choices(view_content.rows_of(reader.site, view), name)
        if view_content.text_of(term) == value
    ]
    reader.learn(terms)
    return terms


def _table(rows: Rows) -> bytes:
    """The rows in SPARQL 1.1 Query Results CSV."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(rows.names)
    writer.writerows([_written(term) for term in row] for row in rows.rows)
    return text.getvalue().encode()


def _written(term: Term | None) -> str:
    if term is None:
        return ""
    return term.value if isinstance(term, NamedNode | Literal) else str(term)


QUERY_VIEWS = Family(
    name="view",
    pattern="/views/<path:key>",
    summary="Rows of a query as a page; its filters are parameters called after variables",
    find=_find,
    members=lambda site: (view_page(view) for view in _pages(site)),
    variants=lambda site, member: (*page_variants(site), _CSV),
    render=_render,
    choices=lambda site, member: () if site.static else _choices(site, _view(site, member)),
)
