"""``missiongraph stale``: the sources that are due for another look."""

from __future__ import annotations

import sys
from datetime import date, datetime
from pathlib import Path

import click

from missiongraph.cli.options import date_option, format_option, publication_option
from missiongraph.engine.embedded import EmbeddedEngine
from missiongraph.errors import EXIT_SAYS_NO
from missiongraph.evidence.records.due_sources import days_of, due, due_as_json, due_as_text
from missiongraph.graph.quality import Quality
from missiongraph.publication.dataset import read_dataset
from missiongraph.publication.source_folder import find_publication


@click.command("stale")
@publication_option
@click.option("--after", metavar="SPAN", help="For how long a look is good: 180d, 26w; default: [evidence] stale-days.")
@date_option("The day to ask for; default: today.")
@format_option
def command(folder: Path | None, after: str | None, day: datetime | None, form: str) -> None:
    """List the sources that are due for another look. Exit 1 if there are any."""
    publication = find_publication(folder)
    settings = publication.settings
    days = days_of(after) if after is not None else settings.evidence.stale_days
    dataset = read_dataset(publication)
    engine = EmbeddedEngine.of(dataset.default_graph, dataset.quads)
    sources = Quality(engine, settings.base).sources
    found = due(sources, days, day.date() if day else date.today())
    click.echo(due_as_json(found, days) if form == "json" else due_as_text(found, len(sources), days), nl=False)
    if found:
        sys.exit(EXIT_SAYS_NO)
