"""A check of questions and views: their syntax, the answers that questions expect, and what views need to be drawn."""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import islice

from pyoxigraph import Literal, QueryBoolean, QuerySolutions

from missiongraph.engine.protocol import Answer, Engine, Term
from missiongraph.engine.query_clauses import refuse_service
from missiongraph.engine.syntax_errors import syntax_problem
from missiongraph.errors import Place, Problem, QueryRefused, UnreadableInput
from missiongraph.geometry import GeometryFault, is_geometry, read_literal
from missiongraph.processes.bounded import results_within
from missiongraph.publication.dataset import Dataset
from missiongraph.publication.query_files import Question, read_questions
from missiongraph.rdf.datatypes import is_lexical
from missiongraph.validation.report import Result, Severity
from missiongraph.vocab import XSD

#: Processor time of one query, time of all, and memory on top of the dataset's: a slow one must not hold up a build.
SECONDS, ALL_SECONDS = 10.0, 120.0
_MEMORY = 1 << 30
#: How many rows of an answer are compared, and how many a message shows.
_MOST_ROWS, _SHOWN = 100_000, 3

_DATES = frozenset((XSD.date, XSD.dateTime, XSD.dateTimeStamp, XSD.gYear, XSD.gYearMonth))
_COORDINATES = (frozenset(("lat", "latitude")), frozenset(("long", "lon", "lng", "longitude")))

Row = tuple[Term | None, ...]
Rows = Counter[frozenset[tuple[str, str]]]


@dataclass(frozen=True)
class QueryOutcome:
    """The outcome of a query.

    :ivar names: the variables of a SELECT
    :ivar rows: the rows of a SELECT
    :ivar truth: the answer of an ASK
    :ivar expected: the rows that the header expects
    :ivar problem: why there is no answer
    :ivar refused: why the query was not evaluated
    """

    names: tuple[str, ...] = ()
    rows: tuple[Row, ...] | None = None
    truth: bool | None = None
    expected: QueryOutcome | None = None
    problem: Problem | None = None
    refused: str | None = None


def check_queries(dataset: Dataset) -> Iterator[Result]:
    """Evaluate each question and view of *dataset*, and yield a result where it is not as its header says.

    :raises UnreadableInput: queries are not valid SPARQL, or their headers do not fit them; all of them are listed
    """
    publication = dataset.publication
    questions = read_questions(publication, publication.question_files)
    views = read_questions(publication, publication.view_files)
    problems = [problem for view in views for problem in _header_problems(view)]
    results: list[Result] = []
    queries = [*questions, *views]
    began = time.monotonic()
    answers = results_within(SECONDS, _MEMORY, _evaluator(dataset.engine, dataset.prefixes), queries)
    for asked, (query, outcome) in enumerate(answers, 1):
        if outcome is None:
            results.append(_too_slow(query))
        elif outcome.problem is not None:
            problems.append(outcome.problem)
        elif outcome.refused is not None:
            results.append(_warning(query, f"is not tried here: {outcome.refused}", f"non si prova: {outcome.refused}"))
        elif query in views:
            problems += _view_problems(query, outcome)
            results += _view_results(query, outcome)
        else:
            results += _question_results(query, outcome)
        if time.monotonic() - began > ALL_SECONDS and asked < len(queries):
            results += [_untried(one) for one in queries[asked:]]
            break
    if problems:
        raise UnreadableInput(*problems)
    yield from results


