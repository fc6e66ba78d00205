"""Pre-bound variables of queries (SHACL, section 5.3 and appendix A).

Each variable is replaced by its term. Substitutions by the engine would not do: it joins them to the patterns, so that
a filter in a group of its own would not see them. Where a term cannot stand (in the clauses SELECT, GROUP BY, ORDER BY;
a literal or blank node as subject), the variable stays, and its group begins with the value.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from pyoxigraph import BlankNode, NamedNode

from missiongraph.engine.query_clauses import Token, tokens
from missiongraph.validation.report import Term

_FORBIDDEN = ("MINUS", "SERVICE", "VALUES")
#: The beginning of IRIs of custom functions that give the blank nodes of variables.
_BLANK = "x-missiongraph:blank-"


@dataclass
class _Group:
    """The group that a bracket opens.

    :ivar body: whether it is the pattern of a query or subquery
    :ivar clause: whether the reader is in a clause of a query, before or behind its pattern
    """

    bracket: str
    body: bool = False
    clause: bool = False


@dataclass(frozen=True)
class _Read:
    """A token, or a bracket, and where it stands."""

    token: Token
    depth: int
    within: str
    clause: bool
    opens_body: bool = False

    def says(self, word: str) -> bool:
        return self.token.kind == "word" and self.token.text.upper() == word

    @property
    def variable(self) -> str | None:
        return self.token.text[1:] if self.token.kind == "variable" else None


def _read(text: str) -> Iterator[_Read]:
    stack = [_Group("", clause=True)]
    for token in _with_brackets(text):
        if token.text in (")", "}") and len(stack) > 1:
            closed = stack.pop()
            stack[-1].clause = stack[-1].clause or closed.body
        top = stack[-1]
        if token.kind == "word" and token.text.upper() == "SELECT":
            top.clause = True
        opens_body = token.text == "{" and top.clause
        yield _Read(token, len(stack), top.bracket, top.clause or _in_clause(stack), opens_body)
        if token.text in ("(", "{"):
            top.clause = top.clause and not opens_body
            stack.append(_Group(token.text, body=opens_body))


def _in_clause(stack: Sequence[_Group]) -> bool:
    """Whether the innermost open brackets are those of an expression in a clause."""
    for group in reversed(stack):
        if group.bracket != "(":
            return group.clause
    return False


def _with_brackets(text: str) -> Iterator[Token]:
    """The tokens of *text*, including brackets and stars."""
    end = 0
    for token in (*tokens(text), Token("end", "", len(text))):
        gap = re.sub(r"#[^\r\n]*", lambda comment: " " * len(comment[0]), text[end : token.offset])
        for found in re.finditer(r"[()*]", gap):
            yield Token("mark", found[0], end + found.start())
        if token.kind != "end":
            yield token
        end = token.offset + len(token.text)


def bind(text: str, terms: Mapping[str, Term]) -> tuple[str, dict[NamedNode, Callable[..., Term | None]]]:
    """Replace the variables of *text* by *terms*.

    :returns: the query, and the custom functions that it calls for blank nodes
    """
    read = list(_read(text))
    named = {item.variable for item in read if item.variable}
    bound = {name: term for name, term in terms.items() if name in named}
    values = "".join(_beginning(name, term) for name, term in bound.items())
    parts: list[str] = []
    end = 0
    for number, item in enumerate(read):
        replacement, start = None, item.token.offset
        if item.opens_body:
            replacement = "{" + values
        elif item.variable in bound and not item.clause:
            if number >= 2 and read[number - 2].says("BOUND"):  # BOUND takes nothing but a variable
                replacement, start = "(true", read[number - 2].token.offset
            else:
                replacement = _term(item, bound[str(item.variable)])
        if replacement is not None:
            parts += (text[end:start], replacement)
            end = item.token.offset + len(item.token.text)
    parts.append(text[end:])
    functions: dict[NamedNode, Callable[..., Term | None]] = {
        NamedNode(_BLANK + name): _giving(t) for name, t in bound.items() if isinstance(t, BlankNode)
    }
    return "".join(parts), functions


def _beginning(name: str, term: Term) -> str:
    if isinstance(term, BlankNode):
        return f" BIND(<{_BLANK}{name}>() AS ?{name}) "
    return f" VALUES ?{name} {{ {term} }} "


def _term(one: _Read, term: Term) -> str | None:
    """The text that replaces the variable *one*; ``None`` if the variable must stay."""
    if isinstance(term, NamedNode):
        return str(term)
    if one.within != "(":
        return None
    return f"<{_BLANK}{one.variable}>()" if isinstance(term, BlankNode) else str(term)


def _giving(term: Term) -> Callable[[], Term]:
    return lambda: term


def against_pre_binding(text: str, bound: Sequence[str]) -> str | None:
    """Why the query *text* does not allow to pre-bind the variables *bound*; ``None`` if it does (appendix A)."""
    read = list(_read(text))
    for word in _FORBIDDEN:
        if any(item.says(word) for item in read):
            return f"{word} is not allowed beside variables that are bound beforehand"
    for item, following in pairwise(read):
        if item.says("AS") and following.variable in bound:
            return f"?{following.variable} is bound beforehand and cannot be assigned"
    for number, item in enumerate(read):
        if item.says("SELECT") and item.depth > 1:
            returned = set(_returned(read[number:]))
            missing = [name for name in bound if name not in returned]
            if missing:
                return f"a subquery has to return ${missing[0]}, which is bound beforehand"
    return None


def _returned(read: Sequence[_Read]) -> Iterator[str]:
    """The variables that the subquery at the beginning of *read* returns."""
    depth = read[0].depth
    body = next((n for n, one in enumerate(read) if one.opens_body), len(read))
    for previous, one in pairwise(read[: body + 1]):
        if one.variable and (one.depth == depth or previous.says("AS")):
            yield one.variable
        if one.token.text == "*" and one.depth == depth:
            yield from _in_scope(read[body + 1 :], depth + 1)


def _in_scope(read: Sequence[_Read], depth: int) -> Iterator[str]:
    """The variables of the patterns of a group, without those of filters and of ``EXISTS``."""
    hidden: int | None = None
    for number, one in enumerate(read):
        if one.depth < depth:
            return
        if hidden is not None and one.depth <= hidden:
            hidden = None
        if hidden is None and one.token.text == "{" and number and read[number - 1].says("EXISTS"):
            hidden = one.depth
        assigned = number > 0 and read[number - 1].says("AS")
        if one.variable and hidden is None and (one.within != "(" or assigned):
            yield one.variable
