"""From a publication's folder to a valid build: read, validate, build, and tell what needs hands."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from contextlib import redirect_stderr
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from missiongraph.cli.messages import counted, say, warn
from missiongraph.errors import BuildError, InvalidPublication, MissiongraphError, Problem, written_to
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

#: What a user can do if the cache folder cannot be used.
ELSEWHERE = "set XDG_CACHE_HOME to a folder that can be written, or make a build elsewhere and name it with --build"


class Draft(NamedTuple):
    """What came of an attempt to build a draft.

    :ivar said: what a user would have read on the terminal
    :ivar build_id: the identifier of the build; ``None`` if there is none, since the publication has faults
    :ivar modules: the modules that were imported for it
    """

    said: str
    build_id: str | None
    modules: tuple[str, ...]


def read_publication(folder: Path | None, progress: Progress) -> Dataset:
    """The dataset of the publication in *folder*, or of the one that is found without."""
    publication = find_publication(folder)
    progress("reading")
    return read_dataset(publication)


def valid_build(
    folder: Path | None,
    out: Path,
    progress: Progress,
    *,
    verify: bool = False,
    draft: bool = False,
    keep: int | None = None,
    elsewhere: str = "choose another --out",
) -> Build:
    """Validate beside the building; a publication that does not conform is not built.

    *verify* and *draft* are those of :func:`~missiongraph.build.build_publication`.

    :param keep: how many builds of the publication stay in *out*, where 0 means all; the default is its setting
    :param elsewhere: what a user can do if *out* cannot be written
    :raises BuildError: *out* cannot be written
    """
    from missiongraph.build import build_publication  # a fifth of a second, for those who build
    from missiongraph.build.old_builds import remove_old
    from missiongraph.validation.in_background import validation_beside

    dataset = read_publication(folder, progress)
    left_out: list[str] = []
    with written_to(out, BuildError, elsewhere), validation_beside(dataset) as report:

        def decide() -> Mapping[str, int]:
            progress("validation")
            found = report()
            refuse_invalid(dataset, found, "built")
            for text in left_out:
                warn(text)
            return found.counts

        built = build_publication(
            dataset,
            out,
            warn=left_out.append,
            progress=progress,
            decide=decide,
            verify=verify,
            draft=draft,
        )
    settings = dataset.publication.settings
    remove_old(out, settings.base, settings.build.keep if keep is None else keep)
    return built


def cached_build(folder: Path | None, progress: Progress) -> Build:
    """:func:`valid_build` in the cache of the user, for commands that nobody gave a build."""
    return valid_build(folder, cache_folder(), progress, elsewhere=ELSEWHERE)


def draft_of(folder: Path, out: Path) -> Draft:
    """:func:`valid_build` of a draft, with what it says as a text. Two drafts stay: one may still be read."""
    said, build_id = StringIO(), None
    with redirect_stderr(said):
        try:
            build_id = valid_build(folder, out, lambda step: None, draft=True, keep=2, elsewhere=ELSEWHERE).id
        except MissiongraphError as error:
            for problem in error.problems:
                click.echo(problem, err=True)
    return Draft(said.getvalue(), build_id, tuple(sys.modules))


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
    """Where builds go that nobody named a place for.

    :raises BuildError: the user has none
    """
    try:
        return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "missiongraph"
    except RuntimeError:
        raise BuildError(Problem("there is no HOME to keep a build in", advice=ELSEWHERE)) from None
