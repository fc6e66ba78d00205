"""Answers as values: tables, truths and graphs, read from files of the suites and from responses alike."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import (
    BlankNode,
    Literal,
    NamedNode,
    QueryBoolean,
    QueryResultsFormat,
    RdfFormat,
    Triple,
    parse,
    parse_query_results,
)

from tests.conformance.sparql.data import read_quads

Term = NamedNode | BlankNode | Literal | Triple

RESULTS = {
    "application/sparql-results+xml": QueryResultsFormat.XML,
    "application/sparql-results+json": QueryResultsFormat.JSON,
    "text/tab-separated-values": QueryResultsFormat.TSV,
}
CSV = "text/csv"
GRAPHS = {
    "text/turtle": RdfFormat.TURTLE,
    "application/rdf+xml": RdfFormat.RDF_XML,
    "application/n-triples": RdfFormat.N_TRIPLES,
}
_TYPE_BY_SUFFIX = {
    ".srx": "application/sparql-results+xml",
    ".srj": "application/sparql-results+json",
    ".tsv": "text/tab-separated-values",
    ".csv": CSV,
    ".ttl": "text/turtle",
    ".rdf": "application/rdf+xml",
    ".nt": "application/n-triples",
}
_RS = "http://www.w3.org/2001/sw/DataAccess/tests/result-set#"
_TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")


@dataclass(frozen=True)
class Table:
    """Solutions; *ordered* where their order is part of the answer."""

    variables: frozenset[str]
    rows: tuple[dict[str, Term], ...]
    ordered: bool = False


@dataclass(frozen=True)
class Triples:
    """The graph that CONSTRUCT and DESCRIBE give."""

    triples: frozenset[Triple]


Answer = Table | Triples | bool


def expected(file: Path) -> tuple[Answer, str]:
    """The answer that a file of the suite states, and the media type to ask for: the file's own where it is one."""
    media_type = _TYPE_BY_SUFFIX[file.suffix]
    if media_type not in GRAPHS:
        return read(file.read_bytes(), media_type), media_type
    triples = [quad.triple for quad in read_quads(file)]
    answer = _described(triples)
    if answer is None:
        return Triples(frozenset(triples)), media_type
    return answer, "application/sparql-results+json"


def read(content: bytes, media_type: str) -> Answer:
    """An answer in one of the result formats or RDF formats."""
    if media_type in GRAPHS:
        return Triples(frozenset(quad.triple for quad in parse(content, GRAPHS[media_type])))
    if media_type == CSV:
        return _csv(content)
    found = parse_query_results(content, RESULTS[media_type])
    if isinstance(found, QueryBoolean):
        return bool(found)
    names = [variable.value for variable in found.variables]
    return _table(names, ({name: row[name] for name in names} for row in found))


def _table(names: Iterable[str], rows: Iterable[dict[str, Term | None]], ordered: bool = False) -> Table:
    bound = ({name: term for name, term in row.items() if term is not None} for row in rows)
    return Table(frozenset(names), tuple(bound), ordered)


def _csv(content: bytes) -> Table:
    """CSV has no types: each value is its text, and ``_:`` begins a blank node."""
    names, *rows = csv.reader(io.StringIO(content.decode("utf-8"), newline=""), strict=True)
    return _table(names, ({name: _cell(cell) for name, cell in zip(names, row, strict=True)} for row in rows))


def _cell(cell: str) -> Term | None:
    if cell.startswith("_:"):
        return BlankNode(cell[2:])
    return Literal(cell) if cell else None


class _Description:
    """Statements in the result-set vocabulary, by subject and predicate."""

    def __init__(self, triples: list[Triple]) -> None:
        self._values: dict[tuple[Term, str], list[Term]] = {}
        for triple in triples:
            if triple.predicate.value.startswith(_RS):
                name = triple.predicate.value.removeprefix(_RS)
                self._values.setdefault((triple.subject, name), []).append(triple.object)

    def all(self, subject: Term, name: str) -> list[Term]:
        return self._values.get((subject, name), [])

    def text(self, subject: Term, name: str) -> str:
        (value,) = self.all(subject, name)
        assert isinstance(value, Literal)
        return value.value


def _described(triples: list[Triple]) -> Answer | None:
    """The table or truth that *triples* describe; nothing where they are a graph of their own."""
    kind = NamedNode(f"{_RS}ResultSet")
    sets = [triple.subject for triple in triples if triple.predicate == _TYPE and triple.object == kind]
    if not sets:
        return None
    description = _Description(triples)
    (result,) = sets
    if description.all(result, "boolean"):
        return description.text(result, "boolean") in ("true", "1")
    names = [value.value for value in description.all(result, "resultVariable") if isinstance(value, Literal)]
    solutions = description.all(result, "solution")
    ordered = any(description.all(solution, "index") for solution in solutions)
    if ordered:
        solutions = sorted(solutions, key=lambda solution: int(description.text(solution, "index")))
    rows: list[dict[str, Term | None]] = [
        {
            description.text(binding, "variable"): description.all(binding, "value")[0]
            for binding in description.all(solution, "binding")
        }
        for solution in solutions
    ]
    return _table(names, rows, ordered)
