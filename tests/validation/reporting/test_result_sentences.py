"""Each constraint component of SHACL has a sentence, in English and Italian, with the values that decided."""

from __future__ import annotations

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode

from missiongraph.publication.dataset import Dataset, read_dataset
from missiongraph.publication.source_folder import Publication
from missiongraph.validation import Report, Result, validate
from missiongraph.validation.reporting.result_sentences import own_or_sentence, sentence
from missiongraph.validation.term_names import TermNames
from missiongraph.vocab import SH
from tests.conftest import PublicationMaker

PREFIXES = """\
@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix ex: <https://example.org/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
"""


def checked(make: PublicationMaker, shape: str, data: str, more: str = "") -> tuple[Dataset, Report]:
    shapes = f"{PREFIXES}ex:S a sh:NodeShape ; sh:targetNode ex:hand ; {shape} .\n{more}"
    dataset = read_dataset(Publication.open(make({"data/a.ttl": PREFIXES + data, "shapes/s.ttl": shapes})))
    return dataset, validate(dataset)


def on(path: str, constraint: str) -> str:
    return f"sh:property [ sh:path {path} ; {constraint} ]"


FINGERS = "ex:hand ex:finger 1, 2, 3, 4, 5 ."
ONE = 'ex:hand ex:p "abc" .'
#: component: its shape, the data, what is said in English and in Italian
CASES = {
    "MaxCount": (
        on("ex:finger", "sh:maxCount 4"),
        FINGERS,
        "ex:hand has 5 values of ex:finger, at most 4 are allowed",
        "ex:hand ha 5 valori di ex:finger, ne sono ammessi al massimo 4",
    ),
    "MinCount": (
        on("ex:finger", "sh:minCount 1"),
        ONE,
        "ex:hand has no value of ex:finger, at least 1 is needed",
        "ex:hand non ha alcun valore di ex:finger, ne serve almeno 1",
    ),
    "Datatype": (
        on("ex:p", "sh:datatype xsd:integer"),
        ONE,
        "ex:hand, ex:p: “abc” is of the datatype xsd:string, asked for is a whole number (xsd:integer)",
        "ex:hand, ex:p: «abc» è del tipo xsd:string, è richiesto un numero intero (xsd:integer)",
    ),
    "Class": (
        on("ex:p", "sh:class ex:Finger"),
        "ex:hand ex:p ex:toe . ex:toe a ex:Toe .",
        "ex:hand, ex:p: ex:toe is not of the class ex:Finger, but of ex:Toe",
        "ex:hand, ex:p: ex:toe non è della classe ex:Finger, ma di ex:Toe",
    ),
    "NodeKind": (
        on("ex:p", "sh:nodeKind sh:IRI"),
        ONE,
        "ex:hand, ex:p: “abc” is a literal, asked for is a thing with an IRI",
        "ex:hand, ex:p: «abc» è un letterale, è richiesto una cosa con un IRI",
    ),
    "MinLength": (
        on("ex:p", "sh:minLength 5"),
        ONE,
        "ex:hand, ex:p: “abc” is 3 characters long, at least 5 are needed",
        "ex:hand, ex:p: «abc» è lungo 3 caratteri, ne servono almeno 5",
    ),
    "MaxLength": (
        on("ex:p", "sh:maxLength 1"),
        ONE,
        "ex:hand, ex:p: “abc” is 3 characters long, at most 1 is allowed",
        "ex:hand, ex:p: «abc» è lungo 3 caratteri, ne è ammesso al massimo 1",
    ),
    "MinInclusive": (on("ex:p", "sh:minInclusive 7"), "ex:hand ex:p 5 .", "is not 7 or more", "non è 7 o più"),
    "MaxInclusive": (on("ex:p", "sh:maxInclusive 3"), "ex:hand ex:p 5 .", "is not 3 or less", "non è 3 o meno"),
    "MinExclusive": (on("ex:p", "sh:minExclusive 5"), "ex:hand ex:p 5 .", "is not more than 5", "non è più di 5"),
    "MaxExclusive": (on("ex:p", "sh:maxExclusive 5"), "ex:hand ex:p 5 .", "is not less than 5", "non è meno di 5"),
    "Pattern": (
        on("ex:p", 'sh:pattern "^X+$" ; sh:flags "i"'),
        ONE,
        "“abc” does not fit the pattern ^X+$ (flags i)",
        "«abc» non segue il modello ^X+$ (opzioni i)",
    ),
    "LanguageIn": (
        on("ex:p", 'sh:languageIn ( "en" "fr" )'),
        'ex:hand ex:p "Hand"@de .',
        "“Hand”@de is in the language de, allowed are en, fr",
        "«Hand»@de è nella lingua de, sono ammesse en, fr",
    ),
    "UniqueLang": (
        on("ex:p", "sh:uniqueLang true"),
        'ex:hand ex:p "a"@en, "b"@en, "c"@it .',
        "ex:hand has several values of ex:p in one language: 2 (en); one is allowed in each",
        "ex:hand ha più valori di ex:p in una lingua: 2 (en); ne è ammesso uno per ciascuna",
    ),
    "Equals": (
        on("ex:p", "sh:equals ex:q"),
        "ex:hand ex:p 1 .",
        "1 is not a value of ex:q too: both must have the same values",
        "1 non è anche un valore di ex:q: i due devono avere gli stessi valori",
    ),
    "Disjoint": (
        on("ex:p", "sh:disjoint ex:q"),
        "ex:hand ex:p 1 ; ex:q 1 .",
        "1 is a value of ex:q too: they must have none in common",
        "1 è anche un valore di ex:q: i due non devono averne in comune",
    ),
    "LessThan": (
        on("ex:p", "sh:lessThan ex:q"),
        "ex:hand ex:p 9 ; ex:q 8 .",
        "9 is not less than each value of ex:q: 8",
        "9 non è meno di ogni valore di ex:q: 8",
    ),
    "LessThanOrEquals": (
        on("ex:p", "sh:lessThanOrEquals ex:q"),
        "ex:hand ex:p 9 ; ex:q 8 .",
        "9 is more than a value of ex:q: 8",
        "9 è più di un valore di ex:q: 8",
    ),
    "Not": (
        on("ex:p", "sh:not [ sh:datatype xsd:string ]"),
        ONE,
        "“abc” fits the shape (each a text), and must not",
        "«abc» corrisponde alla forma (ciascuno un testo), e non deve",
    ),
    "And": (
        on("ex:p", "sh:and ( [ sh:datatype xsd:integer ] [ sh:minInclusive 1 ] )"),
        ONE,
        "“abc” does not fit all of (each a whole number), (not below 1)",
        "«abc» non corrisponde a tutti tra (ciascuno un numero intero), (non sotto 1)",
    ),
    "Or": (
        on("ex:p", "sh:or ( [ sh:datatype xsd:integer ] [ sh:datatype xsd:date ] )"),
        ONE,
        "“abc” fits none of (each a whole number), (each a day)",
        "«abc» non corrisponde ad alcuno tra (ciascuno un numero intero), (ciascuno un giorno)",
    ),
    "Xone": (
        on("ex:p", "sh:xone ( [ sh:minLength 1 ] [ sh:maxLength 9 ] )"),
        ONE,
        "“abc” does not fit exactly one of (at least 1 characters long), (at most 9 characters long)",
        "«abc» non corrisponde a esattamente uno tra (lungo almeno 1 caratteri), (lungo al massimo 9 caratteri)",
    ),
    "Node": (
        on("ex:p", "sh:node ex:Other"),
        ONE,
        "“abc” does not fit the shape ex:Other",
        "«abc» non corrisponde alla forma ex:Other",
    ),
    "QualifiedMinCount": (
        on("ex:finger", "sh:qualifiedValueShape [ sh:class ex:Thumb ] ; sh:qualifiedMinCount 1"),
        FINGERS,
        "ex:hand has 5 values of ex:finger, too few of which fit (each of the class “ex:Thumb”): at least 1 is needed",
        "ex:hand ha 5 valori di ex:finger, troppo pochi dei quali corrispondono "
        "(ciascuno della classe «ex:Thumb»): ne serve almeno 1",
    ),
    "QualifiedMaxCount": (
        on("ex:finger", "sh:qualifiedValueShape [ sh:datatype xsd:integer ] ; sh:qualifiedMaxCount 4"),
        FINGERS,
        "ex:hand has 5 values of ex:finger, too many of which fit (each a whole number): at most 4 are allowed",
        "ex:hand ha 5 valori di ex:finger, troppi dei quali corrispondono (ciascuno un numero intero): "
        "ne sono ammessi al massimo 4",
    ),
    "Closed": (
        f"sh:closed true ; {on('ex:palm', 'sh:maxCount 1')}",
        'ex:hand ex:pallm "x" .',
        "ex:hand has ex:pallm “x”, which its shape does not know: is ex:palm meant?",
        "ex:hand ha ex:pallm «x», che la sua forma non conosce: si intende ex:palm?",
    ),
    "HasValue": (
        on("ex:p", 'sh:hasValue "left"'),
        ONE,
        "ex:hand lacks the value “left” of ex:p",
        "ex:hand manca del valore «left» di ex:p",
    ),
    "In": (
        on("ex:p", 'sh:in ( "left" "right" )'),
        'ex:hand ex:p "lefft" .',
        "“lefft” is none of “left”, “right” (is “left” meant?)",
        "«lefft» non è tra «left», «right» (si intende «left»?)",
    ),
    "SPARQL": (
        'sh:sparql [ sh:select "SELECT $this WHERE { $this <https://example.org/p> ?value }" ]',
        ONE,
        "ex:hand is found by a query of the shape (sh:sparql), which is to find nothing",
        "ex:hand è trovato da un’interrogazione della forma (sh:sparql), che non deve trovare nulla",
    ),
}
OTHER = "ex:Other a sh:NodeShape ; sh:nodeKind sh:IRI ."


