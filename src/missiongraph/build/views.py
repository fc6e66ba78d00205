"""The views of a publication are tried when it is built, so that no page fails for a query."""

from __future__ import annotations

from collections.abc import Mapping

from pyoxigraph import QuerySolutions

from missiongraph.engine.protocol import Engine
from missiongraph.engine.syntax import syntax_problem
from missiongraph.errors import BuildError, Place, Problem
from missiongraph.publication import Publication
from missiongraph.questions import Question, read_questions


def check_views(publication: Publication, engine: Engine, prefixes: Mapping[str, str]) -> None:
    """See that every view is a SELECT query over *engine* that has the variables its header names.

    :raises BuildError: lists every view that cannot be shown
    """
    views = read_questions(publication, publication.view_files)
    problems = [problem for view in views for problem in _problems(view, engine, prefixes)]
    if problems:
        raise BuildError(*problems)


def _problems(view: Question, engine: Engine, prefixes: Mapping[str, str]) -> list[Problem]:
    place = Place(view.path)
    if view.view is None:
        return [Problem("has no view in its header", place, "say how it is shown: map, timeline, … or story")]
    try:
        answer = engine.query(view.text, prefixes=dict(prefixes))
    except SyntaxError as error:
        return [syntax_problem(error, view.path)]
    if not isinstance(answer, QuerySolutions):
        return [Problem("is not a SELECT query", place, "a view shows rows")]
    known = {variable.value for variable in answer.variables}
    named = [*view.filters, *view.pages, *([view.filled] if view.filled else [])]
    return [
        Problem(f"the header names ?{name}, which is no variable of the query", place, f"known: {', '.join(known)}")
        for name in named
        if name not in known
    ]
