"""``missiongraph release``: the edition of today kept under a version."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import click

from missiongraph.build.metadata.described_publication import date_of
from missiongraph.cli.messages import progress
from missiongraph.cli.options import publication_option
from missiongraph.cli.valid_build import read_publication, refuse_invalid
from missiongraph.publication.releases import release
from missiongraph.publication.source_folder import own_publication
from missiongraph.validation import validate


@click.command("release")
@publication_option
@click.argument("version")
@click.option(
    "--date",
    "day",
    metavar="DATE",
    type=click.DateTime(["%Y-%m-%d"]),
    help="When it is issued; default: the date of the data, else today.",
)
def command(folder: Path | None, version: str, day: datetime | None) -> None:
    """Validate a publication and keep it as release VERSION, in its folder releases/VERSION."""
    with progress() as show:
        publication = own_publication(folder)
        dataset = read_publication(publication.folder, show)
        refuse_invalid(dataset, validate(dataset, show), "released")
        issued = day.date() if day else date_of(publication.settings, dataset.default_graph) or date.today()
        kept = release(dataset, version, issued)
    click.echo(kept)
