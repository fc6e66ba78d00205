"""What portals will miss is told, and makes no publication invalid."""

from __future__ import annotations

from pathlib import Path

import pytest

from missiongraph.publication.dataset import Dataset, read_dataset
from missiongraph.publication.source_folder import Publication
from missiongraph.validation import validate
from missiongraph.validation.checks.portal_metadata import SOURCE, check_portal
from tests.conftest import BEER, COMPLETE_SETTINGS, PublicationMaker

ODD = BEER.parent / "odd"
DESCRIBED = """
@prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix dct: <http://purl.org/dc/terms/> .
<https://example.org/d> a dcat:Dataset ; dct:description "What it is" ; dcat:keyword "one", "two" ;
    dct:modified "2024-05-01"^^<http://www.w3.org/2001/XMLSchema#date> .
"""


def missed(folder: Path) -> set[str]:
    """The settings that are said to be missing."""
    results = list(check_portal(read_dataset(Publication.open(folder))))
    assert {result.severity for result in results} <= {"info"}
    return {result.message().partition("“")[2].partition("”")[0] for result in results}


def test_the_shipped_publication_misses_nothing(shipped_dataset: Dataset) -> None:
    assert list(check_portal(shipped_dataset)) == []


@pytest.mark.parametrize("folder", [BEER, ODD], ids=["beer", "odd"])
def test_others_are_told_and_conform_all_the_same(folder: Path) -> None:
    assert {"licence", "publisher", "contact", "themes", "keywords"} <= missed(folder)
    assert "description" not in missed(folder)
    report = validate(read_dataset(Publication.open(folder)))
    told = [result for result in report.results if result.source == SOURCE]
    assert report.conforms and told
    assert all(dict(result.messages).keys() == {"en", "it"} for result in told)


def test_what_is_stated_is_not_missed(make_publication: PublicationMaker) -> None:
    assert missed(make_publication({"missiongraph.toml": COMPLETE_SETTINGS, "data/a.nt": ""})) == set()


def test_what_the_data_says_of_its_dataset_is_not_missed(make_publication: PublicationMaker) -> None:
    bare = missed(make_publication({"data/a.nt": ""}))
    described = missed(make_publication({"data/d.ttl": DESCRIBED}))
    assert bare - described == {"description", "keywords", "modified"}
