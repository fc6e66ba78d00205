"""The dumps: a page that lists them, and the files themselves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from missiongraph.build.dumps import CHECKSUMS, Dump
from missiongraph.build.releases import Release
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
    reader, counts = Reader(site, variant), site.build.manifest["counts"]
    lead = reader.say("The whole publication as files, under names that stay.")
    links = (
        Link(reader.say("Catalogue"), reader.href("catalog")),
        *((Link(reader.say("Changes"), reader.href("changes")),) if site.build.releases else ()),
        *(_release_link(reader, one) for one in reversed(site.build.releases)),
    )
    title = reader.say("Download")
    counted = {"statements": counts["triples"], "graphs": counts["graphs"]}
    return _page(reader, member, title, lead, site.build.dumps, links, counted)


def _release_link(reader: Reader, release: Release) -> Link:
    return Link(reader.say("Version %(version)s", version=release.version), reader.href(_released(release).address()))


def _released(release: Release) -> Member:
    return Member(f"{_LISTING.path}{release.version}/", "")


def _release_of(site: Site, member: Member) -> Release:
    return next(release for release in site.build.releases if member.path.startswith(_released(release).path))


def _release_listing(site: Site, member: Member, variant: Variant) -> bytes:
    reader, release = Reader(site, variant), _release_of(site, member)
    date = formatting.format_date(release.issued, reader.language)
    lead = reader.say("The edition of %(date)s as it was released; it never changes.", date=date)
    links = (Link(reader.say("Changes"), reader.href("changes")), Link(reader.say("Download"), reader.href("dumps/")))
    title = reader.say("Version %(version)s", version=release.version)
    counted = {"statements": release.statements, "graphs": release.graphs}
    return _page(reader, member, title, lead, site.build.releases[release], links, counted)


def _page(
    reader: Reader,
    member: Member,
    title: str,
    lead: str,
    dumps: tuple[Dump, ...],
    links: tuple[Link, ...],
    counted: Mapping[str, int],
) -> bytes:
    """A page of *dumps*, which lie in the folder that *member* names."""
    site = reader.site
    packed = {dump.name.removesuffix(".gz"): dump for dump in dumps if dump.compression}
    licence = site.settings.licence
    view = FilesPage(
        title=title,
        lead=lead,
        files=tuple(_row(reader, member, dump, packed.get(dump.name)) for dump in dumps if not dump.compression),
        statements=counted["statements"],
        graphs=counted["graphs"],
        links=(Link(CHECKSUMS, f"/{member.path}{CHECKSUMS}"), *links),
        commands=(f"curl -O {site.root}{member.path}{dumps[0].name}",) if dumps else (),
        licence=Link(licence_name(licence), licence) if licence else None,
    )
    crumb = (Link(reader.say("Download"), reader.href("dumps/")),) if member != _LISTING else ()
    surround = frame(reader, member, title, description=lead, breadcrumb=(*crumb, Link(title, current=True)))
    return site.renderer.render("files.html", view, surround).encode()


def _row(reader: Reader, member: Member, dump: Dump, packed: Dump | None) -> FileRow:
    return FileRow(
        name=dump.name,
        href=f"/{member.path}{dump.name}",
        what=reader.say(_WHAT[dump.content]),
        size=formatting.format_bytes(dump.bytes, reader.language),
        media_type=dump.media_type,
        checksum=dump.sha256,
        compressed=Link(packed.name, f"/{member.path}{packed.name}") if packed else None,
        compressed_size=formatting.format_bytes(packed.bytes, reader.language) if packed else None,
    )


def _files(site: Site) -> Iterator[tuple[Member, Dump | None]]:
    """Every file with what is known of it; nothing of the checksums."""
    yield from _files_in(_LISTING, site.build.dumps)
    for release, dumps in site.build.releases.items():
        yield from _files_in(_released(release), dumps)


def _files_in(folder: Member, dumps: tuple[Dump, ...]) -> Iterator[tuple[Member, Dump | None]]:
    yield from ((Member(f"{folder.path}{dump.name}", ""), dump) for dump in dumps)
    yield Member(f"{folder.path}{CHECKSUMS}", ""), None


def _release_members(site: Site) -> Iterator[Member]:
    return (_released(release) for release in site.build.releases)


def _file_members(site: Site) -> Iterator[Member]:
    return (member for member, _ in _files(site))


def _file(site: Site, key: str, arguments: Arguments) -> Member | None:
    return next((member for member in _file_members(site) if member.path == f"dumps/{key}"), None)


def _file_variants(site: Site, member: Member) -> tuple[Variant, ...]:
    dump = next(dump for found, dump in _files(site) if found == member)
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
        *(("item", f"/{m.path}") for m, _ in _files_in(member, site.build.dumps)),
        *((("license", site.settings.licence),) if site.settings.licence else ()),
    ),
)
RELEASES = Family(
    name="release",
    pattern="/dumps/<version:key>/",
    summary="The files of a release, which never change",
    find=lambda site, key, arguments: next((m for m in _release_members(site) if m.path == f"dumps/{key}/"), None),
    members=_release_members,
    variants=lambda site, member: page_variants(site),
    render=_release_listing,
    links=lambda site, member: tuple(
        ("item", f"/{m.path}") for m, _ in _files_in(member, site.build.releases[_release_of(site, member)])
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
