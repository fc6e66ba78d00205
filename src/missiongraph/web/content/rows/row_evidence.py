"""Row evidence: the margin notes of each row of an answer, by the statements that the row was matched by."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from pyoxigraph import Literal, NamedNode, QueryResultsFormat, QuerySolutions, Variable, parse_query_results

from missiongraph.engine.protocol import Engine, Term
from missiongraph.engine.protocol import rows as rows_of
from missiongraph.sparql.http_replies import SparqlProblem
from missiongraph.sparql.request import SparqlRequest
from missiongraph.sparql.witnesses import Tie, Witness, ties_of
from missiongraph.web.content.facts.margin_notes import Margin
from missiongraph.web.content.layout.term_writer import Reader
from missiongraph.web.content.rows.answer_rows import Rows
from missiongraph.web.context.site import Site
from missiongraph.web.rendering.view_models import Evidence

#: Most statements whose graphs are asked for. Rows beyond them have no notes.
MOST_STATEMENTS = 3000

#: Most seconds that the search for statements may take.
MOST_SECONDS = 2.0


def row_evidence(reader: Reader, asked: SparqlRequest, rows: Rows) -> tuple[tuple[Evidence, ...], ...]:
    """The notes of each of *rows*, the answer to *asked*; empty if no row has any.

    The rows of CONSTRUCT and DESCRIBE are statements themselves. An answer from a dataset that the request chose by
    ``default-graph-uri`` or ``named-graph-uri`` has no notes.
    """
    if asked.dataset is not None:
        return ()
    if rows.is_graph:
        matched = [[_statement(row)] for row in rows.rows]
    else:
        site = reader.site
        matched = _matched(site, ties_of(asked.query or "", site.build.prefixes, site.base), rows)
    statements = dict.fromkeys(witness for found in matched for witness in found)
    graphs = _graphs(reader.site.engine, list(statements)[:MOST_STATEMENTS])
    margin = Margin(reader, dict.fromkeys(graph for found in graphs.values() for graph in found))
    reader.learn([witness.predicate for witness in graphs])
    notes = tuple(_notes(reader, margin, found, graphs) for found in matched)
    return notes if any(notes) else ()


def _statement(row: Sequence[Term | None]) -> Witness:
    subject, predicate, value = row
    if subject is None or predicate is None or value is None:
        raise ValueError("a statement lacks a term")
    return Witness(subject, predicate, value)


def _matched(site: Site, ties: Iterable[Tie], rows: Rows) -> list[list[Witness]]:
    """The statements that each row was matched by, in the order of the triple patterns."""
    found: list[list[Witness]] = [[] for _ in rows.rows]
    until = time.monotonic() + MOST_SECONDS
    for tie in ties:
        places = [rows.names.index(name.value) for name in tie.names]
        keys = [tuple(row[place] for place in places) for row in rows.rows]
        by_key: dict[tuple[Term | None, ...], list[Witness]] = {key: [] for key in keys if _is_whole(key)}
        for match in _matches(site, tie.question(by_key), until - time.monotonic()) if by_key else ():
            by_key[tuple(match[name] for name in tie.names)].extend(tie.witnesses(match))
        for row, key in zip(found, keys, strict=True):
            row.extend(by_key.get(key, ()))
    return found


def _is_whole(key: Iterable[Term | None]) -> bool:
    """Whether a query can hold all terms of *key*: none is unbound or a blank node."""
    return all(isinstance(term, NamedNode | Literal) for term in key)


def _matches(site: Site, text: str, seconds: float) -> Iterator[dict[Variable, Term]]:
    """The solutions of the query *text*; none if it takes more than *seconds*."""
    found = site.evaluation.ask_whole(SparqlRequest(text), seconds)
    if isinstance(found, SparqlProblem):
        return
    read = parse_query_results(found.content, QueryResultsFormat.JSON)
    if isinstance(read, QuerySolutions):
        for row in read:
            yield {name: row[name] for name in read.variables}


def _graphs(engine: Engine, statements: Iterable[Witness]) -> dict[Witness, list[NamedNode]]:
    """The named graphs of each statement: the one that it was matched in, else all that state it."""
    found: dict[Witness, list[NamedNode]] = defaultdict(list)
    triples = []
    for statement in statements:
        terms = (statement.subject, statement.predicate, statement.object)
        if isinstance(statement.graph, NamedNode):
            found[statement].append(statement.graph)
        elif all(isinstance(term, NamedNode | Literal) for term in terms):
            triples.append(f"({' '.join(map(str, terms))})")
    if triples:
        text = f"SELECT ?s ?p ?o ?g WHERE {{ VALUES (?s ?p ?o) {{ {' '.join(triples)} }} GRAPH ?g {{ ?s ?p ?o }} }}"
        for subject, predicate, value, graph in rows_of(engine, text):
            if subject is not None and predicate is not None and value is not None and isinstance(graph, NamedNode):
                found[Witness(subject, predicate, value)].append(graph)
    return found


def _notes(
    reader: Reader, margin: Margin, statements: Iterable[Witness], graphs: dict[Witness, list[NamedNode]]
) -> tuple[Evidence, ...]:
    """A note for each passage, and one for each record with all cells that state something."""
    found: dict[Evidence, list[str]] = {}
    for statement in dict.fromkeys(statements):
        label = reader.property_name(statement.predicate) if isinstance(statement.predicate, NamedNode) else ""
        for note in margin.notes(sorted(graphs.get(statement, ()), key=lambda graph: graph.value), label):
            cells = found.setdefault(replace(note, words="") if note.kind == "record" else note, [])
            cells.extend([note.words] if note.words not in cells else [])
    return tuple(replace(note, words=", ".join(cells)) for note, cells in found.items())
