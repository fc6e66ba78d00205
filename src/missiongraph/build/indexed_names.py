"""Collects the names for the index of names: texts of the default graph, and paths of documents."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from urllib.parse import unquote

from pyoxigraph import Literal, NamedNode, Triple

from missiongraph.build.address_index import Resource
from missiongraph.names.folding import MOST_CHARACTERS
from missiongraph.names.index import Kind, Name, Role
from missiongraph.vocab import (
    ALTERNATIVE_PROPERTIES,
    CODE_PROPERTIES,
    DESCRIPTION_PROPERTIES,
    LABEL_PROPERTIES,
    RDF,
    RDFS,
    TERM_CLASSES,
)


def names_in(default_graph: Sequence[Triple], graphs: set[str], documents: Iterable[Resource]) -> Iterator[Name]:
    """Yields all names, codes and descriptions in *default_graph*, then all paths; each text of a thing once.

    :param graphs: the IRIs of named graphs
    :param documents: a resource for each document, with its path
    """
    kinds = _kinds(default_graph)
    types: dict[str, list[NamedNode]] = defaultdict(list)
    for triple in default_graph:
        subject, kind = triple.subject, triple.object
        if triple.predicate == RDF.type and isinstance(subject, NamedNode) and isinstance(kind, NamedNode):
            types[subject.value].append(kind)
    texts: dict[tuple[str, Kind, str], None] = {}
    for triple in default_graph:
        what = kinds.get(triple.predicate)
        if what is not None and isinstance(triple.subject, NamedNode) and isinstance(triple.object, Literal):
            texts[triple.subject.value, what, triple.object.value[:MOST_CHARACTERS]] = None
    for iri, what, text in sorted(texts):
        classes = types.get(iri, ())
        yield Name(iri, text, what, _role(iri, classes, graphs), tuple(term.value for term in classes))
    for document in documents:
        if document.path:
            yield Name(document.document, unquote(document.path.removeprefix("id/")), Kind.PATH)


def _kinds(default_graph: Iterable[Triple]) -> Mapping[NamedNode, Kind]:
    """The kind of text of each property; subproperties of properties for codes have codes."""
    refined: dict[NamedNode, list[NamedNode]] = defaultdict(list)
    for triple in default_graph:
        term, above = triple.subject, triple.object
        if triple.predicate == RDFS.subPropertyOf and isinstance(term, NamedNode) and isinstance(above, NamedNode):
            refined[above].append(term)
    codes = list(CODE_PROPERTIES)
    for code in codes:
        codes += [term for term in refined[code] if term not in codes]
    kinds = dict.fromkeys(codes, Kind.CODE)
    kinds |= dict.fromkeys(DESCRIPTION_PROPERTIES, Kind.DESCRIPTION)
    kinds |= dict.fromkeys(ALTERNATIVE_PROPERTIES, Kind.ALTERNATIVE)
    return kinds | dict.fromkeys(LABEL_PROPERTIES, Kind.LABEL)


def _role(iri: str, types: Sequence[NamedNode], graphs: set[str]) -> Role:
    if iri in graphs:
        return Role.GRAPH
    if any(term in TERM_CLASSES for term in types):
        return Role.TERM
    return Role.THING if types else Role.OTHER
