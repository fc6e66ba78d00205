"""A check of terms in the publication's own namespaces: the ontology or the JSON-LD context lacks them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

from pyoxigraph import NamedNode, Quad

from missiongraph.engine.query_clauses import Prologue, tokens
from missiongraph.errors import Place
from missiongraph.publication.dataset import Dataset
from missiongraph.publication.query_files import read_questions
from missiongraph.rdf.jsonld_context import names_in
from missiongraph.validation.report import Result, Term
from missiongraph.vocab import OWL, RDF, VANN

#: The source of results of this check.
SOURCE = "undeclared-term"
CONTEXT_SOURCE = "unnamed-term"

#: How many terms a message about the context lists.
_SHOWN = 5

_PROLOGUE = ("PREFIX", "BASE")


def own_namespaces(dataset: Dataset) -> tuple[str, ...]:
    """The namespaces of the ontologies in ``ontology/``.

    A namespace is the one that ``vann:preferredNamespaceUri`` states, else the IRI of the ontology and ``#``.
    """
    stated: dict[str, str] = {}
    for quad in _ontology_quads(dataset):
        subject = quad.subject
        if not isinstance(subject, NamedNode):
            continue
        if quad.predicate == RDF.type and quad.object == OWL.Ontology:
            default = subject.value if subject.value.endswith(("#", "/")) else f"{subject.value}#"
            stated.setdefault(subject.value, default)
        elif quad.predicate == VANN.preferredNamespaceUri:
            stated[subject.value] = getattr(quad.object, "value", subject.value)
    return tuple(stated.values())


def check_terms(dataset: Dataset) -> Iterator[Result]:
    """A violation for each undeclared term of an own namespace, at its first use: in the data, else in a query.

    :raises UnreadableInput: the header of a query cannot be read
    """
    namespaces = own_namespaces(dataset)
    if not namespaces:
        return
    declared = {quad.subject for quad in _ontology_quads(dataset)}
    seen: set[NamedNode] = set()
    for file in dataset.files:
        for quad in file.quads:
            for term in (quad.predicate, quad.object, quad.subject):
                if not isinstance(term, NamedNode) or not _is_in(term, namespaces):
                    continue
                if term in declared or term in seen:
                    continue
                seen.add(term)
                yield _undeclared(term, dataset.place_of(term, file.path), quad.subject, str(quad.predicate))
    for term, place in _terms_in_queries(dataset):
        if term not in declared and term not in seen and _is_in(term, namespaces):
            seen.add(term)
            yield _undeclared(term, place)


def check_context(dataset: Dataset) -> Iterator[Result]:
    """An info if the publication's JSON-LD context has no name for terms of its ontology.

    :raises UnreadableInput: the file is no JSON-LD context
    """
    file, context = dataset.publication.context_file, dataset.publication.context
    if file is None or context is None:
        return
    vocabulary, named = str(context.get("@vocab") or ""), names_in(context)
    namespaces = tuple(space for space in own_namespaces(dataset) if space != vocabulary)
    declared = {quad.subject.value for quad in _ontology_quads(dataset) if isinstance(quad.subject, NamedNode)}
    lacking = sorted(term for term in declared - named if namespaces and _is_in(NamedNode(term), namespaces))
    if not lacking:
        return
    shown = ", ".join(f"<{term}>" for term in lacking[:_SHOWN]) + (", …" if len(lacking) > _SHOWN else "")
    messages = (
        ("en", f"no name for {len(lacking)} of the terms of the ontology, which JSON-LD writes as IRIs: {shown}"),
        ("it", f"nessun nome per {len(lacking)} dei termini dell’ontologia, che JSON-LD scrive come IRI: {shown}"),
    )
    yield Result("info", messages, CONTEXT_SOURCE, place=Place(dataset.publication.path_of(file), 1))


def _is_in(term: NamedNode, namespaces: tuple[str, ...]) -> bool:
    iri = term.value
    return iri.startswith(namespaces) and any(iri.startswith(space) and iri != space for space in namespaces)


def _undeclared(term: NamedNode, place: Place, focus: Term | None = None, path: str | None = None) -> Result:
    messages = (
        ("en", f"{term.value} is not declared in the ontology; is it misspelt?"),
        ("it", f"{term.value} non è dichiarato nell’ontologia: è scritto bene?"),
    )
    return Result("violation", messages, SOURCE, focus=focus, path=path, value=term, place=place)


def _terms_in_queries(dataset: Dataset) -> Iterator[tuple[NamedNode, Place]]:
    """The IRIs that questions, views and rules use below their prologue, with their places."""
    publication = dataset.publication
    files = (*publication.question_files, *publication.view_files, *publication.rule_files)
    for query in read_questions(publication, files):
        found = list(tokens(query.text))
        prologue = Prologue.of(found, dataset.prefixes, publication.settings.base)
        start = next((n for n, t in enumerate(found) if t.kind == "word" and t.text.upper() not in _PROLOGUE), 0)
        for token in found[start:]:
            if token.kind in ("iri", "name"):
                before = query.text[: token.offset]
                place = Place(query.path, before.count("\n") + 1, token.offset - before.rfind("\n"))
                with suppress(ValueError):  # check_queries reports it
                    yield NamedNode(prologue.expand(token)), place


def _ontology_quads(dataset: Dataset) -> Iterator[Quad]:
    for file in dataset.files:
        if file.path.startswith("ontology/"):
            yield from file.quads
