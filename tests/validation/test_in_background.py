"""Validation beside other work: the same report, the same errors, and nothing left behind."""

from __future__ import annotations

import multiprocessing
import os
import signal

import pytest

from missiongraph.errors import OutOfBounds, UnreadableInput
from missiongraph.publication.dataset import Dataset, read_dataset
from missiongraph.publication.source_folder import Publication
from missiongraph.validation import validate
from missiongraph.validation.in_background import validation_beside
from tests.conftest import PublicationMaker

#: Those who run the tests may have threads of their own, which Python 3.12 tells of.
pytestmark = pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")

EX = "@prefix ex: <https://example.org/> . @prefix sh: <http://www.w3.org/ns/shacl#> .\n"
FILES = {
    "data/a.ttl": EX + 'ex:ale a ex:Beer ; ex:made [ ex:in 1 ] ; ex:name "Ale"@en, 3 .',
    "shapes/s.ttl": EX + "ex:S a sh:NodeShape ; sh:targetClass ex:Beer ; sh:property [ sh:path ex:name ; "
    'sh:maxCount 1 ; sh:nodeKind sh:IRI ; sh:message "One name."@en ] .',
    "queries/rules/r.rq": "SELECT ?s ?p ?o { ?s ?p ?o FILTER(isBlank(?o)) }",
}


def dataset(make: PublicationMaker, **files: str) -> Dataset:
    return read_dataset(Publication.open(make({**FILES, **files})))


def test_the_report_is_the_same(make_publication: PublicationMaker) -> None:
    given = dataset(make_publication)
    with validation_beside(given) as report:
        found = report()
    without_blank_nodes = [(r.severity, r.messages, r.component, r.focus, r.path, r.place) for r in found.results]
    expected = [(r.severity, r.messages, r.component, r.focus, r.path, r.place) for r in validate(given).results]
    assert without_blank_nodes == expected
    assert found.count("violation") == 4


def test_an_error_is_raised_where_the_report_is_asked_for(make_publication: PublicationMaker) -> None:
    given = dataset(make_publication, **{"shapes/s.ttl": "ex:S a"})
    with pytest.raises(UnreadableInput) as alone:
        validate(given)
    with validation_beside(given) as report, pytest.raises(UnreadableInput) as beside:
        report()
    assert beside.value.problems == alone.value.problems


def test_who_does_not_wait_leaves_no_process(make_publication: PublicationMaker) -> None:
    with pytest.raises(KeyboardInterrupt), validation_beside(dataset(make_publication)):
        assert len(multiprocessing.active_children()) == 1
        raise KeyboardInterrupt
    assert multiprocessing.active_children() == []


def test_a_process_that_dies_is_told(make_publication: PublicationMaker) -> None:
    with validation_beside(dataset(make_publication)) as report:
        (process,) = multiprocessing.active_children()
        assert process.pid
        os.kill(process.pid, signal.SIGKILL)
        with pytest.raises(OutOfBounds, match="ended with -9"):
            report()
