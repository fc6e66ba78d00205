"""The difference between two editions, as a page, as RDF Patch and as JSON; and the Atom feed of releases."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from itertools import groupby, pairwise
from typing import Any
from xml.sax.saxutils import escape

from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from missiongraph.build.changes import Changes, quads_of, rdf_patch
from missiongraph.publication.releases import NOW, VERSION, Release, is_version
from missiongraph.publication.settings import pick
from missiongraph.web.content.layout.page_frame import FEED, FEED_TYPE, layout_of
from missiongraph.web.content.layout.term_writer import Reader
from missiongraph.web.context.site import Site
from missiongraph.web.http.registry import Arguments, BadParameter, Family, Member, Variant, page_variants
from missiongraph.web.rendering import formatting
from missiongraph.web.rendering.view_models import Change, ChangedThing, ChangesPage, Link, Value

#: Most statements on the page. The other forms have all.
MOST_SHOWN = 1000

_PATCH = Variant("application/rdf-patch", "rdfp", "RDF Patch")
_JSON = Variant("application/json", "json", "JSON")
_ATOM = Variant(FEED_TYPE, "atom", "Atom")
_PATH = "changes"


def _default(site: Site) -> Member:
    return Member(_PATH, f"{site.base}{_PATH}")


def _between(site: Site, old: str, new: str) -> Member:
    return Member(_PATH, f"{site.base}{_PATH}", (("from", old), ("to", new)))


def _editions(site: Site) -> list[str]:
    return [*(release.version for release in site.build.releases), NOW]


def _find(site: Site, key: str, arguments: Arguments) -> Member | None:
    old, new = arguments.get("from"), arguments.get("to")
    if old is None and new is None:
        return _default(site)
    editions = _editions(site)
    for name, asked in (("from", old), ("to", new)):
        if asked is not None and asked != NOW and not is_version(asked):
            raise BadParameter(name, f"“{asked}” is neither a version nor “{NOW}”")
        if asked is not None and asked not in editions:
            return None
    if editions == [NOW]:  # no two editions to compare
        return _default(site)
    new = NOW if new is None else new
    if old is None:
        before = editions[: editions.index(new)]
        if not before:
            raise BadParameter("to", f"nothing was released before {new}")
        old = before[-1]
    if editions.index(old) > editions.index(new):
        raise BadParameter("from", f"{old} came after {new}")
    return _between(site, old, new)


def _members(site: Site) -> Iterator[Member]:
    """The latest changes, and each step of the history."""
    yield _default(site)
    editions = _editions(site)
    yield from (_between(site, old, new) for old, new in pairwise(editions))


def _variants(site: Site, member: Member) -> tuple[Variant, ...]:
    feed = () if member.arguments else (_ATOM,)
    return (*page_variants(site), _PATCH, _JSON, *feed)


def _ends(site: Site, member: Member) -> tuple[str, str] | None:
    """The two editions that *member* compares: by default the last two releases, or the only release and now."""
    if member.arguments:
        asked = dict(member.arguments)
        return asked["from"], asked["to"]
    editions = _editions(site)
    if len(editions) == 1:
        return None
    return (editions[-2], NOW) if len(editions) == 2 else (editions[-3], editions[-2])


def _changes(site: Site, ends: tuple[str, str] | None) -> Changes:
    return site.build.changes(*ends) if ends else Changes()


def _digest(site: Site, edition: str) -> str:
    found = (release.digest for release in site.build.releases if release.version == edition)
    return next(found, str(site.build.manifest["digest"]))


def _render(site: Site, member: Member, variant: Variant) -> bytes:
    ends = _ends(site, member)
    if variant.media_type == FEED_TYPE:
        return _feed(site)
    changes = _changes(site, ends)
    if variant == _PATCH:
        old, new = ends or (NOW, NOW)
        return rdf_patch(changes, _digest(site, old), _digest(site, new))
    if variant == _JSON:
        return _json(site, ends, changes)
    return _page(Reader(site, variant), member, ends, changes)


def _json(site: Site, ends: tuple[str, str] | None, changes: Changes) -> bytes:
    """The changes as JSON. Terms are written as in SPARQL 1.1 Query Results JSON."""
    document: dict[str, Any] = {"from": None, "to": None}
    if ends:
        document = {
            name: {"version": edition, "digest": _digest(site, edition)}
            for name, edition in zip(("from", "to"), ends, strict=True)
        }
    document |= {
        "added": [_statement(quad) for quad in quads_of(changes.added)],
        "removed": [_statement(quad) for quad in quads_of(changes.removed)],
    }
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()


def _statement(quad: Quad) -> dict[str, Mapping[str, str]]:
    terms = {
        "subject": quad.subject, "predicate": quad.predicate, "object": quad.object, "graph": quad.graph_name
    }  # fmt: skip
    return {name: _term(term) for name, term in terms.items() if isinstance(term, NamedNode | BlankNode | Literal)}


def _term(term: NamedNode | BlankNode | Literal) -> Mapping[str, str]:
    if isinstance(term, NamedNode):
        return {"type": "uri", "value": term.value}
    if isinstance(term, BlankNode):
        return {"type": "bnode", "value": term.value}
    written = {"type": "literal", "value": term.value}
    if term.language:
        return written | {"xml:lang": term.language}
    return written | {"datatype": term.datatype.value}


def _page(reader: Reader, member: Member, ends: tuple[str, str] | None, changes: Changes) -> bytes:
    site = reader.site
    added, removed = quads_of(changes.added[:MOST_SHOWN]), quads_of(changes.removed[:MOST_SHOWN])
    reader.learn([t for q in (*added, *removed) for t in (q.subject, q.predicate, q.object, q.graph_name)])  # type: ignore[misc]  # the default graph has no label
    title = reader.say("Changes")
    if ends:
        old, new = (_name(reader, edition) for edition in ends)
        title = reader.say("Changes from %(old)s to %(new)s", old=old, new=new)
    lead = (
        reader.say("Statements that were added and removed, compared by their canonical form.")
        if ends
        else reader.say("No version of this publication has been released yet.")
    )
    view = ChangesPage(
        title=title,
        lead=lead,
        added=len(changes.added),
        removed=len(changes.removed),
        things=_things(reader, added, removed),
        steps=tuple(_step(reader, step, current=step == member) for step in _members(site) if step.arguments)[::-1],
        formats=tuple(Link(v.title, "/" + member.address(v.extension)) for v in _variants(site, member)[2:]),
    )
    data = [variant for variant in _variants(site, member) if not variant.is_page]
    layout = layout_of(reader, member, title, description=lead, data=data, breadcrumb=(Link(title, current=True),))
    return site.renderer.render("changes.html", view, layout).encode()


def _name(reader: Reader, edition: str) -> str:
    return reader.say("now") if edition == NOW else edition


def _step(reader: Reader, step: Member, *, current: bool) -> Link:
    old, new = (_name(reader, edition) for _, edition in step.arguments)
    return Link(f"{old} → {new}", reader.href(step.address()), current=current)


def _things(reader: Reader, added: list[Quad], removed: list[Quad]) -> tuple[ChangedThing, ...]:
    """The statements by subject, sorted by the subject's name."""
    marked = [(quad, False) for quad in removed] + [(quad, True) for quad in added]
    marked.sort(key=lambda item: (str(item[0].subject), str(item[0].predicate), item[1], str(item[0].object)))
    things = [
        ChangedThing(_link(reader, rows[0][0].subject), tuple(_change(reader, quad, new) for quad, new in rows))
        for rows in (list(group) for _, group in groupby(marked, key=lambda item: str(item[0].subject)))
    ]
    return tuple(sorted(things, key=lambda thing: reader.sort_key(thing.link.text)))


