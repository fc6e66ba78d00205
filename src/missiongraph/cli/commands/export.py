"""``missiongraph export``: the whole site as files."""

from __future__ import annotations

from pathlib import Path

import click

from missiongraph.build import Build
from missiongraph.cli.messages import counted, progress, warn
from missiongraph.cli.options import build_option, publication_option
from missiongraph.cli.valid_build import cached_build
from missiongraph.export import export_site


@click.command("export")
@publication_option
@build_option
@click.option("--out", metavar="DIR", type=click.Path(path_type=Path), required=True, help="Where the files go.")
def command(folder: Path | None, build_folder: Path | None, out: Path) -> None:
    """Write the whole site to DIR as files for any web server; without --build, validate and build first."""
    with progress() as show:
        built = Build.open(build_folder) if build_folder else cached_build(folder, show)
        count = export_site(built, out, warn=warn, progress=show)
    click.echo(f"{out}: {counted(count, 'file')}")
