"""``missiongraph evidence add``: from marked words of a saved page to a claim in a file of the publication."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import click
from pyoxigraph import NamedNode

from missiongraph.cli.evidence_inputs import given, iri_of, language_of, page_option, source_of, source_option
from missiongraph.cli.messages import say
from missiongraph.cli.options import date_option, format_option, publication_option
from missiongraph.errors import MissiongraphError, Problem
from missiongraph.evidence.pages.read_page import read_page
from missiongraph.evidence.records.added_claim import (
    NewSource,
    Wanted,
    confirm,
    draft_as_json,
    draft_claim,
    write,
)
from missiongraph.evidence.records.marked_words import mark
from missiongraph.evidence.records.written_terms import WrittenTerms
from missiongraph.evidence.verdicts.values_of_claims import Knowledge
from missiongraph.publication.dataset import Dataset
from missiongraph.publication.source_folder import own_publication


@click.command("add")
@publication_option
@source_option
@page_option
@click.option("--subject", required=True, help="What the words speak of: an IRI, a path under the base, or a name.")
@click.option("--property", "predicate", required=True, help="What they say of it: an IRI, or its name in the shapes.")
@click.option("--value", required=True, help="The value: a text, figure or date, or a thing as --subject.")
@click.option("--datatype", metavar="TYPE", help="Such as xsd:gYear; default: as shapes say, or as the data has it.")
@click.option("--lang", "language", metavar="TAG", help="The language of a value that is text.")
@click.option(
    "--place", type=click.IntRange(min=1), metavar="N", help="Which one, where the words stand several times."
)
@click.option("--basis", type=click.Choice(["stated", "interpreted"]), default="stated", show_default=True)
@click.option("--label", help="The claim in words; default: the marked words.")
@click.option("--title", help="Title of a source that the publication does not describe yet.")
@click.option("--url", help="Address of the page of such a source.")
@date_option("Day of such a source; default: today.")
@click.option(
    "--into", "file", metavar="FILE", help="File of the publication; default: where claims of the source are."
)
@click.option("--write", "wanted", is_flag=True, help="Write it; otherwise the change is only shown.")
@format_option
@click.argument("words")
def add_command(
    folder: Path | None, source: str | None, page_file: Path | None, words: str, wanted: bool, form: str, **said: Any
) -> None:
    """Add a claim that rests on WORDS of a saved page, once the check confirms it. Exit 1: page or shapes say no."""
    publication = own_publication(folder)
    page = read_page(given(page_file))
    iri, dataset = source_of(folder, source)
    language = language_of(dataset, iri) or publication.settings.languages[0]
    terms = WrittenTerms(Knowledge(dataset), language)
    predicate = terms.property(said["predicate"])
    value = terms.value(said["value"], predicate, said["datatype"], said["language"])
    marked = mark(page, words, said["place"])
    new = _new_source(dataset, iri, said["title"], said["url"], said["day"])
    statement = (terms.thing(said["subject"]), predicate, value)
    claim = Wanted(iri, statement, marked, language, said["label"], said["basis"], new)
    draft = draft_claim(dataset, page, claim, said["file"])
    confirm(draft, dataset, page, iri)
    if wanted:
        write(draft, publication.folder)
    click.echo(draft_as_json(draft, written=wanted) if form == "json" else draft.diff, nl=False)
    done = f"written to {draft.file}" if wanted else "--write writes it"
    say(f"the page supports it; {done}")


def _new_source(
    dataset: Dataset, source: NamedNode, title: str | None, url: str | None, day: datetime | None
) -> NewSource | None:
    """What to say of a source that the publication does not describe; ``None`` if it does."""
    if any(quad.subject == source for quad in dataset.quads):
        return None
    if not title or not url:
        what = f"the publication does not describe the source <{source.value}>"
        raise MissiongraphError(Problem(what, advice="say what it is with --title and --url, or name another --source"))
    return NewSource(title, iri_of(url).value, (day.date() if day else date.today()).isoformat())
