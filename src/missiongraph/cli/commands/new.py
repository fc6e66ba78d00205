"""``missiongraph new``: a small publication to begin with.

On a terminal, it asks for what no option says. In a pipe, it takes what it would have offered.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import click

from missiongraph.cli.messages import say
from missiongraph.publication.settings import checked_base, checked_language, checked_text
from missiongraph.publication.starter import write_new_publication

T = TypeVar("T")


def _title(value: str) -> str:
    if not value.strip():
        raise ValueError("a title has at least one letter")
    return checked_text(value.strip())


def _base(value: str) -> str:
    if value.endswith("#"):
        raise ValueError(f"“{value}” must end in a slash")
    return checked_base(value)


def _languages(value: str) -> tuple[str, ...]:
    found = tuple(checked_language(part.strip()) for part in value.split(",") if part.strip())
    if not found:
        raise ValueError("name one language at least")
    return tuple(dict.fromkeys(found))


@click.command("new")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--title", help="What the publication is called. A terminal is asked; else it is made from DIR.")
@click.option(
    "--base", metavar="IRI", help="What all IRIs of the publication begin with; ends in a slash. Asked likewise."
)
@click.option("--languages", metavar="en,it", help="Languages of the pages, the default first. Asked likewise.")
def command(folder: Path, title: str | None, base: str | None, languages: str | None) -> None:
    """Write a small publication to DIR that validates, serves, and explains itself in comments."""
    name = folder.resolve().name
    chosen_title = _value("--title", "Title", title, name.replace("-", " ").replace("_", " ").capitalize(), _title)
    chosen_base = _value("--base", "Base of all IRIs", base, "https://data.example.org/", _base)
    chosen_languages = _value("--languages", "Languages of the pages", languages, "en", _languages)
    for file in write_new_publication(folder, chosen_title, chosen_base, chosen_languages):
        click.echo(folder / file)
    say(f"go on with: missiongraph validate --publication {folder}, then missiongraph serve --publication {folder}")


def _value(option: str, question: str, given: str | None, offered: str, read: Callable[[str], T]) -> T:
    """What a user gave by *option*, else answers on a terminal, else what is offered.

    :raises click.BadParameter: *read* refuses what the option says
    """

    def checked(value: str) -> T:
        try:
            return read(value)
        except ValueError as error:
            raise click.BadParameter(str(error), param_hint=option) from None

    if given is None and sys.stdin.isatty():
        found: T = click.prompt(question, default=offered, value_proc=checked, err=True)
        return found
    return checked(offered if given is None else given)
