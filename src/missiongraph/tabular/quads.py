"""What the rows of a table say, as quads.

Follows “Generating RDF from Tabular Data on the Web” in minimal mode, with three annotations of our own, because
that standard knows one graph only, one language a column, and no template for texts (ARCHITECTURE.md).
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from csvw.metadata import NAMESPACES, URITemplate
from pyoxigraph import Literal, NamedNode, Quad

from missiongraph.tabular.table import DescribedTable, Row
from missiongraph.vocab import MG, XSD

_GRAPH, _LANGUAGE, _TEXT = MG.graphUrl.value, MG.languageColumn.value, MG.textTemplate.value
_XSD_NAMES = {"number": "double", "datetime": "dateTime"}


def quads_of(table: DescribedTable, row: Row, graph: NamedNode) -> Iterator[tuple[Quad, int | None]]:
    """The statements of *row*, each with the number of the column whose cell it is; virtual ones have none."""
    for column in table.description.tableSchema.columns:
        if column.suppressOutput or (not column.virtual and row.cells.get(column.header) is None):
            continue
        about, to = _inherited(table, column, "aboutUrl"), _inherited(table, column, "propertyUrl")
        if about is None or to is None:
            missing = "aboutUrl" if about is None else "propertyUrl"
            table.fault(f"the description gives the column no {missing}", 1, column.header, "or suppress its output")
            return
        subject, predicate = _iri(table, row, column, about), _iri(table, row, column, to)
        values = _terms(table, row, column)
        place = _annotation(table, column, _GRAPH)
        named = graph if place is None else _iri(table, row, column, _template(place))
        if subject and predicate and named:
            yield from ((Quad(subject, predicate, value, named), table.position(column.header)) for value in values)


def _terms(table: DescribedTable, row: Row, column: Any) -> list[NamedNode] | list[Literal]:
    """What the cell says: one term, several where a separator parts them, none where it is empty."""
    template = _inherited(table, column, "valueUrl")
    if template is not None:
        iri = _iri(table, row, column, template)
        return [iri] if iri else []
    pattern = column.common_props.get(_TEXT)
    text = _filled(row, pattern) if pattern else column.default if column.virtual else row.cells[column.header]
    if text is None:
        return []
    parts = text.split(column.separator) if column.separator and not pattern and not column.virtual else [text]
    return [_literal(table, row, column, part) for part in parts]


def _literal(table: DescribedTable, row: Row, column: Any, text: str) -> Literal:
    """*text* in the language of the column, unless its type is another than text (csv2rdf, 5.2)."""
    by_row = column.common_props.get(_LANGUAGE)
    language = row.cells.get(by_row) if by_row else _inherited(table, column, "lang")
    base = column.datatype.base if column.datatype is not None else "string"
    if language and base == "string":
        return Literal(text, language=language)
    if column.datatype is None:
        return Literal(text)
    return Literal(text, datatype=NamedNode(column.datatype.at_props.get("id", XSD[_XSD_NAMES.get(base, base)].value)))


def _filled(row: Row, pattern: str) -> str | None:
    """*pattern* with each ``{name}`` replaced by the cell of that name, as it is; nothing if one of them is empty."""
    cells = {name: row.cells.get(name) for name in URITemplate(pattern).variable_names}
    return None if None in cells.values() else pattern.format_map(cells)


def _iri(table: DescribedTable, row: Row, column: Any, template: Any) -> NamedNode | None:
    """*template* filled from *row*; nothing if it names an empty cell, so that no IRI is half a name."""
    if listed := table.listed.intersection(template.variable_names):
        table.fault(f"a template names “{min(listed)}”, which holds several values", 1, column.header)
        return None
    own = {"_row": str(row.line - 1), "_sourceRow": str(row.line), "_name": column.header}
    cells = tuple((name, row.cells.get(name) or own.get(name)) for name in template.variable_names)
    if any(cell is None for _, cell in cells):
        return None
    found = _expanded(str(template.uri), cells)
    if isinstance(found, NamedNode):
        return found
    advice = "write whole IRIs, or use a prefix of CSVW such as schema:, skos:, dc: (for dcterms)"
    table.fault(f"“{found}” is no IRI", row.line, column.header, advice)
    return None


@lru_cache(maxsize=1 << 14)
def _expanded(template: str, cells: tuple[tuple[str, str | None], ...]) -> NamedNode | str:
    """*template* with *cells* in it; what came out, where it is no IRI. The columns of a row share most of theirs."""
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
def _template(text: str) -> Any:
    return URITemplate(text)


def _inherited(table: DescribedTable, column: Any, name: str) -> Any:
    """The property *name* of the column, else of its schema, its table or its group (Tabular Metadata, 5.7)."""
    nothing = (None, "und")
    chain = (column, table.description.tableSchema, table.description, table.description._parent)
    return next((found for one in chain if (found := getattr(one, name, None)) not in nothing), None)


def _annotation(table: DescribedTable, column: Any, name: str) -> str | None:
    chain = (column, table.description.tableSchema, table.description)
    return next((found for one in chain if (found := one.common_props.get(name)) is not None), None)
