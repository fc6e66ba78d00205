"""The ``missiongraph`` command: the table of commands, and the one place where errors meet the terminal."""

from __future__ import annotations

import os
import sys
from importlib import import_module
from typing import Any, NoReturn

import click

from missiongraph.errors import MissiongraphError, reason_of

#: The commands, and the line that ``--help`` lists for each: the first of its own help.
#: Each is the ``command`` of the module of its name in ``commands``.
COMMANDS = {
    "build": "Validate a publication and write its build to DIR/{id}; DIR/current then points to it.",
    "completion": "Print what lets a shell (default: yours) complete commands and options; "
    "--install puts it into its place.",
    "doctor": "Look at machine, publication and build; say of each what to do. Exit 1 if something does not work.",
    "evidence": "Hold claims against the page they were taken from.",
    "export": "Write the whole site to DIR as files for any web server; without --build, validate and build first.",
    "mcp": "Answer agents by the Model Context Protocol, over standard input and output or over HTTP.",
    "new": "Write a small publication to DIR that validates, serves, and explains itself in comments.",
    "query": "Answer a SPARQL query given as text, in a file, or on standard input.",
    "rebase": "Move a publication to another base: rewrite its files, and prove that they say the same.",
    "release": "Validate a publication and keep it as release VERSION, in its folder releases/VERSION.",
    "serve": "Serve a build over HTTP; without --build, validate and build the publication first.",
    "stale": "List the sources that are due for another look. Exit 1 if there are any.",
    "validate": "Check a publication: syntax, terms, shapes, rules, queries. "
    "Exit 1 on violations, 2 on unreadable input.",
}


class _Deferred(click.Command):
    """Stands in for a command, whose module is imported when the command is called."""

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        command: click.Command = import_module(f"missiongraph.cli.commands.{self.name}").command
        return command.make_context(info_name, args, parent, **extra)


class _Group(click.Group):
    """Turns errors of ours into one clear line each on standard error."""

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except MissiongraphError as error:
            _fail(error, verbose=bool(ctx.params.get("verbose")))
        except BrokenPipeError:  # the reader has seen enough
            _drop_output()
            sys.exit(0)
        except OSError as error:  # of a file that no command knows more about
            where = f"{error.filename}: " if error.filename is not None else ""
            _drop_output()
            _fail(MissiongraphError(f"{where}{reason_of(error)}"), verbose=bool(ctx.params.get("verbose")))


def _drop_output() -> None:
    """Let what standard output still holds go nowhere, since Python would try it once more at the end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _fail(error: MissiongraphError, *, verbose: bool) -> NoReturn:
    for problem in error.problems:
        click.echo(f"missiongraph: {problem}", err=True)
    if verbose:
        import traceback

        traceback.print_exception(error)
    sys.exit(error.exit_code)


def _tell_version(context: click.Context, _: click.Parameter, wanted: bool) -> None:
    if wanted:
        from missiongraph import __version__

        click.echo(f"{context.find_root().info_name}, version {__version__}")
        context.exit()


@click.group(
    cls=_Group,
    commands=[_Deferred(name, help=line) for name, line in COMMANDS.items()],
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.option("--verbose", is_flag=True, help="Show where an error arose.")
@click.option("--quiet", is_flag=True, help="Say no more than results, warnings and errors.")
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_tell_version,
    help="Show the version and exit.",
)
@click.pass_context
def main(context: click.Context, verbose: bool, quiet: bool) -> None:
    """Publish a folder of RDF as linked data whose facts show the words they rest on."""
    from missiongraph.processes.quiet_libraries import quiet_libraries  # what only tells of itself has no libraries

    context.with_resource(quiet_libraries())
