"""From a publication's folder to a valid build: read, validate, build, and tell what needs hands."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from missiongraph.cli.messages import counted, say, warn
from missiongraph.errors import InvalidPublication, Problem
from missiongraph.publication.dataset import Dataset, read_dataset
from missiongraph.publication.source_folder import find_publication
from missiongraph.validation import Report
from missiongraph.validation.checks.portal_metadata import SOURCE as PORTAL
from missiongraph.validation.checks.undescribed_tables import SPLIT
from missiongraph.validation.reporting.plain_text import as_text
from missiongraph.validation.term_names import TermNames

if TYPE_CHECKING:
    from missiongraph.build import Build

Progress = Callable[[str], None]


def read_publication(folder: Path | None, progress: Progress) -> Dataset:
    """The dataset of the publication in *folder*, or of the one that is found without."""
    publication = find_publication(folder)
    progress("reading")
    return read_dataset(publication)


def valid_build(folder: Path | None, out: Path, progress: Progress) -> Build:
    """Validate beside the building; a publication that does not conform is not built."""
    from missiongraph.build import build_publication  # a fifth of a second, for those who build
    from missiongraph.validation.in_background import validation_beside

    dataset = read_publication(folder, progress)
    left_out: list[str] = []
    with validation_beside(dataset) as report:

        def decide() -> Mapping[str, int]:
            progress("validation")
            found = report()
            refuse_invalid(dataset, found, "built")
            for text in left_out:
                warn(text)
            return found.counts

        return build_publication(dataset, out, warn=left_out.append, progress=progress, decide=decide)


def refuse_invalid(dataset: Dataset, report: Report, purpose: str) -> None:
    """Tell what *report* says of *dataset* and needs hands; information is counted.

    :param purpose: what is not done with one that does not conform
    :raises InvalidPublication: it does not
    """
    grave = Report(tuple(r for r in report.results if r.severity != "info" and r.source != SPLIT))
    if grave.results:
        click.echo(as_text(grave, TermNames.of(dataset, grave.results)), nl=False, err=True)
    if not report.conforms:
        raise InvalidPublication(Problem(f"not {purpose}: {counted(report.count('violation'), 'violation')}"))
    infos = sum(result.severity == "info" and result.source != PORTAL for result in report.results)
    if infos:
        say(f"{counted(infos, 'remark')} on the data: missiongraph validate tells more")


def cache_folder() -> Path:
    """Where builds go that nobody named a place for."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "missiongraph"
