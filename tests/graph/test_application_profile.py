"""Shapes as an application profile: which properties a class has, their names, groups and order."""

from __future__ import annotations

from pyoxigraph import RdfFormat, parse

from missiongraph.engine.embedded import EmbeddedEngine
from missiongraph.graph.application_profile import Profile, PropertyProfile, read_profile
from missiongraph.publication.dataset import Dataset, read_files
from missiongraph.publication.source_folder import Publication
from tests.terms import iri

PREFIXES = """\
@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix ex: <https://example.org/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
"""
BEER = """
ex:Facts a sh:PropertyGroup ; rdfs:label "Facts"@en, "Fatti"@it ; sh:order 1 .
ex:Links a sh:PropertyGroup ; rdfs:label "Links"@en ; sh:order 2 .
ex:BeerShape a sh:NodeShape ; sh:targetClass ex:Beer ; sh:name "Beer"@en, "Birra"@it ; sh:node ex:ThingShape ;
    sh:property [ sh:path [ sh:inversePath ex:brews ] ; sh:name "brewed by"@en ; sh:group ex:Links ; sh:order 1 ] ,
        [ sh:path ex:price ; sh:name "price"@en, "prezzo"@it ; sh:description "In euros."@en ;
            sh:group ex:Facts ; sh:order 2 ] ,
        [ sh:path ex:name ; sh:name "name"@en ; sh:group ex:Facts ; sh:order 1 ] ,
        [ sh:path ( ex:a ex:b ) ; sh:name "a sequence"@en ] .
ex:ThingShape a sh:NodeShape ; sh:property [ sh:path ex:note ] .
"""


def profile(shapes: str, data: str = "") -> Profile:
    triples, facts = (
        [quad.triple for quad in parse(PREFIXES + text, RdfFormat.TURTLE)] for text in (shapes, data)
    )  # fmt: skip
    return read_profile(triples, EmbeddedEngine.of(facts, []))


def order(found: tuple[PropertyProfile, ...]) -> list[str]:
    return [("^" if one.inverse else "") + one.path.value.removeprefix("https://example.org/") for one in found]


def test_properties_come_by_section_then_by_order_then_the_rest() -> None:
    assert order(profile(BEER).of([iri("Beer")])) == ["name", "price", "^brews", "note"]


def test_a_property_has_its_names_its_description_and_its_section() -> None:
    price = profile(BEER).of([iri("Beer")])[1]
    assert price.names == {"en": "price", "it": "prezzo"}
    assert price.descriptions == {"en": "In euros."}
    assert price.section is not None
    assert (price.section.iri, price.section.titles) == ("https://example.org/Facts", {"en": "Facts", "it": "Fatti"})


def test_key_information_is_told_with_the_names_of_a_class() -> None:
    shapes = """@prefix dash: <http://datashapes.org/dash#> . ex:BeerShape a sh:NodeShape ; sh:targetClass ex:Beer ;
        sh:property [ sh:path ex:price ; dash:propertyRole dash:KeyInfoRole ] ,
            [ sh:path ex:name ; dash:propertyRole dash:LabelRole ] ."""
    assert profile(shapes).key_info == {iri("Beer"): (iri("price"),)}
    assert profile(BEER).key_info == {}
    below = profile(shapes, "ex:Porter rdfs:subClassOf ex:Beer .").key_info
    assert below[iri("Porter")] == (iri("price"),), "a subclass inherits it"


def test_a_class_is_named_by_its_shape() -> None:
    assert profile(BEER).class_names == {iri("Beer"): {"en": "Beer", "it": "Birra"}}


def test_a_class_that_is_its_own_shape_needs_no_target() -> None:
    shapes = "ex:Cider a sh:NodeShape, rdfs:Class ; sh:property [ sh:path ex:name ] ."
    assert order(profile(shapes).of([iri("Cider")])) == ["name"]


