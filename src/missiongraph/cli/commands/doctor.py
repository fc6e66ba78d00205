"""``missiongraph doctor``: what works, what does not, and what would be better."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path

import click

from missiongraph.cli.messages import progress
from missiongraph.cli.options import build_option, format_option, publication_option
from missiongraph.errors import EXIT_SAYS_NO, BuildError, MissiongraphError

_SIGNS = {"fault": "✗", "better": "·", "good": "✓"}


@click.command("doctor")
@publication_option
@build_option
@click.option("--host", default="127.0.0.1", show_default=True, help="Where the site would be served.")
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True)
@format_option
def command(folder: Path | None, build_folder: Path | None, host: str, port: int, form: str) -> None:
    """Look at machine, publication and build; say of each what to do. Exit 1 if something does not work."""
    from missiongraph.cli.valid_build import cache_folder
    from missiongraph.doctor import look_at_machine, look_at_publication
    from missiongraph.publication.settings import Limits
    from missiongraph.publication.source_folder import find_publication

    try:
        builds = build_folder or cache_folder()
    except BuildError:
        builds = None
    try:
        limits = find_publication(folder).settings.limits
    except MissiongraphError:
        limits = Limits()
    with progress() as show:
        show("machine")
        found = list(look_at_machine(limits, host, port, builds))
        show("publication")
        found += look_at_publication(folder, builds)
    if form == "json":
        click.echo(json.dumps([asdict(finding) for finding in found], ensure_ascii=False, indent=1))
    else:
        for finding in found:
            click.echo(f"{_SIGNS[finding.level]} {finding.about}: {finding.what}")
            if finding.advice:
                click.echo(f"    {finding.advice}")
    if any(finding.level == "fault" for finding in found):
        sys.exit(EXIT_SAYS_NO)
