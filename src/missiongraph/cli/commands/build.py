"""``missiongraph build``: a valid publication as an immutable folder."""

from __future__ import annotations

import json
from pathlib import Path

import click

from missiongraph.cli.messages import progress
from missiongraph.cli.options import publication_option
from missiongraph.cli.valid_build import valid_build


@click.command("build")
@publication_option
@click.option("--out", metavar="DIR", type=click.Path(path_type=Path), required=True, help="Where builds are kept.")
@click.option("--verify", is_flag=True, help="Compare the checksums of a build that is there already, not only sizes.")
@click.option(
    "--keep",
    metavar="N",
    type=click.IntRange(min=0),
    help="Builds of this publication to keep, the newest first; 0: all. Default: the setting [build] keep.",
)
@click.option("--json", "as_json", is_flag=True, help="For programs: identifier and folder of the build as JSON.")
def command(folder: Path | None, out: Path, verify: bool, keep: int | None, as_json: bool) -> None:
    """Validate a publication and write its build to DIR/{id}; DIR/current then points to it."""
    with progress() as show:
        built = valid_build(folder, out, show, verify=verify, keep=keep)
    click.echo(json.dumps({"id": built.id, "folder": str(built.folder)}) if as_json else built.folder)
