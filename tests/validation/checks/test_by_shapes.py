"""SHACL on the default graph, and on each alternative by itself."""

from __future__ import annotations

import pytest
from pyoxigraph import NamedNode

from missiongraph.publication.dataset import read_dataset
from missiongraph.publication.source_folder import Publication
from missiongraph.validation.checks.by_shapes import check_shapes
from missiongraph.validation.report import Result
from missiongraph.validation.result_positions import located
from missiongraph.vocab import SH
from tests.conftest import PublicationMaker

PREFIXES = """\
@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix ex: <https://example.org/> .
@prefix mg: <https://w3id.org/missiongraph/ontology#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
NAMED = (
    PREFIXES
    + """ex:Shape a sh:NodeShape ; sh:targetClass ex:Beer ; sh:property ex:Shape-name, ex:Shape-price .
ex:Shape-name sh:path ex:name ; sh:minCount 1 ; sh:message "A beer has a name."@en, "Una birra ha un nome."@it .
ex:Shape-price sh:path ex:price ; sh:maxCount 1 ; sh:datatype xsd:decimal ."""
)


def check(make: PublicationMaker, data: str, shapes: str = NAMED) -> list[Result]:
    folder = make({"data/a.trig": PREFIXES + data, "shapes/s.ttl": shapes})
    dataset = read_dataset(Publication.open(folder))
    return list(located(dataset, list(check_shapes(dataset))))


def test_what_conforms_gives_nothing(make_publication: PublicationMaker) -> None:
    assert check(make_publication, 'ex:ale a ex:Beer ; ex:name "Ale" ; ex:price 3.50 .') == []


def test_without_shapes_everything_conforms(make_publication: PublicationMaker) -> None:
    folder = make_publication({"data/a.trig": PREFIXES + "ex:ale a ex:Beer ."})
    assert list(check_shapes(read_dataset(Publication.open(folder)))) == []


def test_a_result_says_all_that_is_known(make_publication: PublicationMaker) -> None:
    (result,) = check(make_publication, "ex:ale a ex:Beer .")
    assert result.severity == "violation"
    assert result.messages == (("en", "A beer has a name."), ("it", "Una birra ha un nome."))
    assert (result.source, result.component) == (
        "https://example.org/Shape-name",
        SH.MinCountConstraintComponent.value,
    )
    assert (result.focus, result.path) == (NamedNode("https://example.org/ale"), "<https://example.org/name>")
    assert (result.value, result.graph) == (None, None)
    assert str(result.place) == "data/a.trig:3:1"


@pytest.mark.parametrize("severity", ["Warning", "Info"])
def test_severities_are_kept(make_publication: PublicationMaker, severity: str) -> None:
    (result,) = check(make_publication, "ex:ale a ex:Beer .", f"{NAMED} ex:Shape-name sh:severity sh:{severity} .")
    assert result.severity == severity.lower()


def test_an_inverse_path_is_told_as_one(make_publication: PublicationMaker) -> None:
    shapes = PREFIXES + "ex:S a sh:NodeShape ; sh:targetClass ex:Beer ; sh:property ex:P .\n"
    shapes += "ex:P sh:path [ sh:inversePath ex:brews ] ; sh:minCount 1 ."
    (result,) = check(make_publication, "ex:ale a ex:Beer .", shapes)
    assert result.path == "^<https://example.org/brews>"


def test_two_accepted_values_of_what_has_one_are_a_violation(make_publication: PublicationMaker) -> None:
    (result,) = check(
        make_publication, 'ex:ale a ex:Beer ; ex:name "Ale" . ex:g { ex:ale ex:price 3.5 } ex:h { ex:ale ex:price 4.5 }'
    )
    assert result.component == SH.MaxCountConstraintComponent.value


def test_an_alternative_is_no_second_value(make_publication: PublicationMaker) -> None:
    data = """ex:ale a ex:Beer ; ex:name "Ale" . ex:g { ex:ale ex:price 3.5 } ex:h { ex:ale ex:price 4.5 }
        ex:h mg:rank mg:alternative ."""
    assert check(make_publication, data) == []


def test_an_alternative_is_held_to_the_shapes_by_itself(make_publication: PublicationMaker) -> None:
    data = """ex:ale a ex:Beer ; ex:name "Ale" . ex:g { ex:ale ex:price 3.5 } ex:h { ex:ale ex:price "dear" }
        ex:h mg:rank mg:alternative ."""
    (result,) = check(make_publication, data)
    assert result.component == SH.DatatypeConstraintComponent.value
    assert result.graph == NamedNode("https://example.org/h")


@pytest.mark.parametrize(
    ("constraint", "value", "conforms"),
    [
        ('sh:qualifiedValueShape [ sh:languageIn ("en") ] ; sh:qualifiedMinCount 1', '"Birra"@it', False),
        ('sh:qualifiedValueShape [ sh:languageIn ("en") ] ; sh:qualifiedMinCount 1', '"Beer"@en', True),
        ("sh:or ( [ sh:class ex:Cheap ] [ sh:class ex:Dear ] )", "ex:neither", False),
        ("sh:or ( [ sh:class ex:Cheap ] [ sh:class ex:Dear ] )", "ex:cheap", True),
        ("sh:not [ sh:class ex:Cheap ]", "ex:neither", True),
        ("sh:not [ sh:class ex:Cheap ]", "ex:cheap", False),
        ("sh:node [ sh:nodeKind sh:IRI ]", '"text"', False),
    ],
)
def test_shapes_within_shapes_look_at_an_alternative_too(
    make_publication: PublicationMaker, constraint: str, value: str, conforms: bool
) -> None:
    shapes = f"{PREFIXES} ex:S a sh:NodeShape ; sh:targetClass ex:Beer ; sh:property [ sh:path ex:p ; {constraint} ] ."
    data = f"ex:ale a ex:Beer . ex:cheap a ex:Cheap . ex:h {{ ex:ale ex:p {value} }} ex:h mg:rank mg:alternative ."
    accepted_only = f"ex:ale a ex:Beer . ex:cheap a ex:Cheap . ex:h {{ ex:ale ex:p {value} }}"
    results = [r for r in check(make_publication, data, shapes) if r.graph is not None]
    assert (results == []) is conforms
    assert (check(make_publication, accepted_only, shapes) == []) is conforms


def test_an_alternative_keeps_what_points_to_its_subject(make_publication: PublicationMaker) -> None:
    shapes = PREFIXES + "ex:S a sh:NodeShape ; sh:targetClass ex:Beer ; sh:property [ sh:minCount 1 ;\n"
    shapes += "sh:path [ sh:inversePath ex:brews ] ; sh:class ex:Brewer ] ."
    data = (
        "ex:b a ex:Brewer ; ex:brews ex:ale . ex:ale a ex:Beer . ex:h { ex:ale ex:p 1 } ex:h mg:rank mg:alternative ."
    )
    assert check(make_publication, data, shapes) == []


def test_what_an_alternative_does_not_speak_of_is_not_judged_by_it(make_publication: PublicationMaker) -> None:
    """Its surroundings are cut out of the graph, so that things at their edge lack what they have."""
    data = """ex:stout a ex:Beer ; ex:name "Stout" ; ex:like ex:ale . ex:lager a ex:Beer ; ex:name "Lager" .
        ex:ale a ex:Beer ; ex:name "Ale" ; ex:like ex:lager .
        ex:h { ex:ale ex:price 4.5 } ex:h mg:rank mg:alternative ."""
    assert check(make_publication, data) == []


def test_a_query_sees_an_alternative_in_the_place_of_what_it_contradicts(make_publication: PublicationMaker) -> None:
    shapes = (
        PREFIXES
        + """ex:S a sh:NodeShape ; sh:targetClass ex:Beer ; sh:sparql [ sh:message "costs {?value}" ;
        sh:select "SELECT $this ?value { $this <https://example.org/price> ?value FILTER(?value > 4) }" ] ."""
    )
    data = """ex:ale a ex:Beer . ex:g { ex:ale ex:price 3.5 } ex:h { ex:ale ex:price 4.5 } ex:i { ex:ale ex:price 3 }
        ex:h mg:rank mg:alternative . ex:i mg:rank mg:alternative ."""
    (result,) = check(make_publication, data, shapes)
    assert result.graph == NamedNode("https://example.org/h")
    assert (result.component, result.messages) == (SH.SPARQLConstraintComponent.value, (("", "costs 4.5"),))
    assert getattr(result.value, "value", None) == "4.5"


def test_a_nameless_shape_is_its_place_and_results_say_what_was_asked(make_publication: PublicationMaker) -> None:
    shapes = (
        PREFIXES
        + """ex:S a sh:NodeShape ; sh:targetClass ex:Beer ;
    sh:property [ sh:path ( ex:by [ sh:inversePath ex:runs ] ) ; sh:in ( ex:a ex:b ) ; sh:node [ sh:class ex:C ] ] ."""
    )
    data = "ex:ale a ex:Beer ; ex:by ex:brewery . ex:c ex:runs ex:brewery ."
    among, node = check(make_publication, data, shapes)
    assert {among.source, node.source} == {str(among.shape_place)} == {"shapes/s.ttl:4:17"}
    assert among.path == "<https://example.org/by>/^<https://example.org/runs>"
    iris = [NamedNode(f"https://example.org/{name}") for name in "ab"]
    assert among.parameters == tuple((SH["in"].value, iri) for iri in iris)
    (detail,) = node.details
    assert (detail.component, detail.focus) == (SH.ClassConstraintComponent.value, node.value)
    assert str(detail.shape_place) == "shapes/s.ttl:4:96"


def test_a_retired_graph_is_not_validated(make_publication: PublicationMaker) -> None:
    data = 'ex:ale a ex:Beer ; ex:name "Ale" . ex:h { ex:ale ex:price "dear" } ex:h mg:rank mg:retired .'
    assert check(make_publication, data) == []


def test_shapes_that_refer_to_each_other_are_told_once_by_the_one_that_has_a_name(
    make_publication: PublicationMaker,
) -> None:
    shapes = f"""{PREFIXES} ex:Alone sh:property [ sh:path ex:q ; sh:node ex:Other ] . ex:Other sh:nodeKind sh:IRI .
    ex:B sh:node ex:A . ex:A sh:property [ sh:path ex:p ; sh:node ex:B ] ."""
    (result,) = check(make_publication, "ex:ale a ex:Beer .", shapes)
    assert (result.severity, result.source, str(result.place)) == ("info", "recursive-shape", "shapes/s.ttl:4:25")
    assert result.messages[0][1].startswith("ex:A refers to itself: ")
