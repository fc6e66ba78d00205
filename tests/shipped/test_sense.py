"""Data that is good syntax and makes no sense in the world is told, with what is wrong.

The changes of ``senseless.py`` are made to the shipped data in memory, as many at once as are about different
things, so that the whole takes a few validations; what each must bring about is named with it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import PurePosixPath

import pytest
from pyoxigraph import Store

from missiongraph.publication.dataset import Dataset
from missiongraph.publication.inference_rules import infer
from missiongraph.publication.rdf_files import ParsedFile
from missiongraph.publication.source_folder import Publication
from missiongraph.validation.checks.by_shapes import check_shapes
from missiongraph.validation.checks.literals import check_literals
from missiongraph.validation.checks.query_rules import check_rules
from missiongraph.validation.report import Result
from tests.shipped.senseless import CHANGES, PREFIXES, Change

#: What many changes name without changing it.
_AROUND = re.compile(r"<id/(?!graph|evidence|concept|activity|dataset)[^>#]+")


def apart(changes: Sequence[Change]) -> list[list[Change]]:
    """*changes* in parts, in none of which two are about one thing: these would hide each other."""
    parts: list[tuple[set[str], list[Change]]] = []
    for change in changes:
        about = set(_AROUND.findall(change.update))
        free = next((part for part in parts if not part[0] & about), None)
        if free is None:
            parts.append(free := (set(), []))
        free[0].update(about)
        free[1].append(change)
    return [part for _, part in parts]


PARTS = apart(CHANGES)


def with_changes(shipped: Dataset, changes: Sequence[Change]) -> Dataset:
    """The shipped data as *changes* leave it, with what rules infer then."""
    publication = shipped.publication
    stated = [file for file in shipped.files if not file.path.startswith("queries/")]
    before = {quad for file in stated for quad in file.quads}
    store = Store()
    store.bulk_extend(before)
    for change in changes:
        store.update(PREFIXES + change.update)
    after = set(store)
    assert after != before
    files = [replace(file, quads=tuple(quad for quad in file.quads if quad in after)) for file in stated]
    files[-1] = replace(files[-1], quads=(*files[-1].quads, *sorted(after - before, key=str)))
    return inferred(Dataset(publication, tuple(files)))


def inferred(stated: Dataset) -> Dataset:
    found: Iterable[ParsedFile] = infer(
        stated.publication, stated.default_graph, lambda: stated.engine, stated.prefixes
    )
    return Dataset(stated.publication, (*stated.files, *found))


def results_of(dataset: Dataset) -> list[Result]:
    return [*check_literals(dataset), *check_shapes(dataset), *check_rules(dataset)]


def said(result: Result, base: str) -> tuple[str, str]:
    """Which check speaks, and of what."""
    name = PurePosixPath(result.source).name.split("#")[-1].removesuffix(".rq")
    return name, str(getattr(result.focus, "value", result.focus)).removeprefix(base)


@pytest.fixture(scope="module", params=range(len(PARTS)))
def part(request: pytest.FixtureRequest, shipped_dataset: Dataset) -> tuple[Sequence[Change], list[Result]]:
    """Some of the changes, and what is said of the data with them."""
    changes = PARTS[request.param]
    return changes, results_of(with_changes(shipped_dataset, changes))


def test_each_is_told_by_what_knows_better(part: tuple[Sequence[Change], list[Result]], shipped: Publication) -> None:
    changes, results = part
    found = {said(result, shipped.settings.base) for result in results if result.severity != "info"}
    assert [change.what for change in changes if (change.by, change.focus) not in found] == []


def test_what_is_told_is_a_sentence_in_both_languages(
    part: tuple[Sequence[Change], list[Result]], shipped: Publication
) -> None:
    changes, results = part
    wanted = {(change.by, change.focus) for change in changes}
    for result in results:
        if said(result, shipped.settings.base) in wanted:
            assert {"en", "it"} <= dict(result.messages).keys(), result
            assert not [text for _, text in result.messages if "{?" in text], result


def test_there_are_more_than_forty_and_each_is_named_once() -> None:
    assert len({change.what for change in CHANGES}) == len(CHANGES) > 40
