"""Opens a build: finds its folder, and gives access to its manifest, store, indexes, dumps and descriptions."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import cached_property, lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from pyoxigraph import RdfFormat, Triple, parse

from missiongraph.build.address_index import PathIndex
from missiongraph.build.changes import Changes, changes_between
from missiongraph.build.files.dumps import Dump
from missiongraph.build.list_index import ListIndex
from missiongraph.engine.embedded import EmbeddedEngine
from missiongraph.errors import BuildError, Problem
from missiongraph.names.index import NameIndex
from missiongraph.publication.query_files import Question, read_questions
from missiongraph.publication.releases import Release
from missiongraph.publication.settings import Settings
from missiongraph.publication.source_folder import Publication
from missiongraph.rdf.jsonld_context import Context

#: The folder of a build with the editions that ``/changes`` compares.
EDITIONS = "editions"
MANIFEST = "build.json"
CURRENT = "current"

#: The numbers of validation results. They may differ between equal builds, so they lie under ``store/``.
FINDINGS = "store/findings.json"


@dataclass(frozen=True)
class Build:
    """A finished build, opened for reading.

    :ivar folder: its folder, ``{out}/{id}``
    :ivar manifest: the content of ``build.json``
    """

    folder: Path
    manifest: dict[str, Any]

    @classmethod
    def open(cls, folder: Path) -> Build:
        """Opens the build in *folder*, which is a build or the folder of ``build --out``.

        :raises BuildError: there is no build in *folder*, or its manifest is damaged
        """
        for candidate in (folder, folder / CURRENT):
            if (candidate / MANIFEST).is_file():
                real = candidate.resolve()
                try:
                    return cls(real, json.loads((real / MANIFEST).read_text("utf-8")))
                except ValueError as error:
                    what = f"the build in {folder} is damaged: {MANIFEST}: {error}"
                    raise BuildError(Problem(what, advice="build again")) from None
        raise BuildError(Problem(f"there is no build in {folder}", advice=f"missiongraph build --out {folder}"))

    @property
    def id(self) -> str:
        """The identifier of the build, which ETags contain."""
        return str(self.manifest["id"])

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages of pages."""
        return tuple(self.manifest["languages"])

    @property
    def prefixes(self) -> dict[str, str]:
        """Namespaces by prefix; queries may use these prefixes without declaring them."""
        return dict(self.manifest["prefixes"])

    @cached_property
    def publication(self) -> Publication:
        """The settings, shapes and queries of which the build was made."""
        return Publication(self.folder / "publication", self.settings)

    @cached_property
    def settings(self) -> Settings:
        """The publication's settings."""
        return Settings.model_validate(self.manifest["settings"])

    @cached_property
    def dumps(self) -> tuple[Dump, ...]:
        """The files under ``dumps/``, without the checksums and the releases."""
        return tuple(Dump(**item) for item in self.manifest["dumps"])

    @cached_property
    def releases(self) -> dict[Release, tuple[Dump, ...]]:
        """The releases, the oldest first, each with the files under ``dumps/{version}/``, without the checksums."""
        return {
            Release(**{name: value for name, value in item.items() if name != "dumps"}): tuple(
                Dump(**dump) for dump in item["dumps"]
            )
            for item in self.manifest["releases"]
        }

    @property
    def findings(self) -> dict[str, int] | None:
        """The number of validation results by severity when this was built; ``None`` if it was not recorded."""
        file = self.folder / FINDINGS
        return json.loads(file.read_text("utf-8")) if file.is_file() else None

    def changes(self, old: str, new: str) -> Changes:
        """The changes from the edition *old* to *new*; each is the version of a release, or ``now``."""
        return changes_between(self.folder / EDITIONS / f"{old}.nq", self.folder / EDITIONS / f"{new}.nq")

    @cached_property
    def context(self) -> Context:
        """The JSON-LD context of answers and dumps."""
        return dict(json.loads((self.folder / "context.jsonld").read_text("utf-8"))["@context"])

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        """The questions (queries of ``queries/questions/``)."""
        return read_questions(self.publication, self.publication.question_files)

    @cached_property
    def views(self) -> tuple[Question, ...]:
        """The query views (queries of ``queries/views/``)."""
        return read_questions(self.publication, self.publication.view_files)

    @cached_property
    def engine(self) -> EmbeddedEngine:
        """The engine over the store of the build."""
        settings = self.settings
        return EmbeddedEngine.open(
            self.folder / "store" / "graph", base=settings.base, merge_triples=settings.limits.merge_triples
        )

    @cached_property
    def index(self) -> PathIndex:
        """The path index."""
        return PathIndex(self.folder / "store" / "index.sqlite")

    @cached_property
    def lists(self) -> ListIndex:
        """The index of lists."""
        return ListIndex(self.folder / "store" / "lists.sqlite")

    @cached_property
    def names(self) -> NameIndex:
        """The index of names."""
        return NameIndex(self.folder / "store" / "names")

    def statements(self, name: str) -> list[Triple]:
        """The statements of ``metadata/{name}.nt``, such as ``catalog``, ``quality``, ``void`` or ``ontology``."""
        file = self.folder / "metadata" / f"{name}.nt"
        return list(_triples(file)) if file.is_file() else []


@lru_cache(16)  # every page asks whether there is an ontology; a build never changes
def _triples(file: Path) -> tuple[Triple, ...]:
    return tuple(quad.triple for quad in parse(file.read_bytes(), RdfFormat.N_TRIPLES))


def software_version() -> str:
    """A digest of all files of this package, and of the versions of libraries on which its output depends."""
    package = Path(__file__).parents[1]
    hashed = hashlib.sha256()
    for file in sorted(package.rglob("*"), key=lambda path: path.relative_to(package).as_posix()):
        relative = file.relative_to(package).as_posix()
        if file.is_file() and "__pycache__" not in relative and not relative.startswith("_publication/"):
            hashed.update(f"{relative}\0".encode() + file.read_bytes())
    for library in ("pyoxigraph", "babel", "jinja2", "arro3-io", "brotli", "zstandard"):
        hashed.update(f"{library} {version(library)}\0".encode())
    return hashed.hexdigest()
