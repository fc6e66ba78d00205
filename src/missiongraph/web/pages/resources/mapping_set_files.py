"""The mapping sets of the publication (SSSOM), as files: how its terms match terms of other vocabularies."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from missiongraph.publication.source_folder import MAPPINGS_SUFFIX
from missiongraph.web.context.site import Site
from missiongraph.web.http.registry import Family, Member, Variant

#: The path of their folder.
_ROOM = "mappings/"


def mapping_sets(site: Site) -> Iterator[Member]:
    """The mapping sets, by file name."""
    for file in sorted(_folder(site).rglob(f"*{MAPPINGS_SUFFIX}")):
        yield Member(f"{_ROOM}{file.relative_to(_folder(site)).as_posix()}", "")


def _folder(site: Site) -> Path:
    return site.build.folder / "publication" / "ontology"


MAPPINGS = Family(
    name="mappings",
    pattern=f"/{_ROOM}<path:key>",
    summary="How close the terms of the ontology come to those of other vocabularies, as SSSOM",
    find=lambda site, key, arguments: next((one for one in mapping_sets(site) if one.path == f"{_ROOM}{key}"), None),
    variants=lambda site, member: (Variant("text/tab-separated-values", "", "SSSOM"),),
    render=lambda site, member, variant: (_folder(site) / member.path.removeprefix(_ROOM)).read_bytes(),
    members=mapping_sets,
)
