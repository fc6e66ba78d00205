"""Reads and writes releases: editions of the dataset that are kept under a version in ``releases/{version}/``.

A release consists of its statements as canonical N-Quads (RDFC-1.0, gzip) and a record with their digest and counts.
Every build makes the dumps of all releases from these files, so the publication's repository holds all history.
"""

from __future__ import annotations

import datetime
import gzip
import hashlib
import json
import re
import zlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from pyoxigraph import Quad, RdfFormat, parse

from missiongraph.errors import MissiongraphError, Place, Problem, ReleaseRefused, UnreadableInput, reason_of
from missiongraph.publication.dataset import Dataset
from missiongraph.publication.settings import Settings
from missiongraph.publication.source_folder import RELEASES, Publication
from missiongraph.rdf.canonical import canonical_line, canonicalise, digest

#: Stands for the present, unreleased state of the publication where a version is expected.
NOW = "now"

_RECORD, _STATEMENTS = "release.json", "dataset.nq.gz"
#: Two to four numbers, and perhaps a pre-release.
VERSION = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,9}){1,3}(?:-[0-9A-Za-z]+(?:\.[0-9A-Za-z]+)*)?")


@dataclass(frozen=True)
class Release:
    """The record of a release: *digest* is the SHA-256 of its canonical N-Quads in hex, *issued* a date (ISO 8601)."""

    version: str
    issued: str
    digest: str
    statements: int
    graphs: int

    @property
    def order(self) -> tuple[object, ...]:
        """Sort key in the order of Semantic Versioning (section 11): by number, a pre-release before its release."""
        numbers, _, before = self.version.partition("-")
        parts = tuple(int(number) for number in numbers.split("."))
        named = tuple((not p.isdigit(), int(p) if p.isdigit() else 0, p) for p in before.split(".")) if before else ()
        return (*parts, *(0,) * (4 - len(parts)), not before, named)


def is_version(text: str) -> bool:
    """Whether *text* can name a release: two to four numbers, and perhaps a pre-release after a hyphen.

    >>> is_version("1.1.0"), is_version("2.0.0-rc.1"), is_version("latest"), is_version("../1.0")
    (True, True, False, False)
    """
    return VERSION.fullmatch(text) is not None


def read_releases(publication: Publication) -> tuple[Release, ...]:
    """Reads the records of the releases of *publication*, sorted by version.

    :raises UnreadableInput: a file is not such a record; it lists all of them
    """
    releases, problems = [], []
    for file in publication.release_files:
        try:
            release = Release(**json.loads(file.read_text("utf-8")))
            if release.version != file.parent.name or not is_version(release.version):
                raise ValueError(f"the version “{release.version}” is not the name of the folder")
            datetime.date.fromisoformat(release.issued)
            releases.append(release)
        except (OSError, ValueError, TypeError) as error:
            problems.append(Problem(f"is not the record of a release: {error}", Place(publication.path_of(file))))
    if problems:
        raise UnreadableInput(*problems)
    return tuple(sorted(releases, key=lambda release: release.order))


def statements_of(publication: Publication, release: Release) -> list[Quad]:
    """Reads the quads of *release* in canonical order.

    :raises UnreadableInput: the file cannot be read, or its digest is not that of the record
    """
    file = publication.folder / RELEASES / release.version / _STATEMENTS
    try:
        content = gzip.decompress(file.read_bytes())
    except (OSError, EOFError, zlib.error) as error:
        raise UnreadableInput(Problem(f"cannot be read: {error}", Place(publication.path_of(file)))) from None
    if hashlib.sha256(content).hexdigest() != release.digest:
        what = f"is not what was released as {release.version}: its SHA-256 is another one"
        raise UnreadableInput(Problem(what, Place(publication.path_of(file)), "restore it; a release never changes"))
    return list(parse(content, RdfFormat.N_QUADS))


def release(dataset: Dataset, version: str, day: datetime.date) -> Path:
    """Keeps a validated *dataset* as release *version*, and returns its folder.

    If *version* was released with the same content, nothing changes.

    :param day: the day of issue
    :raises ReleaseRefused: *version* was released with other content, or does not follow the last release
    :raises MissiongraphError: *version* is no version (see :func:`is_version`), or the folder cannot be written
    """
    publication = dataset.publication
    if not is_version(version):
        advice = "two to four numbers, as in 1.1.0 or 2026.11; 2.0.0-rc.1 for what comes before 2.0.0"
        raise MissiongraphError(Problem(f"“{version}” is not a version", advice=advice))
    quads = canonicalise(dataset.quads, seconds=publication.settings.limits.canonicalisation_seconds)
    new = Release(version, day.isoformat(), digest(quads), len(quads), len({quad.graph_name for quad in quads}))
    folder = publication.folder / RELEASES / version
    for old in read_releases(publication):
        if old.version == version and old.digest == new.digest:
            return folder
        if old.version == version:
            raise ReleaseRefused(Problem(f"{version} was released with other content", advice="choose a new version"))
        if old.order >= new.order:
            raise ReleaseRefused(Problem(f"{version} does not follow {old.version}, which was released before"))
    write_release(publication, new, quads)
    return folder


def write_release(publication: Publication, new: Release, quads: Sequence[Quad]) -> None:
    """Writes the files of the release *new*, whose statements in canonical order are *quads*.

    :raises MissiongraphError: the folder cannot be written
    """
    folder = publication.folder / RELEASES / new.version
    content = "".join(canonical_line(quad) for quad in quads).encode()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / _STATEMENTS).write_bytes(gzip.compress(content, 9, mtime=0))
        (folder / _RECORD).write_text(json.dumps(asdict(new), indent=2) + "\n", "utf-8")
    except OSError as error:
        raise MissiongraphError(Problem(f"cannot write {folder}: {reason_of(error)}")) from None


def stated_version(settings: Settings, releases: Sequence[Release], data_digest: str) -> str | None:
    """The version of the present data: that of the release with the same digest, else that of the settings.

    If the version of the settings was released with other content, there is none.
    """
    same = [one.version for one in releases if one.digest == data_digest]
    if same:
        return same[-1]
    return None if any(one.version == settings.version for one in releases) else settings.version
