"""Questions answer what their headers expect, and views can be drawn: told by ``validate``, before a build counts."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from missiongraph.cli.main import main
from missiongraph.errors import UnreadableInput
from missiongraph.processes.bounded import results_within
from missiongraph.publication.dataset import read_dataset
from missiongraph.publication.source_folder import Publication
from missiongraph.validation import validate
from missiongraph.validation.checks import queries
from missiongraph.validation.checks.portal_metadata import SOURCE as PORTAL
from missiongraph.validation.report import Report
from tests.conftest import PublicationMaker

DATA = """@prefix ex: <https://example.org/> .
ex:prato a ex:City ; ex:mayor ex:a ; ex:founded "1992"^^<http://www.w3.org/2001/XMLSchema#gYear> .
ex:pisa a ex:City ; ex:lat 43.7 ; ex:long 10.4 .
"""
PREFIX = "PREFIX ex: <https://example.org/>\n"
CITIES = f"{PREFIX}SELECT ?city {{ ?city a ex:City }}"


def check(make: PublicationMaker, **files: str) -> Report:
    named = {f"queries/{name.replace('__', '/')}.rq": text for name, text in files.items()}
    return validate(read_dataset(Publication.open(make({"data/a.ttl": DATA, **named}))))


def told(report: Report) -> list[str]:
    return [
        f"{result.severity}: {result.place}: {result.message()}" for result in report.results if result.source != PORTAL
    ]


def unreadable(make: PublicationMaker, **files: str) -> list[str]:
    with pytest.raises(UnreadableInput) as caught:
        check(make, **files)
    return [str(problem) for problem in caught.value.problems]


@pytest.mark.parametrize(
    "text",
    [
        f"# expect: VALUES (?city) {{ (ex:prato) (ex:pisa) }}\n{CITIES}",
        f"# expect: VALUES (?city) {{\n#  (ex:pisa)\n#  (ex:prato)\n# }}\n{CITIES}",
        f"# expect: VALUES (?x) {{}}\n{PREFIX}SELECT ?x {{ ?x a ex:Village }}",
        f"# expect: true\n{PREFIX}ASK {{ ex:prato a ex:City }}",
        f"# expect: false\n{PREFIX}ASK {{ ex:rome a ex:City }}",
        CITIES,
        f"{PREFIX}CONSTRUCT {{ ?c a ex:Town }} WHERE {{ ?c a ex:City }}",
    ],
)
def test_a_question_with_its_answer_conforms(make_publication: PublicationMaker, text: str) -> None:
    assert told(check(make_publication, q=text)) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            f"# title@en: Cities\n# expect: VALUES (?city) {{ (ex:prato) (ex:rome) }}\n{CITIES}",
            "queries/q.rq:2: the question “q” does not have the answer expected: "
            "1 missing: (?city = <https://example.org/rome>); 1 unexpected: (?city = <https://example.org/pisa>)",
        ),
        (
            f"# expect: VALUES (?city) {{ (ex:prato) (ex:pisa) (ex:pisa) }}\n{CITIES}",  # a multiset
            "queries/q.rq:1: the question “q” does not have the answer expected: "
            "1 missing: (?city = <https://example.org/pisa>); 0 unexpected",
        ),
        (
            f"# expect: VALUES (?town) {{ (ex:prato) (ex:pisa) }}\n{CITIES}",
            "2 missing: (?town = <https://example.org/prato>) (?town = <https://example.org/pisa>); 2 unexpected:",
        ),
        (f"# expect: true\n{PREFIX}ASK {{ ex:rome a ex:City }}", "expects true, and the answer is false"),
        (f"# expect: true\n{CITIES}", "expects true, and is no ASK query"),
        (f"# expect: VALUES (?x) {{}}\n{PREFIX}ASK {{ ex:rome a ex:City }}", "expects rows, and is no SELECT query"),
    ],
)
def test_a_question_with_another_answer_is_a_violation(
    make_publication: PublicationMaker, text: str, expected: str
) -> None:
    (one,) = told(check(make_publication, q=text))
    assert one.startswith("violation: queries/q.rq:")
    assert expected in one


def test_rows_that_are_many_are_counted(make_publication: PublicationMaker) -> None:
    rows = " ".join(f"(ex:c{number})" for number in range(9))
    (one,) = told(check(make_publication, q=f"# expect: VALUES (?city) {{ {rows} }}\n{CITIES}"))
    assert "9 missing: " in one and "… +6; 2 unexpected" in one


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"# title@en: x\n{PREFIX}SELECT * {{ ?s ?p }}", "queries/q.rq:3:19: not a SPARQL 1.1 query: expected"),
        ("# title@en: x\n\nSELECT * { ?s other:p ?o }", "queries/q.rq:3:"),
        (f"# title@en: x\n# expect: VALUES (?city) {{ ex:prato }}\n{CITIES}", "queries/q.rq:2: expect: not inline"),
        (f"# ordre: 3\n{CITIES}", "queries/q.rq:1: unknown key “ordre” in the header (the nearest known one is “ord"),
    ],
)  # fmt: skip
def test_what_is_no_query_is_unreadable_with_its_place(
    make_publication: PublicationMaker, text: str, expected: str
) -> None:
    (one,) = unreadable(make_publication, q=text)
    assert one.startswith(expected)


def test_every_faulty_query_is_listed(make_publication: PublicationMaker) -> None:
    assert len(unreadable(make_publication, a="SELECT", b="ASK", views__c="# view: map\nASK {}")) == 3


@pytest.mark.parametrize(
    ("query", "problem"),
    [
        ("# view: map\nSELECT * { ?s ?p }", "queries/views/bad.rq:2:"),
        ("# view: map\nASK {}", "queries/views/bad.rq: is not a SELECT query"),
        ("SELECT * {}", "queries/views/bad.rq: has no view in its header"),
        ("# view: map\n# filters: city\nSELECT ?town { ?town ?p ?o }", "?city, which is no variable of the query"),
        ("# view: map\n# pages: city\nSELECT ?town { ?town ?p ?o }", "?city, which is no variable of the query"),
        ("# view: map\n# filled: city\nSELECT ?town { ?town ?p ?o }", "bad.rq:2: the header names ?city"),
        ("# view: map\n# filled: city\nSELECT ?town { ?town ?p ?o }", "known: town"),
        (
            "# view: story\n# sentence@en: {town|Here} is {city}.\nSELECT ?town { ?town ?p ?o }",
            "bad.rq:2: the header names ?city",
        ),
    ],
)
def test_a_view_that_cannot_be_shown_is_unreadable(
    make_publication: PublicationMaker, query: str, problem: str
) -> None:
    good = "# view: table\nSELECT ?s { ?s ?p ?o }"
    (one,) = unreadable(make_publication, views__bad=query, views__good=good)
    assert problem in one


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"# view: map\n{PREFIX}SELECT ?city {{ ?city a ex:City }}", "is a map, and no row has a point"),
        (f"# view: map\n{PREFIX}SELECT * {{ ?city a ex:City OPTIONAL {{ ?city ex:latt ?lat ; ex:long ?long }} }}",
         "is a map, and no row has a point"),
        (f"# view: map\n{PREFIX}SELECT ?city {{ ?city ex:point ?point }}", "has no row"),
        (f"# view: timeline\n{PREFIX}SELECT ?city {{ ?city a ex:City }}", "is a timeline, and no row has a date"),
        (f"# view: ladder\n{PREFIX}SELECT ?city {{ ?city a ex:City }}", "has fewer than three variables"),
        (f"# view: table\n# names@en: town = Town\n{PREFIX}SELECT ?c {{ ?c a ex:City }}", "names the column ?town"),
    ],
)  # fmt: skip
def test_a_view_that_shows_less_than_it_promises_is_warned_of(
    make_publication: PublicationMaker, text: str, expected: str
) -> None:
    (one,) = told(check(make_publication, views__v=text))
    assert one.startswith("warning: queries/views/v.rq")
    assert expected in one


@pytest.mark.parametrize(
    "text",
    [
        f"# view: map\n{PREFIX}SELECT ?city ?lat ?long {{ ?city ex:lat ?lat ; ex:long ?long }}",
        "# view: map\nPREFIX geo: <http://www.opengis.net/ont/geosparql#>\n"
        'SELECT ?x ("POINT(10 43)"^^geo:wktLiteral AS ?p) { VALUES ?x { "Pisa" } }',
        f"# view: timeline\n{PREFIX}SELECT ?city ?year {{ ?city ex:founded ?year }}",
    ],
)
def test_a_view_that_can_be_drawn_conforms(make_publication: PublicationMaker, text: str) -> None:
    assert told(check(make_publication, views__v=text)) == []


ENDLESS = "SELECT (COUNT(*) AS ?n) { " + " ".join(f"?s{n} ?p{n} ?o{n} ." for n in range(12)) + " }"


def test_a_slow_query_is_warned_of_and_holds_up_nothing(
    make_publication: PublicationMaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "SECONDS", 0.3)
    began = time.process_time()
    report = check(make_publication, a=f"# order: 1\n{ENDLESS}", b=f"# expect: VALUES (?city) {{}}\n{CITIES}")
    slow, wrong = told(report)
    assert slow.startswith("warning: queries/a.rq: the question “a” was not answered within")
    assert wrong.startswith("violation: queries/b.rq:1: ")
    assert time.process_time() - began < 20


def test_all_queries_together_have_a_bound(make_publication: PublicationMaker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "ALL_SECONDS", 0.0)
    (one,) = told(check(make_publication, a=CITIES, b=CITIES))
    assert one.startswith("warning: queries/b.rq: the question “b” was not tried")


def test_a_question_to_other_endpoints_is_not_asked(make_publication: PublicationMaker) -> None:
    (one,) = told(check(make_publication, a="SELECT * { SERVICE <https://example.org/sparql> { ?s ?p ?o } }"))
    assert one.startswith("warning: queries/a.rq: the question “a” is not tried here")


@settings(max_examples=15, deadline=None)
@given(st.lists(st.integers(0, 5), max_size=6))
def test_work_within_its_bounds_is_as_it_would_be_without(items: list[int]) -> None:
    found = list(results_within(5, 1 << 28, lambda item: 12 // item, items))
    assert found == [(item, 12 // item if item else None) for item in items]


def test_a_wrong_answer_is_not_built(make_publication: PublicationMaker, tmp_path: Path) -> None:
    text = f"# expect: VALUES (?city) {{}}\n{CITIES}"
    folder = make_publication({"data/a.ttl": DATA, "queries/q.rq": text})
    run = CliRunner().invoke(main, ["build", "--publication", str(folder), "--out", str(tmp_path / "out")])
    assert run.exit_code == 1
    assert "does not have the answer expected" in run.stderr
    assert not (tmp_path / "out" / "current").exists()


ONTOLOGY = """@prefix owl: <http://www.w3.org/2002/07/owl#> .
<https://example.org/v> a owl:Ontology . <https://example.org/v#City> a owl:Class .
"""


@pytest.mark.parametrize(
    ("name", "text", "place"),
    [
        ("queries/q.rq", "PREFIX v: <https://example.org/v#>\nSELECT ?c { ?c a v:City ; v:mayr ?m }", "2:27"),
        ("queries/views/v.rq", "# view: table\nSELECT ?c { ?c <https://example.org/v#mayr> ?m . }", "2:16"),
        ("queries/rules/r.rq", "BASE <https://example.org/>\nSELECT ?c { ?c <v#mayr> ?m }", "2:16"),
    ],
)
def test_an_undeclared_term_in_a_query_is_a_violation(
    make_publication: PublicationMaker, name: str, text: str, place: str
) -> None:
    folder = make_publication({"data/a.ttl": DATA, "ontology/v.ttl": ONTOLOGY, name: text})
    found = [
        result for result in validate(read_dataset(Publication.open(folder))).results if result.severity == "violation"
    ]
    (one,) = found
    assert (str(one.place), one.source) == (f"{name}:{place}", "undeclared-term")
    assert "https://example.org/v#mayr is not declared" in one.message()


def test_declared_terms_comments_and_texts_in_queries_are_no_fault(make_publication: PublicationMaker) -> None:
    text = (
        "# title@en: of v:mayr\n# expect: VALUES (?c) {}\nPREFIX v: <https://example.org/v#>\n"
        'SELECT ?c { ?c a v:City # v:mayr\n FILTER(?c = "v:mayr") }'
    )
    folder = make_publication({"data/a.ttl": DATA, "ontology/v.ttl": ONTOLOGY, "queries/q.rq": text})
    assert told(validate(read_dataset(Publication.open(folder)))) == []
