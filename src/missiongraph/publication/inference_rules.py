"""Runs inference rules: the CONSTRUCT queries of ``queries/rules/``. Each puts its results into a graph of its own.

A rule sees the accepted statements as the default graph, every named graph, and what the rules before it inferred. Its
graph holds only triples that no accepted graph states. A further graph describes these graphs and the rules, whose
texts it keeps as SHACL rules (SHACL Advanced Features, section 8).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from pyoxigraph import Literal, NamedNode, Quad, QueryTriples, Triple

from missiongraph.engine.embedded import EmbeddedEngine
from missiongraph.engine.query_clauses import query_form
from missiongraph.engine.syntax_errors import syntax_problem
from missiongraph.errors import Place, Problem, UnreadableInput
from missiongraph.publication.query_files import Question, read_questions
from missiongraph.publication.rdf_files import ParsedFile
from missiongraph.publication.source_folder import Publication
from missiongraph.vocab import MG, PROV, RDF, RDFS, SH


def is_inference(rule: Question) -> bool:
    """Whether *rule* infers statements, as a CONSTRUCT query does; other rules are checks."""
    return query_form(rule.text) == "CONSTRUCT"


def infer(
    publication: Publication,
    default_graph: Sequence[Triple],
    engine: Callable[[], EmbeddedEngine],
    prefixes: dict[str, str],
) -> Iterator[ParsedFile]:
    """Yields for each inference rule of *publication* what it infers, then the graph that describes the rules.

    :param default_graph: the accepted statements
    :param engine: returns an engine over all statements; the inferred ones are added to it
    :param prefixes: namespaces of the prefixes that a rule may use without declaring them
    :raises UnreadableInput: a rule cannot be read, does not parse, or constructs terms of RDF 1.2
    """
    rules = [rule for rule in read_questions(publication, publication.rule_files) if is_inference(rule)]
    if not rules:
        return
    base = publication.settings.base
    asked = engine()
    known = set(default_graph)
    for rule in rules:
        inferred = dict.fromkeys(t for t in _construct(asked, rule, prefixes) if t not in known)
        known |= inferred.keys()
        graph = graph_of(rule, base)
        new = tuple(_quad(triple, graph) for triple in inferred)
        asked.add(inferred, new)
        yield ParsedFile(rule.path, graph, new)
    described = NamedNode(f"{base}id/graph/rules")
    description = tuple(_description(described, rules, base))
    quads = tuple(_quad(triple, described) for triple in description)
    asked.add(description, quads)
    yield ParsedFile(rules[0].path, described, quads)


def graph_of(rule: Question, base: str) -> NamedNode:
    """The graph that holds what *rule* infers."""
    return NamedNode(f"{base}id/graph/rule/{rule.name}")


def _construct(engine: EmbeddedEngine, rule: Question, prefixes: dict[str, str]) -> Iterator[Triple]:
    try:
        answer = engine.query(rule.text, prefixes=prefixes)
    except SyntaxError as error:
        raise UnreadableInput(syntax_problem(error, rule.path)) from None
    assert isinstance(answer, QueryTriples)
    for triple in answer:
        if isinstance(triple.object, Triple) or (isinstance(triple.object, Literal) and triple.object.direction):
            raise UnreadableInput(Problem("the rule constructs terms of RDF 1.2", Place(rule.path)))
        yield triple


def _description(graph: NamedNode, rules: Sequence[Question], base: str) -> Iterator[Triple]:
    """The graphs of *rules*, each derived from its rule, and the rules with their texts."""
    yield Triple(graph, RDF.type, MG.MetadataGraph)
    for language, text in (("en", "inference rules"), ("it", "regole di inferenza")):
        yield Triple(graph, RDFS.label, Literal(text, language=language))
    for rule in rules:
        inferred, named = graph_of(rule, base), NamedNode(f"{base}id/rule/{rule.name}")
        yield Triple(inferred, RDF.type, MG.InferredGraph)
        yield Triple(inferred, MG.basis, MG.inferred)
        yield Triple(inferred, PROV.wasDerivedFrom, named)
        yield Triple(named, RDF.type, SH.SPARQLRule)
        yield Triple(named, SH.construct, Literal(rule.query))
        for about in (inferred, named):
            yield from (Triple(about, RDFS.label, _text(text, tag)) for tag, text in rule.title.items())
            yield from (Triple(about, RDFS.comment, _text(text, tag)) for tag, text in rule.question.items())


def _text(text: str, language: str) -> Literal:
    return Literal(text, language=language) if language else Literal(text)


def _quad(triple: Triple, graph: NamedNode) -> Quad:
    return Quad(triple.subject, triple.predicate, triple.object, graph)
