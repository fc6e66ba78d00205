"""Answers in the result formats of SPARQL 1.1 and in RDF formats."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import IO, cast

from pyoxigraph import (
    BlankNode,
    NamedNode,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    Triple,
    parse_query_results,
)

from missiongraph.engine.protocol import Answer, Engine, QueryDataset
from missiongraph.engine.query_clauses import dataset_clause, described_iris, query_form, refuse_service
from missiongraph.engine.syntax_errors import syntax_problem
from missiongraph.errors import Problem, QueryRefused
from missiongraph.graph.document_blocks import bounded_description
from missiongraph.rdf.format_limits import XmlText, others, refuse_rdf_1_2
from missiongraph.rdf.formats import JSON_LD, RDF_FORMATS, TRIPLE_FORMATS, Format, serialise, used_prefixes
from missiongraph.rdf.jsonld_context import Context, derive_context
from missiongraph.rdf.jsonld_writer import Writer, dump


@dataclass(frozen=True)
class ResultFormat:
    """A format of SELECT and ASK answers. CSV and TSV cannot carry an ASK answer."""

    name: str
    extension: str
    media_type: str
    results_format: QueryResultsFormat
    aliases: tuple[str, ...] = ()
    carries_ask: bool = True


SOLUTION_FORMATS = (
    ResultFormat("JSON", "json", "application/sparql-results+json", QueryResultsFormat.JSON, ("application/json",)),
    ResultFormat(
        "XML", "xml", "application/sparql-results+xml", QueryResultsFormat.XML, ("application/xml", "text/xml")
    ),
    ResultFormat("CSV", "csv", "text/csv", QueryResultsFormat.CSV, carries_ask=False),
    ResultFormat("TSV", "tsv", "text/tab-separated-values", QueryResultsFormat.TSV, carries_ask=False),
)

#: Only a query with one of these can have terms of RDF 1.2 in its answer, since the data has none.
_MAY_BE_RDF_1_2 = re.compile(r"TRIPLE|STRLANGDIR|<<|--(?:ltr|rtl)|\\\\u", re.IGNORECASE)

#: Only a query with one of these can make an IRI with a comma: a function, an IRI of its own, an escape.
_MAKES_IRIS = re.compile(r"[IU]RI|<[^<>\s]*,|\\,|\\u002c|\\U0000002c", re.IGNORECASE)

#: How many lines of CSV are written at once.
_CSV_LINES = 500

#: The most resources of a DESCRIBE for which blank nodes and labels are added.
_MOST_DESCRIBED = 200

#: Formats of CONSTRUCT and DESCRIBE; their triples stand in the default graph of TriG and N-Quads.
GRAPH_FORMATS = RDF_FORMATS

#: All formats of answers.
ANY_FORMATS: tuple[ResultFormat | Format, ...] = (*SOLUTION_FORMATS, *GRAPH_FORMATS)

#: The formats by their names for the command line and ``?format=``.
FORMATS: dict[str, ResultFormat | Format] = {form.extension: form for form in ANY_FORMATS}


#: How the engine begins to say that it cannot answer what a query asks for, and what to ask for instead.
_REFUSED_BY_THE_ENGINE = {
    "The custom ": "use the functions of SPARQL 1.1",  # function or aggregate
    "The SPARQL dataset returned a triple term": "a triple term has an IRI or a blank node for its subject",
}


def evaluate(
    engine: Engine, text: str, prefixes: dict[str, str], dataset: QueryDataset | None = None, name: str = "query"
) -> Answer:
    """Evaluate the query *text*.

    :param prefixes: prefixes that it may use undeclared
    :param dataset: the dataset that the request names; it overrides ``FROM`` (SPARQL 1.1 Protocol, section 2.1.4)
    :param name: what messages call the query
    :raises QueryRefused: *text* is no query, or asks for what is not answered here
    :raises OutOfBounds: the graphs to merge are too large
    """
    refuse_service(text)
    try:
        asked = dataset if dataset is not None else dataset_clause(text, prefixes, engine.base)
        used = {prefix: iri for prefix, iri in prefixes.items() if f"{prefix}:" in text}  # each costs time
        return engine.query(text, prefixes=used, dataset=asked)
    except SyntaxError as error:
        raise QueryRefused(syntax_problem(error, name)) from None
    except ValueError as error:  # an IRI of the dataset clause
        raise QueryRefused(Problem(str(error))) from None
    except RuntimeError as error:
        refusal = refusal_by_the_engine(error)
        if refusal is None:
            raise
        raise refusal from None


def refusal_by_the_engine(error: Exception) -> QueryRefused | None:
    """What *error* of the engine says of the query, if it is the query's fault; solutions may raise it one by one."""
    for start, advice in _REFUSED_BY_THE_ENGINE.items():
        if str(error).startswith(start):
            return QueryRefused(Problem(str(error).rstrip("."), advice=advice))
    return None


