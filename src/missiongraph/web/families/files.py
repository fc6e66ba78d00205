"""The dumps: a page that lists them, and the files themselves."""

from __future__ import annotations

import json
from collections.abc import Iterator

from missiongraph.build.dumps import CHECKSUMS, TABLES_METADATA, Dump
from missiongraph.settings import pick
from missiongraph.web import formatting
from missiongraph.web.frame import frame, licence_name
from missiongraph.web.reader import Reader
from missiongraph.web.registry import Arguments, Body, Family, Member, Variant, WebLink, page_variants
from missiongraph.web.signposting import licence_of
from missiongraph.web.site import Site
from missiongraph.web.structured import dataset_markup
from missiongraph.web.views import File as FileRow
from missiongraph.web.views import FilesPage, Link
from missiongraph.web.wording import message

_LISTING = Member("dumps/", "")
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
    title = reader.say("Download")
    lead = reader.say("The whole publication as files, under names that stay.")
    licence = site.settings.licence
    first = build.dumps[0].name if build.dumps else ""
    view = FilesPage(
        title=title,
        lead=lead,
        files=tuple(_row(reader, dump) for dump in build.dumps if not dump.compression),
        statements=build.manifest["counts"]["triples"],
        graphs=build.manifest["counts"]["graphs"],
        links=(Link(CHECKSUMS, f"/dumps/{CHECKSUMS}"), Link(reader.say("Catalogue"), reader.href("catalog"))),
        commands=_commands(site, first) if first else (),
        licence=Link(licence_name(licence), licence) if licence else None,
    )
    crumb, markup = (Link(title, current=True),), dataset_markup(reader, build.manifest["dataset"])
    surround = frame(reader, member, title, description=lead, breadcrumb=crumb, structured_data=markup)
    return site.renderer.render("files.html", view, surround).encode()


def _commands(site: Site, name: str) -> tuple[str, ...]:
    """How to fetch a file: whole, go on with one that broke off, and for ever the same."""
    return (
        f"curl --compressed -O {site.root}dumps/{name}",
        f"curl -C - -O {site.root}dumps/{name}.gz",
        f"curl --compressed -O {site.root}dumps/{site.build.id}/{name}",
    )


def _row(reader: Reader, dump: Dump) -> FileRow:
    packed = [d for d in reader.site.build.dumps if d.compression and d.name == f"{dump.name}.{_ending(d)}"]
    subject = pick(dump.subject, (reader.language,))
    return FileRow(
        name=dump.name,
        href=f"/dumps/{dump.name}",
        what=reader.say(_WHAT[dump.content], name=subject),
        size=formatting.format_bytes(dump.bytes, reader.language),
        media_type=dump.media_type,
        checksum=dump.sha256,
        compressed=tuple(_row(reader, one) for one in packed),
    )


def _ending(dump: Dump) -> str:
    return dump.name.rpartition(".")[2]


def _file_members(site: Site) -> Iterator[Member]:
    return (Member(f"dumps/{name}", "") for name in (*(dump.name for dump in site.build.dumps), CHECKSUMS))


def _file(site: Site, key: str, arguments: Arguments) -> Member | None:
    """A file by its name, or by that of its build and its own: the same bytes for ever, or nothing."""
    name = key.removeprefix(f"{site.build.id}/")
    found = next((member for member in _file_members(site) if member.path == f"dumps/{name}"), None)
    return Member(f"dumps/{key}", "") if found else None


def _file_variants(site: Site, member: Member) -> tuple[Variant, ...]:
    name = _name(member)
    dump = next((dump for dump in site.build.dumps if dump.name == name), None)
    if dump is None:
        return (Variant("text/plain", "", CHECKSUMS),)
    return (Variant(f"application/{dump.compression}" if dump.compression else dump.media_type, "", dump.format),)


def _file_body(site: Site, member: Member, variant: Variant) -> Body:
    return site.build.folder / "dumps" / _name(member)


def _name(member: Member) -> str:
    return member.path.rpartition("/")[2]


def _file_links(site: Site, member: Member) -> tuple[WebLink, ...]:
    dump = next((dump for dump in site.build.dumps if dump.name == _name(member)), None)
    tables = any(dump.name == TABLES_METADATA for dump in site.build.dumps)
    described = WebLink("describedby", f"/dumps/{TABLES_METADATA}", "application/csvm+json")
    of_table = dump is not None and tables and dump.format == "CSV"
    return (WebLink("collection", "/dumps/"), *((described,) if of_table else ()), *licence_of(site))


def _machine_form(site: Site) -> bytes:
    """The listing for programs: what the page tells of each file, with the name under which it never changes."""
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
    find=lambda site, key, arguments: _LISTING,
    members=lambda site: iter((_LISTING,)),
    variants=lambda site, member: (*page_variants(site), Variant("application/json", "", "JSON")),
    render=_listing,
    links=lambda site, member: (*(WebLink("item", f"/{m.path}") for m in _file_members(site)), *licence_of(site)),
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
