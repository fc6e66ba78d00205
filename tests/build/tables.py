"""Reads tables back as a processor of CSV on the Web does: csv2rdf in minimal mode, on top of the library csvw."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from csvw import CSVW, TableGroup
from pyoxigraph import Literal, NamedNode, Store, Triple
from pyoxigraph import Quad as _Quad

from missiongraph.vocab import RDFS, XSD

BUILT_IN = {
    "boolean": XSD.boolean,
    "integer": XSD.integer,
    "nonNegativeInteger": XSD.nonNegativeInteger,
    "decimal": XSD.decimal,
    "date": XSD.date,
    "dateTime": XSD.dateTime,
    "gYear": XSD.gYear,
    "gYearMonth": XSD.gYearMonth,
    "duration": XSD.duration,
    "anyURI": XSD.anyURI,
    "string": XSD.string,
}


def read_back(metadata: Path) -> set[Triple]:
    """The statements in the tables that *metadata* describes, which must be valid."""
    checked = CSVW(str(metadata), validate=True)
    assert checked.is_valid
    group = TableGroup.from_file(metadata)
    return normal(triple for table in group.tables for row in table.iterdicts() for triple in _of_row(table, row))


def _of_row(table: Any, row: dict[str, Any]) -> Iterator[Triple]:
    schema = table.tableSchema
    subject = NamedNode(schema.inherit("aboutUrl").expand(**_texts(row)))
    for column in schema.columns:
        if column.suppressOutput:
            continue
        predicate = NamedNode(column.inherit("propertyUrl").expand(**_texts(row)))
        url = column.inherit("valueUrl")
        if column.virtual:
            yield Triple(subject, predicate, NamedNode(url.expand(**_texts(row))))
            continue
        value = row.get(column.header)
        values = value if isinstance(value, list) else [value] if value is not None else []
        for one in values:
            yield Triple(subject, predicate, NamedNode(url.expand(**_texts(row))) if url else _literal(column, one))


def _literal(column: Any, value: Any) -> Literal:
    if column.lang and column.lang != "und":
        return Literal(str(value), language=column.lang)
    datatype = column.inherit("datatype")
    if datatype is None:
        return Literal(str(value))
    identifier = datatype.at_props.get("id")
    kind = NamedNode(str(identifier)) if identifier else BUILT_IN[datatype.base]
    return Literal(str(datatype.formatted(value)), datatype=kind)


def _texts(row: dict[str, Any]) -> dict[str, str]:
    return {name: str(value) for name, value in row.items() if isinstance(value, str)}


def normal(triples: Iterator[Triple] | set[Triple]) -> set[Triple]:
    """*triples* with their numbers and times in one writing."""
    store = Store()
    store.extend(_Quad(triple.subject, triple.predicate, triple.object, RDFS.Resource) for triple in triples)
    return {quad.triple for quad in store}
