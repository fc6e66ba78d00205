"""Data against the publication's ontology; what is expected comes from the rules of OWL 2 RL (Profiles, 4.3)."""

from __future__ import annotations

import pytest

from missiongraph.engine.embedded import EmbeddedEngine
from missiongraph.publication.dataset import read_dataset
from missiongraph.publication.source_folder import Publication
from missiongraph.validation import validate
from missiongraph.validation.checks.axioms import check_axioms
from missiongraph.validation.report import Result
from tests.conftest import PublicationMaker

PREFIXES = """@prefix ex: <https://example.org/o#> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> . @prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@base <https://example.org/> .
"""


def check(make: PublicationMaker, ontology: str, data: str) -> list[Result]:
    folder = make({"ontology/o.ttl": PREFIXES + ontology, "data/d.ttl": PREFIXES + data})
    dataset = read_dataset(Publication.open(folder))
    return list(check_axioms(dataset))


#: By rule: axioms, contradicting data, the axiom as the result names it, and what it says.
CONTRADICTIONS = {
    "cax-dw": (
        "ex:Cat a owl:Class ; owl:disjointWith ex:Dog .",
        "<x> a ex:Cat, ex:Dog .",
        "ex:Cat owl:disjointWith ex:Dog",
        "x is a ex:Cat and a ex:Dog, which share no member",
    ),
    "cax-dw, by classes above (cax-sco)": (
        "ex:Cat owl:disjointWith ex:Dog . ex:Tom rdfs:subClassOf ex:Cat . ex:Rex owl:equivalentClass ex:Dog .",
        "<x> a ex:Tom, ex:Rex .",
        "ex:Cat owl:disjointWith ex:Dog",
        "x is a ex:Cat and a ex:Dog",
    ),
    "cax-dw, by a domain (prp-dom)": (
        "ex:Cat owl:disjointWith ex:Dog . ex:barks rdfs:domain ex:Dog .",
        "<x> a ex:Cat ; ex:barks true .",
        "ex:Cat owl:disjointWith ex:Dog",
        "a ex:Dog (ex:barks rdfs:domain ex:Dog)",
    ),
    "cax-dw, by two domains of a thing without class": (
        "ex:Cat owl:disjointWith ex:Dog . ex:barks rdfs:domain ex:Dog . ex:purrs rdfs:domain ex:Cat .",
        "<x> ex:barks true ; ex:purrs true .",
        "ex:Cat owl:disjointWith ex:Dog",
        "share no member",
    ),
    "cax-dw, of things that are the same (eq-rep-s)": (
        "ex:Cat owl:disjointWith ex:Dog .",
        "<x> a ex:Cat ; owl:sameAs <y> . <y> a ex:Dog .",
        "ex:Cat owl:disjointWith ex:Dog",
        "share no member",
    ),
    "cax-adc": (
        "[] a owl:AllDisjointClasses ; owl:members ( ex:A ex:B ex:C ) .",
        "<x> a ex:A, ex:C .",
        "[ a owl:AllDisjointClasses ] owl:members ( ex:A ex:B ex:C )",
        "x is a ex:A and a ex:C",
    ),
    "cls-com": ("ex:A owl:complementOf ex:B .", "<x> a ex:A, ex:B .", "ex:A owl:complementOf ex:B", "share no member"),
    "cls-com, by an expression (cax-sco)": (
        "ex:A rdfs:subClassOf [ owl:complementOf ex:B ] .",
        "<x> a ex:A, ex:B .",
        "[ owl:complementOf ex:B ] owl:complementOf ex:B",
        "share no member",
    ),
    "cls-int, cls-uni": (
        "ex:A owl:intersectionOf ( ex:B ex:C ) . ex:D owl:unionOf ( ex:E ex:F ) . ex:C owl:disjointWith ex:D .",
        "<x> a ex:A, ex:F .",
        "ex:C owl:disjointWith ex:D",
        "share no member",
    ),
    "cls-nothing2": (
        "ex:A rdfs:subClassOf owl:Nothing .",
        "<x> a ex:A .",
        "ex:A rdfs:subClassOf owl:Nothing",
        "x is in a class without members",
    ),
    "disjointUnionOf": (
        "ex:A owl:disjointUnionOf ( ex:B ex:C ) .",
        "<x> a ex:B, ex:C .",
        "ex:A owl:disjointUnionOf ( ex:B ex:C )",
        "share no member",
    ),
    "prp-fp, dt-diff": (
        "ex:age a owl:FunctionalProperty .",
        "<x> ex:age 1, 2 .",
        "ex:age a owl:FunctionalProperty",
        "x has 2 values (1, 2), at most 1 can be",
    ),
    "prp-fp, eq-diff1": (
        "ex:mother a owl:FunctionalProperty .",
        "<x> ex:mother <a>, <b> . <a> owl:differentFrom <b> .",
        "ex:mother a owl:FunctionalProperty",
        "at most 1 can be",
    ),
    "prp-fp, by properties below (prp-spo1) and inverses (prp-inv1)": (
        "ex:age a owl:FunctionalProperty . ex:years rdfs:subPropertyOf ex:age . ex:ageOf owl:inverseOf ex:mother . "
        "ex:mother a owl:FunctionalProperty .",
        "<x> ex:age 1 ; ex:years 2 .",
        "ex:age a owl:FunctionalProperty",
        "at most 1 can be",
    ),
    "prp-ifp": (
        "ex:id a owl:InverseFunctionalProperty .",
        "<x> ex:id 'a' . <y> ex:id 'a' . <x> owl:differentFrom <y> .",
        "ex:id a owl:InverseFunctionalProperty",
        "have the same value, but are different things",
    ),
    "prp-ifp, eq-diff3": (
        "ex:id a owl:InverseFunctionalProperty .",
        "<x> ex:id 'a' . <y> ex:id 'a' . [] a owl:AllDifferent ; owl:distinctMembers ( <x> <y> <z> ) .",
        "ex:id a owl:InverseFunctionalProperty",
        "different things",
    ),
    "prp-key": (
        "ex:Person a owl:Class ; owl:hasKey ( ex:name ex:born ) .",
        "<x> a ex:Person ; ex:name 'A' ; ex:born 1 . <y> a ex:Person ; ex:name 'A' ; ex:born 1 . "
        "<x> owl:differentFrom <y> .",
        "ex:Person owl:hasKey ( ex:name ex:born )",
        "different things",
    ),
    "prp-irp": (
        "ex:above a owl:IrreflexiveProperty .",
        "<x> ex:above <x> .",
        "ex:above a owl:IrreflexiveProperty",
        "x leads to itself",
    ),
    "prp-asyp": (
        "ex:above a owl:AsymmetricProperty .",
        "<x> ex:above <y> . <y> ex:above <x> .",
        "ex:above a owl:AsymmetricProperty",
        "lead to each other",
    ),
    "prp-asyp, by an inverse (prp-inv2)": (
        "ex:above a owl:AsymmetricProperty . ex:below owl:inverseOf ex:above .",
        "<x> ex:above <y> ; ex:below <y> .",
        "ex:above a owl:AsymmetricProperty",
        "lead to each other",
    ),
    "prp-pdw": (
        "ex:loves owl:propertyDisjointWith ex:hates .",
        "<x> ex:loves <y> ; ex:hates <y> .",
        "ex:loves owl:propertyDisjointWith ex:hates",
        "y is the value of ex:loves and of ex:hates",
    ),
    "prp-adp": (
        "[] a owl:AllDisjointProperties ; owl:members ( ex:p ex:q ex:r ) .",
        "<x> ex:p <y> ; ex:r <y> .",
        "[ a owl:AllDisjointProperties ] owl:members ( ex:p ex:q ex:r )",
        "the value of ex:p and of ex:r",
    ),
    "prp-npa1": (
        "ex:loves a owl:ObjectProperty .",
        "<x> ex:loves <y> . [] a owl:NegativePropertyAssertion ; owl:sourceIndividual <x> ; "
        "owl:assertionProperty ex:loves ; owl:targetIndividual <y> .",
        "owl:assertionProperty ex:loves",
        "stated, and denied",
    ),
    "prp-npa2": (
        "ex:age a owl:DatatypeProperty .",
        "<x> ex:age 1 . [] a owl:NegativePropertyAssertion ; owl:sourceIndividual <x> ; "
        "owl:assertionProperty ex:age ; owl:targetValue 1 .",
        "owl:assertionProperty ex:age",
        "stated, and denied",
    ),
    "eq-diff1": (
        "ex:A a owl:Class .",
        "<x> owl:sameAs <y> . <y> owl:differentFrom <x> .",
        "y owl:differentFrom x",
        "to differ",
    ),
    "eq-diff2": (
        "ex:A a owl:Class .",
        "<x> owl:sameAs <m> . <m> owl:sameAs <y> . [] a owl:AllDifferent ; owl:members ( <x> <y> ) .",
        "owl:members",
        "stated to be the same, and to differ",
    ),
    "cls-maxc1": (
        "ex:Stone rdfs:subClassOf [ owl:onProperty ex:eats ; owl:maxCardinality 0 ] .",
        "<x> a ex:Stone ; ex:eats <y> .",
        "ex:Stone rdfs:subClassOf [ owl:onProperty ex:eats ; owl:maxCardinality 0 ]",
        "at most 0 can be",
    ),
    "cls-maxc2, dt-diff": (
        "ex:Coin rdfs:subClassOf [ owl:onProperty ex:worth ; owl:cardinality 1 ] .",
        "<x> a ex:Coin ; ex:worth 1, 2 .",
        "ex:Coin rdfs:subClassOf [ owl:onProperty ex:worth ; owl:cardinality 1 ]",
        "at most 1 can be",
    ),
    "cls-maxqc1": (
        "ex:Cow rdfs:subClassOf [ owl:onProperty ex:eats ; owl:maxQualifiedCardinality 0 ; owl:onClass ex:Meat ] . "
        "ex:Ham rdfs:subClassOf ex:Meat .",
        "<x> a ex:Cow ; ex:eats <grass>, <y> . <y> a ex:Tofu . <z> a ex:Ham . <x> ex:eats <z> .",
        "owl:maxQualifiedCardinality 0",
        "x has 1 values (z), at most 0 can be",
    ),
    "prp-rng, dt-not-type": (
        "ex:age rdfs:range xsd:integer .",
        "<x> ex:age 'old' .",
        "ex:age rdfs:range xsd:integer",
        "“old” is no xsd:integer",
    ),
    "cls-avf, dt-not-type": (
        "ex:Child rdfs:subClassOf [ owl:onProperty ex:age ; owl:allValuesFrom xsd:nonNegativeInteger ] .",
        "<x> a ex:Child ; ex:age -1 .",
        "owl:allValuesFrom xsd:nonNegativeInteger",
        "-1 is no xsd:nonNegativeInteger",
    ),
}