def _evaluator(engine: Engine, prefixes: dict[str, str]) -> Callable[[Question], QueryOutcome]:
    def ask(text: str, place: str) -> QueryOutcome:
        try:
            refuse_service(text)
            return _outcome(engine.query(text, prefixes=prefixes))
        except SyntaxError as error:
            return QueryOutcome(problem=syntax_problem(error, place))
        except QueryRefused as error:
            return QueryOutcome(refused=error.problems[0].what)
        except (RuntimeError, ValueError, OSError) as error:
            return QueryOutcome(problem=Problem(f"cannot be answered: {error}", Place(place)))

    def one(question: Question) -> QueryOutcome:
        outcome = ask(question.text, question.path)
        if question.expected_query is None or outcome.problem or outcome.refused:
            return outcome
        expected = ask(question.expected_query, question.path)
        if expected.problem is not None:
            what = f"expect: {re.sub(r'^not a SPARQL 1.1 query', 'not inline data of SPARQL', expected.problem.what)}"
            advice = "as in # expect: VALUES (?city) { (<id/city/bergamo>) }"
            return QueryOutcome(problem=Problem(what, _place(question, "expect"), advice))
        return replace(outcome, expected=expected)

    return one


def _outcome(answer: Answer) -> QueryOutcome:
    if isinstance(answer, QueryBoolean):
        return QueryOutcome(truth=bool(answer))
    if not isinstance(answer, QuerySolutions):
        return QueryOutcome()
    names = tuple(variable.value for variable in answer.variables)
    rows = tuple(tuple(solution[name] for name in names) for solution in islice(answer, _MOST_ROWS))
    return QueryOutcome(names, rows)


def _question_results(question: Question, outcome: QueryOutcome) -> Iterator[Result]:
    """A violation if the answer is not the one that *question* expects."""
    if question.expect is None:
        return
    place = _place(question, "expect")
    if question.expect in ("true", "false"):
        if outcome.truth is None:
            said = f"expects {question.expect}, and is no ASK query", f"si aspetta {question.expect}, ma non è ASK"
            yield _result(question, "violation", *said, place)
        elif outcome.truth != (question.expect == "true"):
            found = str(outcome.truth).lower()
            said = (
                f"expects {question.expect}, and the answer is {found}",
                f"si aspetta {question.expect}, ma la risposta è {found}",
            )
            yield _result(question, "violation", *said, place)
        return
    if outcome.rows is None or outcome.expected is None or outcome.expected.rows is None:
        said = "expects rows, and is no SELECT query", "si aspetta righe, ma non è SELECT"
        yield _result(question, "violation", *said, place)
        return
    found_rows, expected = _counted(outcome), _counted(outcome.expected)
    missing, unexpected = expected - found_rows, found_rows - expected
    if missing or unexpected:
        english = (
            f"does not have the answer expected: {_listed(missing, 'missing')}; {_listed(unexpected, 'unexpected')}"
        )
        italian = f"non ha la risposta attesa: {_listed(missing, 'mancanti')}; {_listed(unexpected, 'inattese')}"
        yield _result(question, "violation", english, italian, place)


def _counted(outcome: QueryOutcome) -> Rows:
    rows = outcome.rows or ()
    named = (zip(outcome.names, row, strict=True) for row in rows)
    return Counter(frozenset((name, str(term)) for name, term in row if term is not None) for row in named)


def _listed(rows: Rows, what: str) -> str:
    shown = [
        f"({', '.join(f'?{name} = {term}' for name, term in sorted(row))})" for row in islice(rows.elements(), _SHOWN)
    ]
    more = rows.total() - len(shown)
    return f"{rows.total()} {what}{': ' if shown else ''}{' '.join(shown)}{f' … +{more}' if more else ''}"


def _header_problems(view: Question) -> Iterator[Problem]:
    if view.view is None:
        advice = "say how it is shown: map, timeline, … or story"
        yield Problem("has no view in its header", Place(view.path), advice)


def _view_problems(view: Question, outcome: QueryOutcome) -> Iterator[Problem]:
    """Faults of a view for which its page could not be made."""
    if outcome.rows is None:
        yield Problem("is not a SELECT query", Place(view.path), "a view shows rows")
        return
    named = [("filters", name) for name in view.filters] + [("pages", name) for name in view.pages]
    named += [("filled", view.filled)] if view.filled else []
    for text in view.sentence.values():
        named += [("sentence", name) for name in re.findall(r"\{(\w+)(?:\|[^{}]*)?\}", text)]
    for key, name in dict.fromkeys(named):
        if name not in outcome.names:
            what = f"the header names ?{name}, which is no variable of the query"
            yield Problem(what, _place(view, key), f"known: {', '.join(outcome.names)}")


