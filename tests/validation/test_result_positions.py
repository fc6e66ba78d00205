"""The place of a result is that of the statement that is wrong; what is missing is at the node that lacks it."""

from __future__ import annotations

import pytest

from missiongraph.publication.dataset import read_dataset
from missiongraph.publication.source_folder import Publication
from missiongraph.validation import validate
from tests.conftest import PublicationMaker

SHAPE = "ex:S a sh:NodeShape ; sh:targetClass ex:Thing ; sh:property "
PREFIXES = "@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix ex: <https://example.org/> .\n"
DATA = """ex:a a ex:Thing ;
    ex:p 1, 2,
        3 ;
    ex:name "A"@en, "B"@it,
        "C"@en ;
    ex:knows ex:b ; ex:part [
        ex:size "big" ] .
ex:b ex:age 7 .
ex:c ex:owns ex:a .
"""


@pytest.mark.parametrize(
    ("constraint", "place"),
    [
        ("sh:path ex:p ; sh:maxCount 2", "4:9"),  # the first that is too many
        ("sh:path ex:p ; sh:maxInclusive 1", "3:13"),
        ("sh:path ex:p ; sh:minCount 4", "2:1"),
        ("sh:path ex:nothing ; sh:minCount 1", "2:1"),
        ("sh:path ex:p ; sh:hasValue 9", "2:1"),
        ("sh:path ex:name ; sh:uniqueLang true", "6:9"),  # the second in its language
        ("sh:path ex:knows ; sh:class ex:Person", "7:14"),
        ("sh:path ( ex:knows ex:age ) ; sh:minInclusive 18", "9:13"),
        ("sh:path ( ex:part ex:size ) ; sh:nodeKind sh:IRI", "8:17"),
        ("sh:path [ sh:inversePath ex:owns ] ; sh:class ex:Person", "10:14"),
        ("sh:path ex:part ; sh:nodeKind sh:IRI", "7:29"),
        ("sh:path [ sh:alternativePath ( ex:nothing ex:p ) ] ; sh:maxInclusive 2", "4:9"),
    ],
)
def test_each_component_points_at_what_is_wrong(
    make_publication: PublicationMaker, constraint: str, place: str
) -> None:
    shapes = f"{PREFIXES}{SHAPE}[ {constraint} ] ."
    folder = make_publication({"data/a.ttl": PREFIXES + DATA, "shapes/s.ttl": shapes})
    report = validate(read_dataset(Publication.open(folder)))
    found = [result for result in report.results if result.severity == "violation"]
    assert f"data/a.ttl:{place}" in [str(result.place) for result in found]
    assert all(str(result.shape_place).startswith("shapes/s.ttl:2:") for result in found)


def test_results_inside_have_places_of_their_own(make_publication: PublicationMaker) -> None:
    shapes = f"{PREFIXES}{SHAPE}[ sh:path ex:part ; sh:node ex:P ] ."
    shapes += "\nex:P a sh:NodeShape ; sh:property [ sh:path ex:size ; sh:nodeKind sh:IRI ] ."
    folder = make_publication({"data/a.ttl": PREFIXES + DATA, "shapes/s.ttl": shapes})
    (result,) = (r for r in validate(read_dataset(Publication.open(folder))).results if r.severity == "violation")
    assert [str(detail.place) for detail in result.details] == ["data/a.ttl:8:17"]


def test_an_alternative_is_found_in_its_graph(make_publication: PublicationMaker) -> None:
    trig = PREFIXES + "@prefix mg: <https://w3id.org/missiongraph/ontology#> .\nex:a a ex:Thing .\n"
    trig += "ex:g { ex:a ex:p 1 }\nex:h { ex:a ex:p 1 }\nex:h mg:rank mg:alternative ."
    shapes = f"{PREFIXES}{SHAPE}[ sh:path ex:p ; sh:nodeKind sh:IRI ] ."
    folder = make_publication({"data/a.trig": trig, "shapes/s.ttl": shapes})
    found = {
        str(r.graph): str(r.place) for r in validate(read_dataset(Publication.open(folder))).results if r.component
    }
    assert found == {"None": "data/a.trig:4:18", "<https://example.org/h>": "data/a.trig:5:18"}
