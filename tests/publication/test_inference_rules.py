"""Statements that rules infer: their graphs, their description, and that they say what SPARQL says."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, Triple
from rdflib import Graph
from rdflib.plugins.sparql import prepareQuery

from missiongraph.engine.embedded import EmbeddedEngine
from missiongraph.engine.protocol import rows
from missiongraph.errors import UnreadableInput
from missiongraph.publication.dataset import Dataset, read_dataset
from missiongraph.publication.source_folder import Publication
from missiongraph.validation import validate
from missiongraph.validation.checks.query_rules import check_rules
from missiongraph.vocab import MG, PROV, RDF, RDFS, SH
from tests.conftest import PublicationMaker
from tests.terms import iri

PREFIXES = "PREFIX ex: <https://example.org/> PREFIX mg: <https://w3id.org/missiongraph/ontology#>\n"
INVERSE = f"# title@en: Chosen in\n{PREFIXES}CONSTRUCT {{ ?o ex:chosenIn ?s }} WHERE {{ ?s ex:chose ?o }}"
DATA = f"{PREFIXES}ex:jury ex:chose ex:ale, ex:stout . ex:ale ex:chosenIn ex:jury ."


def read(make: PublicationMaker, data: str, **rules: str) -> Dataset:
    files = {f"queries/rules/{name}.rq": rule for name, rule in rules.items()}
    return read_dataset(Publication.open(make({"data/a.trig": data, **files})))


INFERRED = iri("id/graph/rule/inverse")


def test_what_a_rule_infers_is_accepted_and_stands_in_a_graph_of_its_own(make_publication: PublicationMaker) -> None:
    dataset = read(make_publication, DATA, inverse=INVERSE)
    assert dataset.triples_in([INFERRED]) == (Triple(iri("stout"), iri("chosenIn"), iri("jury")),)
    assert set(dataset.triples_in([INFERRED])) <= set(dataset.default_graph)


def test_what_somebody_states_is_not_inferred_again(make_publication: PublicationMaker) -> None:
    dataset = read(make_publication, DATA, inverse=INVERSE)
    assert not any(triple.subject == iri("ale") for triple in dataset.triples_in([INFERRED]))


def test_the_graph_is_described_with_its_rule(make_publication: PublicationMaker) -> None:
    dataset = read(make_publication, DATA, inverse=INVERSE)
    rule = iri("id/rule/inverse")
    assert {
        Triple(INFERRED, RDF.type, MG.InferredGraph),
        Triple(INFERRED, PROV.wasDerivedFrom, rule),
        Triple(rule, RDF.type, SH.SPARQLRule),
        Triple(rule, SH.construct, Literal(INVERSE.partition("\n")[2] + "\n")),
        Triple(rule, RDFS.label, Literal("Chosen in", language="en")),
    } <= set(dataset.default_graph)


def test_a_rule_sees_what_those_before_it_inferred(make_publication: PublicationMaker) -> None:
    later = f"# order: 2\n{PREFIXES}CONSTRUCT {{ ?o a ex:Chosen }} WHERE {{ ?o ex:chosenIn ?jury }}"
    dataset = read(make_publication, DATA, a=later, inverse=f"# order: 1\n{INVERSE}")
    assert len(dataset.triples_in([iri("id/graph/rule/a")])) == 2


def test_what_is_not_accepted_infers_nothing(make_publication: PublicationMaker) -> None:
    data = f"{PREFIXES}ex:g {{ ex:jury ex:chose ex:lager }} ex:g mg:rank mg:alternative ."
    assert read(make_publication, data, inverse=INVERSE).triples_in([INFERRED]) == ()


def test_a_rule_that_infers_is_no_check_and_the_other_way_round(make_publication: PublicationMaker) -> None:
    check = f"{PREFIXES}SELECT ?focus {{ ?focus ex:chosenIn ?jury }}"
    dataset = read(make_publication, DATA, inverse=INVERSE, check=check)
    results = list(check_rules(dataset))
    assert [result.source for result in results] == ["queries/rules/check.rq"] * 2
    assert not any("check" in file.graph.value for file in dataset.files)


def test_a_result_about_an_inferred_statement_names_the_rule_as_its_place(make_publication: PublicationMaker) -> None:
    check = f"{PREFIXES}SELECT ?focus ?path ?value {{ ?focus ?path ?value FILTER(?path = ex:strength) }}"
    rule = f"{PREFIXES}CONSTRUCT {{ ex:new ex:strength 5 }} WHERE {{}}"
    (result,) = check_rules(read(make_publication, DATA, rule=rule, check=check))
    assert result.place is not None and result.place.file == "queries/rules/rule.rq"


def test_a_rule_that_is_no_query_is_named_with_its_place(make_publication: PublicationMaker) -> None:
    with pytest.raises(UnreadableInput) as refused:
        read(make_publication, DATA, broken="CONSTRUCT { ?s ?p } WHERE { ?s ?p ?o }")
    assert str(refused.value).startswith("queries/rules/broken.rq:1:19: not a SPARQL 1.1 query")


NAMES = st.sampled_from("abcd")
TRIPLES = st.lists(st.tuples(NAMES, st.sampled_from(("chose", "chosenIn", "likes")), NAMES), max_size=12)
TEMPLATES = st.sampled_from(
    (
        ("?o ex:chosenIn ?s", "?s ex:chose ?o"),
        ("?a ex:likes ?c", "?a ex:likes ?b . ?b ex:likes ?c"),
        ("?s a ex:Chooser . ex:jury ex:knows ?s", "?s ex:chose ?o FILTER NOT EXISTS { ?o ex:chosenIn ?s }"),
        ("_:vote ex:of ?s", "?s ex:chose ?o"),
    )
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(triples=TRIPLES, template=TEMPLATES)
def test_rules_infer_what_another_engine_constructs(
    make_publication: PublicationMaker, triples: list[tuple[str, str, str]], template: tuple[str, str]
) -> None:
    made, where = template
    rule = f"{PREFIXES}CONSTRUCT {{ {made} }} WHERE {{ {where} }}"
    data = PREFIXES + " ".join(f"ex:{s} ex:{p} ex:{o} ." for s, p, o in triples) + " ex:a ex:is ex:a ."
    ours = Graph()
    dataset = read(make_publication, data, rule=rule)
    for triple in dataset.triples_in([iri("id/graph/rule/rule")]):
        ours.parse(data=f"{triple} .", format="nt")
    stated = Graph().parse(data=data, format="turtle")
    theirs = stated.query(prepareQuery(rule)).graph
    assert theirs is not None
    new = {t for t in theirs if t not in stated}
    assert len(ours) == len(new)
    assert {t[1:] for t in ours} == {t[1:] for t in new}


def test_a_shape_sees_what_is_inferred_and_its_result_names_the_rule(make_publication: PublicationMaker) -> None:
    shape = "@prefix ex: <https://example.org/> . @prefix sh: <http://www.w3.org/ns/shacl#> . ex:S sh:targetSubjectsOf "
    shape += "ex:strength ; sh:property [ sh:path ex:strength ; sh:maxInclusive 3 ] ."
    rule = f"{PREFIXES}CONSTRUCT {{ ex:new ex:strength 5 }} WHERE {{}}"
    files = {"data/a.trig": DATA, "queries/rules/r.rq": rule, "shapes/s.ttl": shape}
    (result,) = validate(read_dataset(Publication.open(make_publication(files)))).results[:1]
    assert (result.focus, str(result.value).partition("^")[0]) == (iri("new"), '"5"')
    assert result.place is not None and result.place.file == "queries/rules/r.rq"


RETIRED = "{ <https://example.org/id/graph/rule/inverse> mg:rank mg:retired }"
ALTERNATIVE = f"{PREFIXES}CONSTRUCT {{ ex:tasting mg:rank mg:alternative }} WHERE {{ ex:jury ex:chose ex:ale }}"


@pytest.mark.parametrize(
    ("data", "rules"),
    [
        pytest.param(DATA, {}, id="no rule"),
        pytest.param(DATA, {"inverse": INVERSE}, id="a rule"),
        pytest.param(f"{DATA} ex:graphs {RETIRED}", {"inverse": INVERSE}, id="a rule whose graph is retired"),
        pytest.param(f"{DATA} ex:tasting {{ ex:ale ex:won ex:gold }}", {"rank": ALTERNATIVE}, id="a rule that ranks"),
    ],
)
def test_the_engine_that_rules_have_asked_holds_the_dataset(
    make_publication: PublicationMaker, data: str, rules: dict[str, str]
) -> None:
    dataset = read(make_publication, data, **rules)
    everything = "SELECT * { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }"
    anew = EmbeddedEngine.of(dataset.default_graph, dataset.quads)
    held, expected = ({str(row) for row in rows(engine, everything)} for engine in (dataset.engine, anew))
    assert held == expected
