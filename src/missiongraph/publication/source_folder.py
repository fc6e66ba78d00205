"""A publication: a folder of knowledge without code, and the files in it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import quote

from pyoxigraph import NamedNode, RdfFormat

from missiongraph.errors import Place, Problem, SettingsError, UnreadableInput
from missiongraph.publication.settings import FILE_NAME, Settings, read_settings
from missiongraph.publication.undescribed_tables import TABLE_SUFFIX, TABLES_DESCRIPTION, undescribed

#: RDF formats by the ending of a file's name; other files in a publication are not read.
FORMAT_BY_SUFFIX = {
    ".ttl": RdfFormat.TURTLE,
    ".trig": RdfFormat.TRIG,
    ".nt": RdfFormat.N_TRIPLES,
    ".nq": RdfFormat.N_QUADS,
    ".rdf": RdfFormat.RDF_XML,
    ".owl": RdfFormat.RDF_XML,
    ".jsonld": RdfFormat.JSON_LD,
}

#: Mappings to other vocabularies under ``ontology/`` (SSSOM).
MAPPINGS_SUFFIX = ".sssom.tsv"

#: Where a publication keeps its releases, each in a folder named by its version.
RELEASES = "releases"


@dataclass(frozen=True)
class Publication:
    """A folder with ``missiongraph.toml`` and ``data/``; every other part is optional."""

    folder: Path
    settings: Settings

    @classmethod
    def open(cls, folder: Path) -> Publication:
        """The publication in *folder*.

        :raises SettingsError: no settings file, unusable settings, or no RDF file under ``data/``
        """
        if not folder.is_dir():
            raise SettingsError(Problem(f"there is no folder {folder}", advice="name one with --publication DIR"))
        publication = cls(folder, read_settings(folder / FILE_NAME))
        if not publication.data_files:
            raise SettingsError(*(publication._what_lies_in_data() or [publication._nothing_to_read()]))
        return publication

    @cached_property
    def data_files(self) -> tuple[Path, ...]:
        """RDF files of ``data/``, and the tables in folders that describe their tables, in stable order."""
        found = self._files("data", (*FORMAT_BY_SUFFIX, TABLE_SUFFIX))
        return tuple(f for f in found if f.suffix.lower() != TABLE_SUFFIX or (f.parent / TABLES_DESCRIPTION).is_file())

    @cached_property
    def ontology_files(self) -> tuple[Path, ...]:
        """RDF files and mappings of ``ontology/``: graphs of the dataset as well."""
        found = self._files("ontology", (*FORMAT_BY_SUFFIX, Path(MAPPINGS_SUFFIX).suffix))
        return tuple(f for f in found if f.suffix.lower() in FORMAT_BY_SUFFIX or f.name.endswith(MAPPINGS_SUFFIX))

    @property
    def mapping_files(self) -> tuple[Path, ...]:
        """The mapping sets of ``ontology/``, which are served as they are."""
        return tuple(file for file in self.ontology_files if file.name.endswith(MAPPINGS_SUFFIX))

    @cached_property
    def shape_files(self) -> tuple[Path, ...]:
        """RDF files of ``shapes/``: served, but not part of the dataset."""
        return self._files("shapes", FORMAT_BY_SUFFIX)

    @cached_property
    def question_files(self) -> tuple[Path, ...]:
        """SPARQL queries that the publication answers, with their expected answers."""
        others = {*self.rule_files, *self.view_files}
        return tuple(file for file in self._files("queries", (".rq",)) if file not in others)

    @cached_property
    def view_files(self) -> tuple[Path, ...]:
        """SPARQL queries under ``queries/views/`` whose rows are pages, or parts of the home page."""
        return self._files("queries/views", (".rq",))

    @cached_property
    def rule_files(self) -> tuple[Path, ...]:
        """SPARQL queries under ``queries/rules/`` that must return no row."""
        return self._files("queries/rules", (".rq",))

    @cached_property
    def release_files(self) -> tuple[Path, ...]:
        """The records of releases."""
        return tuple(sorted((self.folder / RELEASES).glob("[!.]*/release.json")))

    @cached_property
    def table_descriptions(self) -> tuple[Path, ...]:
        """The description of the tables of each folder under ``data/`` that has some."""
        return tuple(file for file in self._files("data", (".json",)) if file.name == TABLES_DESCRIPTION)

    @cached_property
    def undescribed_tables(self) -> tuple[Path, ...]:
        """Tables of ``data/`` that are not read, since nothing says what their columns mean."""
        return tuple(file for file in self._files("data", (TABLE_SUFFIX,)) if file not in self.data_files)

    def _nothing_to_read(self) -> Problem:
        endings = " ".join(FORMAT_BY_SUFFIX)
        return Problem(f"no RDF file in {self.folder / 'data'}", advice=f"files are read by ending: {endings}")

    def _what_lies_in_data(self) -> list[Problem]:
        """What is there instead of files that can be read."""
        from missiongraph.publication import content_sniffing  # few publications need it

        problems = [undescribed(file, self.path_of(file)) for file in self.undescribed_tables]
        others = (file for file in (self.folder / "data").rglob("*") if file.is_file() and file.name[0] != ".")
        for file in sorted(set(others) - set(self.undescribed_tables)):
            content = file.read_bytes()
            text = content.decode("utf-8", "replace").removeprefix("\ufeff")
            if found := content_sniffing.of_bytes(content) or content_sniffing.of_text(text):
                problems.append(Problem(f"this is {found.name}, and not read", Place(self.path_of(file)), found.advice))
        return problems

    @property
    def context_file(self) -> Path | None:
        """The hand-designed JSON-LD context, where the publication brings one."""
        file = self.folder / "context.jsonld"
        return file if file.is_file() else None

    @cached_property
    def context(self) -> dict[str, Any] | None:
        """What that file has under ``@context``.

        :raises UnreadableInput: it holds no context
        """
        file = self.context_file
        if file is None:
            return None
        try:
            return dict(json.loads(file.read_text("utf-8"))["@context"])
        except (ValueError, KeyError, TypeError) as error:
            line, column = getattr(error, "lineno", None), getattr(error, "colno", None)
            place = Place(self.path_of(file), line, column)
            raise UnreadableInput(Problem(f"is not a JSON-LD context: {error}", place)) from None

    def path_of(self, file: Path) -> str:
        """*file* relative to the folder, with forward slashes; a file from elsewhere keeps its whole path."""
        return file.relative_to(self.folder).as_posix() if file.is_relative_to(self.folder) else file.as_posix()

    def graph_of(self, file: Path) -> NamedNode:
        """The graph that holds the triples of *file* which stand in no graph of their own."""
        return NamedNode(f"{self.settings.base}id/graph/file/{quote(self.path_of(file))}")

    def _files(self, below: str, suffixes: Iterable[str]) -> tuple[Path, ...]:
        endings = tuple(suffixes)
        found = (file for file in (self.folder / below).rglob("*") if file.suffix.lower() in endings)
        visible = (f for f in found if not any(part.startswith(".") for part in f.relative_to(self.folder).parts))
        return tuple(sorted((file for file in visible if file.is_file()), key=self.path_of))


#: The publication's folder in the wheel.
_INSIDE = "_publication"


def packaged_folder() -> Path:
    """The publication that comes with the software: in the wheel, or the checkout around it."""
    inside = Path(__file__).parents[1] / _INSIDE
    checkout = Path(__file__).parents[3]
    return checkout if not inside.is_dir() and (checkout / FILE_NAME).is_file() else inside


def own_publication(named: Path | None) -> Publication:
    """As :func:`find_publication`, for commands that write into it.

    :raises SettingsError: it is the one inside the installed package, which is nobody's to change
    """
    publication = find_publication(named)
    if publication.folder.name == _INSIDE:
        advice = "name a folder of yours with --publication DIR"
        raise SettingsError(Problem("the packaged publication cannot be changed", advice=advice))
    return publication


def find_publication(named: Path | None) -> Publication:
    """The publication *named*, else that of the current folder, else the packaged one.

    :raises SettingsError: as :meth:`Publication.open`
    """
    if named is not None:
        return Publication.open(named)
    return Publication.open(Path() if Path(FILE_NAME).is_file() else packaged_folder())
