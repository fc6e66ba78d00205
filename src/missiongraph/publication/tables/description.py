"""Reads the description of a table (CSVW Metadata Vocabulary), and refuses what this program does not support."""

from __future__ import annotations

import json
import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from pyoxigraph import NamedNode

from missiongraph.errors import Place, Problem, nearest
from missiongraph.publication.guessed_tables import TABLES_DESCRIPTION as DESCRIPTION
from missiongraph.publication.rdf_files import FaultyFile
from missiongraph.publication.tables.csv_records import check_dialect
from missiongraph.publication.tables.csvw_import import Table, TableGroup
from missiongraph.vocab import CSVW, MG, RDF, XSD

_PATTERNED = ("string", "anyURI", "normalizedString", "token", "language", "Name", "NMTOKEN")  # a format is a pattern
_DIALECT = re.findall(
    r"[@\w]+",
    """@id @type commentPrefix delimiter doubleQuote encoding header headerRowCount lineTerminators quoteChar
    skipBlankRows skipColumns skipInitialSpace skipRows trim""",
)
_DATATYPES = {
    "number": XSD.double, "datetime": XSD.dateTime, "binary": XSD.base64Binary, "any": XSD.anyAtomicType,
    "xml": RDF.XMLLiteral, "html": RDF.HTML, "json": CSVW.JSON,
}  # fmt: skip
_FACETS = re.findall(
    r"\w+", "format length minLength maxLength minimum maximum minInclusive maxInclusive minExclusive maxExclusive"
)
_OWN = {"graph": MG.graphUrl.value, "language_column": MG.languageColumn.value, "text": MG.textTemplate.value}


@dataclass(frozen=True)
class Column:
    """A column, with the properties that it inherits from schema, table and group (Metadata Vocabulary, 5.7).

    :ivar position: its number in the file, from 1; ``None`` for a virtual column
    :ivar titles: the texts that the header may have for it
    :ivar datatype: the datatype as the library ``csvw`` reads it
    :ivar iri: the datatype of its literals in RDF
    :ivar base: the datatype whose lexical space its values must be in
    :ivar faceted: whether *datatype* restricts the values of *base* further (length, pattern, minimum …)
    :ivar about: template of the subject (``aboutUrl``)
    :ivar to: template of the property (``propertyUrl``)
    :ivar value: template of the object (``valueUrl``)
    :ivar graph: template of the graph (``mg:graphUrl``)
    :ivar language_column: the column that holds the language tag of its texts (``mg:languageColumn``)
    :ivar text: template of a text made of several cells (``mg:textTemplate``)
    """

    name: str
    position: int | None
    titles: frozenset[str]
    suppressed: bool
    required: bool
    default: str
    null: frozenset[str]
    separator: str | None
    language: str | None
    datatype: Any
    iri: NamedNode | None
    base: NamedNode
    faceted: bool
    about: str | None
    to: str | None
    value: str | None
    graph: str | None
    language_column: str | None
    text: str | None

    @property
    def virtual(self) -> bool:
        """Whether the column has no cells in the file."""
        return self.position is None


@dataclass(frozen=True)
class Description:
    """The description of one table."""

    columns: tuple[Column, ...]
    dialect: Any
    suppressed: bool
    primary_key: tuple[str, ...]
    foreign_keys: tuple[Any, ...]


def description_of(file: Path, path: str) -> Description:
    """Reads the description of the table in *file* from ``csv-metadata.json`` in its folder.

    :param path: what messages call the table
    :raises FaultyFile: there is no description of this table, or it is faulty, or has properties without support here
    """
    place = Place(str(Path(path).parent / DESCRIPTION))
    try:
        tables, warned = _tables(file.parent / DESCRIPTION, (file.parent / DESCRIPTION).read_bytes(), place)
        if warned:
            raise FaultyFile.of(*(Problem(text, place) for text in warned))
        for table in tables:
            if table.local_name == file.name:
                return _described(table, place)
    except FaultyFile:
        raise
    except Exception as error:  # what the library raises on what it did not expect has no end
        raise FaultyFile(f"is no description of tables: {error}", place) from None
    raise FaultyFile(f"does not describe {file.name}", place, "describe the table, or move it out of data/")


@lru_cache(maxsize=8)
def _tables(description: Path, content: bytes, place: Place) -> tuple[list[Any], list[str]]:
    """The tables that *description* describes, as a group or as a single one (Metadata Vocabulary, 5.2), and warnings.

    The result is cached for all tables of the folder; *content* makes the cache notice a change.
    """
    try:
        document = json.loads(content.removeprefix(b"\xef\xbb\xbf"))
    except json.JSONDecodeError as error:
        where = Place(place.file, error.lineno, error.colno)
        raise FaultyFile(f"is no description of tables: {error.msg}", where) from None
    _refuse_what_lies_elsewhere(document, place)
    alone = isinstance(document, dict) and "url" in document and "tables" not in document
    reader = Table if alone else TableGroup
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        read = reader.from_file(description, data=document)
        tables = [read] if alone else list(read.tables)
    return tables, [str(warning.message) for warning in caught]


