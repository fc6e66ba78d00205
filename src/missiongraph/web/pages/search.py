"""The search page: things by their names in all languages, by codes, and by words of their descriptions."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from pyoxigraph import NamedNode

from missiongraph.graph.statements_and_labels import Labels
from missiongraph.names.folding import compact, words_of
from missiongraph.names.index import Kind, Name, Role
from missiongraph.names.likeness import EXPLAINED
from missiongraph.translation import message
from missiongraph.vocab import DESCRIPTION_PROPERTIES
from missiongraph.web.content.layout.page_frame import layout_of, things_of
from missiongraph.web.content.layout.term_writer import Reader
from missiongraph.web.context.site import Site
from missiongraph.web.http.registry import Arguments, BadParameter, Family, Member, Variant, page_variants
from missiongraph.web.rendering.view_models import Hit, Link, SearchPage
from missiongraph.web.rendering.view_models.entity import Paging

#: Hits on a page; most pages of a search; suggestions while typing; longest search text.
PER_PAGE, MOST_PAGES, MOST_SUGGESTIONS, MOST_CHARACTERS = 30, 10, 8, 300
_MOST_HITS = PER_PAGE * MOST_PAGES
_PAGE = "^(?:[1-9]|10)$"

#: Least similarity of a name, from 0 to 1; score of a hit by the start of a name; score of one in a description.
_ALIKE, _BEGUN, _ABOUT = 0.4, 0.6, 0.3

#: Deductions from the score by role of the name, so that things come before what describes them.
_RANKS = {Role.THING: 0.0, Role.TERM: 0.05, Role.OTHER: 0.1, Role.GRAPH: 0.2}

_JSON, SUGGESTIONS = "application/json", "application/x-suggestions+json"


@dataclass(frozen=True, slots=True)
class Result:
    """A hit: a thing and the text that matched.

    :ivar score: from 0 to 1, by which hits are sorted
    :ivar alike: the similarity of the text to the search text, from 0 to 1
    """

    iri: str
    name: Name
    score: float
    alike: float


def results(site: Site, query: str) -> list[Result]:
    """The hits of *query*, the best first, each thing once."""
    words = words_of(query)
    index = site.build.names
    found: dict[str, Result] = {}

    def add(name: Name, alike: float) -> None:
        score = max(0.0, alike - _RANKS[name.role])
        if name.iri not in found or found[name.iri].score < score:
            found[name.iri] = Result(name.iri, name, score, alike)

    for iri in _identified(site, query):
        for name in index.of(iri)[:1]:
            add(name, 1.0)
    for one in site.finder.find([query])[0]:
        if one.likeness.score >= _ALIKE:
            add(one.name, one.likeness.score)
    for name in index.beginning(words, _MOST_HITS):
        add(name, _BEGUN)
    for name in index.about(words, _MOST_HITS):
        add(name, _ABOUT * len(set(words) & set(words_of(name.text))) / len(set(words)))
    ordered = sorted(found.values(), key=lambda one: (-round(one.score, 3), len(one.name.text), one.iri))
    return ordered[:_MOST_HITS]


def _identified(site: Site, query: str) -> Iterable[str]:
    """The things whose IRI is *query*, or that link to that IRI as the same thing."""
    if ":" not in query or " " in query:
        return ()
    try:
        return [thing.value for thing in site.coreference.by_iri(query)]
    except ValueError:
        return ()


def _find(site: Site, key: str, arguments: Arguments) -> Member | None:
    query = " ".join(arguments.get("q", "").split())
    if len(query) > MOST_CHARACTERS:
        raise BadParameter("q", f"at most {MOST_CHARACTERS} characters are searched for")
    page = arguments.get("page", "1")
    if not re.fullmatch(_PAGE, page):
        raise BadParameter("page", f"“{page}” is not a number from 1 to {MOST_PAGES}")
    return _member(query) if page == "1" else _later(site, query, int(page))


def _later(site: Site, query: str, number: int) -> Member | None:
    """A page after the first; ``None`` if the search has fewer."""
    found = results(site, query) if query else []
    return _member(query, number) if number <= _pages(found) else None


def _pages(found: Sequence[Result]) -> int:
    return -(-len(found) // PER_PAGE)


def _member(query: str, number: int = 1) -> Member:
    page = (("page", str(number)),) if number > 1 else ()
    return Member("search", "", (("q", query), *page) if query else (), number)


def _variants(site: Site, member: Member) -> tuple[Variant, ...]:
    data = tuple(Variant(_JSON, "json", "JSON", language) for language in site.languages)
    names = tuple(Variant(SUGGESTIONS, "suggestions", "Suggestions", language) for language in site.languages)
    return (*page_variants(site), *data, *names)


def _render(site: Site, member: Member, variant: Variant) -> bytes:
    query = dict(member.arguments).get("q", "")
    reader = Reader(site, variant)
    found = results(site, query) if query else []
    if variant.media_type == SUGGESTIONS:
        return _json([query, _suggestions(reader, found)])
    shown = found[(member.number - 1) * PER_PAGE :][:PER_PAGE]
    hits = _hits(reader, shown)
    if variant.media_type == _JSON:
        counts = {"total": len(found), "page": member.number, "pages": _pages(found)}
        entries = [_data(reader, r, h) for r, h in zip(shown, hits, strict=True)]
        return _json({"query": query, **counts, "results": entries})
    return _page(reader, member, query, found, hits).encode()


def _json(document: Any) -> bytes:
    return (json.dumps(document, ensure_ascii=False) + "\n").encode("utf-8", "replace")


def _suggestions(reader: Reader, found: Sequence[Result]) -> list[str]:
    """Suggestions: the text that matched if it is in the reader's language, else the name."""
    things = [result for result in found if result.name.role != Role.GRAPH]
    reader.learn([NamedNode(result.iri) for result in things])
    return list(dict.fromkeys(reader.label(NamedNode(result.iri))[0] for result in things))[:MOST_SUGGESTIONS]


