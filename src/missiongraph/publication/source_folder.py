"""Finds the files of a publication in its folder, by name and suffix."""

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
from missiongraph.publication.guessed_tables import TABLE_SUFFIX, TABLES_DESCRIPTION, undescribed
from missiongraph.publication.settings import FILE_NAME, Settings, read_settings

#: RDF formats by the suffix of a file's name. Other files are not read as RDF.
FORMAT_BY_SUFFIX = {
    ".ttl": RdfFormat.TURTLE,
    ".trig": RdfFormat.TRIG,
    ".nt": RdfFormat.N_TRIPLES,
    ".nq": RdfFormat.N_QUADS,
    ".rdf": RdfFormat.RDF_XML,
    ".owl": RdfFormat.RDF_XML,
    ".jsonld": RdfFormat.JSON_LD,
}

#: The suffix of mappings to other vocabularies (SSSOM/TSV) under ``ontology/``.
MAPPINGS_SUFFIX = ".sssom.tsv"

#: Where a publication keeps its releases, each in a folder named by its version.
RELEASES = "releases"


@dataclass(frozen=True)
class Publication:
    """A publication: a folder with ``missiongraph.toml`` and ``data/``; every other part is optional."""

    folder: Path
    settings: Settings

    @classmethod
    def open(cls, folder: Path) -> Publication:
        """Opens the publication in *folder*.

        :raises SettingsError: there is no such folder or no settings file, the settings are faulty (see
            :func:`~missiongraph.publication.settings.read_settings`), or no file under ``data/`` can be read
        """
        if not folder.is_dir():
            raise SettingsError(Problem(f"there is no folder {folder}", advice="name one with --publication DIR"))
        publication = cls(folder, read_settings(folder / FILE_NAME))
        if not publication.data_files:
            raise SettingsError(*(publication._what_lies_in_data() or [publication._nothing_to_read()]))
        return publication

    @cached_property
    def data_files(self) -> tuple[Path, ...]:
        """The RDF files of ``data/``, and the tables in folders that have a description of tables; sorted by path."""
        candidates = self._files("data", (*FORMAT_BY_SUFFIX, TABLE_SUFFIX))
        return tuple(
            f for f in candidates if f.suffix.lower() != TABLE_SUFFIX or (f.parent / TABLES_DESCRIPTION).is_file()
        )

    @cached_property
    def ontology_files(self) -> tuple[Path, ...]:
        """The RDF files and mappings of ``ontology/``, which are part of the dataset too."""
        candidates = self._files("ontology", (*FORMAT_BY_SUFFIX, Path(MAPPINGS_SUFFIX).suffix))
        return tuple(f for f in candidates if f.suffix.lower() in FORMAT_BY_SUFFIX or f.name.endswith(MAPPINGS_SUFFIX))

    @property
    def mapping_files(self) -> tuple[Path, ...]:
        """The mapping sets of ``ontology/``, which the site also serves as they are."""
        return tuple(file for file in self.ontology_files if file.name.endswith(MAPPINGS_SUFFIX))

    @cached_property
    def shape_files(self) -> tuple[Path, ...]:
        """The RDF files of ``shapes/``; the site serves them, but they are not part of the dataset."""
        return self._files("shapes", FORMAT_BY_SUFFIX)

    @cached_property
    def question_files(self) -> tuple[Path, ...]:
        """Questions: the queries of ``queries/`` that are neither views nor rules."""
        others = {*self.rule_files, *self.view_files}
        return tuple(file for file in self._files("queries", (".rq",)) if file not in others)

    @cached_property
    def view_files(self) -> tuple[Path, ...]:
        """Query views: the queries of ``queries/views/``, whose rows a page or the home page shows."""
        return self._files("queries/views", (".rq",))

    @cached_property
    def rule_files(self) -> tuple[Path, ...]:
        """Rules: the queries of ``queries/rules/``, which find faults in the graph or infer statements."""
        return self._files("queries/rules", (".rq",))

    @cached_property
    def release_files(self) -> tuple[Path, ...]:
        """The record of each release, ``releases/{version}/release.json``."""
        return tuple(sorted((self.folder / RELEASES).glob("[!.]*/release.json")))

    @cached_property
    def table_descriptions(self) -> tuple[Path, ...]:
        """The descriptions of tables (CSVW) under ``data/``, one for a folder."""
        return tuple(file for file in self._files("data", (".json",)) if file.name == TABLES_DESCRIPTION)

    @cached_property
    def undescribed_tables(self) -> tuple[Path, ...]:
        """Tables of ``data/`` that are not read, since their folder has no description of tables."""
        return tuple(file for file in self._files("data", (TABLE_SUFFIX,)) if file not in self.data_files)

    def _nothing_to_read(self) -> Problem:
        endings = " ".join(FORMAT_BY_SUFFIX)
        return Problem(f"no RDF file in {self.folder / 'data'}", advice=f"files are read by ending: {endings}")

    def _what_lies_in_data(self) -> list[Problem]:
        """A problem for each file of ``data/`` that cannot be read but whose format is recognised."""
        from missiongraph.publication import content_sniffing  # imported here, since few publications need it

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
        """The publication's own JSON-LD context (``context.jsonld``), if it has one."""
        file = self.folder / "context.jsonld"
        return file if file.is_file() else None

    @cached_property
    def context(self) -> dict[str, Any] | None:
        """The value of ``@context`` in :attr:`context_file`; ``None`` if there is no such file.

        :raises UnreadableInput: the file holds no context
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
        """The path of *file* from the folder, with forward slashes; a file from elsewhere keeps its whole path."""
        return file.relative_to(self.folder).as_posix() if file.is_relative_to(self.folder) else file.as_posix()

    def graph_of(self, file: Path) -> NamedNode:
        """The name of the graph for those triples of *file* that the file puts into no graph."""
        return NamedNode(f"{self.settings.base}id/graph/file/{quote(self.path_of(file))}")

    def _files(self, below: str, suffixes: Iterable[str]) -> tuple[Path, ...]:
        endings = tuple(suffixes)
        files = (file for file in (self.folder / below).rglob("*") if file.suffix.lower() in endings)
        visible = (f for f in files if not any(part.startswith(".") for part in f.relative_to(self.folder).parts))
        return tuple(sorted((file for file in visible if file.is_file()), key=self.path_of))


#: The publication's folder in the wheel.
_INSIDE = "_publication"


def packaged_folder() -> Path:
    """The folder of the publication that comes with the software: in the wheel, or the checkout around it."""
    inside = Path(__file__).parents[1] / _INSIDE
    checkout = Path(__file__).parents[3]
    return checkout if not inside.is_dir() and (checkout / FILE_NAME).is_file() else inside


def own_publication(named: Path | None) -> Publication:
    """Finds the publication for a command that writes into it, as :func:`find_publication` does.

    :raises SettingsError: as there, or it is the one inside the installed package, which no command may change
    """
    publication = find_publication(named)
    if publication.folder.name == _INSIDE:
        advice = "name a folder of yours with --publication DIR"
        raise SettingsError(Problem("the packaged publication cannot be changed", advice=advice))
    return publication


def find_publication(named: Path | None) -> Publication:
    """Opens the publication in the folder *named*; if ``None``, the one in the current folder, else the packaged one.

    :raises SettingsError: as :meth:`Publication.open`
    """
    if named is not None:
        return Publication.open(named)
    return Publication.open(Path() if Path(FILE_NAME).is_file() else packaged_folder())