@pytest.mark.parametrize("rule", CONTRADICTIONS)
def test_what_owl_contradicts_is_a_violation_that_names_its_axiom(
    make_publication: PublicationMaker, rule: str
) -> None:
    ontology, data, axiom, says = CONTRADICTIONS[rule]
    found = [one for one in check(make_publication, ontology, data) if one.severity == "violation"]
    assert found, "no contradiction"
    assert all(axiom in one.source for one in found)
    assert says in found[0].message()
    assert found[0].message().startswith(found[0].source)
    assert found[0].message(["it"]) != found[0].message()
    assert found[0].focus is not None
    assert found[0].place is not None and (found[0].place.file, found[0].place.line) == ("data/d.ttl", 5)
    assert found[0].shape_place is not None and found[0].shape_place.line == 5


#: What OWL would merely infer, or says nothing of.
CONSISTENT = {
    "two values that are one": (
        "ex:age a owl:FunctionalProperty .",
        '<x> ex:age 1, "1.0"^^xsd:decimal, "01"^^xsd:int .',
    ),
    "things that are the same": ("ex:m a owl:FunctionalProperty .", "<x> ex:m <a>, <b> . <a> owl:sameAs <b> ."),
    "a thing without class": ("ex:barks rdfs:domain ex:Dog .", "<x> ex:barks true ."),
    "a class below": (
        "ex:barks rdfs:domain ex:Dog . ex:Rex rdfs:subClassOf ex:Dog .",
        "<x> a ex:Rex ; ex:barks true .",
    ),
    "a class that others may put below": (
        "ex:knows rdfs:range foaf:Agent .",
        "<x> ex:knows <y> . <y> a foaf:Person .",
    ),
    "one of a union": (
        "ex:barks rdfs:domain [ a owl:Class ; owl:unionOf ( ex:Dog ex:Seal ) ] .",
        "<x> a ex:Seal ; ex:barks true .",
    ),
    "a smaller datatype": ("ex:age rdfs:range xsd:integer .", '<x> ex:age "5"^^xsd:byte, "7.0"^^xsd:decimal .'),
    "a datatype that nobody knows": ("ex:at rdfs:range ex:point .", "<x> ex:at 'POINT(1 2)' ."),
    "fewer values than a minimum": (
        "ex:Hand rdfs:subClassOf [ owl:onProperty ex:finger ; owl:minCardinality 5 ] .",
        "<x> a ex:Hand ; ex:finger <y> .",
    ),
    "a key with one part": ("ex:P owl:hasKey ( ex:n ex:b ) .", "<x> a ex:P ; ex:n 1 . <y> a ex:P ; ex:n 1 ; ex:b 2 ."),
    "disjoint properties with other values": ("ex:p owl:propertyDisjointWith ex:q .", "<x> ex:p <y> ; ex:q <z> ."),
    "an ontology that says nothing of the data": ("ex:A owl:disjointWith ex:B .", "<x> a ex:A . <y> a ex:B ."),
    "a property of rdfs:Resource": (
        "ex:p rdfs:range rdfs:Literal ; rdfs:domain rdfs:Resource .",
        "<x> a ex:A ; ex:p 1 .",
    ),
    "a property as the value of one about properties": (
        "ex:about rdfs:range rdf:Property . ex:p a owl:DatatypeProperty .",
        "<x> ex:about ex:p .",
    ),
}