@pytest.mark.parametrize("component", CASES)
def test_a_component_is_told_in_both_languages(make_publication: PublicationMaker, component: str) -> None:
    shape, data, english, italian = CASES[component]
    dataset, report = checked(make_publication, shape, data, OTHER)
    result = next(r for r in report.results if r.component == f"{SH!s}{component}ConstraintComponent")
    for language, expected in (("en", english), ("it", italian)):
        said = sentence(TermNames.of(dataset, report.results, language), result)
        assert said.endswith(expected), said
        assert said.startswith("ex:hand")


def test_every_component_of_the_core_has_a_sentence() -> None:
    """SHACL, section 4; sh:property has no results of its own, sh:js is not of this specification."""
    from missiongraph.validation.reporting.result_sentences import _BY_COMPONENT

    names = {iri.removeprefix(str(SH)).removesuffix("ConstraintComponent") for iri in _BY_COMPONENT}
    assert names == {*CASES, "Property"}


def test_a_component_of_ones_own_is_told_with_its_parameters(make_publication: PublicationMaker) -> None:
    dataset, _ = checked(make_publication, "sh:nodeKind sh:IRI", ONE)
    result = Result(
        "violation",
        (),
        "https://example.org/S",
        focus=NamedNode("https://example.org/hand"),
        value=NamedNode("https://example.org/hand"),
        component="https://example.org/HasMoreThan",
        parameters=(("https://example.org/number", Literal(3)),),
    )
    said = sentence(TermNames(dataset), result)
    assert said == "ex:hand does not keep to ex:HasMoreThan (number = 3)"


