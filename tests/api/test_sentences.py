"""Sentences against the graph: the verdict is what a reader of the facts would say, and lies on the careful side."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

import missiongraph as mg
from missiongraph.build import Build


@pytest.fixture(scope="module")
def pub(shipped_build: Build) -> Iterator[mg.Publication]:
    with mg.open(shipped_build.folder) as publication:
        yield publication


@pytest.mark.parametrize(
    ("sentence", "verdict", "fact"),
    [
        ("Prato received the label on 8 October 2024.", "stated", "Prato · label received on · 2024-10-08"),
        ("Prato received the label in October 2024", "stated", "Prato · label received on · 2024-10-08"),
        ("Bologna is in Emilia-Romagna", "stated", "Bologna · containedInPlace · Emilia-Romagna"),
        ("Bologna is a city", "stated", "Bologna · type · City"),
        ("Prato takes part in LETs GOv", "stated", "Prato · takes part in · Let's GOv"),
        ("Bologna is the lead partner of LETs GOv.", "stated", "Let's GOv · lead partner · Municipality of Bologna"),
        ("Bergamo is the lead partner of LETs GOv.", "differs", "Let's GOv · lead partner · Municipality of Bologna"),
        ("Prato received the label in 2023", "differs", "Prato · label received on · 2024-10-08"),
        ("Prato received the label on 9 October 2024", "differs", "Prato · label received on · 2024-10-08"),
        ("Prato did not receive the label in October 2024", "denies", "Prato · label received on · 2024-10-08"),
        ("Prato may have received the label in October 2024", "denies", "Prato · label received on · 2024-10-08"),
        ("Prato received the label and a prize in October 2024", "partly", "Prato · label received on · 2024-10-08"),
        ("Rome was founded by Romulus", "unknown", None),
        ("Bologna is in Tuscany", "unknown", None),
        ("The moon is made of cheese", "unknown", None),
        ("", "unknown", None),
    ],
)
def test_a_sentence_gets_its_verdict(pub: mg.Publication, sentence: str, verdict: str, fact: str | None) -> None:
    checked = pub.check(sentence, language="en")
    assert checked.verdict == verdict, checked
    assert bool(checked) == (verdict == "stated")
    assert fact is None or fact in map(str, (*checked.facts, *checked.others))


def test_what_is_not_found_is_named(pub: mg.Publication) -> None:
    assert pub.check("Prato received the label and a prize in October 2024").left == ("prize",)


def test_an_inferred_fact_brings_words_about_the_same(pub: mg.Publication) -> None:
    facts = pub.check("Prato received the label in October 2024").facts
    assert facts[0].rule is not None
    assert any("Prato" in words for fact in facts for evidence in fact.evidence for words in evidence.words)


def test_no_false_statement_about_the_nine_is_stated(pub: mg.Publication) -> None:
    """Each city with the region of another one: none of these sentences may pass."""
    table = pub.query(
        """SELECT DISTINCT ?city ?region WHERE { <id/network/italian-network> mg:memberCity ?c . ?c rdfs:label ?city ;
        schema:containedInPlace ?r . ?r rdfs:label ?region FILTER(LANG(?city) = "en" && LANG(?region) = "en") }"""
    )
    true = {(str(row["city"]), str(row["region"])) for row in table}
    assert len(true) >= 9
    for city in {city for city, _ in true}:
        for region in {region for _, region in true}:
            assert bool(pub.check(f"{city} is in {region}", language="en")) == ((city, region) in true), (city, region)


def test_a_long_text_is_refused(pub: mg.Publication) -> None:
    with pytest.raises(mg.errors.OutOfBounds, match="at most 500 characters"):
        pub.check("Bologna " * 100)
