"""The answers for agents: small whatever the thing, with IRIs and sources, and a next call that works."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest

import missiongraph as mg
from missiongraph.agents.answers import Answers
from missiongraph.agents.small_json import CARD, LIST, bounded, size
from missiongraph.build import Build


@pytest.fixture(scope="module")
def answers(shipped_build: Build) -> Iterator[Answers]:
    with mg.open(shipped_build.folder) as publication:
        yield Answers(publication)


@pytest.fixture(scope="module")
def publication(shipped_build: Build) -> Iterator[mg.Publication]:
    with mg.open(shipped_build.folder) as publication:
        yield publication


def follow(answers: Answers, call: str) -> dict[str, Any]:
    """Make the call that an answer names."""
    tools: dict[str, Callable[..., Any]] = {
        "find": lambda text: answers.find(text, "", "", 5),
        "describe": lambda thing: answers.describe(thing, ""),
        "facts": lambda thing, property="", skip=0: answers.facts(thing, property, "", skip),
        "schema": answers.card.schema,
        "examples": lambda about="": answers.examples(about, ""),
        "query": lambda sparql: answers.query(sparql, 50),
    }
    found = re.match(r"(\w+)\((.*?)\)(?: |$)", call)
    assert found is not None, call
    done: dict[str, Any] = eval(f"{found[1]}({found[2]})", tools)  # a call that our own answer names
    return done


@pytest.mark.parametrize("language", ["en", "it"])
def test_each_thing_fits_on_a_card(answers: Answers, publication: mg.Publication, language: str) -> None:
    heaviest = publication.query(
        "SELECT ?s (COUNT(*) AS ?n) { ?s ?p ?o FILTER(isIRI(?s)) } GROUP BY ?s ORDER BY DESC(?n) LIMIT 8"
    )
    named = publication.query(
        "SELECT ?o (COUNT(*) AS ?n) { ?s ?p ?o FILTER(isIRI(?o)) } GROUP BY ?o ORDER BY DESC(?n) LIMIT 4"
    )
    for thing in (*heaviest.column("s"), *named.column("o")):
        card = answers.describe(str(thing), language)
        assert card["iri"] == thing
        assert size(card) <= CARD
        marks = {mark for fact in card["facts"] for mark in fact.get("sources", ())}
        assert marks == set(card["sources"])
        assert "left_out" not in card or follow(answers, card["next"])["facts"]


def test_a_card_shows_words_with_their_sources_first(answers: Answers) -> None:
    card = answers.describe("id/project/lets-gov", "en")
    has_words = ["words" in fact for fact in card["facts"] if fact.get("accepted", True)]
    assert has_words == sorted(has_words, reverse=True) and has_words[0]
    assert all("http" in card["sources"][mark] for mark in card["facts"][0]["sources"])


def test_facts_are_read_to_the_end_by_their_next_calls(answers: Answers, publication: mg.Publication) -> None:
    answer = answers.facts("id/project/lets-gov", "", "en", 0)
    seen = list(answer["facts"])
    while "next" in answer:
        assert size(answer) <= LIST
        answer = follow(answers, answer["next"])
        seen += answer["facts"]
    assert [one["says"] for one in seen] == [
        str(fact) for fact in publication["id/project/lets-gov"].facts(language="en")
    ]


def test_facts_of_a_property_come_from_both_ends(answers: Answers) -> None:
    facts = answers.facts("id/city/bologna", "mg:memberCity", "en", 0)["facts"]
    assert [one["says"] for one in facts] == ["Italian Network · member city · Bologna"]
    assert facts[0]["evidence"][0]["words"] and "http" in facts[0]["evidence"][0]["source"]
    with pytest.raises(mg.errors.MissiongraphError, match="the nearest known one is “mg:memberCity”"):
        answers.facts("id/city/bologna", "mg:membercity", "en", 0)


def test_the_schema_card_is_true(answers: Answers, publication: mg.Publication) -> None:
    card = answers.card.schema("")
    assert size(card) <= CARD
    counts = {one["class"]: one["count"] for one in card["classes"]}
    assert counts["schema:City"] == publication.query("SELECT (COUNT(DISTINCT ?c) AS ?n) { ?c a schema:City }").value()
    for one in card["classes"]:
        assert publication.ask(f"ASK {{ <{one['example']}> a ?kind }}")
    assert not any(one["class"].startswith(("prov:", "oa:")) for one in card["classes"][:10])


def test_the_properties_of_each_class_on_the_card_are_given(answers: Answers) -> None:
    for one in answers.card.schema("")["classes"]:
        card = answers.card.schema(one["class"])
        assert size(card) <= CARD
        assert card["count"] == one["count"]
        assert card["properties"]
        assert follow(answers, card["next"])["rows"]
    with pytest.raises(mg.errors.MissiongraphError, match="nothing is a mg:memberCity"):
        answers.card.schema("mg:memberCity")


def test_every_example_runs(answers: Answers) -> None:
    found = answers.examples("", "en")
    names = [question.name for question in answers._publication.questions]
    assert found["count"] == len(names) > 50
    for name in names:
        example = answers.examples(name, "it")
        answer = answers.query(example["sparql"], 50)
        assert size(answer) <= LIST
        assert "rows" in answer or "answer" in answer
    assert follow(answers, answers.examples("label", "")["next"])["sparql"]
    assert answers.examples("no such words", "")["examples"] == []


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("SELECT ?c { ?c a schema:City }", "left_out"),
        ("SELECT * { ?s ?p ?o } LIMIT 5000", "left_out"),
        ("CONSTRUCT WHERE { ?s ?p ?o }", "left_out"),
        ("SELECT ?c { ?c a schema:Nothing }", "next"),
        ("ASK { ?c a schema:City }", "answer"),
    ],
)
def test_an_answer_is_small_and_says_what_it_leaves_out(answers: Answers, query: str, says: str) -> None:
    answer = answers.query(query, 50)
    assert size(answer) <= LIST
    assert says in answer
    assert answer["cite"].startswith("https://w3id.org/missiongraph/sparql?query=")
    items = answer.get("rows") or answer.get("triples") or []
    assert answer.get("count", 0) == len(items) + answer.get("left_out", 0)


@pytest.mark.parametrize(
    "call", ['find("Bolonga")', 'find("Prato")', 'query("SELECT ?c { ?c a schema:City } LIMIT 3")']
)
def test_the_next_call_works(answers: Answers, call: str) -> None:
    assert follow(answers, follow(answers, call)["next"])["iri"].startswith("https://w3id.org/missiongraph/id/")


def test_nothing_found_names_what_to_try(answers: Answers) -> None:
    answer = answers.find("Xyzzyx", "", "", 5)
    assert (answer["found"], "schema()" in answer["next"]) == ([], True)


def test_a_check_brings_the_words(answers: Answers) -> None:
    answer = answers.check("Bologna is the lead partner of LETs GOv", "en")
    assert answer["verdict"] == "stated"
    assert answer["facts"][0]["evidence"][0]["words"] and "http" in answer["facts"][0]["evidence"][0]["source"]


def test_other_publications_have_cards_too(odd_build: Build, beer_build: Build) -> None:
    for build in (odd_build, beer_build):
        with mg.open(build.folder) as publication:
            answers = Answers(publication)
            assert size(answers.card.schema("")) <= CARD
            assert answers.examples("", "")["examples"] == [] or answers.examples("", "")["count"]
            for thing in publication.query("SELECT DISTINCT ?s { ?s ?p ?o FILTER(isIRI(?s)) } LIMIT 40").column("s"):
                assert size(answers.describe(str(thing), "")) <= CARD
                assert size(answers.facts(str(thing), "", "", 0)) <= LIST


def test_bounds_are_in_bytes() -> None:
    items = ["à" * 100] * 100
    answer = bounded({}, "items", items, 1000, "more")
    assert len(json.dumps(answer, ensure_ascii=False).encode()) <= 1100
    assert len(answer["items"]) + answer["left_out"] == 100