def _hits(reader: Reader, found: Sequence[Result]) -> list[Hit]:
    site, things = reader.site, [NamedNode(result.iri) for result in found]
    order = site.reconciliation.terms.in_order
    reader.learn([*things, *(NamedNode(kind) for result in found for kind in result.name.types)])
    descriptions = Labels(site.engine, things, DESCRIPTION_PROPERTIES)
    hits = []
    for result, thing in zip(found, things, strict=True):
        kinds = order(result.name.types)
        described = descriptions.of(thing, reader.language)
        link = reader.link(thing)
        hits.append(
            Hit(
                link,
                kicker=reader.class_name(NamedNode(kinds[0])) if kinds else None,
                description=described[0] if described else None,
                also=_other_names(site, result, link.text),
                why=_why(reader, result, link.text),
            )
        )
    return hits


def _other_names(site: Site, result: Result, shown: str) -> tuple[str, ...]:
    """The names of a hit that are shown neither as its link nor as the reason."""
    names = (n.text for n in site.build.names.of(result.iri) if n.kind in (Kind.LABEL, Kind.ALTERNATIVE))
    return tuple(dict.fromkeys(name for name in names if name not in (shown, result.name.text)))


def _why(reader: Reader, result: Result, shown: str) -> str | None:
    if result.name.kind == Kind.DESCRIPTION:
        return reader.say("Found in the description.")
    if result.name.text == shown:
        return None
    if result.name.kind == Kind.CODE:
        return reader.say("Found by the code %(text)s.", text=result.name.text)
    return reader.say("Found by the name “%(text)s”.", text=result.name.text)


def _data(reader: Reader, result: Result, hit: Hit) -> dict[str, Any]:
    kinds = reader.site.reconciliation.terms.in_order(result.name.types)
    return {
        "iri": result.iri,
        "name": hit.link.text,
        "types": [{"id": kind, "name": reader.class_name(NamedNode(kind))} for kind in kinds],
        "description": hit.description,
        "also": list(hit.also),
        "matched": {"text": result.name.text, "kind": result.name.kind.value},
        "score": round(100 * result.score, 1),
        "page": hit.link.href,
    }


def _page(reader: Reader, member: Member, query: str, found: Sequence[Result], hits: Sequence[Hit]) -> str:
    title = reader.say("Search")
    view = SearchPage(
        query=query,
        action="/search",
        hits=tuple(hits),
        total=len(found),
        paging=Paging.at(member.number, _pages(found), lambda number: reader.href(_member(query, number).address())),
        understood=_understood(reader, query, found),
        near=() if found else _ways(reader),
        data=Link("JSON", "/" + member.address("json")) if query else None,
        forced_language=reader.language if reader.explicit else None,
    )
    number = "" if member.number == 1 else f", {member.number}"
    heading = f"{query}{number} · {title}" if query else title
    lead = reader.say("Names in every language, codes and descriptions, with typing errors.")
    layout = layout_of(reader, member, heading, description=lead)
    return reader.site.renderer.render("search.html", view, replace(layout, robots="noindex", search_query=query))


def _understood(reader: Reader, query: str, found: Sequence[Result]) -> str | None:
    """How the search text was read, if that is not obvious."""
    if not query:
        return None
    if not found:
        return reader.say("Nothing here is called so, nor nearly so.")
    written = compact(words_of(query))
    if any(one.alike >= EXPLAINED or written in compact(words_of(one.name.text)) for one in found):
        return None
    return reader.say("Nothing here is called just so; these come near.")


def _ways(reader: Reader) -> tuple[Link, ...]:
    """Links for a search without hits: the lists of the largest classes."""
    kinds = reader.site.reconciliation.terms.classes[:6]
    reader.learn(kinds)
    lists = tuple(Link(reader.class_name(kind), things_of(reader, kind)) for kind in kinds)
    return (*lists, Link(reader.say("Ask"), reader.href("sparql")))


def describe_search(site: Site) -> str:
    """The OpenSearch 1.1 description document, by which browsers offer the search."""
    name = site.settings.name or site.title(site.languages[0])
    ways = (("text/html", ""), (_JSON, ".json"), (SUGGESTIONS, ".suggestions"))
    templates = ((media_type, f"{site.root}search{suffix}?q={{searchTerms}}") for media_type, suffix in ways)
    urls = "".join(f"<Url type={quoteattr(kind)} template={quoteattr(template)}/>\n" for kind, template in templates)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<OpenSearchDescription xmlns="http://a9.com/-/spec/opensearch/1.1/">\n'
        f"<ShortName>{escape(name[:16])}</ShortName>\n<Description>{escape(site.title(site.languages[0]))}</Description>\n"
        f"<InputEncoding>UTF-8</InputEncoding>\n{urls}</OpenSearchDescription>\n"
    )


SEARCH = Family(
    name="search",
    pattern="/search",
    summary=message("Search"),
    find=_find,
    example=lambda site: _member(site.title(site.languages[0])[:MOST_CHARACTERS]),
    variants=_variants,
    render=_render,
    parameters={"q": "Words, a name, a code or an IRI", "page": f"Page of the hits, from 1, of {PER_PAGE} each"},
    schemas={"page": {"type": "string", "pattern": _PAGE}},
)
