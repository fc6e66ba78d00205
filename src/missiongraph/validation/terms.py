"""Terms in the namespaces of the publication's own ontologies that no ontology file declares."""

from __future__ import annotations

from collections.abc import Iterator

from pyoxigraph import NamedNode, Quad

from missiongraph.dataset import Dataset
from missiongraph.validation.report import Result
from missiongraph.vocab import OWL, RDF, VANN

#: What a result of this check names as its source.
SOURCE = "undeclared-term"


def own_namespaces(dataset: Dataset) -> tuple[str, ...]:
    """Namespaces of the ontologies in ``ontology/``: the preferred one stated, else the IRI and its ``#``."""
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
    """A violation for each undeclared term of an own namespace, with the first place that uses it."""
    namespaces = own_namespaces(dataset)
    if not namespaces:
        return
    declared = {quad.subject for quad in _ontology_quads(dataset)}
    seen: set[NamedNode] = set()
    for file in dataset.files:
        for quad in file.quads:
            for term in (quad.predicate, quad.object, quad.subject):
                if not isinstance(term, NamedNode) or term in declared or term in seen:
                    continue
                if not any(term.value.startswith(space) and term.value != space for space in namespaces):
                    continue
                seen.add(term)
                yield Result(
                    severity="violation",
                    messages=(
                        ("en", f"{term.value} is not declared in the ontology; is it misspelt?"),
                        ("it", f"{term.value} non è dichiarato nell’ontologia: è scritto bene?"),
                    ),
                    source=SOURCE,
                    focus=quad.subject,
                    path=str(quad.predicate),
                    value=term,
                    place=dataset.place_of(term, file.path),
                )


def _ontology_quads(dataset: Dataset) -> Iterator[Quad]:
    for file in dataset.files:
        if file.path.startswith("ontology/"):
            yield from file.quads
