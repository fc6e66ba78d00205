"""The header block of ``.rq`` files."""

from __future__ import annotations

import pytest

from missiongraph.errors import UnreadableInput
from missiongraph.publication.query_files import Question, read_questions
from missiongraph.publication.source_folder import Publication
from tests.conftest import PublicationMaker

WHOLE = """\
# title@en: Beers
# title@it: Birre
# question@en: Which beers are there?
# message@it: Troppe birre.
# order: 20
# home: beers
# severity: warning
# expect: VALUES (?beer) {
#   (ex:ale)
#   (<https://example.org/stout>)
# }

PREFIX ex: <https://example.org/>
SELECT ?beer
# not a header
WHERE { ?beer a ex:Beer }
"""


def read(make: PublicationMaker, **files: str | bytes) -> tuple[Question, ...]:
    publication = Publication.open(
        make({"data/a.ttl": "", **{f"queries/{name}.rq": text for name, text in files.items()}})
    )
    return read_questions(publication, publication.question_files)


def test_a_header_says_all_of_a_question(make_publication: PublicationMaker) -> None:
    (question,) = read(make_publication, beers=WHOLE)
    assert (question.name, question.path) == ("beers", "queries/beers.rq")
    assert question.title == {"en": "Beers", "it": "Birre"}
    assert question.question == {"en": "Which beers are there?"}
    assert question.message == {"it": "Troppe birre."}
    assert (question.order, question.home, question.severity) == (20, "beers", "warning")
    assert question.expect == "VALUES (?beer) {\n(ex:ale)\n(<https://example.org/stout>)\n}"


VIEW = """\
# title@en: Beers by strength
# menu@en: Beers
# names@en: beer = Beer; strength = Strength
# caption@en: From weak to strong.
# sentence@en: {beer} is strong.
# sentence@en: So is {other}.
# view: chart
# filters: beer, strength
# filled: strength
# lists: https://example.org/Beer
SELECT ?beer ?strength { ?beer ?p ?strength }
"""


def test_a_header_says_how_rows_are_shown(make_publication: PublicationMaker) -> None:
    (view,) = read(make_publication, beers=VIEW)
    assert (view.view, view.filters, view.filled) == ("chart", ("beer", "strength"), "strength")
    assert view.lists == "https://example.org/Beer"
    assert (view.menu, view.caption) == ({"en": "Beers"}, {"en": "From weak to strong."})
    assert view.names == {"en": "beer = Beer; strength = Strength"}
    assert view.sentence == {"en": "{beer} is strong.\nSo is {other}."}


def test_the_query_is_shown_without_its_header(make_publication: PublicationMaker) -> None:
    (question,) = read(make_publication, beers=WHOLE)
    assert question.query.startswith("PREFIX ex:")
    assert "# not a header" in question.query
    assert question.text == WHOLE


def test_expected_rows_are_read_with_the_prologue_of_the_query(make_publication: PublicationMaker) -> None:
    (question,) = read(make_publication, beers=WHOLE)
    assert question.expected_query is not None
    assert question.expected_query.startswith("PREFIX ex: <https://example.org/>\nSELECT * WHERE { VALUES (?beer)")


@pytest.mark.parametrize("header", ["", "# expect: true\n", "# expect: false\n"])
def test_an_ask_or_an_open_question_expects_no_rows(make_publication: PublicationMaker, header: str) -> None:
    (question,) = read(make_publication, q=f"{header}ASK {{ ?s ?p ?o }}")
    assert question.expected_query is None
    assert question.expect == (header[len("# expect: ") :].strip() or None)


def test_a_query_needs_no_header(make_publication: PublicationMaker) -> None:
    (question,) = read(make_publication, q="ASK {}")
    assert (question.title, question.severity, question.order, question.home) == ({}, "violation", 1000, None)


def test_questions_come_in_their_order_then_by_name(make_publication: PublicationMaker) -> None:
    questions = read(make_publication, b="ASK {}", a="ASK {}", z="# order: 1\nASK {}")
    assert [question.name for question in questions] == ["z", "a", "b"]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("# title@en: x\n# titel: y\nASK {}", "queries/bad.rq:2: unknown key “titel” in the header"),
        ("# view: pie\nASK {}", "queries/bad.rq:1: unknown view “pie”"),
        ("# order: 1\n# severity: fatal\nASK {}", "queries/bad.rq:2: unknown severity “fatal”"),
        ("# severity: info\n\n# order: first\nASK {}", None),
        ("# order: first\nASK {}", "queries/bad.rq:1: the order “first” is not a number"),
        (b"# title: \xff\nASK {}", "queries/bad.rq:1:10: is not UTF-8"),
    ],
)
def test_a_fault_is_told_with_its_line(
    make_publication: PublicationMaker, text: str | bytes, problem: str | None
) -> None:
    if problem is None:  # below the header it is a comment
        assert len(read(make_publication, bad=text)) == 1
        return
    with pytest.raises(UnreadableInput) as caught:
        read(make_publication, bad=text)
    assert str(caught.value).startswith(problem)


def test_every_faulty_file_is_listed(make_publication: PublicationMaker) -> None:
    with pytest.raises(UnreadableInput) as caught:
        read(make_publication, a="# x: 1\n", b="# y: 1\n", c="ASK {}")
    assert len(caught.value.problems) == 2


def test_a_comment_among_the_keys_belongs_to_none_of_them(make_publication: PublicationMaker) -> None:
    header = "# A word first.\n# order: 7\n# Who reads this?\n# view: table\n#\n# More words.\nSELECT * { ?s ?p ?o }"
    (question,) = read(make_publication, commented=header)
    assert (question.order, question.view) == (7, "table")
