"""The manual page ``missiongraph(1)``, written from the commands as ``--help`` tells them, in man(7)."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from importlib import import_module

import click

from missiongraph import __version__
from missiongraph.cli.main import COMMANDS, main

#: What the exit code of every command means (``missiongraph.errors``).
EXIT_CODES = {
    0: "It worked, and there is nothing against it.",
    1: "It worked, and the answer is no: the publication does not conform, a claim is contradicted, a source is due, "
    "something does not work, a limit was reached, a thing is unknown, a release or a move is refused.",
    2: "Wrong use, or input that cannot be read.",
}
ENVIRONMENT = {
    "XDG_CACHE_HOME": "Where builds are kept that nobody named a place for; default: ~/.cache.",
    "NO_COLOR": "If it is set, nothing is coloured. What is no terminal never is.",
    "TMPDIR": "Where temporary files go.",
}


def man_page() -> str:
    """The whole page."""
    lines = [f'.TH MISSIONGRAPH 1 "" "missiongraph {__version__}" "User Commands"', ".SH NAME"]
    lines += [rf"missiongraph \- {_text(_first_line(main)).rstrip('.')}", ".SH SYNOPSIS"]
    lines += [r".B missiongraph", r"[\fIOPTIONS\fR] \fICOMMAND\fR [\fIARGS\fR]...", ".SH OPTIONS", *_options(main)]
    lines += _tagged("-h, --help", "Show what there is, of a command too.")
    lines += [".SH COMMANDS"]
    for name in COMMANDS:
        command = import_module(f"missiongraph.cli.commands.{name}").command
        lines += _command(command, f"missiongraph {command.name}")
    lines += [".SH EXIT STATUS", *(line for code, text in EXIT_CODES.items() for line in _tagged(str(code), text))]
    lines += [".SH ENVIRONMENT", *(line for name, text in ENVIRONMENT.items() for line in _tagged(name, text))]
    return "\n".join(lines) + "\n"


def _command(command: click.Command, name: str) -> Iterator[str]:
    usage = " ".join(command.collect_usage_pieces(click.Context(command, info_name=name)))
    yield from (f".SS {_text(f'{name} {usage}')}", *map(_text, _paragraphs(command)))
    yield from _options(command)
    if isinstance(command, click.Group):
        for below, child in sorted(command.commands.items()):
            yield from _command(child, f"{name} {below}")


def _options(command: click.Command) -> Iterator[str]:
    context = click.Context(command, info_name=command.name)
    for option in command.params:  # without --help, whose names are those of whoever asked for it first
        record = option.get_help_record(context)
        if record and record[1]:
            yield from _tagged(record[0], record[1])


def _tagged(term: str, text: str) -> Iterator[str]:
    yield from (".TP", rf"\fB{_text(term)}\fR", _text(text))


def _paragraphs(command: click.Command) -> Iterator[str]:
    for number, paragraph in enumerate(inspect.cleandoc(command.help or "").replace("\b\n", "").split("\n\n")):
        if number:
            yield ".PP"
        yield " ".join(paragraph.split())


def _first_line(command: click.Command) -> str:
    return inspect.cleandoc(command.help or "").partition("\n")[0]


def _text(text: str) -> str:
    """*text* as roff reads it; a point or an apostrophe at the start of a line would be a request."""
    if text == ".PP":
        return text
    plain = " ".join(text.split()).replace("\\", r"\e").replace("-", r"\-").replace("'", r"\(aq")
    return rf"\&{plain}" if plain.startswith(".") else plain
