"""The shipped publication holds to its own shapes, rules and questions, and to the vocabularies it uses."""

from __future__ import annotations

import os
import re
import shutil
from collections import Counter
from functools import cache
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, QueryBoolean, QuerySolution, QuerySolutions, RdfFormat, parse

from missiongraph.engine.embedded import EmbeddedEngine
from missiongraph.publication.dataset import Dataset
from missiongraph.publication.inference_rules import is_inference
from missiongraph.publication.query_files import Question, read_questions
from missiongraph.publication.rdf_files import FaultyFile
from missiongraph.publication.source_folder import Publication
from missiongraph.publication.tables import read_table
from missiongraph.sparql.results import evaluate
from missiongraph.validation import validate
from missiongraph.vocab import MG, SH
from tests.conftest import ROOT

QUESTIONS = read_questions(Publication.open(ROOT), Publication.open(ROOT).question_files)
ALL_RULES = read_questions(Publication.open(ROOT), Publication.open(ROOT).rule_files)
RULES = [rule for rule in ALL_RULES if not is_inference(rule)]
INFERENCES = [rule for rule in ALL_RULES if is_inference(rule)]
PRATO = NamedNode("https://w3id.org/missiongraph/id/city/prato")


@pytest.fixture(scope="module")
def engine(shipped_dataset: Dataset) -> EmbeddedEngine:
    return EmbeddedEngine.of(shipped_dataset.default_graph, shipped_dataset.quads)


def rows_of(answer: object) -> Counter[frozenset[tuple[str, str]]]:
    assert isinstance(answer, QuerySolutions)
    names = [variable.value for variable in answer.variables]
    return Counter(_row(solution, names) for solution in answer)


def _row(solution: QuerySolution, names: list[str]) -> frozenset[tuple[str, str]]:
    return frozenset((name, str(solution[name])) for name in names if solution[name] is not None)


#: Counts of which a source states another number than the graph names: (stated number, count).
DIFFERING = {
    ("106", "label-holders"),  # Eindhoven and Helmond are one entry and counted as two
    ("11", "label-round-5"),  # the same
    ("53", "pilot-cohort-1-cities"),  # not all members are known
}


def test_it_conforms_and_only_stated_numbers_differ(shipped_dataset: Dataset) -> None:
    results = validate(shipped_dataset).results
    assert {(r.severity, r.source) for r in results} == {("info", "queries/rules/stated-count-differs.rq")}
    assert {(getattr(r.value, "value", ""), str(r.focus)[1:-1].rsplit("/", 1)[1]) for r in results} == DIFFERING


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: str(question.name))
def test_a_question_has_exactly_the_expected_answer(
    question: Question, engine: EmbeddedEngine, shipped_dataset: Dataset
) -> None:
    answer = evaluate(engine, question.text, shipped_dataset.prefixes)
    if question.expected_query is None:
        assert isinstance(answer, QueryBoolean) and question.expect == str(bool(answer)).lower()
        return
    expected = engine.query(question.expected_query, prefixes=shipped_dataset.prefixes)
    assert rows_of(answer) == rows_of(expected)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: str(rule.name))
def test_a_rule_returns_no_row(rule: Question, engine: EmbeddedEngine, shipped_dataset: Dataset) -> None:
    if rule.severity == "info":
        return  # test_it_conforms_and_only_stated_numbers_differ names the rows
    assert not rows_of(evaluate(engine, rule.text, shipped_dataset.prefixes))


@pytest.mark.parametrize("query", [*QUESTIONS, *ALL_RULES], ids=lambda query: str(query.path))
def test_a_query_says_what_it_is_for_in_both_languages(query: Question) -> None:
    for texts in (query.title, query.question, *([query.message] if query in RULES else [])):
        assert texts.keys() == {"en", "it"}
        assert all(text.strip() for text in texts.values())
    assert query in ALL_RULES or query.expect is not None


def test_schema_org_is_written_with_http(shipped: Publication) -> None:
    files = [*shipped.data_files, *shipped.ontology_files, *shipped.shape_files, *shipped.question_files]
    assert [file.name for file in files if "https://schema.org" in file.read_text("utf-8")] == []


@cache
def vocabularies() -> dict[str, frozenset[str]]:
    """The terms of each namespace that the published vocabularies declare."""
    suites = os.environ.get("MISSIONGRAPH_SUITES")
    folder = Path(suites) / "vocabularies" if suites else None
    if folder is None or not folder.is_dir():
        pytest.skip("the published vocabularies are not here: MISSIONGRAPH_SUITES names no folder with them")
    terms: dict[str, set[str]] = {}
    for file in sorted(folder.glob("*.ttl")):
        base = f"https://vocabulary.example/{file.name}"
        declared = {
            quad.subject.value
            for quad in parse(file.read_bytes(), RdfFormat.TURTLE, base_iri=base)
            if isinstance(quad.subject, NamedNode)
        }
        for term in declared:
            terms.setdefault(_namespace(term), set()).add(term)
    return {namespace: frozenset(found) for namespace, found in terms.items() if len(found) > 5}


def _namespace(term: str) -> str:
    return re.sub(r"[^/#]*$", "", term)


def test_every_term_of_a_published_vocabulary_exists(shipped: Publication, shipped_dataset: Dataset) -> None:
    known = vocabularies()
    used = {
        term.value
        for quad in shipped_dataset.quads
        for term in (quad.predicate, quad.object)
        if isinstance(term, NamedNode) and _namespace(term.value) in known
    }
    unknown = {term for term in used if term not in known[_namespace(term)] and term != _namespace(term)}
    assert unknown == {SH.construct.value}  # SHACL Advanced Features, 8.2; the copy of the vocabulary lacks it
    assert len({_namespace(term) for term in used}) > 8


def test_the_default_graph_holds_each_triple_once(engine: EmbeddedEngine, shipped_dataset: Dataset) -> None:
    (row,) = rows_of(engine.query("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"))
    ((_, count),) = row
    assert count.startswith(f'"{len(set(shipped_dataset.default_graph))}"')
    assert len(shipped_dataset.default_graph) == len(set(shipped_dataset.default_graph))


def test_a_city_may_receive_the_label_twice_but_not_in_one_round(shipped: Publication, tmp_path: Path) -> None:
    tables = shutil.copytree(shipped.folder / "data" / "mission" / "tables", tmp_path / "tables")
    rows_before = (tables / "labels.csv").read_text("utf-8")
    (tables / "labels.csv").write_text(f"{rows_before}prato,6,label-round-6,Prato\n", "utf-8")
    read = read_table(tables / "labels.csv", "labels.csv", NamedNode("https://example.org/graph"))
    rounds = {str(quad.subject)[-2] for quad in read.quads if quad.object == PRATO and quad.predicate == MG.selected}
    assert rounds == {"3", "6"}
    (tables / "labels.csv").write_text(f"{rows_before}prato,3,label-round-6,Prato\n", "utf-8")
    with pytest.raises(FaultyFile, match=r"labels\.csv:"):
        read_table(tables / "labels.csv", "labels.csv", NamedNode("https://example.org/graph"))


def test_every_quad_comes_from_a_file_of_the_publication(shipped: Publication, shipped_dataset: Dataset) -> None:
    inferring = {rule.path for rule in INFERENCES}
    paths = {shipped.path_of(file) for file in (*shipped.data_files, *shipped.ontology_files)} | inferring
    assert {file.path for file in shipped_dataset.files} == paths
    assert all(file.quads for file in shipped_dataset.files)