def test_the_shapes_own_message_comes_first(make_publication: PublicationMaker) -> None:
    shape = on("ex:finger", 'sh:maxCount 4 ; sh:message "Four fingers."@en, "Quattro dita."@it')
    dataset, report = checked(make_publication, shape, FINGERS)
    (result,) = (r for r in report.results if r.severity == "violation")
    assert own_or_sentence(TermNames.of(dataset, report.results, "it"), result) == "Quattro dita."


def test_no_label_of_a_blank_node_is_ever_told(make_publication: PublicationMaker) -> None:
    shape = "sh:property [ sh:path ( ex:p [ sh:inversePath ex:q ] ) ; sh:node [ sh:nodeKind sh:IRI ] ]"
    dataset, report = checked(make_publication, shape, "ex:hand ex:p ex:x .\n [ ] ex:q ex:x .")
    (result,) = (r for r in report.results if r.severity == "violation")
    assert isinstance(result.value, BlankNode)
    names = TermNames.of(dataset, report.results)
    told = f"{own_or_sentence(names, result)} {names.shape(result)} {result.source}"
    assert result.value.value not in told and "the node at data/a.ttl:4:2" in told
    assert names.shape(result) == "shape at shapes/s.ttl:3, on ex:p/^ex:q"
    assert result.source == "shapes/s.ttl:3:59"


def test_the_shape_is_called_the_same_in_each_run(make_publication: PublicationMaker) -> None:
    shape = on("ex:finger", "sh:maxCount 4")
    _, one = checked(make_publication, shape, FINGERS)
    _, two = checked(make_publication, shape, FINGERS)
    assert [r.source for r in one.results] == [r.source for r in two.results]
