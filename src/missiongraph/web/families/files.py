"""The dumps: a page that lists them, and the files themselves."""

from __future__ import annotations

from collections.abc import Iterator

from missiongraph.build.dumps import CHECKSUMS, Dump
from missiongraph.web import formatting
from missiongraph.web.frame import frame, licence_name
from missiongraph.web.reader import Reader
from missiongraph.web.registry import Arguments, Body, Family, Member, Variant, page_variants
from missiongraph.web.site import Site
from missiongraph.web.views import File as FileRow
from missiongraph.web.views import FilesPage, Link
from missiongraph.web.wording import message

_LISTING = Member("dumps/", "")
_WHAT = {
    "default": message("What is accepted, each statement once"),
    "named": message("All graphs, each statement with its evidence"),
}


def _listing(site: Site, member: Member, variant: Variant) -> bytes:
    reader, build = Reader(site, variant), site.build
    packed = {dump.name.removesuffix(".gz"): dump for dump in build.dumps if dump.compression}
    title = reader.say("Download")
    lead = reader.say("The whole publication as files, under names that stay.")
    licence = site.settings.licence
    first = build.dumps[0].name if build.dumps else ""
    view = FilesPage(
        title=title,
        lead=lead,
        files=tuple(_row(reader, dump, packed.get(dump.name)) for dump in build.dumps if not dump.compression),
        statements=build.manifest["counts"]["triples"],
        graphs=build.manifest["counts"]["graphs"],
        links=(Link(CHECKSUMS, f"/dumps/{CHECKSUMS}"), Link(reader.say("Catalogue"), reader.href("catalog"))),
        commands=(f"curl -O {site.root}dumps/{first}",) if first else (),
        licence=Link(licence_name(licence), licence) if licence else None,
    )
    surround = frame(reader, member, title, description=lead, breadcrumb=(Link(title, current=True),))
    return site.renderer.render("files.html", view, surround).encode()


def _row(reader: Reader, dump: Dump, packed: Dump | None) -> FileRow:
    return FileRow(
        name=dump.name,
        href=f"/dumps/{dump.name}",
        what=reader.say(_WHAT[dump.content]),
        size=formatting.format_bytes(dump.bytes, reader.language),
        media_type=dump.media_type,
        checksum=dump.sha256,
        compressed=Link(packed.name, f"/dumps/{packed.name}") if packed else None,
        compressed_size=formatting.format_bytes(packed.bytes, reader.language) if packed else None,
    )


def _file_members(site: Site) -> Iterator[Member]:
    return (Member(f"dumps/{name}", "") for name in (*(dump.name for dump in site.build.dumps), CHECKSUMS))


def _file(site: Site, key: str, arguments: Arguments) -> Member | None:
    return next((member for member in _file_members(site) if member.path == f"dumps/{key}"), None)


def _file_variants(site: Site, member: Member) -> tuple[Variant, ...]:
    name = member.path.removeprefix("dumps/")
    dump = next((dump for dump in site.build.dumps if dump.name == name), None)
    if dump is None:
        return (Variant("text/plain", "", CHECKSUMS),)
    return (Variant("application/gzip" if dump.compression else dump.media_type, "", dump.format),)


def _file_body(site: Site, member: Member, variant: Variant) -> Body:
    return site.build.folder / member.path


LISTING = Family(
    name="dumps",
    pattern="/dumps/",
    summary="The files of the whole publication",
    find=lambda site, key, arguments: _LISTING,
    members=lambda site: iter((_LISTING,)),
    variants=lambda site, member: page_variants(site),
    render=_listing,
    links=lambda site, member: (
        *(("item", f"/{m.path}") for m in _file_members(site)),
        *((("license", site.settings.licence),) if site.settings.licence else ()),
    ),
)
FILES = Family(
    name="dump",
    pattern="/dumps/<path:key>",
    summary="A file of the whole publication; ranges and conditional requests are honoured",
    find=_file,
    members=_file_members,
    variants=_file_variants,
    render=_file_body,
)
