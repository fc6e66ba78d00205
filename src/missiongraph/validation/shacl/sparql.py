"""Constraints and constraint components in SPARQL (SHACL, sections 5 and 6), asked of the engine."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pyoxigraph import BlankNode, Literal, NamedNode, QueryBoolean, QuerySolution, QuerySolutions, Store

from missiongraph.engine.query_clauses import tokens
from missiongraph.engine.syntax_errors import syntax_problem
from missiongraph.validation.report import Term
from missiongraph.validation.shacl.graph import Node, node_of, term_of
from missiongraph.validation.shacl.paths import Predicate
from missiongraph.validation.shacl.prebinding import against_pre_binding, bind
from missiongraph.validation.shacl.shapes import Constraint, Fault, Shape, ShapeTerm, Validation, text_of
from missiongraph.validation.shacl.shapes_graph import Source, short
from missiongraph.vocab import OWL, SH

Texts = tuple[tuple[str, str], ...]
#: What the shapes graph is called in queries that ask for ``GRAPH $shapesGraph``.
SHAPES_GRAPH = NamedNode("x-missiongraph:shapes")


class Failure(Exception):
    """A failure in the sense of SHACL, section 3.4.2, because of *shape*: nothing can be said of the data."""

    def __init__(self, shape: Shape, why: str) -> None:
        self.shape, self.why = shape, why
        super().__init__(why)


@dataclass(frozen=True)
class Query:
    """A query with its prefixes and messages.

    :ivar messages: of the constraint or validator, which come before those of the shape; empty: none
    """

    text: str
    prefixes: Mapping[str, str]
    messages: Texts
    asks: bool


class OfQuery(Constraint):
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
    """*text* with the values of ``{?name}`` and ``{$name}`` in their places (SHACL, section 5.3.2)."""

    def value(found: re.Match[str]) -> str:
        term = values.get(found[1])
        return found[0] if term is None else getattr(term, "value", str(term))

    return re.sub(r"\{[?$](\w+)\}", value, text)


def read_sparql_constraint(source: Source, shape: Shape, value: Term) -> Constraint | None:
    """The constraint *value* of ``sh:sparql``."""
    if not isinstance(value, NamedNode | BlankNode):
        source.refuse(shape.term, f"sh:sparql takes constraints, and {value} is none", SH.sparql, value)
        return None
    if source.flag(value, SH.deactivated):
        return None
    query = _read_query(source, shape, value, SH.select, ("this",))
    if query is None:
        return None
    constraint = OfQuery(query, {})
    constraint.component = SH.SPARQLConstraintComponent.value
    constraint.parameters = ((SH.sparql.value, value),)
    return constraint


@dataclass(frozen=True)
class Component:
    """A constraint component of the shapes graph: its parameters, and the nodes of its validators."""

    term: ShapeTerm
    mandatory: tuple[NamedNode, ...]
    optional: tuple[NamedNode, ...]

    def constraints(self, source: Source, shape: Shape) -> Iterator[Constraint]:
        """One for each value of its one parameter; one where it has several (SHACL, section 6.1)."""
        names = (*self.mandatory, *self.optional)
        stated = {name: source.values(shape.term, name) for name in names if source.values(shape.term, name)}
        if not all(name in stated for name in self.mandatory) or not self.mandatory:
            return
        several = next((name for name, values in stated.items() if len(values) > 1 and len(names) > 1), None)
        if several is not None:
            source.refuse(shape.term, f"{short(several)} is one of several parameters and has two values", several)
            return
        first, *others = stated
        for value in stated[first]:
            given = {first: value, **{name: stated[name][0] for name in others}}
            yield from self._constraint(source, shape, given)

    def _constraint(self, source: Source, shape: Shape, given: Mapping[NamedNode, Term]) -> Iterator[Constraint]:
        specific = SH.nodeValidator if shape.path is None else SH.propertyValidator
        validators = source.values(self.term, specific) or source.values(self.term, SH.validator)
        if not validators:
            source.refuse(shape.term, f"the component {self.term} has no validator for it", next(iter(given)))
            return
        validator = validators[0]
        form = SH.ask if source.values(validator, SH.ask) else SH.select
        bound = {local_name(name): value for name, value in given.items()}
        required = ("this", "value", *bound) if form == SH.ask else ("this", *bound)
        query = _read_query(source, shape, validator, form, required)
        if query is None:
            return
        if not query.messages:
            query = Query(query.text, query.prefixes, _messages(source, self.term), query.asks)
        constraint = OfQuery(query, bound)
        constraint.component = getattr(self.term, "value", str(self.term))
        constraint.parameters = tuple((name.value, value) for name, value in given.items())
        yield constraint


def read_components(source: Source) -> list[Component]:
    """The constraint components that *source* declares."""
    found = []
    for term in source.instances(SH.ConstraintComponent):
        parameters: dict[bool, list[NamedNode]] = {True: [], False: []}
        for parameter in source.values(term, SH.parameter):
            for path in source.values(parameter, SH.path):
                if isinstance(path, NamedNode):
                    parameters[Literal(True) in source.values(parameter, SH.optional)].append(path)
        found.append(Component(term, tuple(parameters[False]), tuple(parameters[True])))
    return found


def local_name(iri: NamedNode) -> str:
    """The name of the variable that a parameter is bound to (SHACL, section 6.2.1)."""
    return re.split(r"[#/]", iri.value)[-1]


def _messages(source: Source, term: Term) -> Texts:
    return tuple(sorted(text_of(m) for m in source.values(term, SH.message) if isinstance(m, Literal)))


def _read_query(source: Source, shape: Shape, holder: Term, form: NamedNode, bound: Sequence[str]) -> Query | None:
    texts = source.values(holder, form)
    if len(texts) != 1 or not isinstance(texts[0], Literal):
        source.refuse(shape.term, f"a query is one text of {short(form)}", SH.sparql)
        return None
    prefixes = dict(_prefixes(source, holder))
    written = texts[0].value
    text = _with_path(written, shape)
    why = _unreadable(text, prefixes) or against_pre_binding(text, bound)
    if why is not None:
        source.refuse(shape.term, f"{short(form)}: {why}", form, texts[0], of=holder)
        return None
    return Query(text, prefixes, _messages(source, holder), form == SH.ask)


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


def _prefixes(source: Source, holder: Term) -> Iterator[tuple[str, str]]:
    """Prefixes of what ``sh:prefixes`` names, and of what that imports (SHACL, section 5.2.1)."""
    reached = dict.fromkeys(source.values(holder, SH.prefixes))
    for ontology in (todo := [*reached]):
        for imported in source.values(ontology, OWL.imports):
            if imported not in reached:
                reached[imported] = None
                todo.append(imported)
        for declaration in source.values(ontology, SH.declare):
            names, spaces = source.values(declaration, SH.prefix), source.values(declaration, SH.namespace)
            if names and spaces and isinstance(names[0], Literal):
                yield names[0].value, getattr(spaces[0], "value", "")


def _with_path(text: str, shape: Shape) -> str:
    """*text* with the path of *shape* for ``$PATH``."""
    if shape.path is None:
        return text
    path = str(shape.path) if isinstance(shape.path, Predicate) else f"({shape.path})"
    for token in reversed(list(tokens(text))):
        if token.kind == "variable" and token.text[1:] == "PATH":
            text = text[: token.offset] + path + text[token.offset + len(token.text) :]
    return text
