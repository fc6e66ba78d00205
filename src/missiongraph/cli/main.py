"""The ``missiongraph`` command: thin, and the one place where errors meet the terminal."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from missiongraph.engine import Engine
from missiongraph.errors import EXIT_SAYS_NO, InvalidPublication, MissiongraphError, Problem
from missiongraph.publication.dataset import Dataset, read_dataset
from missiongraph.publication.source_folder import find_publication, own_publication
from missiongraph.sparql.results import FORMATS as RESULT_FORMATS
from missiongraph.sparql.results import run_query
from missiongraph.validation import Report, validate
from missiongraph.validation.checks.portal_metadata import SOURCE as PORTAL
from missiongraph.validation.checks.undescribed_tables import SPLIT
from missiongraph.validation.quiet import quiet_libraries
from missiongraph.validation.reporting.plain_text import ReportOptions, as_text
from missiongraph.validation.reporting.report_formats import FORMATS as REPORT_FORMATS
from missiongraph.validation.reporting.report_formats import LANGUAGES as REPORT_LANGUAGES
from missiongraph.validation.reporting.why_targeted import explain
from missiongraph.validation.term_names import TermNames

if TYPE_CHECKING:
    from missiongraph.build import Build

#: Commands of other modules, which are imported when one of them is called, or all are listed.
_ELSEWHERE = {"evidence": "missiongraph.cli.evidence", "stale": "missiongraph.cli.evidence"}

_publication = click.option(
    "--publication",
    "folder",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="Folder of the publication; default: the current folder if it has a missiongraph.toml, else the packaged one.",
)
_build = click.option(
    "--build",
    "build_folder",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="A build, or what build --out wrote to.",
)


class _Command(click.Group):
    """Turns errors of ours into one clear line each on standard error; imports commands when they are called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted((*super().list_commands(ctx), *_ELSEWHERE))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name in _ELSEWHERE:
            command: click.Command = getattr(import_module(_ELSEWHERE[cmd_name]), cmd_name)
            return command
        return super().get_command(ctx, cmd_name)

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except MissiongraphError as error:
            _fail(error, verbose=bool(ctx.params.get("verbose")))
        except BrokenPipeError:  # the reader has seen enough
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            sys.exit(0)


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


@click.group(cls=_Command, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--verbose", is_flag=True, help="Show where an error arose.")
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_tell_version,
    help="Show the version and exit.",
)
@click.pass_context
def main(context: click.Context, verbose: bool) -> None:
    """Publish a folder of RDF as linked data whose facts show the words they rest on."""
    context.with_resource(quiet_libraries())


@contextmanager
def _progress() -> Iterator[Callable[[str], None]]:
    """Shows the current step on a terminal; silent in a pipe."""
    if not sys.stderr.isatty():
        yield lambda step: None
        return
    from rich.console import Console  # a tenth of a second, for those who look at a terminal
    from rich.status import Status

    with Status("…", console=Console(stderr=True, highlight=False, soft_wrap=True)) as status:
        yield lambda step: status.update(f"{step} …")


def _warn(text: str) -> None:
    click.echo(f"missiongraph: warning: {text}", err=True)


def _say(text: str) -> None:
    click.echo(f"missiongraph: {text}", err=True)


def _read(folder: Path | None, progress: Callable[[str], None]) -> Dataset:
    publication = find_publication(folder)
    progress("reading")
    return read_dataset(publication)


def _valid_build(folder: Path | None, out: Path, progress: Callable[[str], None]) -> Build:
    """Validate beside the building; a publication that does not conform is not built."""
    from missiongraph.build import build_publication  # a fifth of a second, for those who build
    from missiongraph.validation.in_background import validation_beside

    dataset = _read(folder, progress)
    left_out: list[str] = []
    with validation_beside(dataset) as report:

        def decide() -> Mapping[str, int]:
            progress("validation")
            found = report()
            _refuse_invalid(dataset, found, "built")
            for text in left_out:
                _warn(text)
            return found.counts

        return build_publication(dataset, out, warn=left_out.append, progress=progress, decide=decide)


def _refuse_invalid(dataset: Dataset, report: Report, purpose: str) -> None:
    """Tell what *report* says of *dataset* and needs hands; information is counted.

    :param purpose: what is not done with one that does not conform
    :raises InvalidPublication: it does not
    """
    grave = Report(tuple(r for r in report.results if r.severity != "info" and r.source != SPLIT))
    if grave.results:
        click.echo(as_text(grave, TermNames.of(dataset, grave.results)), nl=False, err=True)
    if not report.conforms:
        count = report.count("violation")
        raise InvalidPublication(Problem(f"not {purpose}: {count} violation{'' if count == 1 else 's'}"))
    infos = sum(result.severity == "info" and result.source != PORTAL for result in report.results)
    if infos:
        _say(f"{infos} remark{'' if infos == 1 else 's'} on the data: missiongraph validate tells more")


@main.command(name="validate")
@_publication
@click.option("--format", "form", type=click.Choice(sorted(REPORT_FORMATS)), default="text", show_default=True)
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
    type=click.Choice(REPORT_LANGUAGES),
    default="en",
    show_default=True,
    help="Language of the report.",
)
def validate_command(
    folder: Path | None, form: str, every: bool, second: bool, portal: bool, node: str | None, language: str
) -> None:
    """Check a publication: syntax, terms, shapes, rules, queries. Exit 1 on violations, 2 on unreadable input."""
    if node is not None and form != "text":
        raise click.UsageError("what --explain tells is text: give it without --format")
    with _progress() as progress:
        dataset = _read(folder, progress)
        report: Report = validate(dataset, progress)
        if second:
            from missiongraph.validation.second_opinion import second_opinion

            progress("second opinion")
            report = Report((*report.results, *second_opinion(dataset, report.results)))
    names = TermNames.of(dataset, report.results, language)
    options = ReportOptions(every, portal, terminal=sys.stdout.isatty() and not os.environ.get("NO_COLOR"))
    if node is not None:
        click.echo(explain(report, names, node), nl=False)
    else:
        click.echo(REPORT_FORMATS[form](report, names, options), nl=False)
    if not report.conforms:
        sys.exit(EXIT_SAYS_NO)