@pytest.mark.parametrize("case", CONSISTENT)
def test_what_may_be_so_is_not_told(make_publication: PublicationMaker, case: str) -> None:
    assert check(make_publication, *CONSISTENT[case]) == []


#: What OWL infers though hardly anybody means it.
ODD = {
    "a thing of another kind (prp-dom)": (
        "ex:Dog a owl:Class . ex:barks rdfs:domain ex:Dog .",
        "<x> a ex:Tree ; ex:barks true .",
        "ex:barks rdfs:domain ex:Dog: this would make x a ex:Dog, but it is stated to be a ex:Tree",
    ),
    "a value of another kind (prp-rng)": (
        "ex:Dog a owl:Class . ex:owns rdfs:range ex:Dog .",
        "<x> ex:owns <y> . <y> a ex:Tree .",
        "ex:owns rdfs:range ex:Dog: this would make y a ex:Dog, but it is stated to be a ex:Tree",
    ),
    "two things as one (prp-fp)": (
        "ex:mother a owl:FunctionalProperty .",
        "<x> ex:mother <a>, <b> .",
        "this would make some of a, b one",
    ),
    "two things as one (prp-ifp)": (
        "ex:id a owl:InverseFunctionalProperty .",
        "<x> ex:id 'a' . <y> ex:id 'a' .",
        "this would make x, y one",
    ),
    "two things as one (cls-maxc2)": (
        "ex:C rdfs:subClassOf [ owl:onProperty ex:p ; owl:maxCardinality 1 ] .",
        "<x> a ex:C ; ex:p <a>, <b> .",
        "this would make some of a, b one",
    ),
    "a text where a class is": ("ex:D a owl:Class . ex:p rdfs:range ex:D .", "<x> ex:p 'y' .", "not a ex:D"),
    "a thing where a datatype is": ("ex:p rdfs:range xsd:integer .", "<x> ex:p <y> .", "not a xsd:integer"),
    "a text of an object property": ("ex:p a owl:ObjectProperty .", "<x> ex:p 'y' .", "the value is a text or number"),
    "a thing of a datatype property": ("ex:p a owl:DatatypeProperty .", "<x> ex:p <y> .", "the value is a thing"),
}


