"""``missiongraph query``: SPARQL answered on a publication or a build."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from missiongraph.cli.messages import progress
from missiongraph.cli.options import build_option, format_options, publication_option
from missiongraph.engine import Engine
from missiongraph.errors import MissiongraphError, Problem, reason_of
from missiongraph.sparql.results import FORMATS, run_query


@click.command("query")
@publication_option
@build_option
@click.argument("query", required=False)
@click.option(
    "--file",
    "query_file",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Read the query from FILE; - is standard input.",
)
@format_options(FORMATS, None, "Default: csv, json for ASK, ttl for graphs.")
def command(
    folder: Path | None, build_folder: Path | None, query: str | None, query_file: Path | None, form: str | None
) -> None:
    """Answer a SPARQL query given as text, in a file, or on standard input."""
    text = _query_text(query, query_file)
    engine, prefixes = _engine(folder, build_folder)
    sys.stdout.buffer.write(run_query(engine, text, prefixes, form, str(query_file or "query")))
    sys.stdout.flush()


def _query_text(query: str | None, query_file: Path | None) -> str:
    if query is not None and query_file is not None:
        raise click.UsageError("give the query as text or with --file, not both")
    try:
        if query_file is not None and str(query_file) != "-":
            return query_file.read_bytes().decode("utf-8")
        return query if query not in (None, "-") and query is not None else sys.stdin.buffer.read().decode("utf-8")
    except OSError as error:
        raise MissiongraphError(Problem(f"cannot read {query_file}: {reason_of(error)}")) from None
    except UnicodeDecodeError as error:
        raise MissiongraphError(Problem(f"the query is not UTF-8: {error}")) from None


def _engine(folder: Path | None, build_folder: Path | None) -> tuple[Engine, dict[str, str]]:
    if build_folder is not None:
        from missiongraph.build import Build

        opened = Build.open(build_folder)
        return opened.engine, opened.prefixes
    from missiongraph.cli.valid_build import read_publication

    with progress() as show:
        dataset = read_publication(folder, show)
    return dataset.engine, dataset.prefixes