@main.command()
@_publication
@click.option("--out", metavar="DIR", type=click.Path(path_type=Path), required=True, help="Where builds are kept.")
def build(folder: Path | None, out: Path) -> None:
    """Validate a publication and write its build to DIR/{id}; DIR/current then points to it."""
    with _progress() as progress:
        built = _valid_build(folder, out, progress)
    click.echo(built.folder)


@main.command(name="release")
@_publication
@click.argument("version")
@click.option(
    "--date",
    "day",
    metavar="DATE",
    type=click.DateTime(["%Y-%m-%d"]),
    help="When it is issued; default: the date of the data, else today.",
)
def release_command(folder: Path | None, version: str, day: datetime | None) -> None:
    """Validate a publication and keep it as release VERSION, in its folder releases/VERSION."""
    from missiongraph.build.metadata.described_publication import date_of
    from missiongraph.publication.releases import release

    with _progress() as progress:
        publication = own_publication(folder)
        dataset = _read(publication.folder, progress)
        _refuse_invalid(dataset, validate(dataset, progress), "released")
        issued = day.date() if day else date_of(publication.settings, dataset.default_graph) or date.today()
        kept = release(dataset, version, issued)
    click.echo(kept)


@main.command()
@_publication
@_build
@click.argument("query", required=False)
@click.option(
    "--file",
    "query_file",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Read the query from FILE; - is standard input.",
)
@click.option(
    "--format", "form", type=click.Choice(sorted(RESULT_FORMATS)), help="Default: csv, json for ASK, ttl for graphs."
)
def query(
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
        raise MissiongraphError(Problem(f"cannot read {query_file}: {error.strerror}")) from None
    except UnicodeDecodeError as error:
        raise MissiongraphError(Problem(f"the query is not UTF-8: {error}")) from None


def _engine(folder: Path | None, build_folder: Path | None) -> tuple[Engine, dict[str, str]]:
    if build_folder is not None:
        from missiongraph.build import Build

        opened = Build.open(build_folder)
        return opened.engine, opened.prefixes
    with _progress() as progress:
        dataset = _read(folder, progress)
    return dataset.engine, dataset.prefixes


@main.command()
@_publication
@_build
@click.option("--out", metavar="DIR", type=click.Path(path_type=Path), required=True, help="Where the files go.")
def export(folder: Path | None, build_folder: Path | None, out: Path) -> None:
    """Write the whole site to DIR as files for any web server; without --build, validate and build first."""
    from missiongraph.build import Build
    from missiongraph.export import export_site

    with _progress() as progress:
        built = Build.open(build_folder) if build_folder else _valid_build(folder, _cache_folder(), progress)
        count = export_site(built, out, warn=_warn, progress=progress)
    click.echo(f"{out}: {count} file{'' if count == 1 else 's'}")


@main.command()
@_publication
@_build
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True)
@click.option("--evaluators", type=click.IntRange(1, 256), help="Queries at once; default: the publication's setting.")
@click.option(
    "--workers", type=click.IntRange(1, 64), default=1, show_default=True, help="Processes that take requests."
)
def serve(
    folder: Path | None, build_folder: Path | None, host: str, port: int, evaluators: int | None, workers: int
) -> None:
    """Serve a build over HTTP; without --build, validate and build the publication first."""
    from missiongraph.build import Build
    from missiongraph.web.serving.server import run_server

    _check_port(host, port)
    if build_folder is None:
        with _progress() as progress:
            built = _valid_build(folder, _cache_folder(), progress)
        more = ["--evaluators", evaluators] if evaluators is not None else []
        _start_anew("serve", "--build", built.folder, "--host", host, "--port", port, "--workers", workers, *more)
    run_server(Build.open(build_folder), host, port, evaluators, workers)


def _start_anew(*arguments: object) -> NoReturn:
    """Become a new process, so that a server does not keep the memory of the build that came before it."""
    os.execv(sys.executable, [sys.executable, "-P", "-m", "missiongraph", *map(str, arguments)])


def _cache_folder() -> Path:
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "missiongraph"


def _check_port(host: str, port: int) -> None:
    """Say that the port is taken before anything long begins."""
    import socket

    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        raise MissiongraphError(
            Problem(f"cannot listen on {host}:{port}: {error.strerror}", advice="choose another with --port or --host")
        ) from None


@main.command()
@_publication
@click.option("--base", metavar="IRI", required=True, help="The new base, as in https://data.example.org/.")
@click.option("--dry-run", is_flag=True, help="Only say which files would change.")
def rebase(folder: Path | None, base: str, dry_run: bool) -> None:
    """Move a publication to another base: rewrite its files, and prove that they say the same."""
    from missiongraph.publication.rebase import rebase as move

    moved = move(own_publication(folder), base, dry_run=dry_run)
    for item in moved:
        click.echo(f"{item.path}: {item.count}")
    click.echo(f"{len(moved)} file{'' if len(moved) == 1 else 's'} {'would change' if dry_run else 'changed'}")
