"""A check by rules: SELECT queries of the publication over all named graphs, each row of which is a result."""

from __future__ import annotations

from collections.abc import Iterator

from pyoxigraph import Literal, NamedNode, QuerySolutions

from missiongraph.engine.syntax_errors import syntax_problem
from missiongraph.errors import Place, Problem, UnreadableInput
from missiongraph.publication.dataset import Dataset
from missiongraph.publication.inference_rules import is_inference
from missiongraph.publication.query_files import Question, read_questions
from missiongraph.validation.report import Result, Term
from missiongraph.validation.shacl.sparql import filled

#: Variables that may hold the focus node of a row; the first that is there does.
_FOCUS = ("focus", "this", "s", "subject")


def check_rules(dataset: Dataset) -> Iterator[Result]:
    """A result for each row of each rule, with ``?focus``, ``?path`` and ``?value`` of the row if it has them.

    ``{?name}`` in a message stands for the value in the row, as in messages of SHACL-SPARQL (SHACL, section 5.3.2).

    :raises UnreadableInput: a rule is no SELECT query
    """
    found = read_questions(dataset.publication, dataset.publication.rule_files)
    rules = [rule for rule in found if not is_inference(rule)]
    if not rules:
        return
    for rule in rules:
        try:
            answer = dataset.engine.query(rule.text, prefixes=dataset.prefixes)
        except SyntaxError as error:
            raise UnreadableInput(syntax_problem(error, rule.path)) from None
        if not isinstance(answer, QuerySolutions):
            what = "a rule is a SELECT query, which checks, or a CONSTRUCT query, which infers"
            raise UnreadableInput(Problem(what, Place(rule.path)))
        names = [variable.value for variable in answer.variables]
        for solution in answer:
            row = {name: solution[name] for name in names if solution[name] is not None}
            yield _result(dataset, rule, row)


def _result(dataset: Dataset, rule: Question, row: dict[str, Term]) -> Result:
    focus = next((row[name] for name in (*_FOCUS, *row) if name in row), None)
    path = row.get("path", row.get("p"))
    value = row.get("value", row.get("o"))
    graph = row.get("g", row.get("graph"))
    messages = rule.message or rule.title or {"": rule.name}
    base = dataset.publication.settings.base
    values = {name: _short(term, base) for name, term in row.items()}
    return Result(
        severity=rule.severity,
        messages=tuple((language, filled(text, values)) for language, text in messages.items()),
        source=rule.path,
        focus=focus,
        path=str(path) if path is not None else None,
        value=value,
        place=dataset.place_about(focus, path if isinstance(path, NamedNode) else None, value)
        if focus is not None
        else None,
        graph=graph if isinstance(graph, NamedNode) else None,
    )


def _short(term: Term, base: str) -> Term:
    """*term*; an IRI under *base* as its path, a literal."""
    return Literal(term.value.removeprefix(base)) if isinstance(term, NamedNode) else term
