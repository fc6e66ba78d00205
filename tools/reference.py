"""The reference pages of the documentation, written from the code: commands, settings, addresses, terms, Python.

``python -m tools.reference`` writes them to ``docs/reference/``; a test holds the pages against the code.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import click
from pydantic import BaseModel
from pydantic_core import PydanticUndefined
from pyoxigraph import Literal, NamedNode, RdfFormat, Store

from missiongraph.cli.main import COMMANDS
from missiongraph.publication.settings import Settings
from missiongraph.web.http.registry import Family
from missiongraph.web.services.routes import SERVICES
from missiongraph.web.serving.application import FAMILIES
from tools.man_page import EXIT_CODES, man_page

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "docs" / "reference"
_WRITTEN = "Written by `python -m tools.reference` from the code; a test compares the two."

_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_RDFS = "http://www.w3.org/2000/01/rdf-schema#"
_OWL = "http://www.w3.org/2002/07/owl#"


def _page(title: str, *lines: str) -> str:
    return "\n".join([f"# {title}", "", _WRITTEN, "", *lines]).rstrip() + "\n"


def _cell(text: object) -> str:
    """*text* on one line, its reStructuredText as Markdown."""
    line = re.sub(r":\w+:`~?(?:[\w.]+\.)?(\w+)`", r"`\1`", " ".join(str(text).split())).replace("``", "`")
    return line.replace("|", "\\|").replace("<", "&lt;")


def _row(*cells: object) -> str:
    return "| " + " | ".join(map(str, cells)) + " |"


def commands() -> str:
    """Each command with its arguments and options, as its ``--help`` tells them."""
    found = [import_module(f"missiongraph.cli.commands.{name}").command for name in COMMANDS]
    lines = (line for command in found for line in _command(command, f"missiongraph {command.name}", 2))
    codes = [_row("exit code", "meaning"), "|---|---|", *(_row(code, text) for code, text in EXIT_CODES.items())]
    told = "Every command has `--help`, and `missiongraph --version` tells the version. "
    told += "The manual page, `man missiongraph`, says the same."
    return _page("Commands", told, "", *codes, "", *lines)


def _command(command: click.Command, name: str, level: int) -> Iterator[str]:
    context = click.Context(command, info_name=name)
    yield from (f"{'#' * level} {name}", "", f"    {name} {' '.join(command.collect_usage_pieces(context))}", "")
    for paragraph in inspect.cleandoc(command.help or "").replace("\b\n", "").split("\n\n"):
        yield from (_cell(paragraph), "")
    told = [record for option in command.params if (record := _option(option, context))]
    if told:
        yield from ("| option | meaning |", "|---|---|", *told, "")
    if isinstance(command, click.Group):
        for below, child in sorted(command.commands.items()):
            yield from _command(child, f"{name} {below}", level + 1)


def _option(option: click.Parameter, context: click.Context) -> str | None:
    record = option.get_help_record(context)
    return record and _row(f"`{record[0].replace('|', chr(92) + '|')}`", _cell(record[1]))


def settings() -> str:
    """Each key of ``missiongraph.toml`` with its type, default, and what the docstring of its table says."""
    lines = _table(Settings, "missiongraph.toml")
    told = "What they are for, with examples: [What a publication may hold](../publication.md#settings)."
    return _page("Settings", told, "", *lines)


def _table(model: type[BaseModel], name: str) -> Iterator[str]:
    docstring = inspect.cleandoc(model.__doc__ or "")
    meanings = _written() if model is Settings else {}
    meanings |= dict(re.findall(r"^:ivar (\w+): (.*?)(?=^:ivar|\Z)", docstring, re.MULTILINE | re.DOTALL))
    yield from (f"## `{name}`", "", _cell(docstring.partition(":ivar")[0]).replace("*", "`"), "")
    yield from ("| key | default | meaning |", "|---|---|---|")
    tables = []
    for key, field in model.model_fields.items():
        shown = (field.alias or key).replace("_", "-")
        below = _table_of(field.annotation)
        if below:
            tables.append((below, f"[{shown}]"))
        meaning = _cell(meanings.get(key, "")) or ("a table, see below" if below else "")
        yield _row(f"`{shown}`", _default(field), re.sub(r"\*(\w+)\*", r"`\1`", meaning))
    yield ""
    for below in dict.fromkeys(below for below, _ in tables):
        yield from _table(below, _title(tables, below))


def _written() -> dict[str, str]:
    """What the table of ``docs/publication.md`` says of each key of the settings that is no table."""
    told = (ROOT / "docs" / "publication.md").read_text("utf-8").partition("\n## Settings\n")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| (`[a-z].*?|`\[plurals\]`) \| (.*) \|$", told, re.MULTILINE)
    moved = [(keys, re.sub(r"\]\((?=[\w-]+\.md)", "](../", meaning)) for keys, meaning in rows]
    return {key.replace("-", "_"): meaning for keys, meaning in moved for key in re.findall(r"`\[?([\w-]+)\]?`", keys)}


def _title(tables: list[tuple[type[BaseModel], str]], table: type[BaseModel]) -> str:
    return ", ".join(name for below, name in tables if below is table)


def _table_of(annotation: Any) -> type[BaseModel] | None:
    """The table of settings that *annotation* has somewhere within; agents are told in the text of their keys."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for part in getattr(annotation, "__args__", ()) if (found := _table_of(part))), None)


