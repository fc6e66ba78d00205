"""``missiongraph rebase``: a publication moved to another base."""

from __future__ import annotations

from pathlib import Path

import click

from missiongraph.cli.messages import counted
from missiongraph.cli.options import publication_option
from missiongraph.publication.rebase import rebase
from missiongraph.publication.source_folder import own_publication


@click.command("rebase")
@publication_option
@click.option("--base", metavar="IRI", required=True, help="The new base, as in https://data.example.org/.")
@click.option("--dry-run", is_flag=True, help="Only say which files would change.")
def command(folder: Path | None, base: str, dry_run: bool) -> None:
    """Move a publication to another base: rewrite its files, and prove that they say the same."""
    moved = rebase(own_publication(folder), base, dry_run=dry_run)
    for item in moved:
        click.echo(f"{item.path}: {item.count}")
    click.echo(f"{counted(len(moved), 'file')} {'would change' if dry_run else 'changed'}")
