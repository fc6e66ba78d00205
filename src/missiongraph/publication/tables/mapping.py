"""Maps the rows of a table to quads, as “Generating RDF from Tabular Data on the Web” says for its minimal mode.

Three annotations are our own (``mg:graphUrl``, ``mg:languageColumn``, ``mg:textTemplate``): that standard has one graph
only, one language for a column, and no template for texts (docs/decisions/0032-tables-by-csvw.md).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from pyoxigraph import Literal, NamedNode, Quad

from missiongraph.publication.tables.cells import check
from missiongraph.publication.tables.checked_rows import DescribedTable, Row
from missiongraph.publication.tables.csvw_import import NAMESPACES, URITemplate
from missiongraph.publication.tables.description import Column

#: A template without operators, and values that it takes without encoding them (RFC 6570, 3.2.2).
_SIMPLE, _UNRESERVED = re.compile(r"(?:[^{}]|\{[A-Za-z_][A-Za-z0-9_]*\})*"), re.compile(r"[A-Za-z0-9._~-]+")

#: The IRIs of the templates filled so far for a row; ``None`` for one that names an empty cell.
_Filled = dict[str, NamedNode | None]


def quads_of(table: DescribedTable, row: Row, graph: NamedNode) -> Iterator[tuple[Quad, int | None]]:
    """Yields the statements of *row*, each with the number of its column; ``None`` for a virtual column.

    Faults are recorded in *table*.
    """
    filled: _Filled = {}
    for column in () if table.description.suppressed else table.description.columns:
        if column.suppressed or (not column.virtual and not row.values.get(column.name)):
            continue
        if column.about is None or column.to is None:
            missing = "aboutUrl" if column.about is None else "propertyUrl"
            table.fault(f"the description gives the column no {missing}", 1, column.name, "or suppress its output")
            return
        subject = _iri(table, row, column, column.about, filled)
        predicate = _iri(table, row, column, column.to, filled)
        values = _terms(table, row, column, filled)
        named = graph if column.graph is None else _iri(table, row, column, column.graph, filled)
        if subject and predicate and named:
            yield from ((Quad(subject, predicate, value, named), column.position) for value in values)


def _terms(table: DescribedTable, row: Row, column: Column, filled: _Filled) -> list[NamedNode] | list[Literal]:
    """The objects of the statements of a cell: one; several if the column has a separator; none if it is empty."""
    if column.value is not None:
        iri = _iri(table, row, column, column.value, filled)
        return [iri] if iri else []
    if column.text or column.virtual:
        text = _filled(row, column.text) if column.text else column.default
        return [literal] if text and (literal := _checked(table, row, column, text)) else []
    literals = (_literal(table, row, column, text) for text in row.values[column.name])
    return [literal for literal in literals if literal]


def _checked(table: DescribedTable, row: Row, column: Column, text: str) -> Literal | None:
    """The literal of a text that no cell holds, and that was not checked yet; ``None`` if it is faulty."""
    try:
        check(column, text)
    except ValueError as error:
        table.fault(str(error), row.line, column.name)
        return None
    return _literal(table, row, column, text)


def _literal(table: DescribedTable, row: Row, column: Column, text: str) -> Literal | None:
    """The literal of *text*: in the language of the column if its datatype is ``string`` (csv2rdf, section 5.2)."""
    language = row.text(column.language_column) if column.language_column else column.language
    if language and (column.datatype is None or column.datatype.base == "string"):
        try:
            return Literal(text, language=language)
        except ValueError:
            table.fault(f"“{language}” is no language tag", row.line, column.language_column or column.name)
            return None
    return Literal(text, datatype=column.iri)


def _filled(row: Row, pattern: str) -> str | None:
    """*pattern* with each ``{name}`` replaced by the cell of that column; ``None`` if one of these is empty."""
    cells = {name: row.text(name) for name in _names(pattern)}
    return None if None in cells.values() else pattern.format_map(cells)


def _iri(table: DescribedTable, row: Row, column: Column, template: str, filled: _Filled) -> NamedNode | None:
    """The IRI of *template* for *row*; ``None`` if the template names an empty cell or yields no IRI.

    :param filled: the templates that other columns of the row have filled already
    """
    if template in filled:
        return filled[template]
    names = _names(template)
    if listed := table.listed.intersection(names):
        table.fault(f"a template names “{min(listed)}”, which holds several values", 1, column.name)
        return None
    own = {"_row": str(row.number), "_sourceRow": str(row.source), "_name": column.name}
    cells = tuple((name, row.text(name) or own.get(name)) for name in names)
    expanded = None if any(cell is None for _, cell in cells) else _expanded(template, cells)
    if expanded is None or isinstance(expanded, NamedNode):
        if "_name" not in names:
            filled[template] = expanded
        return expanded
    advice = "write whole IRIs, or use a prefix of CSVW such as schema:, skos:, dc: (for dcterms)"
    table.fault(f"“{expanded}” is no IRI", row.line, column.name, advice, kind=f"template {template}")
    return None


@lru_cache(maxsize=1 << 14)
def _expanded(template: str, cells: tuple[tuple[str, str | None], ...]) -> NamedNode | str:
    """The IRI of *template* with *cells*; if the result is no IRI, its text. Columns of a row share most templates."""
    if _SIMPLE.fullmatch(template) and all(_UNRESERVED.fullmatch(cell or "") for _, cell in cells):
        text = template.format_map(dict(cells))  # nothing has to be encoded
    else:
        text = str(_template(template).expand(**dict(cells)))
    prefix, _, local = text.partition(":")
    try:
        if prefix in NAMESPACES:
            return NamedNode(NAMESPACES[prefix] + local)
        if local.startswith("//") or prefix == "urn":
            return NamedNode(text)
    except ValueError:
        pass
    return text


@lru_cache(maxsize=1 << 10)
def _names(text: str) -> tuple[str, ...]:
    """The cells that a template names."""
    return tuple(_template(text).variable_names)


@lru_cache(maxsize=1 << 10)
def _template(text: str) -> Any:
    return URITemplate(text)
