"""SPARQL-based constraints and constraint components (SHACL, sections 5 and 6), evaluated by the engine."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pyoxigraph import BlankNode, Literal, NamedNode, QueryBoolean, QuerySolution, QuerySolutions, Store

from missiongraph.engine.query_clauses import tokens
from missiongraph.engine.syntax_errors import syntax_problem
from missiongraph.validation.report import Term
from missiongraph.validation.shacl.graph import Node, node_of, term_of
from missiongraph.validation.shacl.paths import PredicatePath
from missiongraph.validation.shacl.prebinding import against_pre_binding, bind
from missiongraph.validation.shacl.shapes import Constraint, Fault, Shape, ShapeTerm, Validation, text_of
from missiongraph.validation.shacl.shapes_graph import ShapesGraph, short
from missiongraph.vocab import OWL, SH

Texts = tuple[tuple[str, str], ...]
#: The name of the shapes graph for queries with ``GRAPH $shapesGraph`` (SHACL, section 5.3.1).
SHAPES_GRAPH = NamedNode("x-missiongraph:shapes")


class Failure(Exception):
    """A failure of the validation (SHACL, section 3.4.2), because of *shape*: there are no results."""

    def __init__(self, shape: Shape, why: str) -> None:
        self.shape, self.why = shape, why
        super().__init__(why)


@dataclass(frozen=True)
class Query:
    """A query of a constraint or validator.

    :ivar messages: its ``sh:message``, which precede those of the shape; empty: none
    :ivar asks: whether it is an ASK query
    """

    text: str
    prefixes: Mapping[str, str]
    messages: Texts
    asks: bool


class SparqlConstraint(Constraint):
    """A constraint that a query decides."""

    everything = True

    def __init__(self, query: Query, bound: Mapping[str, Term]) -> None:
        self.query, self._bound = query, bound

    def faults(self, run: Validation, shape: Shape, focus: Node, values: Sequence[Node]) -> Sequence[Fault]:  # noqa: D102
        if self.query.asks:
            return [
                Fault(value, messages=self._messages({"value": term_of(value)}))
                for value in values
                if not self._ask(run, shape, {"this": term_of(focus), "value": term_of(value)})
            ]
        return list(self._rows(run, shape, focus))

    def _ask(self, run: Validation, shape: Shape, bound: Mapping[str, Term]) -> bool:
        answer = self._answer(run, shape, bound)
        assert isinstance(answer, QueryBoolean)
        return bool(answer)

    def _rows(self, run: Validation, shape: Shape, focus: Node) -> Iterator[Fault]:
        answer = self._answer(run, shape, {"this": term_of(focus)})
        assert isinstance(answer, QuerySolutions)
        names = [variable.value for variable in answer.variables]
        for solution in answer:
            row = _row(solution, names)
            if row.get("failure") == Literal(True):
                raise Failure(shape, "its query says that it failed (?failure)")
            value = row.get("value")
            path = row.get("path")
            yield Fault(
                node_of(value) if value is not None else focus if shape.path is None else None,
                path=str(path) if isinstance(path, NamedNode) else None,
                messages=self._messages(row),
            )

    def _answer(self, run: Validation, shape: Shape, bound: Mapping[str, Term]) -> object:
        given = {**self._bound, **bound, "currentShape": shape.term, "shapesGraph": SHAPES_GRAPH}
        text, functions = bind(self.query.text, given)
        try:
            return run.store.query(
                text, prefixes=dict(self.query.prefixes), named_graphs=[SHAPES_GRAPH], custom_functions=functions
            )
        except (SyntaxError, OSError, RuntimeError) as error:
            raise Failure(shape, f"its query was not evaluated: {error}") from None

    def _messages(self, row: Mapping[str, Term]) -> Texts | None:
        message = row.get("message")
        if isinstance(message, Literal):
            return (text_of(message),)
        values = {**self._bound, **row}
        return tuple((tag, filled(text, values)) for tag, text in self.query.messages) or None


def _row(solution: QuerySolution, names: Sequence[str]) -> dict[str, Term]:
    return {name: solution[name] for name in names if solution[name] is not None}


def filled(text: str, values: Mapping[str, Term]) -> str:
    """*text* with ``{?name}`` and ``{$name}`` replaced by *values* (SHACL, section 5.3.2).

    >>> filled("{?value} of {$this}", {"value": Literal("5")})
    '5 of {$this}'
    """

    def value(found: re.Match[str]) -> str:
        term = values.get(found[1])
        return found[0] if term is None else getattr(term, "value", str(term))

    return re.sub(r"\{[?$](\w+)\}", value, text)


def read_sparql_constraint(graph: ShapesGraph, shape: Shape, value: Term) -> Constraint | None:
    """The constraint *value* of ``sh:sparql``; ``None`` if it is deactivated or ill-formed."""
    if not isinstance(value, NamedNode | BlankNode):
        graph.refuse(shape.term, f"sh:sparql takes constraints, and {value} is none", SH.sparql, value)
        return None
    if graph.flag(value, SH.deactivated):
        return None
    query = _read_query(graph, shape, value, SH.select, ("this",))
    if query is None:
        return None
    constraint = SparqlConstraint(query, {})
    constraint.component = SH.SPARQLConstraintComponent.value
    constraint.parameters = ((SH.sparql.value, value),)
    return constraint


@dataclass(frozen=True)
class Component:
    """A SPARQL-based constraint component (SHACL, section 6): its mandatory and optional parameters."""

    term: ShapeTerm
    mandatory: tuple[NamedNode, ...]
    optional: tuple[NamedNode, ...]

    def constraints(self, graph: ShapesGraph, shape: Shape) -> Iterator[Constraint]:
        """The constraints of *shape* by this component (SHACL, section 6.1).

        With one parameter there is one constraint for each value; with several parameters, one constraint.
        """
        names = (*self.mandatory, *self.optional)
        stated = {name: graph.values(shape.term, name) for name in names if graph.values(shape.term, name)}
        if not all(name in stated for name in self.mandatory) or not self.mandatory:
            return
        several = next((name for name, values in stated.items() if len(values) > 1 and len(names) > 1), None)
        if several is not None:
            graph.refuse(shape.term, f"{short(several)} is one of several parameters and has two values", several)
            return
        first, *others = stated
        for value in stated[first]:
            given = {first: value, **{name: stated[name][0] for name in others}}
            yield from self._constraint(graph, shape, given)

    def _constraint(self, graph: ShapesGraph, shape: Shape, given: Mapping[NamedNode, Term]) -> Iterator[Constraint]:
        specific = SH.nodeValidator if shape.path is None else SH.propertyValidator
        validators = graph.values(self.term, specific) or graph.values(self.term, SH.validator)
        if not validators:
            graph.refuse(shape.term, f"the component {self.term} has no validator for it", next(iter(given)))
            return
        validator = validators[0]
        form = SH.ask if graph.values(validator, SH.ask) else SH.select
        bound = {local_name(name): value for name, value in given.items()}
        required = ("this", "value", *bound) if form == SH.ask else ("this", *bound)
        query = _read_query(graph, shape, validator, form, required)
        if query is None:
            return
        if not query.messages:
            query = Query(query.text, query.prefixes, _messages(graph, self.term), query.asks)
        constraint = SparqlConstraint(query, bound)
        constraint.component = getattr(self.term, "value", str(self.term))
        constraint.parameters = tuple((name.value, value) for name, value in given.items())
        yield constraint


def read_components(graph: ShapesGraph) -> list[Component]:
    """The constraint components that *graph* declares."""
    found = []
    for term in graph.instances(SH.ConstraintComponent):
        parameters: dict[bool, list[NamedNode]] = {True: [], False: []}
        for parameter in graph.values(term, SH.parameter):
            for path in graph.values(parameter, SH.path):
                if isinstance(path, NamedNode):
                    parameters[Literal(True) in graph.values(parameter, SH.optional)].append(path)
        found.append(Component(term, tuple(parameters[False]), tuple(parameters[True])))
    return found


def local_name(iri: NamedNode) -> str:
    """The name of the variable that is pre-bound to the parameter *iri* (SHACL, section 6.2.1)."""
    return re.split(r"[#/]", iri.value)[-1]


def _messages(graph: ShapesGraph, term: Term) -> Texts:
    return tuple(sorted(text_of(m) for m in graph.values(term, SH.message) if isinstance(m, Literal)))


def _read_query(graph: ShapesGraph, shape: Shape, holder: Term, form: NamedNode, bound: Sequence[str]) -> Query | None:
    texts = graph.values(holder, form)
    if len(texts) != 1 or not isinstance(texts[0], Literal):
        graph.refuse(shape.term, f"a query is one text of {short(form)}", SH.sparql)
        return None
    prefixes = dict(_prefixes(graph, holder))
    written = texts[0].value
    text = _with_path(written, shape)
    why = _unreadable(text, prefixes) or against_pre_binding(text, bound)
    if why is not None:
        graph.refuse(shape.term, f"{short(form)}: {why}", form, texts[0], of=holder)
        return None
    return Query(text, prefixes, _messages(graph, holder), form == SH.ask)


def _unreadable(text: str, prefixes: Mapping[str, str]) -> str | None:
    try:
        Store().query(text, prefixes=dict(prefixes))
    except SyntaxError as error:
        problem = syntax_problem(error)
        at = problem.where
        where = f" (line {at.line}, column {at.column} of the query)" if at and at.line else ""
        hint = "; are its prefixes declared by sh:prefixes?" if "refix" in problem.what else ""
        return f"{problem.what}{where}{hint}"
    return None


def _prefixes(graph: ShapesGraph, holder: Term) -> Iterator[tuple[str, str]]:
    """The prefixes of ``sh:prefixes``, and of ontologies imported by its values (SHACL, section 5.2.1)."""
    reached = dict.fromkeys(graph.values(holder, SH.prefixes))
    for ontology in (todo := [*reached]):
        for imported in graph.values(ontology, OWL.imports):
            if imported not in reached:
                reached[imported] = None
                todo.append(imported)
        for declaration in graph.values(ontology, SH.declare):
            names, spaces = graph.values(declaration, SH.prefix), graph.values(declaration, SH.namespace)
            if names and spaces and isinstance(names[0], Literal):
                yield names[0].value, getattr(spaces[0], "value", "")


def _with_path(text: str, shape: Shape) -> str:
    """*text* with the path of *shape* in the place of ``$PATH``."""
    if shape.path is None:
        return text
    path = str(shape.path) if isinstance(shape.path, PredicatePath) else f"({shape.path})"
    for token in reversed(list(tokens(text))):
        if token.kind == "variable" and token.text[1:] == "PATH":
            text = text[: token.offset] + path + text[token.offset + len(token.text) :]
    return text