def _link(reader: Reader, term: object) -> Link:
    return reader.link(term) if isinstance(term, NamedNode) else Link(str(term))


def _change(reader: Reader, quad: Quad, new: bool) -> Change:
    value = reader.value(quad.object, quad.predicate) if not isinstance(quad.object, BlankNode) else None
    return Change(
        added=new,
        label=reader.property_name(quad.predicate),
        value=value or Value(str(quad.object), kind="code"),
        graph=_link(reader, quad.graph_name),
    )


def _feed(site: Site) -> bytes:
    """The releases as an Atom feed (RFC 4287). Each entry has the id and the date of a release."""
    language = site.languages[0]
    reader = Reader(site, Variant(FEED_TYPE, "atom", "Atom", language))
    releases = list(site.build.releases)
    modified = site.build.manifest["modified"] or "1970-01-01"
    newest = max((release.issued for release in releases), default=modified)
    publisher = site.settings.publisher
    author = pick(publisher.name, (language,)) if publisher else site.title(language)
    entries = [_entry(reader, release, before) for before, release in zip([None, *releases], releases, strict=False)]
    title = reader.say("Changes") + ": " + site.title(language)
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{escape(language)}">',
        f"<id>{escape(site.base + _PATH)}</id>",
        f"<title>{escape(title)}</title>",
        f"<updated>{newest}T00:00:00Z</updated>",
        f"<author><name>{escape(author)}</name></author>",
        _xml_link("self", f"{site.root}{FEED}", FEED_TYPE),
        _xml_link("alternate", f"{site.root}{_PATH}", "text/html"),
        *reversed(entries),
        "</feed>",
    ]
    return ("\n".join(lines) + "\n").encode()


def _entry(reader: Reader, release: Release, before: Release | None) -> str:
    site = reader.site
    folder = f"dumps/{release.version}/"
    summary = reader.say("The first release.")
    links = [_xml_link("alternate", site.root + folder, "text/html")]
    if before is not None:
        changes, member = (
            site.build.changes(before.version, release.version),
            _between(site, before.version, release.version),
        )
        summary = reader.say(
            "%(added)s statements added, %(removed)s removed since %(version)s.",
            added=formatting.format_integer(len(changes.added), reader.language),
            removed=formatting.format_integer(len(changes.removed), reader.language),
            version=before.version,
        )
        links = [
            _xml_link("alternate", site.root + member.address(), "text/html"),
            *(_xml_link("related", site.root + member.address(v.extension), v.media_type) for v in (_PATCH, _JSON)),
            _xml_link("related", site.root + folder, "text/html"),
        ]
    name = reader.say("Version %(version)s", version=release.version)
    stamp = f"{release.issued}T00:00:00Z"
    return "\n".join(
        [
            "<entry>",
            f"<id>{escape(site.base + folder)}</id>",
            f"<title>{escape(name)}</title>",
            f"<updated>{stamp}</updated>",
            f"<published>{stamp}</published>",
            *links,
            f"<summary>{escape(summary)}</summary>",
            "</entry>",
        ]
    )


def _xml_link(relation: str, address: str, media_type: str) -> str:
    return f'<link rel="{relation}" type="{media_type}" href="{escape(address, {chr(34): "&quot;"})}"/>'


#: JSON Schema of an edition in a query parameter.
_EDITION = {"type": "string", "pattern": f"^(?:{NOW}|{VERSION.pattern})$"}

CHANGES = Family(
    name="changes",
    pattern=f"/{_PATH}",
    summary="Statements added and removed between two releases, and a feed of all releases",
    find=_find,
    members=_members,
    variants=_variants,
    render=_render,
    parameters={"from": "Version of a release", "to": f"Version of a release, or “{NOW}”"},
    schemas={"from": _EDITION, "to": _EDITION},
)
