"""A check by shapes: the default graph, and each alternative graph in the place of the claims that it contradicts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import cached_property

from pyoxigraph import BlankNode, DefaultGraph, NamedNode, Quad, Store, Triple

from missiongraph.errors import Place, Problem, UnreadableInput
from missiongraph.publication.dataset import Dataset
from missiongraph.validation.report import Result, Term
from missiongraph.validation.shacl import (
    SHAPES_GRAPH,
    Failure,
    Found,
    Graph,
    Overlay,
    Run,
    Shape,
    ShapesGraph,
    circles_of,
    node_of,
    predicates_of,
    read_shapes,
    term_of,
)
from missiongraph.validation.shacl.vocabulary import NOT_RUN
from missiongraph.validation.term_names import short_iri
from missiongraph.vocab import MG, SH

#: The source of results about the shapes themselves, and of those about shapes that refer to themselves.
SOURCE, RECURSIVE = "shapes-graph", "recursive-shape"


def check_shapes(dataset: Dataset) -> Iterator[Result]:
    """The results of the publication's shapes.

    Alternative graphs are checked one by one, because a claim that was not accepted would count as a second value.

    :raises UnreadableInput: a shapes file cannot be parsed, or shapes are ill-formed; all reasons are listed
    """
    if not dataset.publication.shape_files:
        return
    shapes_graph = ShapesGraph(dataset.shapes, dataset.shape_places)
    shapes = read_shapes(shapes_graph)
    if shapes_graph.problems:
        raise UnreadableInput(*shapes_graph.problems)
    yield from _about_the_shapes(shapes_graph)
    try:
        yield from _Check(dataset, shapes_graph, shapes).results()
    except Failure as failure:
        what = f"the {shapes_graph.name(failure.shape.term)} cannot be used: {failure.why}"
        raise UnreadableInput(Problem(what, shapes_graph.place(failure.shape.term))) from None


def _about_the_shapes(shapes_graph: ShapesGraph) -> Iterator[Result]:
    for term, (english, italian) in NOT_RUN.items():
        for subject in dict.fromkeys((*shapes_graph.subjects(term), *shapes_graph.instances(term))):
            place = shapes_graph.place(subject, term if shapes_graph.values(subject, term) else None)
            name = f"sh:{term.value.removeprefix(SH)}"
            texts = f"{name} is not run: {english}", f"{name} non viene eseguito: {italian}"
            yield _remark(subject, place, *texts)
    for remark in shapes_graph.remarks:
        place = shapes_graph.place(remark.subject, remark.predicate)
        yield _remark(remark.subject, place, remark.english, remark.italian)


def _remark(subject: Term, place: Place | None, english: str, italian: str) -> Result:
    messages = (("en", english), ("it", italian))
    return Result(severity="warning", messages=messages, source=SOURCE, focus=subject, place=place)


class _Check:
    """One dataset and the shapes to check it by."""

    def __init__(self, dataset: Dataset, shapes_graph: ShapesGraph, shapes: Sequence[Shape]) -> None:
        self._dataset, self._shapes_graph, self._shapes = dataset, shapes_graph, shapes
        self._predicates, self._circles = predicates_of(shapes), circles_of(shapes)
        self._places: dict[Shape, Place | None] = {}
        self._held = ExitStack()

    def results(self) -> Iterator[Result]:
        with self._held:
            yield from self._results()
        yield from self._of_circles()

    def _results(self) -> Iterator[Result]:
        graph = Graph(self._dataset.default_graph, self._predicates)
        yield from self._sorted(Run(graph, self._shapes, lambda: self._store, self._circles).results())
        for name, rank in self._dataset.ranks.items():
            if rank == MG.alternative:
                yield from self._alternative(graph, name)

    def _alternative(self, graph: Graph, name: NamedNode) -> Iterator[Result]:
        """The results on subjects of the graph *name*, whose statements replace accepted ones."""
        claims = self._dataset.triples_in([name])
        subjects = dict.fromkeys(node_of(claim.subject) for claim in claims)
        stated = {(node_of(claim.subject), claim.predicate.value) for claim in claims}
        overlay = Overlay(graph, Graph(claims, self._predicates), stated)
        with ExitStack() as claimed:

            def store() -> Store:
                return claimed.enter_context(_with_claims(self._store, claims))

            run = Run(overlay, self._shapes, store, self._circles)
            yield from self._sorted(run.results(only=subjects), name)

    def _of_circles(self) -> Iterator[Result]:
        """An info for each circle of shapes that refer to each other, at one of them (one with an IRI, if any).

        SHACL leaves open what they mean (section 3.4.3), so a report says once that there is a circle.
        """
        reported: set[Shape] = set()
        for shape in sorted(self._circles, key=lambda one: (isinstance(one.term, BlankNode), str(one.term))):
            if shape in reported:
                continue
            reported |= self._circles[shape]
            place = self._place_of(shape)
            name = short_iri(shape.term, self._dataset.prefixes) if isinstance(shape.term, NamedNode) else str(place)
            texts = (
                f"{name} refers to itself: a node that leads back to it is not looked at a second time",
                f"{name} rimanda a sé stessa: un nodo che vi riconduce non è guardato una seconda volta",
            )
            yield Result("info", (("en", texts[0]), ("it", texts[1])), RECURSIVE, place=place)

    @cached_property
    def _store(self) -> Store:
        """A store of the default graph and the shapes, for shapes with queries, while results are read."""
        return self._held.enter_context(self._dataset.engine.holding(SHAPES_GRAPH, self._shapes_graph.triples))

    def _sorted(self, found: Iterable[Found], graph: NamedNode | None = None) -> Iterator[Result]:
        results = (self._result(one, graph) for one in found)
        yield from sorted(results, key=lambda r: (str(r.focus), r.source, str(r.component), str(r.value)))

    def _result(self, found: Found, graph: NamedNode | None) -> Result:
        shape, constraint, fault = found.shape, found.constraint, found.fault
        place = self._place_of(shape)
        focus, value = term_of(found.focus), None if fault.value is None else term_of(fault.value)
        path = fault.path or (None if shape.path is None else str(shape.path))
        messages = shape.messages if fault.messages is None else fault.messages
        return Result(
            severity=shape.severity,
            messages=messages if constraint is not None else (),
            source=shape.term.value if isinstance(shape.term, NamedNode) else str(place or shape.term),
            focus=focus,
            path=path if constraint is not None else None,
            value=value,
            component=None if constraint is None else constraint.component,
            # result_positions.py finds the place of the others
            place=None if constraint is not None else self._dataset.place_about(focus),
            graph=graph,
            shape_place=place,
            parameters=() if constraint is None else constraint.parameters,
            details=tuple(self._result(one, graph) for one in fault.details),
        )

    def _place_of(self, shape: Shape) -> Place | None:
        if shape not in self._places:
            self._places[shape] = self._shapes_graph.place(shape.term)
        return self._places[shape]


@contextmanager
def _with_claims(store: Store, claims: Sequence[Triple]) -> Iterator[Store]:
    """*store* with *claims* in the place of its statements with the same subjects and properties."""
    stated = dict.fromkeys((claim.subject, claim.predicate) for claim in claims)
    replaced = [quad for s, p in stated for quad in store.quads_for_pattern(s, p, None, DefaultGraph())]
    for quad in replaced:
        store.remove(quad)
    store.extend(Quad(*claim) for claim in claims)
    try:
        yield store
    finally:
        for claim in claims:
            store.remove(Quad(*claim))
        store.extend(replaced)
