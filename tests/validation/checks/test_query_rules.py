"""Graph rules: queries that must return no row."""

from __future__ import annotations

import pytest
from pyoxigraph import Literal

from missiongraph.errors import UnreadableInput
from missiongraph.publication.dataset import read_dataset
from missiongraph.publication.source_folder import Publication
from missiongraph.validation.checks.query_rules import check_rules
from missiongraph.validation.report import Result
from tests.conftest import PublicationMaker
from tests.terms import iri

DATA = '@prefix ex: <https://example.org/> . ex:g { ex:ale ex:price 3 . ex:stout ex:price 5 } ex:ale ex:name "Ale" .'


def check(make: PublicationMaker, *rules: str) -> list[Result]:
    files = {f"queries/rules/r{number}.rq": rule for number, rule in enumerate(rules)}
    return list(check_rules(read_dataset(Publication.open(make({"data/a.trig": DATA, **files})))))


def test_no_row_is_no_result(make_publication: PublicationMaker) -> None:
    assert check(make_publication, "SELECT * { ?s ex:unheard ?o }") == []


def test_each_row_is_a_result_with_what_it_selects(make_publication: PublicationMaker) -> None:
    rule = """\
# title@en: Dear beers
# message@en: Too dear.
# severity: warning
SELECT ?g ?focus ?path ?value { GRAPH ?g { ?focus ?path ?value FILTER(?value > 4) } }"""
    (result,) = check(make_publication, rule)
    assert (result.severity, result.messages) == ("warning", (("en", "Too dear."),))
    assert (result.source, result.component) == ("queries/rules/r0.rq", None)
    assert (result.focus, result.path, result.value) == (iri("stout"), str(iri("price")), Literal(5))
    assert result.graph == iri("g")
    assert str(result.place) == "data/a.trig:1:83"


def test_a_message_holds_what_the_row_gives(make_publication: PublicationMaker) -> None:
    """As in messages of SHACL-SPARQL (SHACL, 5.3.2); what the row does not give stays as it is written."""
    rule = """\
# message@en: {?value} is above {$most}, {?unheard}.
# message@it: {?value} supera {?most}.
SELECT ?focus ?value ?most { GRAPH ?g { ?focus ?p ?value FILTER(?value > 4) BIND (4 AS ?most) } }"""
    (result,) = check(make_publication, rule)
    assert result.messages == (("en", "5 is above 4, {?unheard}."), ("it", "5 supera 4."))


def test_a_rule_without_a_message_says_its_title_or_its_name(make_publication: PublicationMaker) -> None:
    query = "SELECT ?s { ?s ex:name ?o }"
    titled, bare = check(make_publication, f"# title@en: Beers have names\n{query}", query)
    assert titled.message() == "Beers have names"
    assert bare.message() == "r1"


def test_the_first_variable_is_the_focus_where_none_is_called_so(make_publication: PublicationMaker) -> None:
    (result,) = check(make_publication, "SELECT ?beer { ?beer ex:name ?o }")
    assert result.focus == iri("ale")


def test_rules_see_the_default_graph_and_all_named_ones(make_publication: PublicationMaker) -> None:
    assert len(check(make_publication, "SELECT ?s { ?s ?p ?o }")) == 3
    assert len(check(make_publication, "SELECT ?s { GRAPH ?g { ?s ?p ?o } }")) == 3


@pytest.mark.parametrize(
    ("rule", "says"),
    [
        ("# title: x\nSELECT * {", r"queries/rules/r0\.rq:2:\d+: not a SPARQL"),
        ("ASK {}", r"queries/rules/r0\.rq: a rule is a SELECT query"),
        ("# titel: x\nSELECT * {}", r"queries/rules/r0\.rq:1: unknown key"),
    ],
)
def test_a_faulty_rule_is_unreadable_input(make_publication: PublicationMaker, rule: str, says: str) -> None:
    with pytest.raises(UnreadableInput, match=says):
        check(make_publication, rule)
