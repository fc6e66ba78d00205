"""The statements that a row of an answer rests on: the patterns of the query with the terms of the row put in.

Only what is certain is traced. Patterns that share variables which the query does not return belong together and make
one :class:`Tie`. A tie counts only if nothing else in the query restricts these variables. Then whatever matches the
tie together with the row is a witness of the row. Patterns in sub-queries, groups, ``MINUS`` and ``SERVICE``, and
property paths of no fixed length, are left out.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import count
from typing import Any

import rdflib
from pyoxigraph import Literal, NamedNode, Variable
from rdflib.paths import InvPath, Path, SequencePath
from rdflib.plugins.sparql.algebra import translateQuery
from rdflib.plugins.sparql.parser import parseQuery

from missiongraph.engine.protocol import Term

#: One thread parses at a time. The parser finds out how to call a rule's function when the rule is first used, and
#: threads that do so at once spoil the rule for the life of the process.
_PARSING = threading.Lock()

#: The most tokens of a query that is analysed: the parser's time grows with their square.
MOST_TOKENS = 500

#: The most matches of one tie that are asked for, for all rows together.
MOST_MATCHES = 5000

_TOKEN = re.compile(r"<[^<>\s]*>|\w+|[^\w\s]")

#: Operations that keep, drop or order whole rows.
_MODIFIERS = ("SelectQuery", "Project", "Distinct", "Reduced", "OrderBy", "Slice")

PatternTerm = NamedNode | Literal | Variable

#: Variables that must have a certain value.
Given = tuple[tuple[Variable, NamedNode | Literal], ...]


@dataclass(frozen=True)
class Pattern:
    """A triple pattern, in the named *graph* or (``None``) in the default graph."""

    subject: PatternTerm
    predicate: PatternTerm
    object: PatternTerm
    graph: PatternTerm | None = None

    @property
    def variables(self) -> frozenset[Variable]:
        """Its variables."""
        terms = (self.subject, self.predicate, self.object, self.graph)
        return frozenset(term for term in terms if isinstance(term, Variable))

    def __str__(self) -> str:
        triple = f"{self.subject} {self.predicate} {self.object} ."
        return f"GRAPH {self.graph} {{ {triple} }}" if self.graph else triple


@dataclass(frozen=True)
class Witness:
    """A statement that a row rests on, in the *graph* that the query names."""

    subject: Term
    predicate: Term
    object: Term
    graph: Term | None = None


@dataclass(frozen=True)
class Tie:
    """Patterns that belong together through variables that the query does not return.

    :ivar names: the returned variables that connect a match to a row; a row that leaves one unbound has no match
    :ivar given: terms that ``BIND`` gives some of them beside these patterns, which a row must have
    """

    patterns: tuple[Pattern, ...]
    names: tuple[Variable, ...]
    given: Given = ()

    def question(self, keys: Iterable[Iterable[Term | None]]) -> str:
        """The query for all matches of the rows *keys*: IRIs or literals for :attr:`names`, in their order."""
        table = " ".join(f"({' '.join(map(str, key))})" for key in keys)
        given = " ".join(f"FILTER(sameTerm({name}, {term}))" for name, term in self.given)
        names, patterns = " ".join(map(str, self.names)), " ".join(map(str, self.patterns))
        return f"SELECT * WHERE {{ VALUES ({names}) {{ {table} }} {patterns} {given} }} LIMIT {MOST_MATCHES}"

    def witnesses(self, match: Mapping[Variable, Term]) -> Iterator[Witness]:
        """The statements of *match*, one solution of :meth:`question`."""
        for pattern in self.patterns:
            graph = _bound(pattern.graph, match) if pattern.graph else None
            subject, predicate, value = (_bound(t, match) for t in (pattern.subject, pattern.predicate, pattern.object))
            yield Witness(subject, predicate, value, graph)


def _bound(term: PatternTerm, match: Mapping[Variable, Term]) -> Term:
    return match[term] if isinstance(term, Variable) else term


def ties_of(query: str, prefixes: Mapping[str, str], base: str) -> tuple[Tie, ...]:
    """The ties of a SELECT query; none if it is of another kind, names its dataset, or is too long to analyse.

    :param prefixes: prefixes that the query may use undeclared
    """
    if len(_TOKEN.findall(query)) > MOST_TOKENS:
        return ()
    try:
        with _PARSING:
            parsed = parseQuery(query)
        read = translateQuery(parsed, base, dict(prefixes)).algebra
    except Exception:  # the engine reads some queries that this parser, which fails in many ways, does not
        return ()
    if read.name != "SelectQuery" or read.datasetClause:
        return ()
    projected = frozenset(Variable(name) for name in read.PV)
    return tuple(tie for scope in _scopes(read, frozenset(), (), None) for tie in _ties(scope, projected))


@dataclass(frozen=True)
class _Part:
    """One operand of a join: an operation, or an expression (without *node*).

    :ivar variables: all of its variables
    """

    node: Any
    graph: PatternTerm | None
    variables: frozenset[Variable]
    given: Given = ()


@dataclass(frozen=True)
class _Scope:
    """Patterns that are matched together.

    :ivar outside: variables that other parts of the query restrict too
    """

    patterns: tuple[Pattern, ...]
    outside: frozenset[Variable]
    given: Given


def _ties(scope: _Scope, projected: frozenset[Variable]) -> Iterator[Tie]:
    """The patterns of *scope* in groups that share no unreturned variable, without those that other parts restrict."""
    left = list(scope.patterns)
    while left:
        group = [left.pop(0)]
        hidden = group[0].variables - projected
        while joined := [pattern for pattern in left if pattern.variables & hidden]:
            left = [pattern for pattern in left if pattern not in joined]
            group += joined
            hidden = hidden.union(*(pattern.variables - projected for pattern in joined))
        names = {variable for pattern in group for variable in pattern.variables & projected}
        if names and not hidden & scope.outside:
            names.update(name for name, _ in scope.given if name in projected)
            given = tuple(pair for pair in scope.given if pair[0] in projected)
            yield Tie(tuple(group), tuple(sorted(names, key=str)), given)


def _scopes(node: Any, outside: frozenset[Variable], given: Given, graph: PatternTerm | None) -> Iterator[_Scope]:
    """The scopes at *node* of the algebra (SPARQL 1.1, section 18.2) and below.

    :param outside: variables that the query restricts elsewhere, for the same row
    :param given: what ``BIND`` gives elsewhere, for the same row
    """
    parts = list(_parts(node, graph))
    matched = [part for part in parts if part.node is not None and part.node.name == "BGP"]
    others = [part for part in parts if part not in matched]
    given = (*given, *(pair for part in others for pair in part.given))
    patterns, loose = _patterns(matched)
    yield _Scope(patterns, outside.union(loose, *(part.variables for part in others)), given)
    for part in others:
        beside = outside.union(*(other.variables for other in parts if other is not part))
        for operand, more in _operands(part.node):
            yield from _scopes(operand, beside | more, given, part.graph)


def _operands(node: Any) -> Iterator[tuple[Any, frozenset[Variable]]]:
    """The operands below *node* that are matched apart, each with the variables that *node* itself restricts."""
    if node is None:
        return
    if node.name == "Union":
        yield node.p1, frozenset()
        yield node.p2, frozenset()
    elif node.name == "LeftJoin":
        yield node.p1, _variables((node.p2, node.expr))
        yield node.p2, _variables((node.p1, node.expr))
    elif node.name == "Minus":
        yield node.p1, _variables(node.p2)


def _parts(node: Any, graph: PatternTerm | None) -> Iterator[_Part]:
    """The operands that are joined at *node*, however joins, filters, ``BIND`` and ``GRAPH`` nest."""
    if node.name == "Join":
        yield from _parts(node.p1, graph)
        yield from _parts(node.p2, graph)
    elif node.name == "Graph":
        yield from _parts(node.p, _term(node.term))
    elif node.name in _MODIFIERS:
        yield from _parts(node.p, graph)
    elif node.name == "Filter":
        yield _Part(None, graph, _variables(node.expr))
        yield from _parts(node.p, graph)
    elif node.name == "Extend":
        variable, constant = Variable(node.var), _constant(node.expr)
        given = ((variable, constant),) if constant is not None else ()
        yield _Part(None, graph, _variables((node.var, node.expr)), given)
        yield from _parts(node.p, graph)
    else:
        named = frozenset([graph]) if isinstance(graph, Variable) else frozenset()
        yield _Part(node, graph, _variables(node) | named)


def _variables(node: Any) -> frozenset[Variable]:
    """Every variable below *node*, blank nodes of patterns included."""
    if isinstance(node, rdflib.Variable | rdflib.BNode):
        return frozenset([_variable(node)])
    if isinstance(node, Mapping):
        return _variables(list(node.items()))
    if isinstance(node, list | tuple | set | frozenset):
        return frozenset().union(*map(_variables, node))
    return _variables(list(node.args)) if isinstance(node, SequencePath) else frozenset()


def _patterns(parts: Iterable[_Part]) -> tuple[tuple[Pattern, ...], frozenset[Variable]]:
    """The triples of *parts* as patterns, a path as one pattern for each step; and the variables of other parts."""
    found: list[Pattern] = []
    loose: frozenset[Variable] = frozenset()
    between = (Variable(f"between_steps_{number}") for number in count())
    for part in parts:
        for subject, path, value in part.node.triples:
            steps, start, end = _steps(path), _term(subject), _term(value)
            if not steps or start is None or end is None:
                loose |= _variables((subject, path, value))
                continue
            for at, (predicate, inverse) in enumerate(steps, start=1):
                target = next(between) if at < len(steps) else end
                ends = (target, start) if inverse else (start, target)
                found.append(Pattern(ends[0], predicate, ends[1], part.graph))
                start = target
    return tuple(found), loose


def _steps(path: Any, *, inverse: bool = False) -> list[tuple[PatternTerm, bool]] | None:
    """The steps of *path*, each with whether it leads backwards; ``None`` if their number is not fixed."""
    if isinstance(path, InvPath):
        return _steps(path.arg, inverse=not inverse)
    if isinstance(path, SequencePath):
        parts = [_steps(arg, inverse=inverse) for arg in (reversed(path.args) if inverse else path.args)]
        return None if None in parts else [step for part in parts for step in part or ()]
    term = None if isinstance(path, Path) else _term(path)
    return None if term is None else [(term, inverse)]


def _term(node: Any) -> PatternTerm | None:
    """A term of the algebra as a term of the engine. Blank nodes of patterns are variables."""
    return _variable(node) if isinstance(node, rdflib.Variable | rdflib.BNode) else _constant(node)


def _variable(node: rdflib.Variable | rdflib.BNode) -> Variable:
    return Variable(str(node) if isinstance(node, rdflib.Variable) else f"blank_{node}")


def _constant(node: Any) -> NamedNode | Literal | None:
    try:
        if isinstance(node, rdflib.URIRef):
            return NamedNode(str(node))
        if isinstance(node, rdflib.Literal):
            datatype = NamedNode(str(node.datatype)) if node.datatype and not node.language else None
            return Literal(str(node), datatype=datatype, language=node.language)
    except ValueError:  # an invalid term that this parser lets through
        return None
    return None
