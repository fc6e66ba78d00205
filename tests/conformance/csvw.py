"""The W3C's tests of CSV on the Web as our reader of tables takes them."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from pyoxigraph import NamedNode
from rdflib import BNode, Graph, Literal, Namespace, URIRef
from rdflib.term import Node

from missiongraph.publication.guessed_tables import TABLES_DESCRIPTION
from missiongraph.publication.tables import read_table
from tests.conformance.manifest import MF, Entry, path_of

HOME = "http://www.w3.org/2013/csvw/tests/"
CSVT, CSVW = Namespace("http://www.w3.org/2013/csvw/tests/vocab#"), Namespace("http://www.w3.org/ns/csvw#")
ROW = "http://row.example/"


def description(test: Entry) -> Path | None:
    """The metadata that the test is about: its action, what the user gives, or what is found beside the table."""
    if urlsplit(str(test.value(MF.action))).query:
        return None
    action, options = test.file(MF.action), test.manifest.value(test.iri, CSVT.option)
    given = test.manifest.value(options, CSVT.metadata) if options is not None else None
    found = [path_of(one) for one in ([given] if given else test.manifest.objects(test.iri, CSVT.implicit))]
    files = [action, *sorted(found)]
    return next((file for file in files if file.suffix == ".json" and file.is_file()), None)


def statements(metadata: Path, folder: Path) -> Graph:
    """What we read from the tables that *metadata* describes, put into *folder*.

    :raises FaultyFile: as the reader does
    """
    document = json.loads(metadata.read_text("utf-8"))
    tables = document.get("tables", [document])
    for table in tables if isinstance(tables, list) else []:
        if isinstance(table, dict):
            _complete(table, document, metadata)
    (folder / TABLES_DESCRIPTION).write_text(json.dumps(document), "utf-8")
    files = [unquote(str(table["url"])) for table in tables if isinstance(table, dict) and "url" in table]
    files = files or ["table.csv"]  # a table that the description does not know
    for name in files:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        source = metadata.parent / name
        (folder / name).write_bytes(source.read_bytes() if source.is_file() else b"")
    graph = Graph()
    for name in files:
        quads = read_table(folder / name, f"data/{name}", NamedNode("urn:x-graph")).quads
        graph.parse(data="".join(f"{q.triple} .\n" for q in quads), format="nt")
    return _with_blank_rows(graph)


def _complete(table: dict[str, Any], group: Mapping[str, Any], metadata: Path) -> None:
    """State what the standard leaves to defaults and to the table's address: our reader guesses and resolves nothing.

    A row that is given no IRI gets one of ours, which becomes a blank node again when it was read.
    """
    schema = table.get("tableSchema", group.get("tableSchema", {}))
    home = f"{HOME}{metadata.parent.name}/" if metadata.parent.name != "tests" else HOME
    address = f"{home}{table.get('url', '')}"
    columns = schema.get("columns", []) if isinstance(schema, dict) else []
    for number, column in enumerate((one for one in columns if isinstance(one, dict)), 1):
        title = column.get("titles", f"_col.{number}")
        title = f"_col.{number}" if isinstance(title, dict) else title  # no title without a language names it
        name = column.get("name") or quote(str(next(iter(title), "") if isinstance(title, list) else title))
        defaults = {"aboutUrl": f"{ROW}{{_row}}", "propertyUrl": f"#{name}", "valueUrl": None}
        for key, default in defaults.items():
            stated = next((one[key] for one in (column, schema, table, group) if key in one), default)
            if isinstance(stated, str):
                whole = re.match(r"[A-Za-z][A-Za-z0-9+.-]*:|\{", stated)
                column[key] = stated if whole else f"{address}{stated}" if stated.startswith("#") else home + stated


def _with_blank_rows(graph: Graph) -> Graph:
    def blank(node: Node) -> Node:
        own = isinstance(node, URIRef) and node.startswith(ROW)
        return BNode(f"row{str(node).removeprefix(ROW)}") if own else node

    made = Graph()
    for subject, predicate, value in graph:
        made.add((blank(subject), predicate, blank(value)))
    return made


def expected(test: Entry) -> Graph:
    """The statements of cells in the result: in minimal mode all, else those about what a row describes."""
    file = test.file(MF.result)
    graph = Graph().parse(file, format="turtle", publicID=HOME + file.name)
    described = set(graph.objects(None, CSVW.describes))
    cells = Graph()
    for subject, predicate, value in graph:
        if subject in described or not described:
            language = value.language if isinstance(value, Literal) else None
            cells.add((subject, predicate, Literal(str(value), lang=language.lower()) if language else value))
    return cells
