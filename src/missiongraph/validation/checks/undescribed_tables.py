"""A check of tables: those of ``data/`` that no CSVW description maps, and columns with several types of numbers."""

from __future__ import annotations

from collections.abc import Iterator

from pyoxigraph import Literal, NamedNode, Triple

from missiongraph.publication.dataset import Dataset
from missiongraph.validation.report import Result
from missiongraph.vocab import XSD

#: The source of results of this check.
UNDESCRIBED, SPLIT = "undescribed-table", "split-column"

_NUMBERS = frozenset(
    XSD[name]
    for name in (
        *("integer", "decimal", "double", "float", "long", "int", "short", "byte"),
        *("nonNegativeInteger", "positiveInteger", "nonPositiveInteger", "negativeInteger"),
        *("unsignedLong", "unsignedInt", "unsignedShort", "unsignedByte"),
    )
)


def check_tables(dataset: Dataset) -> Iterator[Result]:
    """A warning for each table that is not read, and for each property whose numbers have several datatypes."""
    yield from _undescribed(dataset)
    found: dict[NamedNode, dict[NamedNode, Triple]] = {}
    for triple in dataset.default_graph:
        if isinstance(triple.object, Literal) and triple.object.datatype in _NUMBERS:
            found.setdefault(triple.predicate, {}).setdefault(triple.object.datatype, triple)
    for predicate, types in found.items():
        if len(types) > 1:
            yield _split(dataset, predicate, types)


def _undescribed(dataset: Dataset) -> Iterator[Result]:
    publication = dataset.publication
    if not publication.undescribed_tables:
        return
    from missiongraph.publication.guessed_tables import undescribed

    for file in publication.undescribed_tables:
        problem = undescribed(file, publication.path_of(file))
        messages = (
            ("en", f"{problem.what} ({problem.advice})"),
            ("it", f"una tabella senza descrizione non viene letta: {problem.advice}"),
        )
        yield Result("warning", messages, UNDESCRIBED, place=problem.where)


def _split(dataset: Dataset, predicate: NamedNode, types: dict[NamedNode, Triple]) -> Result:
    names = ", ".join(f"xsd:{datatype.value.removeprefix(XSD)}" for datatype in types)
    last = list(types.values())[-1]
    messages = (
        ("en", f"numbers of {predicate.value} are of several types ({names}): CSV and Parquet have a column for each"),
        (
            "it",
            f"i numeri di {predicate.value} sono di più tipi ({names}): CSV e Parquet hanno una colonna per ciascuno",
        ),
    )
    place = dataset.place_about(last.subject, predicate, last.object)
    return Result("warning", messages, SPLIT, last.subject, str(predicate), last.object, place=place)
