"""``missiongraph build``: a valid publication as an immutable folder."""

from __future__ import annotations

from pathlib import Path

import click

from missiongraph.cli.messages import progress
from missiongraph.cli.options import publication_option
from missiongraph.cli.valid_build import valid_build


@click.command("build")
@publication_option
@click.option("--out", metavar="DIR", type=click.Path(path_type=Path), required=True, help="Where builds are kept.")
def command(folder: Path | None, out: Path) -> None:
    """Validate a publication and write its build to DIR/{id}; DIR/current then points to it."""
    with progress() as show:
        built = valid_build(folder, out, show)
    click.echo(built.folder)