def _refuse_what_lies_elsewhere(document: Any, place: Place) -> None:
    """Refuses a dialect or schema that is only named by its URL, which the library would fetch."""
    group = document if isinstance(document, dict) else {}
    tables = group.get("tables", [])
    for one in (group, *(tables if isinstance(tables, list) else [])):
        for name in ("dialect", "tableSchema") if isinstance(one, dict) else ():
            if isinstance(one.get(name), str):
                raise FaultyFile(f"{name}: {one[name]} lies elsewhere", place, "nothing is fetched: write it here")
        dialect = one.get("dialect") if isinstance(one, dict) else None
        for key in dialect if isinstance(dialect, dict) else ():
            if key not in _DIALECT and ":" not in key:
                raise FaultyFile(f"dialect: unknown property “{key}”", place, nearest(key, _DIALECT))


def _described(table: Any, place: Place) -> Description:
    schema = table.tableSchema
    dialect = table._get_dialect()
    check_dialect(dialect, place)
    columns = []
    for number, column in enumerate(schema.columns, 1):
        position = None if column.virtual else number + dialect.skipColumns
        columns.append(_column(table, column, position))
        _refuse(table, column, columns[-1], place)
    named = {column.name for column in schema.columns if column.name}
    for foreign in schema.foreignKeys:
        if unknown := [name for name in foreign.columnReference if name not in named]:
            raise FaultyFile(f"a foreign key of {table.local_name} names no column “{unknown[0]}”", place)
        if foreign.reference.schemaReference is not None:
            what = f"a foreign key of {table.local_name}: schemaReference"
            raise FaultyFile(what, place, "name the table by resource")
    return Description(
        tuple(columns), dialect, table.suppressOutput, tuple(schema.primaryKey or ()), tuple(schema.foreignKeys)
    )


def _column(table: Any, column: Any, position: int | None) -> Column:
    datatype = _inherited(table, column, "datatype")
    base = datatype.base if datatype is not None else "string"
    lexical = _DATATYPES.get(base, XSD[base])
    named = datatype.at_props.get("id") if datatype is not None else None
    own = {
        key: next((one.common_props[name] for one in _chain(table, column) if name in one.common_props), None)
        for key, name in _OWN.items()
    }
    templates = {
        key: None if (found := _inherited(table, column, name)) is None else str(found.uri)
        for key, name in (("about", "aboutUrl"), ("to", "propertyUrl"), ("value", "valueUrl"))
    }
    return Column(
        name=column.header,
        position=position,
        titles=frozenset(_titles(column, _inherited(table, column, "lang"))),
        suppressed=column.suppressOutput,
        required=bool(_inherited(table, column, "required")),
        default=_inherited(table, column, "default") or "",
        null=frozenset(_inherited(table, column, "null") or [""]),
        separator=_inherited(table, column, "separator"),
        language=_inherited(table, column, "lang"),
        datatype=datatype,
        iri=None if datatype is None else NamedNode(named) if named else lexical,
        base=lexical,
        faceted=any(getattr(datatype, facet, None) is not None for facet in _FACETS),
        **templates,
        **own,
    )


def _titles(column: Any, language: str | None) -> Iterator[str]:
    """The titles that a header in *language* may have (Metadata Vocabulary, 5.5.1)."""
    for tag, titles in (column.titles or {}).items():
        short = min(len(tag or ""), len(language or ""))
        if tag in (None, "und") or language is None or tag[:short].lower() == language[:short].lower():
            yield from titles


def _refuse(table: Any, column: Any, read: Column, place: Place) -> None:
    of_column = f"column “{read.name}” of {table.local_name}"
    if _inherited(table, column, "ordered") and read.separator:
        raise FaultyFile(f"{of_column}: an order of values", place, "leave it out")
    if read.datatype is not None and read.datatype.format and read.datatype.base not in _PATTERNED:
        what = f"{of_column}: a format of its own for {read.datatype.base}"
        raise FaultyFile(what, place, "cells are kept as they are: write them as XML Schema does")


def _chain(table: Any, column: Any) -> Iterator[Any]:
    return (one for one in (column, table.tableSchema, table, table._parent) if one is not None)


def _inherited(table: Any, column: Any, name: str) -> Any:
    unset = (None, "und", "", [""])  # the library's values for what the description leaves out
    return next((found for one in _chain(table, column) if (found := getattr(one, name, None)) not in unset), None)
