"""``missiongraph evidence``: claims held against the page that they were taken from."""

from __future__ import annotations

import json
import sys
from datetime import date, datetime
from pathlib import Path

import click

from missiongraph.cli.evidence_add import add_command
from missiongraph.cli.evidence_inputs import given, iri_of, language_of, page_option, source_of, source_option
from missiongraph.cli.messages import counted, say
from missiongraph.cli.options import date_option, format_option, format_options, publication_option
from missiongraph.engine.embedded import EmbeddedEngine
from missiongraph.errors import EXIT_SAYS_NO, MissiongraphError, Problem, reason_of
from missiongraph.evidence.pages.read_page import read_page
from missiongraph.evidence.records.evidence_draft import as_trig, skeleton
from missiongraph.evidence.records.nanopublications import evidence_graphs, nanopub
from missiongraph.evidence.records.record_check import record, record_absence
from missiongraph.evidence.records.reports import FORMATS
from missiongraph.evidence.verdicts.check import SourceClaims, check, claims_of
from missiongraph.evidence.verdicts.check_against_tables import check_records
from missiongraph.evidence.verdicts.page_coverage import Coverage, PageChange, compare, coverage
from missiongraph.evidence.verdicts.tables_of_records import columns_of, read_table
from missiongraph.evidence.verdicts.values_of_claims import Knowledge
from missiongraph.evidence.verdicts.verdict import ACCUSING
from missiongraph.publication.dataset import Dataset, read_dataset
from missiongraph.publication.source_folder import find_publication


@click.group("evidence")
def command() -> None:
    """Hold claims against the page they were taken from."""


@command.command("check")
@publication_option
@source_option
@page_option
@format_options(FORMATS)
@click.option("--record", "keep", is_flag=True, help="Write the verdicts into data/checks/ of the publication.")
@date_option("Day of the record; default: today.")
@click.option("--beginning", is_flag=True, help="FILE is only the beginning of the page: leave out what it lacks.")
def check_command(
    folder: Path | None,
    source: str | None,
    page_file: Path | None,
    form: str,
    keep: bool,
    day: datetime | None,
    beginning: bool,
) -> None:
    """Check every claim of a source against a saved copy of its page or records. Exit 1: contradicted or gone."""
    file = given(page_file)
    iri, dataset = source_of(folder, source)
    columns = columns_of(EmbeddedEngine.of(dataset.default_graph, dataset.quads), iri)
    if columns:
        found, share = check_records(dataset, iri, columns, read_table(file, columns)), None
    else:
        claims = claims_of(dataset, iri)
        found = check(claims, read_page(file))
        found = found.of_a_beginning() if beginning else found
        share = coverage(dataset, claims, found.page).share if keep and not beginning else None
    click.echo(FORMATS[form](found), nl=False)
    if keep:
        written = record(found, dataset, day.date() if day else date.today(), share)
        say(f"recorded in {written}")
    if not found.passes:
        sys.exit(EXIT_SAYS_NO)


@command.command("not-available")
@publication_option
@source_option
@date_option("Day of the look; default: today.")
def not_available_command(folder: Path | None, source: str | None, day: datetime | None) -> None:
    """Record in data/checks/ that a copy of the source was looked for and none was to be had."""
    iri, dataset = source_of(folder, source)
    written = record_absence(iri, dataset, day.date() if day else date.today())
    say(f"recorded in {written}")


@command.command("coverage")
@publication_option
@source_option
@page_option
@format_option
def coverage_command(folder: Path | None, source: str | None, page_file: Path | None, form: str) -> None:
    """List the passages of a page that no evidence speaks of. Exit 1 if there are any."""
    file = given(page_file)
    dataset, claims = _claims(folder, source)
    page = read_page(file)
    check(claims, page)  # refuses a page that is not the source
    found = coverage(dataset, claims, page)
    click.echo(_coverage_json(found) if form == "json" else _coverage_text(found))
    if found.silent or not found.total:
        sys.exit(EXIT_SAYS_NO)


