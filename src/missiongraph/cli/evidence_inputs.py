"""What the commands of ``missiongraph evidence`` are given: a source, a saved page, an IRI."""

from __future__ import annotations

from pathlib import Path

import click
from pyoxigraph import NamedNode

from missiongraph.errors import MissiongraphError, Problem
from missiongraph.evidence.verdicts.check import claims_of
from missiongraph.publication.dataset import Dataset, read_dataset
from missiongraph.publication.source_folder import find_publication

source_option = click.option("--source", metavar="IRI", help="The source; default: the setting [evidence] source.")
page_option = click.option(
    "--page",
    "page_file",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="A saved copy: HTML, text or PDF; of records CSV or JSON.",
)


def iri_of(iri: str) -> NamedNode:
    """The IRI that a user wrote."""
    try:
        return NamedNode(iri)
    except ValueError:
        raise MissiongraphError(Problem(f"“{iri}” is not an IRI", advice="give a whole one")) from None


def language_of(dataset: Dataset, source: NamedNode) -> str | None:
    """The language of *source*, where claims rest on it already."""
    try:
        return claims_of(dataset, source).language
    except MissiongraphError:
        return None


def given(page_file: Path | None) -> Path:
    """The page that a command cannot do without."""
    if page_file is None:
        raise MissiongraphError(
            Problem("no page to check against", advice="save the page of the source and name the copy with --page FILE")
        )
    return page_file


def source_of(folder: Path | None, source: str | None) -> tuple[NamedNode, Dataset]:
    """The source that is named, or that the settings name, and the dataset."""
    publication = find_publication(folder)
    named = source or publication.settings.evidence.source
    if not named:
        raise MissiongraphError(
            Problem("no source is named", advice="name one with --source IRI or in the setting [evidence] source")
        )
    return iri_of(named), read_dataset(publication)
