"""Shapes that refer to themselves: SHACL leaves open what that means (section 3.4.3), so that a report says it once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pyoxigraph import NamedNode

from missiongraph.errors import Place
from missiongraph.publication.dataset import Dataset
from missiongraph.validation.report import Result, Term
from missiongraph.validation.shapes_in_words import Shapes, members, shapes_in
from missiongraph.validation.term_names import short_iri
from missiongraph.vocab import RDF, SH

#: What a result of this check names as its source.
SOURCE = "recursive-shape"

#: How a shape leads to others; some name them one by one, some in a list.
WITHIN = (SH.property, SH.node, SH["and"], SH["or"], SH.xone, SH["not"], SH.qualifiedValueShape)


def check_recursion(dataset: Dataset) -> Iterator[Result]:
    """An information for each circle of shapes, about one of them: one with an IRI where there is one."""
    shapes = shapes_in(quad.triple for file in dataset.shapes for quad in file.quads)
    told: set[Term] = set()
    leads = {shape: tuple(led_to(shapes, shape)) for shape in shapes}
    for shape in sorted(leads, key=lambda term: (str(term).startswith("_:"), str(term))):
        circle = _reached(leads, shape)
        if shape not in circle or shape in told:
            continue
        told |= {other for other in circle if shape in _reached(leads, other)}
        place = dataset.shape_places.term(shape)
        name = _name(dataset, shape, place)
        yield Result(
            severity="info",
            messages=(
                ("en", f"{name} refers to itself: a node that leads back to it is not looked at a second time"),
                ("it", f"{name} rimanda a sé stessa: un nodo che vi riconduce non è guardato una seconda volta"),
            ),
            source=SOURCE,
            place=place,
        )


def led_to(shapes: Shapes, shape: Term) -> Iterator[Term]:
    """The shapes that *shape* names."""
    for link in WITHIN:
        for term in shapes[shape].get(link, ()):
            yield from members(term, shapes) if RDF.first in shapes.get(term, {}) else (term,)


def _reached(leads: Mapping[Term, tuple[Term, ...]], start: Term) -> set[Term]:
    found: set[Term] = set()
    border = [*leads.get(start, ())]
    while border:
        shape = border.pop()
        if shape not in found:
            found.add(shape)
            border += leads.get(shape, ())
    return found


def _name(dataset: Dataset, shape: Term, place: Place | None) -> str:
    return short_iri(shape, dataset.prefixes) if isinstance(shape, NamedNode) else str(place)
