"""``missiongraph mcp``: a publication, a build or a site for chat assistants and other agents."""

from __future__ import annotations

from pathlib import Path

import click

from missiongraph.cli.options import build_option, publication_option
from missiongraph.errors import MissingExtra, Problem


@click.command("mcp")
@publication_option
@build_option
@click.option("--site", metavar="URL", help="Ask a site of missiongraph elsewhere instead of a folder.")
@click.option("--http", "port", metavar="PORT", type=click.IntRange(0, 65535), help="Answer over HTTP at /mcp of PORT.")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on with --http.")
def command(folder: Path | None, build_folder: Path | None, site: str | None, port: int | None, host: str) -> None:
    """Answer agents by the Model Context Protocol, over standard input and output or over HTTP."""
    if sum(given is not None for given in (folder, build_folder, site)) > 1:
        raise click.UsageError("give one of --publication, --build and --site")
    try:
        from missiongraph.agents.server import make_server
    except ImportError as error:
        if not (error.name or "").startswith("mcp"):
            raise
        raise MissingExtra(Problem("mcp is not installed", advice="pip install 'missiongraph[mcp]'")) from None
    from missiongraph.agents.answers import Answers
    from missiongraph.api.opening import connect, open

    opened = connect(site) if site is not None else open(build_folder or folder)
    with opened as publication:
        server = make_server(Answers(publication), publication)
        if port is None:
            server.run("stdio")
        else:
            click.echo(f"missiongraph: agents are answered at http://{host}:{port}/mcp", err=True)
            server.run("streamable-http", host=host, port=port, stateless_http=True, json_response=True)