def triples_of(
    engine: Engine,
    text: str,
    found: Iterable[Triple],
    dataset: QueryDataset | None = None,
    prefixes: dict[str, str] | None = None,
) -> Iterable[Triple]:
    """The triples of a CONSTRUCT or DESCRIBE answer.

    SPARQL 1.1 (section 16.4) leaves open what DESCRIBE gives. Here it is a concise bounded description: the statements
    of the resources, of the blank nodes in them, those that link to them, and labels. If the request names its own
    dataset, nothing from outside of it is added.

    :param prefixes: prefixes that the query may use undeclared
    """
    if dataset is not None or query_form(text) != "DESCRIBE" or "FROM" in text.upper():
        return found
    triples = list(found)
    resources = list(dict.fromkeys(t.subject for t in triples if isinstance(t.subject, NamedNode)))
    asked = dict.fromkeys(described_iris(text, prefixes or {}, engine.base))
    named = [iri for iri in asked if iri not in resources]
    if not 0 < len(resources) + len(named) <= _MOST_DESCRIBED:
        return triples
    return list(dict.fromkeys((*triples, *bounded_description(engine, resources, engine.base or "", named))))


def write_solutions(
    answer: QuerySolutions | QueryBoolean, form: ResultFormat, text: str, out: IO[bytes], *, commas: bool = True
) -> None:
    """Write a SELECT or ASK answer to *out* as it comes.

    :param text: the query
    :param commas: whether an IRI of the dataset may hold a comma, which the engine's own CSV would not quote
    :raises CannotCarry: the format cannot write a term; other terms may have been written before
    """
    if isinstance(answer, QuerySolutions) and _MAY_BE_RDF_1_2.search(text):
        answer = _of_rdf_1_1(answer, form)
    if (
        isinstance(answer, QuerySolutions)
        and form.results_format == QueryResultsFormat.CSV
        and (commas or len(answer.variables) < 2 or _MAKES_IRIS.search(text))
    ):
        _write_csv(answer, out)
        return
    if form.results_format == QueryResultsFormat.XML:
        advice = others([(other.name, other.extension) for other in SOLUTION_FORMATS], form.name)
        out = cast(IO[bytes], XmlText(out, "SPARQL's XML", advice))
    answer.serialize(output=out, format=form.results_format)


def _write_csv(answer: QuerySolutions, out: IO[bytes]) -> None:
    """Write CSV (SPARQL 1.1 Query Results CSV and TSV Formats, section 3) with IRIs quoted where they hold a comma.

    The engine does not quote them, but takes a third of the time. A row of one empty field is quoted, because most
    readers take it for an empty line.
    """
    commas = len(answer.variables) - 1
    lines = [",".join(variable.value for variable in answer.variables)]
    for solution in answer:
        fields = ["" if t is None else str(t) if isinstance(t, BlankNode) else t.value for t in solution]
        line = ",".join(fields)
        if line.count(",") != commas or '"' in line or "\n" in line or "\r" in line or not line:
            line = ",".join(_quoted(field) for field in fields) or ('""' if fields else "")
        lines.append(line)
        if len(lines) == _CSV_LINES:
            out.write("\r\n".join([*lines, ""]).encode())
            lines.clear()
    if lines:
        out.write("\r\n".join([*lines, ""]).encode())


def _quoted(field: str) -> str:
    return '"' + field.replace('"', '""') + '"' if any(sign in field for sign in ',"\r\n') else field


def _of_rdf_1_1(answer: QuerySolutions, form: ResultFormat) -> QuerySolutions:
    """The same answer, after a look at all of its terms. It is kept in memory, because it can be read only once.

    :raises CannotCarry: it holds a term of RDF 1.2
    """
    whole = answer.serialize(format=QueryResultsFormat.JSON) or b""

    def solutions() -> QuerySolutions:
        return cast(QuerySolutions, parse_query_results(whole, QueryResultsFormat.JSON))

    for solution in solutions():
        for term in solution:
            refuse_rdf_1_2(term, f"SPARQL's {form.name}")
    return solutions()


def write_graph(
    answer: Iterable[Triple], form: Format, prefixes: dict[str, str], context: Context | None = None
) -> bytes:
    """A CONSTRUCT or DESCRIBE answer as bytes, each triple once.

    :param context: the JSON-LD context, if *form* is JSON-LD
    """
    triples = list(dict.fromkeys(answer))
    if form == JSON_LD:
        for triple in triples:
            refuse_rdf_1_2(triple.object, form.name)
        return dump(Writer(context or derive_context(triples, prefixes)).document(triples))
    return serialise(triples, form.rdf_format, used_prefixes(triples, prefixes))


def run_query(engine: Engine, text: str, prefixes: dict[str, str], form: str | None, name: str) -> bytes:
    """The answer for the command line.

    :param form: the name of a format; ``None``: CSV for SELECT, JSON for ASK, Turtle for graphs
    :raises QueryRefused: as :func:`evaluate`, or the format cannot carry this kind of answer
    :raises CannotCarry: the format cannot carry a term of the answer
    """
    answer = evaluate(engine, text, prefixes, name=name)
    if isinstance(answer, QuerySolutions | QueryBoolean):
        chosen = FORMATS[form] if form else SOLUTION_FORMATS[2 if isinstance(answer, QuerySolutions) else 0]
        if not isinstance(chosen, ResultFormat) or (isinstance(answer, QueryBoolean) and not chosen.carries_ask):
            raise QueryRefused(Problem(f"{form} cannot carry the answer of this query", advice="json or xml can"))
        written = io.BytesIO()
        write_solutions(answer, chosen, text, written)
        return written.getvalue()
    graph_form = FORMATS[form] if form else TRIPLE_FORMATS[0]
    if not isinstance(graph_form, Format):
        raise QueryRefused(Problem(f"{form} cannot carry triples", advice="ttl, jsonld, nt, rdf, trig or nq can"))
    return write_graph(triples_of(engine, text, answer, prefixes=prefixes), graph_form, prefixes)
