"""The place of each result: file, line and column of the wrong statement."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from pyoxigraph import Literal, NamedNode

from missiongraph.errors import Place
from missiongraph.publication.dataset import Dataset
from missiongraph.validation.path_values import Values
from missiongraph.validation.report import Result, Term
from missiongraph.validation.shacl.paths import (
    AlternativePath,
    InversePath,
    Path,
    PredicatePath,
    RepeatedPath,
    SequencePath,
    parse_path,
)
from missiongraph.vocab import SH

#: Components whose results miss a value. They have no wrong statement, only the node that lacks one.
MISSING = frozenset(
    component.value
    for component in (
        SH.MinCountConstraintComponent,
        SH.HasValueConstraintComponent,
        SH.QualifiedMinCountConstraintComponent,
    )
)

#: Parameters of components that compare with another property; a result may be about its statement.
_OTHER = (SH.equals, SH.disjoint, SH.lessThan, SH.lessThanOrEquals)

#: How many results get line and column, in the order of the report. The others get only the file.
MOST_PLACED = 100_000


def located(dataset: Dataset, results: Sequence[Result]) -> Iterator[Result]:
    """*results* in their order, each with the place of the statement that it is about."""
    values = Values(dataset, [node for result in results for node in (result.focus, result.value)])
    for number, result in enumerate(results):
        if result.component is None or result.focus is None:
            yield result  # another check knows the place
        elif number >= MOST_PLACED:
            path = dataset.file_about(result.focus)
            yield replace(result, place=Place(path) if path else None)
        else:
            yield _located(dataset, values, result)


def _located(dataset: Dataset, values: Values, result: Result) -> Result:
    details = tuple(_located(dataset, values, detail) for detail in result.details)
    place = _statement(dataset, values, result) or (dataset.place_about(result.focus) if result.focus else None)
    return replace(result, place=place, details=details)


def _statement(dataset: Dataset, values: Values, result: Result) -> Place | None:
    """Where the statement stands; ``None`` if a value is missing and so there is none."""
    path = parse_path(result.path or "")
    if result.focus is None or path is None or result.component in MISSING:
        return None
    value, graph = result.value, result.graph
    if value is None:
        value = _surplus(values.of(result.focus, path, graph), result)
    if value is None:
        return None
    for subject, predicate, term in _steps(values, result.focus, path, value, graph):
        place = dataset.places.statement(subject, predicate, term, graph if values.is_alternative(graph) else None)
        if place := place or dataset.places.statement(subject, predicate, term):
            return place
    others = [term for parameter, term in result.parameters if parameter in {one.value for one in _OTHER}]
    stated = (dataset.places.statement(result.focus, one, value) for one in others if isinstance(one, NamedNode))
    return next(filter(None, stated), None)


def _surplus(found: Sequence[Term], result: Result) -> Term | None:
    """The first value that is too many, for a result that names no value."""
    stated = dict(result.parameters)
    if result.component == SH.UniqueLangConstraintComponent.value:
        seen: set[str] = set()
        for term in found:
            language = term.language if isinstance(term, Literal) else None
            if language and language.lower() in seen:
                return term
            seen.add((language or "").lower())
    most = getattr(stated.get(SH.maxCount.value), "value", "")
    at = int(most) if most.isdigit() and int(most) < len(found) else 0
    return found[at] if found else None


def _steps(
    values: Values, focus: Term, path: Path, value: Term, graph: NamedNode | None
) -> Iterable[tuple[Term, NamedNode, Term]]:
    """The statements by which the last step of *path* leads from *focus* to *value*."""
    match path:
        case PredicatePath(iri):
            return [(focus, NamedNode(iri), value)]
        case InversePath(PredicatePath(iri)):
            return [(value, NamedNode(iri), focus)]
        case AlternativePath(paths):
            return [found for one in paths for found in _steps(values, focus, one, value, graph)]
        case SequencePath((*before, last)):
            nodes = values.of(focus, SequencePath(tuple(before)), graph)
            return [found for node in nodes for found in _steps(values, node, last, value, graph)]
        case RepeatedPath(once):
            nodes = values.of(focus, RepeatedPath(once, "*"), graph)
            return [found for node in nodes for found in _steps(values, node, once, value, graph)]
    return ()
