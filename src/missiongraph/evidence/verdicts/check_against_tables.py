"""The check of reference graphs against the table of records that they were taken from, cell by cell."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from missiongraph.engine.protocol import Term
from missiongraph.errors import MissiongraphError, Problem
from missiongraph.evidence.claim_graphs import Graph, Selector
from missiongraph.evidence.matching.closest_place import Difference
from missiongraph.evidence.pages.normalised_text import normalise
from missiongraph.evidence.pages.read_page import Page
from missiongraph.evidence.verdicts.check import LEAST_ANCHORS, Check, ClaimCheck, Finding, NotTheSource
from missiongraph.evidence.verdicts.tables_of_records import Column, Row, Table
from missiongraph.evidence.verdicts.values_of_claims import Knowledge
from missiongraph.evidence.verdicts.verdict import VERDICTS
from missiongraph.evidence.words.tokens import tokenise
from missiongraph.publication.dataset import Dataset
from missiongraph.vocab import DCTERMS, MG, XSD

_NUMBERS = frozenset((XSD.decimal, XSD.integer, XSD.double, XSD.float, XSD.nonNegativeInteger, XSD.positiveInteger))


@dataclass(frozen=True)
class Cell:
    """A statement of a reference graph, and the column that states it.

    :ivar thing: the thing that the row is about
    """

    graph: NamedNode
    thing: Term
    column: Column
    quad: Quad


def check_records(dataset: Dataset, source: NamedNode, columns: Sequence[Column], table: Table) -> Check:
    """Check the reference graphs of *source* against *table*.

    The row of a thing is the one that agrees with most of its statements. So a row is found even if its key is wrong.

    :raises NotTheSource: fewer than a fifth of the things have a row
    :raises MissiongraphError: no graph states what a column states
    """
    cells = list(_cells(dataset, source, columns))
    if not cells:
        raise MissiongraphError(Problem(f"no reference graph states what a column of <{source.value}> states"))
    names = Knowledge(dataset)
    by_thing: dict[Term, list[Cell]] = defaultdict(list)
    for cell in cells:
        by_thing[cell.thing].append(cell)
    index = _Index(table, columns)
    rows = {thing: index.row_of(found, names) for thing, found in by_thing.items()}
    found_rows = sum(row is not None for row in rows.values())
    few = len(rows) * LEAST_ANCHORS <= 1  # with so few, finding none proves nothing; having all columns does
    whole = bool(table.rows) and all(column.cell(table.rows[0]) is not None for column in columns)
    if found_rows < LEAST_ANCHORS * len(rows) and not (few and whole):
        raise NotTheSource(
            Problem(
                f"this does not look like the records of <{source.value}>: {found_rows} of {len(rows)} rows found",
                advice="name a copy of them with --page",
            )
        )
    by_graph: dict[NamedNode, list[Finding]] = defaultdict(list)
    for cell in cells:
        by_graph[cell.graph].append(_finding(cell, source, rows[cell.thing], names))
    page = Page("", table.digest, table.name)
    return Check(source, page, tuple(_claim(graph, by_graph[graph]) for graph in sorted(by_graph, key=str)))


def _cells(dataset: Dataset, source: NamedNode, columns: Sequence[Column]) -> Iterator[Cell]:
    by_property = defaultdict(list)
    for column in columns:
        by_property[column.states].append(column)
    reference_graphs = set(dataset.graphs_of_class(MG.ReferenceGraph))
    graphs = {
        q.subject for q in dataset.quads if q.predicate == DCTERMS.source and q.object == source
    } & reference_graphs
    graphs -= {graph for graph, rank in dataset.ranks.items() if rank == MG.retired}
    statements = [(g, q) for q in dataset.quads if isinstance(g := q.graph_name, NamedNode) and g in graphs]
    wholes: dict[Term, Term] = {q.object: q.subject for _, q in statements if _is_part(q)}
    keyed = {q.subject for _, q in statements if any(c.is_key and _fits(c, q) for c in by_property[q.predicate])}
    for graph, quad in statements:
        for column in by_property[quad.predicate]:
            thing = wholes.get(quad.subject, quad.subject)
            if thing in keyed and _fits(column, quad):
                yield Cell(graph, thing, column, quad)


def _is_part(quad: Quad) -> bool:
    """Whether the object is a part of the subject: a node of the same document, or a blank node."""
    own = f"{getattr(quad.subject, 'value', '')}#"
    return isinstance(quad.object, BlankNode) or getattr(quad.object, "value", "").startswith(own)


def _fits(column: Column, quad: Quad) -> bool:
    """Whether the column can state this value: it is in the language of the column, or made by its template."""
    value = quad.object
    if column.language and not (isinstance(value, Literal) and value.language == column.language):
        return False
    return not column.template or getattr(value, "value", "").startswith(column.template.partition("{}")[0])


class _Index:
    """The rows of a table, by their cells."""

    def __init__(self, table: Table, columns: Iterable[Column]) -> None:
        self._rows: dict[tuple[Column, str], list[int]] = defaultdict(list)
        self._table = table
        for number, row in enumerate(table.rows):
            for column in columns:
                cell = column.cell(row)
                if cell:
                    self._rows[column, _alike(cell)].append(number)

    def row_of(self, cells: Sequence[Cell], names: Knowledge) -> Row | None:
        """The row that agrees with the key or with half of *cells*; of several, the one that agrees with most."""
        scores: dict[int, float] = defaultdict(float)
        for cell in cells:
            for text in dict.fromkeys(map(_alike, _texts(cell, names))):
                for number in self._rows.get((cell.column, text), ()):
                    scores[number] += 1.01 if cell.column.is_key else 1
        best = max(scores, key=lambda number: (scores[number], -number), default=None)
        if best is None:
            return None
        row = self._table.rows[best]
        keyed = any(c.column.is_key and c.column.cell(row) in _texts(c, names) for c in cells)
        return row if keyed or scores[best] * 2 >= len(cells) else None


def _alike(text: str) -> str:
    """The form that cells of equal value share: "1.50" and "1,5" are alike.

    >>> _alike("1.50") == _alike("1,5"), _alike("Roma") == _alike("ROMA")
    (True, True)
    """
    number = text.replace(",", ".")
    try:
        return str(Decimal(number).normalize()) if number[:1] in "+-.0123456789" else text.casefold()
    except InvalidOperation:
        return text.casefold()


def _texts(cell: Cell, names: Knowledge) -> list[str]:
    """The texts that the cell may hold if the statement is right: for a thing without template, any of its names."""
    value = cell.quad.object
    if cell.column.template:
        before, _, after = cell.column.template.partition("{}")
        return [getattr(value, "value", "").removeprefix(before).removesuffix(after)]
    if isinstance(value, NamedNode):
        return list(names.labels.get(value, ()))
    return [getattr(value, "value", "")]


def _finding(cell: Cell, source: NamedNode, row: Row | None, names: Knowledge) -> Finding:
    texts = _texts(cell, names) or [str(getattr(cell.quad.object, "value", ""))]
    thing = str(getattr(cell.thing, "value", "")).rstrip("/").rpartition("/")[2]
    selector = Selector(NamedNode(cell.graph.value), source, f"{thing}, {cell.column.titles[0]}: {texts[0]}")
    found = cell.column.cell(row) if row is not None else None
    if not found:
        return Finding(selector, "gone")
    if found in texts:
        return Finding(selector, "supported", found)
    if any(_same(found, text, cell.quad.object) for text in texts):
        return Finding(selector, "changed", found)
    return Finding(selector, "contradicted", found, differences=(Difference("cell", texts[0], found),))


def _same(found: str, stated: str, value: object) -> bool:
    """Whether the cell writes the same value otherwise: an equal number, other case, apostrophes or white space."""
    if isinstance(value, Literal) and value.datatype in _NUMBERS:
        try:
            return Decimal(found.replace(",", ".")) == Decimal(stated)
        except InvalidOperation:
            return False
    own, other = (tokenise(normalise(text, lists=False).text) for text in (stated, found))
    return [token.key for token in own] == [token.key for token in other] != []


def _claim(graph: NamedNode, findings: Sequence[Finding]) -> ClaimCheck:
    verdict = max((f.verdict for f in findings), key=VERDICTS.index)
    reasons = dict.fromkeys(d for f in findings for d in f.differences)
    return ClaimCheck(Graph(graph, "reference"), verdict, tuple(findings), tuple(reasons))
