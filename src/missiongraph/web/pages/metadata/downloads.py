"""The page of the dumps, the same for each release, and the dump files themselves."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence

from pyoxigraph import NamedNode

from missiongraph.build.files.dumps import CHECKSUMS, TABLES_METADATA, Dump
from missiongraph.publication.releases import Release
from missiongraph.publication.settings import pick
from missiongraph.translation import message
from missiongraph.web.content.facts.schema_org import dataset_markup
from missiongraph.web.content.layout.long_pages import PARAMETERS, SCHEMAS, page_number, page_of, pages, split
from missiongraph.web.content.layout.page_frame import layout_of, licence_name
from missiongraph.web.content.layout.term_writer import Reader
from missiongraph.web.context.site import Site
from missiongraph.web.http.registry import Arguments, Body, Family, Member, Variant, WebLink, page_variants
from missiongraph.web.http.signposting import licence_of
from missiongraph.web.rendering import formatting
from missiongraph.web.rendering.view_models import File as FileRow
from missiongraph.web.rendering.view_models import FilesPage, Link, Section

_LISTING = Member("dumps/", "")

#: Most releases on the page of the dumps, the newest first. The page of changes has all.
_MOST_RELEASES = 20

_WHAT = {
    "default": message("What is accepted, each statement once"),
    "named": message("All graphs, each statement with its evidence"),
    "part": message("The graphs of one part of the publication"),
    "table": message("Table: %(name)s"),
    "links": message("Table of links between things"),
    "tables": message("What the columns of the CSV tables mean"),
    "places": message("Places on the map"),
}


def _listing(site: Site, member: Member, variant: Variant) -> bytes:
    if not variant.is_page:
        return _machine_form(site)
    reader, build = Reader(site, variant), site.build
    lead = reader.say("The whole publication as files, under names that stay.")
    if build.is_draft:
        lead = reader.say("This is a draft, which has no files: missiongraph build makes them.")
    links = (
        Link(reader.say("Catalogue"), reader.href("catalog")),
        *((Link(reader.say("Changes"), reader.href("changes")),) if build.releases else ()),
        *(_release_link(reader, one) for one in list(reversed(build.releases))[:_MOST_RELEASES]),
    )
    title = reader.say("Download")
    counted = {"statements": build.manifest["counts"]["triples"], "graphs": build.manifest["counts"]["graphs"]}
    markup = dataset_markup(reader, build.manifest["dataset"])
    return _page(reader, member, title, lead, links, counted, markup)


def _pages(site: Site, folder: Member) -> Iterator[Member]:
    return pages(site, folder, lambda reader: _sections(reader, folder))


def _page_found(site: Site, folder: Member, arguments: Arguments) -> Member | None:
    number = page_number(arguments)
    return next((page for page in _pages(site, folder) if page.number == number), None)


def _release_found(site: Site, key: str, arguments: Arguments) -> Member | None:
    folder = next((m for m in _release_members(site) if m.path == f"dumps/{key}/"), None)
    return _page_found(site, folder, arguments) if folder else None


def _listing_variants(site: Site, member: Member) -> tuple[Variant, ...]:
    whole = (Variant("application/json", "", "JSON"),) if member.number == 1 else ()
    return (*page_variants(site), *whole)


def _release_link(reader: Reader, release: Release) -> Link:
    return Link(reader.say("Version %(version)s", version=release.version), reader.href(_released(release).address()))


def _released(release: Release) -> Member:
    return Member(f"{_LISTING.path}{release.version}/", "")


def _release_of(site: Site, member: Member) -> Release:
    return next(release for release in site.build.releases if member.path.startswith(_released(release).path))


def _dumps_in(site: Site, folder: Member) -> tuple[Dump, ...]:
    return site.build.dumps if folder.path == _LISTING.path else site.build.releases[_release_of(site, folder)]


def _release_listing(site: Site, member: Member, variant: Variant) -> bytes:
    reader, release = Reader(site, variant), _release_of(site, member)
    date = formatting.format_date(release.issued, reader.language)
    lead = reader.say("The edition of %(date)s as it was released; it never changes.", date=date)
    links = (Link(reader.say("Changes"), reader.href("changes")), Link(reader.say("Download"), reader.href("dumps/")))
    title = reader.say("Version %(version)s", version=release.version)
    counted = {"statements": release.statements, "graphs": release.graphs}
    return _page(reader, member, title, lead, links, counted)


def _page(
    reader: Reader,
    member: Member,
    title: str,
    lead: str,
    links: tuple[Link, ...],
    counted: Mapping[str, int],
    markup: str | None = None,
) -> bytes:
    """The page of the dumps in *folder*."""
    site = reader.site
    dumps = _dumps_in(site, member)
    sections, turning = page_of(reader, member, lambda one: _sections(one, member))
    licence = site.settings.licence
    view = FilesPage(
        title=title,
        lead=lead,
        sections=sections,
        paging=turning,
        statements=counted["statements"],
        graphs=counted["graphs"],
        links=(*(Link(CHECKSUMS, f"/{found.path}") for found, dump in _files_in(site, member) if dump is None), *links),
        commands=_commands(site, member, dumps[0].name) if dumps else (),
        licence=Link(licence_name(licence), licence) if licence else None,
    )
    above = (Link(reader.say("Download"), reader.href("dumps/")),) if member.path != _LISTING.path else ()
    crumb = (*above, Link(title, current=True))
    heading = title if member.number == 1 else f"{title} ({member.number})"
    layout = layout_of(reader, member, heading, description=lead, breadcrumb=crumb, structured_data=markup)
    return site.renderer.render("files.html", view, layout).encode()


def _commands(site: Site, folder: Member, name: str) -> tuple[str, ...]:
    """Shell commands that fetch a file: whole, resumed after an interruption, and by an address that never changes."""
    whole = (
        f"curl --compressed -O {site.root}{folder.path}{name}",
        f"curl -C - -O {site.root}{folder.path}{name}.gz",
    )
    return (
        (*whole, f"curl --compressed -O {site.root}dumps/{site.build.id}/{name}")
        if folder.path == _LISTING.path and not site.static
        else whole
    )


def _sections(reader: Reader, folder: Member) -> tuple[Section, ...]:
    """The files by content: the whole dataset, tables and places, the parts of the dataset."""
    dumps = _dumps_in(reader.site, folder)
    graphs = [dump for dump in dumps if dump.content in ("default", "named")]
    parts = dict.fromkeys(dump.part_of for dump in dumps if dump.part_of)
    others = [dump for dump in dumps if not dump.part_of and dump not in graphs]
    reader.learn(map(NamedNode, parts))
    links = {part: reader.link(NamedNode(part)) for part in parts}
    found = (
        Section("page-everything", reader.say("Everything"), (), files=file_rows(reader, graphs, folder)),
        Section("page-tables", reader.say("Tables and places"), (), files=file_rows(reader, others, folder)),
        *(
            Section(
                f"page-part-{number}",
                links[part].text,
                (),
                href=links[part].href,
                files=file_rows(reader, [dump for dump in dumps if dump.part_of == part], folder),
            )
            for number, part in enumerate(sorted(parts, key=lambda part: reader.sort_key(links[part].text)), start=1)
        ),
    )
    return split([section for section in found if section.files])


def file_rows(reader: Reader, dumps: Sequence[Dump], folder: Member = _LISTING) -> tuple[FileRow, ...]:
    """The uncompressed files of *dumps*, each with its compressed forms."""
    return tuple(_row(reader, folder, dumps, dump) for dump in dumps if not dump.compression)


def _row(reader: Reader, folder: Member, dumps: Sequence[Dump], dump: Dump) -> FileRow:
    packed = [d for d in dumps if d.compression and d.name == f"{dump.name}.{_ending(d)}"]
    subject = pick(dump.subject, (reader.language,))
    return FileRow(
        name=dump.name,
        href=f"/{folder.path}{dump.name}",
        what=reader.say(_WHAT[dump.content], name=subject),
        size=formatting.format_bytes(dump.bytes, reader.language),
        media_type=dump.media_type,
        checksum=dump.sha256,
        compressed=tuple(_row(reader, folder, dumps, one) for one in packed),
    )


def _ending(dump: Dump) -> str:
    return dump.name.rpartition(".")[2]


def _files(site: Site) -> Iterator[tuple[Member, Dump | None]]:
    """All files, each with its description; checksum files have none."""
    for folder in (_LISTING, *_release_members(site)):
        yield from _files_in(site, folder)


def _files_in(site: Site, folder: Member) -> Iterator[tuple[Member, Dump | None]]:
    yield from ((Member(f"{folder.path}{dump.name}", ""), dump) for dump in _dumps_in(site, folder))
    if not site.build.is_draft:
        yield Member(f"{folder.path}{CHECKSUMS}", ""), None


def _release_members(site: Site) -> Iterator[Member]:
    return (_released(release) for release in site.build.releases)


def _file_members(site: Site) -> Iterator[Member]:
    return (member for member, _ in _files(site))


def _file(site: Site, key: str, arguments: Arguments) -> Member | None:
    """A file by name, or by build and name, which is an address that never changes."""
    named = Member(f"dumps/{key}", "")
    return named if any(_lies_at(site, named) == member for member in _file_members(site)) else None


def _lies_at(site: Site, member: Member) -> Member:
    """*member* by name alone, if it names its build."""
    return Member(member.path.replace(f"dumps/{site.build.id}/", "dumps/", 1), "")


def _dump_of(site: Site, member: Member) -> Dump | None:
    return next(dump for found, dump in _files(site) if found == _lies_at(site, member))


def _file_variants(site: Site, member: Member) -> tuple[Variant, ...]:
    dump = _dump_of(site, member)
    if dump is None:
        return (Variant("text/plain", "", CHECKSUMS),)
    return (Variant(f"application/{dump.compression}" if dump.compression else dump.media_type, "", dump.format),)


def _file_body(site: Site, member: Member, variant: Variant) -> Body:
    return site.build.folder / _lies_at(site, member).path


def _file_links(site: Site, member: Member) -> tuple[WebLink, ...]:
    dump, path = _dump_of(site, member), _lies_at(site, member).path
    folder = path.rpartition("/")[0]
    tables = Member(f"{folder}/{TABLES_METADATA}", "")
    of_table = dump is not None and dump.format == "CSV" and tables in _file_members(site)
    described = (WebLink("describedby", f"/{tables.path}", "application/csvm+json"),) if of_table else ()
    return (WebLink("collection", f"/{folder}/"), *described, *licence_of(site))


def _items(site: Site, folder: Member) -> tuple[WebLink, ...]:
    paths = sorted((m.path for m, _ in _files_in(site, folder)), key=lambda path: path.endswith((".gz", ".zst")))
    return (*(WebLink("item", f"/{path}") for path in paths), *licence_of(site))


def _machine_form(site: Site) -> bytes:
    """The page for programs: a JSON description of each file, with the address that never changes."""
    files = [
        {
            "name": dump.name,
            "url": f"{site.root}dumps/{dump.name}",
            "immutable": f"{site.root}dumps/{site.build.id}/{dump.name}",
            "bytes": dump.bytes,
            "sha256": dump.sha256,
            "mediaType": dump.media_type,
            "compression": dump.compression,
            "content": dump.content,
            "readBy": dump.read_by,
            "dataset": dump.part_of or site.build.manifest["dataset"],
        }
        for dump in site.build.dumps
    ]
    listing = {"build": site.build.id, "licence": site.settings.licence, "files": files}
    return (json.dumps(listing, ensure_ascii=False, indent=1) + "\n").encode()


LISTING = Family(
    name="dumps",
    pattern="/dumps/",
    summary="The files of the whole publication",
    find=lambda site, key, arguments: _page_found(site, _LISTING, arguments),
    members=lambda site: _pages(site, _LISTING),
    variants=_listing_variants,
    render=_listing,
    links=_items,
    parameters=PARAMETERS,
    schemas=SCHEMAS,
)
RELEASES = Family(
    name="release",
    pattern="/dumps/<version:key>/",
    summary="The files of a release, which never change",
    find=_release_found,
    members=lambda site: (page for release in _release_members(site) for page in _pages(site, release)),
    variants=lambda site, member: page_variants(site),
    render=_release_listing,
    links=_items,
    parameters=PARAMETERS,
    schemas=SCHEMAS,
)
FILES = Family(
    name="dump",
    pattern="/dumps/<path:key>",
    summary="A file of the whole publication; ranges and conditional requests are honoured",
    find=_file,
    members=_file_members,
    variants=_file_variants,
    render=_file_body,
    of_files=True,
    links=_file_links,
)
