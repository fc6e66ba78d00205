"""``missiongraph validate``: a publication checked, and the report."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from missiongraph.cli.messages import progress
from missiongraph.cli.options import format_options, publication_option
from missiongraph.cli.valid_build import read_publication
from missiongraph.errors import EXIT_SAYS_NO
from missiongraph.validation import Report, validate
from missiongraph.validation.reporting.plain_text import ReportOptions
from missiongraph.validation.reporting.report_formats import FORMATS, LANGUAGES
from missiongraph.validation.reporting.why_targeted import explain
from missiongraph.validation.term_names import TermNames


@click.command("validate")
@publication_option
@format_options(FORMATS)
@click.option("--all", "every", is_flag=True, help="Show each result, not only the first ones of a shape.")
@click.option("--second-opinion", "second", is_flag=True, help="Ask pySHACL too, and tell where it differs.")
@click.option("--portal", is_flag=True, help="Explain each setting that portals of open data would like.")
@click.option(
    "--explain",
    "node",
    metavar="FOCUS",
    help="Tell which shapes look at a node, and why: an IRI, a prefixed name, or a path under the base.",
)
@click.option(
    "--lang",
    "language",
    type=click.Choice(LANGUAGES),
    default="en",
    show_default=True,
    help="Language of the report.",
)
def command(
    folder: Path | None, form: str, every: bool, second: bool, portal: bool, node: str | None, language: str
) -> None:
    """Check a publication: syntax, terms, shapes, rules, queries. Exit 1 on violations, 2 on unreadable input."""
    if node is not None and form != "text":
        raise click.UsageError("what --explain tells is text: give it without --format")
    with progress() as show:
        dataset = read_publication(folder, show)
        report: Report = validate(dataset, show)
        if second:
            from missiongraph.validation.second_opinion import second_opinion

            show("second opinion")
            report = Report((*report.results, *second_opinion(dataset, report.results)))
    names = TermNames.of(dataset, report.results, language)
    options = ReportOptions(every, portal, terminal=sys.stdout.isatty() and not os.environ.get("NO_COLOR"))
    if node is not None:
        click.echo(explain(report, names, node), nl=False)
    else:
        click.echo(FORMATS[form](report, names, options), nl=False)
    if not report.conforms:
        sys.exit(EXIT_SAYS_NO)