@pytest.mark.parametrize("case", ODD)
def test_what_owl_would_infer_oddly_is_a_warning(make_publication: PublicationMaker, case: str) -> None:
    ontology, data, says = ODD[case]
    (result,) = check(make_publication, ontology, data)
    assert result.severity == "warning"
    assert says in result.message()
    assert result.place is not None and result.place.file == "data/d.ttl"


def test_validation_tells_a_contradiction_and_does_not_conform(make_publication: PublicationMaker) -> None:
    ontology, data, axiom, _ = CONTRADICTIONS["cax-dw"]
    folder = make_publication({"ontology/o.ttl": PREFIXES + ontology, "data/d.ttl": PREFIXES + data})
    report = validate(read_dataset(Publication.open(folder)))
    assert not report.conforms
    assert axiom in [one.source for one in report.results]


def test_statements_that_no_axiom_speaks_of_are_not_read(
    make_publication: PublicationMaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []
    statements = EmbeddedEngine.statements

    def watched(self: EmbeddedEngine, predicates: object) -> object:
        for quad in statements(self, predicates):  # type: ignore[arg-type]  # as it was called
            read.append(quad.predicate.value)
            yield quad

    monkeypatch.setattr(EmbeddedEngine, "statements", watched)
    data = "\n".join(f"<{n}> a ex:Thing ; ex:other {n}, 'text' ; ex:age {n} ." for n in range(20))
    assert check(make_publication, "ex:age a owl:FunctionalProperty .", data) == []
    assert set(read) == {"https://example.org/o#age"}
    read.clear()
    assert check(make_publication, "ex:Thing a owl:Class .", data) == []
    assert read == []