def test_superclasses_lend_their_properties() -> None:
    data = "ex:Stout rdfs:subClassOf ex:Dark . ex:Dark rdfs:subClassOf ex:Beer ."
    assert order(profile(BEER, data).of([iri("Stout")])) == ["name", "price", "^brews", "note"]
    assert profile(BEER).of([iri("Stout")]) == ()


def test_a_thing_of_two_classes_has_each_property_once_as_the_better_shape_says() -> None:
    shapes = BEER + "ex:A a sh:NodeShape ; sh:targetClass ex:Ale ; sh:property [ sh:path ex:price ], [ sh:path ex:z ] ."
    found = profile(shapes).of([iri("Ale"), iri("Beer")])
    assert order(found) == ["name", "price", "^brews", "note", "z"]
    assert found[1].names["en"] == "price"


def test_a_shape_of_some_values_only_does_not_name_the_property() -> None:
    partly = """ex:A a sh:NodeShape ; sh:targetClass ex:Beer ;
        sh:property [ sh:path ex:price ; sh:name "English price"@en ; sh:qualifiedValueShape [ ] ] ."""
    found = {one.path: one for one in profile(BEER + partly).of([iri("Beer")])}
    assert found[iri("price")].names["en"] == "price"


def test_a_sequence_is_a_fact_of_the_page_and_no_property_of_the_class() -> None:
    facts = profile(BEER).facts_of(iri("ale"), [iri("Beer")])
    assert [one.steps for one in facts if one.before] == [((iri("a"), False), (iri("b"), False))]
    assert [one for one in facts if not one.before] == list(profile(BEER).of([iri("Beer")]))


def test_what_is_said_of_one_thing_goes_before_what_its_class_says() -> None:
    own = 'ex:Ale a sh:NodeShape ; sh:targetNode ex:ale ; sh:property [ sh:path ex:price ; sh:name "its price"@en ] .'
    found = {name: profile(BEER + own).facts_of(iri(name), [iri("Beer")]) for name in ("ale", "stout")}
    names = {name: [one.names["en"] for one in facts if one.path == iri("price")] for name, facts in found.items()}
    assert names == {"ale": ["its price"], "stout": ["price"]}


def test_what_any_shape_of_a_thing_expects_is_expected() -> None:
    shapes = """@prefix mg: <https://w3id.org/missiongraph/ontology#> .
        ex:S a sh:NodeShape ; sh:targetClass ex:Beer ;
            sh:property [ sh:path ex:price ; sh:name "price"@en ] , [ sh:path ex:note ; mg:expected false ] .
        ex:T a sh:NodeShape ; sh:targetClass ex:Drink ; sh:property [ sh:path ex:price ; mg:expected true ] ."""
    found = profile(shapes).of([iri("Beer"), iri("Drink")])
    assert {(one.path, one.expected, bool(one.names)) for one in found} == {
        (iri("price"), True, True),
        (iri("note"), False, False),
    }


def test_shapes_that_name_each_other_come_to_an_end() -> None:
    shapes = """ex:A a sh:NodeShape ; sh:targetClass ex:Beer ; sh:node ex:B ; sh:property [ sh:path ex:a ] .
        ex:B a sh:NodeShape ; sh:node ex:A ; sh:property [ sh:path ex:b ] ."""
    assert order(profile(shapes).of([iri("Beer")])) == ["a", "b"]


def test_names_are_known_without_a_class() -> None:
    names = profile(BEER).names
    assert names[iri("brews"), True] == {"en": "brewed by"}
    assert (iri("brews"), False) not in names and (iri("note"), False) not in names


def test_without_shapes_there_is_no_profile() -> None:
    assert profile("").of([iri("Beer")]) == ()


def test_every_class_and_property_of_the_shipped_shapes_is_named_in_both_languages(
    shipped: Publication, shipped_dataset: Dataset
) -> None:
    triples = [quad.triple for file in read_files(shipped, shipped.shape_files) for quad in file.quads]
    found = read_profile(triples, EmbeddedEngine.of(shipped_dataset.default_graph, []))
    assert len(found.classes) > 20
    for names in (*found.class_names.values(), *found.names.values()):
        assert names.keys() == {"en", "it"}