def _default(field: Any) -> str:
    if field.is_required():
        return "required"
    value = field.default if field.default is not PydanticUndefined else None
    if isinstance(value, BaseModel) or value in (None, "", ()):
        return ""
    return f"`{', '.join(map(str, value)) if isinstance(value, tuple) else value}`"


def addresses() -> str:
    """Each address that the site declares: pages and documents, then services."""
    lines = ["## Pages and documents", "", "Those of them that can be listed are files in an export too.", ""]
    lines += ["| address | parameters |", "|---|---|"]
    lines += [_row(f"`{family.pattern}`", _parameters(family)) for family in FAMILIES]
    lines += ["", "## Services", "", "They compute their answer from the request.", "", "| address | methods |"]
    lines += ["|---|---|", *(_row(f"`{service.pattern}`", ", ".join(service.methods)) for service in SERVICES)]
    return _page(
        "Addresses", "`/openapi.json` of a site tells the same for programs, with an example each.", "", *lines
    )


def _parameters(family: Family) -> str:
    return "; ".join(f"`{name}`: {_cell(meaning)}" for name, meaning in family.parameters.items())


def terms() -> str:
    """Each term of the ontology: label, comment, what it refines."""
    store = Store()
    store.load(path=str(ROOT / "ontology" / "missiongraph.ttl"), format=RdfFormat.TURTLE)
    lines: list[str] = []
    for title, kinds in (("Classes", ("Class",)), ("Properties", ("ObjectProperty", "DatatypeProperty"))):
        lines += [f"## {title}", "", "| term | label | meaning |", "|---|---|---|"]
        of_kind = {
            quad.subject.value
            for kind in kinds
            for quad in store.quads_for_pattern(None, NamedNode(_RDF + "type"), NamedNode(_OWL + kind))
            if isinstance(quad.subject, NamedNode)
        }
        lines += [
            _row(f"`mg:{iri.rpartition('#')[2]}`", _english(store, iri, "label"), _english(store, iri, "comment"))
            for iri in sorted(of_kind)
            if iri.startswith("https://w3id.org/missiongraph/ontology#")
        ]
        lines.append("")
    return _page("Terms", "`mg:` is `https://w3id.org/missiongraph/ontology#`.", "", *lines)


def _english(store: Store, iri: str, name: str) -> str:
    found = (quad.object for quad in store.quads_for_pattern(NamedNode(iri), NamedNode(_RDFS + name), None))
    return next((_cell(text.value) for text in found if isinstance(text, Literal) and text.language == "en"), "")


def python() -> str:
    """Each public name of the package, with the methods of its classes."""
    import missiongraph

    names = [name for name in missiongraph.__all__ if name != "__version__"]
    lines = [line for name in names for line in _public(name, getattr(missiongraph, name))]
    told = "`missiongraph.__version__` is the version. How to begin, and how long names stay: [Python](../python.md)."
    return _page("Python", told, "", *lines)


def _public(name: str, what: Any) -> Iterator[str]:
    yield from (f"## `{name}`", "")
    if inspect.isfunction(what):
        yield from ("```python", f"{name}{_signature(what)}", "```", "")
    yield from _docstring(what)
    if inspect.isclass(what):
        for below, member in vars(what).items():
            if not below.startswith("_") and (inspect.isfunction(member) or isinstance(member, property)):
                yield from (f"### `{name}.{below}{'' if isinstance(member, property) else _signature(member)}`", "")
                yield from _docstring(member)


def _docstring(what: Any) -> Iterator[str]:
    docstring = inspect.cleandoc(what.__doc__ or "")
    begin = re.split(r"^:(?:param|ivar|returns?|raises)|^>>> |^::$", docstring, maxsplit=1, flags=re.MULTILINE)[0]
    yield from (re.sub(r"(?<!\*)\*(\w+)\*(?!\*)", r"`\1`", _cell(begin)), "")
    fields = re.findall(r"^:(?:param |ivar )?([\w ]+): (.*?)(?=^:|^>>> |\Z)", docstring, re.MULTILINE | re.DOTALL)
    yield from (f"- `{what}`: {_cell(text)}" for what, text in fields)
    yield ""


def _signature(step: Any) -> str:
    return re.sub(r"<function .*? at 0x[0-9a-f]+>", "…", str(inspect.signature(step)).replace("'", ""))


#: The pages, by the name of their file.
PAGES: dict[str, Callable[[], str]] = {
    "commands.md": commands,
    "settings.md": settings,
    "addresses.md": addresses,
    "terms.md": terms,
    "python.md": python,
    "missiongraph.1": man_page,
}

if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for name, page in PAGES.items():
        (FOLDER / name).write_text(page(), "utf-8")
