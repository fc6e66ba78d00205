"""A shapes graph that cannot be used ends with file, line, shape and reason (SHACL, sections 2 to 6, appendix A)."""

from __future__ import annotations

import pytest

from missiongraph.errors import EXIT_UNUSABLE, UnreadableInput
from missiongraph.publication.dataset import read_dataset
from missiongraph.publication.source_folder import Publication
from missiongraph.validation.checks.by_shapes import SOURCE, check_shapes
from missiongraph.validation.report import Result
from tests.conftest import PublicationMaker
from tests.validation.checks.test_by_shapes import PREFIXES

HEAD = PREFIXES + "ex:S a sh:NodeShape ; sh:targetClass ex:Beer ;\n"
PROPERTY = "sh:property [ sh:path ex:p ; {} ] ."


def check(make: PublicationMaker, shapes: str) -> list[Result]:
    folder = make({"data/a.trig": PREFIXES + "ex:ale a ex:Beer ; ex:p 1 .", "shapes/s.ttl": shapes})
    return list(check_shapes(read_dataset(Publication.open(folder))))


@pytest.mark.parametrize(
    ("rest", "why"),
    [
        (PROPERTY.format("sh:minCount 'one'"), "sh:minCount takes a whole number"),
        (PROPERTY.format("sh:minCount 1, 2"), "sh:minCount has 2 values"),
        (PROPERTY.format("sh:minCount '1.0'^^xsd:integer"), "sh:minCount takes a whole number"),
        (PROPERTY.format("sh:datatype 'string'"), "sh:datatype takes an IRI"),
        (PROPERTY.format("sh:nodeKind ex:Thing"), "sh:nodeKind knows no"),
        (PROPERTY.format("sh:pattern '['"), "unterminated character class"),
        (PROPERTY.format("sh:pattern 'a' ; sh:flags 'z'"), "no flag of regular expressions: “z”"),
        (PROPERTY.format("sh:uniqueLang 'yes'"), "sh:uniqueLang takes a truth value"),
        (PROPERTY.format("sh:languageIn ( ex:en )"), "language tags"),
        (PROPERTY.format("sh:in ex:List"), "sh:in is no list"),
        (PROPERTY.format("sh:lessThan 3"), "sh:lessThan takes an IRI"),
        (PROPERTY.format("sh:minInclusive ex:one"), "sh:minInclusive takes a literal"),
        (PROPERTY.format("sh:minInclusive '2020-13'^^xsd:gYearMonth"), "nothing can be compared"),
        (PROPERTY.format("sh:or ex:T"), "sh:or is no list"),
        (PROPERTY.format("sh:node ex:T"), "names the shape https://example.org/T, which no file describes"),
        (PROPERTY.format("sh:node [ sh:path ex:q ]"), "which is a property shape"),
        (PROPERTY.format("sh:qualifiedValueShape [ sh:class ex:C ] ; sh:qualifiedMinCount -1.5"), "a whole number"),
        (PROPERTY.format("sh:severity 'high'"), "sh:severity takes an IRI"),
        (PROPERTY.format("sh:minCuont 1"), "SHACL has no term sh:minCuont (is sh:minCount meant?)"),
        ("sh:property ex:P . ex:P sh:minCount 1 .", "has no sh:path"),
        ("sh:property [ sh:path ( ex:p ) ] .", "no property path"),
        ("sh:property [ sh:path [ sh:inversePath ex:p ; sh:zeroOrMorePath ex:p ] ] .", "no property path"),
        ("sh:property [ sh:path ex:p, ex:q ] .", "more than one sh:path"),
        ("sh:minCount 1 .", "sh:minCount is for property shapes"),
        ("sh:closed 'yes' .", "sh:closed takes a truth value"),
        ("sh:targetNode [] .", "sh:targetNode takes an IRI or a literal"),
        ("sh:not ex:S .", "refers to itself"),
        ("sh:sparql [ sh:select 'SELECT $this WHERE { $this ex:p }' ] .", "not a SPARQL 1.1 query"),
        ("sh:sparql [ sh:select 'SELECT $this WHERE { $this ex:p ?o }' ] .", "sh:prefixes"),
        ("sh:sparql [ sh:select 'SELECT $this WHERE { MINUS { $this ?p ?o } }' ] .", "MINUS"),
        ("sh:sparql [ ] .", "a query is one text of sh:select"),
        ("sh:sparql [ sh:select 'SELECT $this (true AS ?failure) WHERE {}' ] .", "says that it failed"),
    ],
)
def test_the_reason_is_told_with_its_place(make_publication: PublicationMaker, rest: str, why: str) -> None:
    with pytest.raises(UnreadableInput) as refused:
        check(make_publication, HEAD + rest)
    assert refused.value.exit_code == EXIT_UNUSABLE
    problem = next(problem for problem in refused.value.problems if why in str(problem))
    assert "cannot be used: " in problem.what
    assert problem.where
    assert (problem.where.file, problem.where.line) in {("shapes/s.ttl", 3), ("shapes/s.ttl", 4)}


def test_every_reason_is_told(make_publication: PublicationMaker) -> None:
    with pytest.raises(UnreadableInput) as refused:
        check(make_publication, HEAD + "sh:closed 1 ; sh:targetClass 'x' ; sh:sparql 1 .")
    assert len(refused.value.problems) == 3


def test_a_file_that_is_no_turtle_is_told_first(make_publication: PublicationMaker) -> None:
    with pytest.raises(UnreadableInput, match=r"shapes/s\.ttl:3:"):
        check(make_publication, f"{PREFIXES} ex:Shape a")


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ("sh:rule [ a sh:TripleRule ; sh:subject sh:this ] .", "sh:rule is not run"),
        ("sh:target [ a sh:SPARQLTarget ; sh:select 'SELECT ?this {}' ] .", "sh:target is not run"),
        ("sh:expression [ sh:path ex:p ] .", "sh:expression is not run"),
        ("sh:js [ sh:jsFunctionName 'f' ] .", "sh:js is not run"),
        (". ex:f a sh:SPARQLFunction ; sh:select 'SELECT ?this {}' .", "sh:SPARQLFunction is not run"),
        ("sh:property [ sh:path ex:p ; sh:qualifiedMinCount 1 ] .", "counts nothing without sh:qualifiedValueShape"),
        (". ex:other sh:nodeshape ex:S .", "SHACL has no term sh:nodeshape"),
    ],
)
def test_what_is_not_run_is_told_by_name(make_publication: PublicationMaker, more: str, said: str) -> None:
    results = check(make_publication, HEAD.rstrip().removesuffix(";") + ("" if more.startswith(".") else ";\n") + more)
    (warning,) = [result for result in results if said in result.message()]
    assert (warning.severity, warning.source) == ("warning", SOURCE)
    assert warning.place
    assert warning.place.file == "shapes/s.ttl"
    assert {language for language, _ in warning.messages} == {"en", "it"}