def _view_results(view: Question, outcome: QueryOutcome) -> Iterator[Result]:
    """Warnings about a view whose page would show less than its header says."""
    rows = outcome.rows
    if rows is None:
        return
    if not rows:
        yield _warning(view, "has no row", "non ha righe")
    elif view.view == "map" and not _has_points(outcome.names, rows):
        yield _warning(
            view,
            "is a map, and no row has a point (a geo:wktLiteral, or numbers in ?lat and ?long)",
            "è una mappa, ma nessuna riga ha un punto (un geo:wktLiteral, o numeri in ?lat e ?long)",
        )
    elif view.view == "timeline" and not any(_is(term, _DATES) for row in rows for term in row):
        yield _warning(view, "is a timeline, and no row has a date", "è una cronologia, ma nessuna riga ha una data")
    elif view.view == "ladder" and len(outcome.names) < 3:
        yield _warning(
            view,
            "is a ladder, and has fewer than three variables (undertaking, role, who)",
            "è una scala, ma ha meno di tre variabili (impresa, ruolo, chi)",
        )
    for text in view.names.values():
        for name in (pair.partition("=")[0].strip() for pair in text.split(";") if "=" in pair):
            if name not in outcome.names:
                yield _warning(
                    view,
                    f"names the column ?{name}, which is no variable of the query",
                    f"nomina la colonna ?{name}, che non è variabile dell’interrogazione",
                    _place(view, "names"),
                )


def _has_points(names: tuple[str, ...], rows: tuple[Row, ...]) -> bool:
    if any(isinstance(term, Literal) and _is_place(term) for row in rows for term in row):
        return True
    columns = [next((i for i, name in enumerate(names) if name.lower() in known), None) for known in _COORDINATES]
    return None not in columns and any(all(_is_number(row[i or 0]) for i in columns) for row in rows)


def _is_place(term: Literal) -> bool:
    if not is_geometry(term):
        return False
    try:
        return not read_literal(term).is_empty
    except GeometryFault:
        return False


def _is_number(term: Term | None) -> bool:
    return isinstance(term, Literal) and is_lexical(term.value, XSD.double.value) is True


def _is(term: Term | None, datatypes: object) -> bool:
    return isinstance(term, Literal) and term.datatype in datatypes  # type: ignore[operator]  # sets of datatypes


def _place(question: Question, key: str) -> Place:
    """Where the header of *question* has *key*."""
    lines = question.text.splitlines()
    found = (number for number, line in enumerate(lines, 1) if re.match(rf"#\s?{key}[@:]", line))
    return Place(question.path, next(found, None))


def _too_slow(query: Question) -> Result:
    bound = f"{SECONDS:.0f}"
    return _warning(
        query,
        f"was not answered within {bound} seconds of processor time and 1 GiB: it is not checked, and slow for readers",
        f"non ha avuto risposta in {bound} secondi di processore e 1 GiB: non è verificata, e lenta per chi legge",
    )


def _untried(query: Question) -> Result:
    bound = f"{ALL_SECONDS:.0f}"
    return _warning(
        query,
        f"was not tried: all queries together took more than {bound} seconds",
        f"non è stata provata: tutte le interrogazioni insieme hanno richiesto più di {bound} secondi",
    )


def _warning(query: Question, english: str, italian: str, place: Place | None = None) -> Result:
    return _result(query, "warning", english, italian, place)


def _result(query: Question, severity: Severity, english: str, italian: str, place: Place | None) -> Result:
    kind = ("view", "la vista") if query.view else ("question", "la domanda")
    messages = ("en", f"the {kind[0]} “{query.name}” {english}"), ("it", f"{kind[1]} “{query.name}” {italian}")
    return Result(severity, messages, query.path, place=place or Place(query.path))