@command.command("diff")
@publication_option
@source_option
@format_option
@click.argument("old", type=click.Path(path_type=Path))
@click.argument("new", type=click.Path(path_type=Path))
def diff_command(folder: Path | None, source: str | None, form: str, old: Path, new: Path) -> None:
    """Compare two captures of a page: which facts are touched. Exit 1 if one is contradicted or gone in NEW."""
    _, claims = _claims(folder, source)
    pages = read_page(old), read_page(new)
    change = compare(*(check(claims, page) for page in pages))
    click.echo(_change_json(change) if form == "json" else _change_text(change))
    if any(t.new.verdict in ACCUSING for t in change.touched):
        sys.exit(EXIT_SAYS_NO)


@command.command("new")
@publication_option
@source_option
@page_option
@click.argument("sentence", required=False)
def new_command(folder: Path | None, source: str | None, page_file: Path | None, sentence: str | None) -> None:
    """Write the TriG skeleton of a claim for SENTENCE (or standard input): selector, known things, typed values."""
    text = sentence if sentence not in (None, "-") and sentence is not None else _standard_input()
    iri, dataset = source_of(folder, source)
    page = read_page(page_file) if page_file else None
    found = skeleton(text, Knowledge(dataset), language_of(dataset, iri), page)
    click.echo(as_trig(found, dataset.publication.settings.base, iri), nl=False)


@command.command("nanopub")
@publication_option
@click.option("--out", metavar="DIR", type=click.Path(path_type=Path), help="Write a file for each; default: print.")
@click.argument("graphs", metavar="[IRI]...", nargs=-1)
def nanopub_command(folder: Path | None, out: Path | None, graphs: tuple[str, ...]) -> None:
    """Write evidence graphs (default: all) as nanopublications in TriG, each under its trusty name."""
    dataset = read_dataset(find_publication(folder))
    engine = EmbeddedEngine.of(dataset.default_graph, dataset.quads)
    for graph in [iri_of(iri) for iri in graphs] or evidence_graphs(engine):
        made = nanopub(engine, graph, dataset.publication.settings)
        text = made.as_trig(dataset.prefixes)
        if out is None:
            click.echo(text, nl=False)
        else:
            _write(out / made.file_name, text)


def _write(file: Path, text: bytes) -> None:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text)
    except OSError as error:
        raise MissiongraphError(Problem(f"cannot write {file}: {reason_of(error)}")) from None


def _standard_input() -> str:
    try:
        return sys.stdin.buffer.read().decode("utf-8")
    except UnicodeDecodeError as error:
        raise MissiongraphError(Problem(f"the sentence is not UTF-8: {error}")) from None


def _claims(folder: Path | None, source: str | None) -> tuple[Dataset, SourceClaims]:
    iri, dataset = source_of(folder, source)
    return dataset, claims_of(dataset, iri)


def _coverage_text(found: Coverage) -> str:
    lines = [f"not spoken of: {passage.text}" for passage in found.silent]
    counts = (
        f"{len(found.evidenced)} with evidence, {len(found.declared)} without facts, {len(found.silent)} not spoken of"
    )
    return "\n".join([*lines, f"{found.share:.0f} % of {found.total} passages: {counts}"])


def _coverage_json(found: Coverage) -> str:
    silent = [{"text": p.text, "digest": p.digest} for p in found.silent]
    counts = {"evidenced": len(found.evidenced), "declared": len(found.declared), "silent": silent}
    return json.dumps({"share": found.share, "passages": found.total, **counts}, ensure_ascii=False, indent=2)


def _change_text(change: PageChange) -> str:
    lines = []
    for touched in change.touched:
        lines.append(f"{touched.old.verdict} → {touched.new.verdict}: {touched.new.graph.iri.value}")
        lines += [f"  {d.kind}: “{d.stated}” → “{d.found}”" for d in touched.new.reasons]
    lines += [f"removed: {passage.text}" for passage in change.removed]
    lines += [f"added: {passage.text}" for passage in change.added]
    return "\n".join([*lines, f"{counted(len(change.touched), 'claim')} touched"])


def _change_json(change: PageChange) -> str:
    touched = [
        {
            "claim": t.new.graph.iri.value,
            "old": t.old.verdict,
            "new": t.new.verdict,
            "differences": [{"kind": d.kind, "stated": d.stated, "found": d.found} for d in t.new.reasons],
        }
        for t in change.touched
    ]
    sides = {"removed": [p.text for p in change.removed], "added": [p.text for p in change.added]}
    return json.dumps({"touched": touched, **sides}, ensure_ascii=False, indent=2)


command.add_command(add_command)
