"""Terms in the publication's own namespaces that its ontology does not declare."""

from __future__ import annotations

import json

import pytest

from missiongraph.errors import UnreadableInput
from missiongraph.publication.dataset import Dataset, read_dataset
from missiongraph.publication.source_folder import Publication
from missiongraph.validation.checks.undeclared_terms import (
    CONTEXT_SOURCE,
    SOURCE,
    check_context,
    check_terms,
    own_namespaces,
)
from missiongraph.validation.report import Result
from tests.conftest import PublicationMaker

OWN = "@prefix my: <https://example.org/ontology#> . @prefix owl: <http://www.w3.org/2002/07/owl#> .\n"
ONTOLOGY = (
    OWN + "<https://example.org/ontology> a owl:Ontology . my:Beer a owl:Class . my:name a owl:DatatypeProperty ."
)


def check(make: PublicationMaker, **files: str) -> list[Result]:
    named = {path.replace("_", "/", 1) + ".ttl": content for path, content in files.items()}
    return list(check_terms(read_dataset(Publication.open(make({"ontology/o.ttl": ONTOLOGY, **named})))))


def test_declared_terms_are_fine(make_publication: PublicationMaker) -> None:
    assert check(make_publication, data_a=OWN + '<https://example.org/ale> a my:Beer ; my:name "Ale" .') == []


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("<https://example.org/ale> a my:Bear .", "Bear"),
        ("<https://example.org/ale> my:nmae 1 .", "nmae"),
        ("my:Bier a owl:Class .", "Bier"),
    ],
    ids=["class", "property", "subject"],
)
def test_a_misspelt_term_is_a_violation_with_its_place(
    make_publication: PublicationMaker, text: str, term: str
) -> None:
    (result,) = check(make_publication, data_a=f"{OWN}\n  {text}")
    assert (result.severity, result.source) == ("violation", SOURCE)
    assert str(result.value) == f"<https://example.org/ontology#{term}>"
    assert str(result.place) == f"data/a.ttl:3:{text.index('my:') + 3}"
    assert f"{term} is not declared" in result.message(["en"])
    assert f"{term} non è dichiarato" in result.message(["it"])


def test_a_term_is_told_once_at_its_first_use(make_publication: PublicationMaker) -> None:
    text = OWN + "<https://example.org/ale> a my:Bear ."
    (result,) = check(make_publication, data_b=text, data_a=OWN + "\n<https://example.org/stout> a my:Bear .")
    assert str(result.place) == "data/a.ttl:3:31"


def test_terms_of_others_are_not_our_business(make_publication: PublicationMaker) -> None:
    assert check(make_publication, data_a="<https://example.org/ale> <https://other.example/p> <urn:x> .") == []


def test_without_an_ontology_there_is_nothing_to_declare(make_publication: PublicationMaker) -> None:
    folder = make_publication({"data/a.ttl": OWN + "<https://example.org/ale> a my:Bear ."})
    assert list(check_terms(read_dataset(Publication.open(folder)))) == []


@pytest.mark.parametrize(
    ("ontology", "namespace"),
    [
        ("<https://example.org/ontology> a owl:Ontology .", "https://example.org/ontology#"),
        ("<https://example.org/ontology/> a owl:Ontology .", "https://example.org/ontology/"),
        ("<https://example.org/o#> a owl:Ontology .", "https://example.org/o#"),
        (
            '<https://example.org/o> a owl:Ontology ; vann:preferredNamespaceUri "https://example.org/ns/" .',
            "https://example.org/ns/",
        ),
    ],
    ids=["hash added", "slash", "hash", "stated"],
)
def test_the_namespace_is_the_one_stated_else_that_of_the_ontology(
    make_publication: PublicationMaker, ontology: str, namespace: str
) -> None:
    text = f"{OWN}@prefix vann: <http://purl.org/vocab/vann/> .\n{ontology}"
    folder = make_publication({"data/a.ttl": "", "ontology/o.ttl": text})
    assert own_namespaces(read_dataset(Publication.open(folder))) == (namespace,)


MY = "https://example.org/ontology#"


def of_context(make: PublicationMaker, context: object) -> list[Result]:
    files = {"ontology/o.ttl": ONTOLOGY, "data/a.ttl": OWN + "<https://example.org/ale> a my:Beer ."}
    folder = make({**files, "context.jsonld": json.dumps({"@context": context})})
    return list(check_context(read_dataset(Publication.open(folder))))


@pytest.mark.parametrize(
    "context",
    [
        {"Beer": f"{MY}Beer", "name": {"@id": f"{MY}name", "@container": "@language"}},
        {"my": MY, "Beer": "my:Beer", "name": {"@id": "my:name", "@container": "@list"}},
        {"my": MY, "Beer": {"@id": "my:Beer", "@context": {}}, "my:name": {"@type": "@id"}},
        {"my": MY, "Beer": "my:Beer", "nameOf": {"@reverse": "my:name"}},
        {"@vocab": MY},
    ],
    ids=["IRIs", "prefix", "compact IRI", "reverse", "vocabulary"],
)
def test_a_context_that_names_all_terms_is_fine(make_publication: PublicationMaker, context: object) -> None:
    assert of_context(make_publication, context) == []


def test_a_context_that_lacks_terms_is_remarked_upon(make_publication: PublicationMaker) -> None:
    (result,) = of_context(make_publication, {"my": MY, "name": "my:name", "Beer": None})
    assert (result.severity, result.source, str(result.place)) == ("info", CONTEXT_SOURCE, "context.jsonld:1")
    assert f"no name for 1 of the terms of the ontology, which JSON-LD writes as IRIs: <{MY}Beer>" in result.message(
        ["en"]
    )
    assert "nessun nome per 1" in result.message(["it"])


def test_a_file_that_holds_no_context_is_unreadable(make_publication: PublicationMaker) -> None:
    with pytest.raises(UnreadableInput, match="is not a JSON-LD context"):
        of_context(make_publication, "https://schema.org/")


def test_without_a_context_of_its_own_a_publication_lacks_no_names(make_publication: PublicationMaker) -> None:
    folder = make_publication({"ontology/o.ttl": ONTOLOGY, "data/a.ttl": OWN + "<https://example.org/ale> a my:Beer ."})
    assert list(check_context(read_dataset(Publication.open(folder)))) == []


def test_the_shipped_context_names_every_term_of_the_ontology(shipped_dataset: Dataset) -> None:
    assert list(check_context(shipped_dataset)) == []
