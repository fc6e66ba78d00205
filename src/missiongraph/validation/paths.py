"""Property paths as results name them (SPARQL 1.1, section 9): what they lead to, and how they are read."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from pyoxigraph import NamedNode

from missiongraph.validation.report import Term

_TOKEN = re.compile(r"\s*(<[^>]*>|[\^/|()*+?!])")

#: The objects of a subject and property, or, the other way round, its subjects.
Step = Callable[[Term, NamedNode, bool], Iterable[Term]]


@dataclass(frozen=True)
class Path:
    """A path: a property, or an operator (``^ / | * + ?``) with its parts."""

    operator: str
    parts: tuple[Path, ...] = ()
    predicate: NamedNode | None = None

    @property
    def step(self) -> tuple[NamedNode, bool] | None:
        """The property, and whether it is followed backwards, of a path of one step."""
        if self.predicate is not None:
            return self.predicate, False
        inner = self.parts[0].step if self.operator == "^" else None
        return (inner[0], not inner[1]) if inner else None

    def values(self, start: Term, step: Step, backwards: bool = False) -> dict[Term, None]:
        """What the path leads to from *start*, each once."""
        if self.predicate is not None:
            return dict.fromkeys(step(start, self.predicate, backwards))
        if self.operator == "^":
            return self.parts[0].values(start, step, not backwards)
        if self.operator == "|":
            return {value: None for part in self.parts for value in part.values(start, step, backwards)}
        if self.operator == "/":
            found: dict[Term, None] = {start: None}
            for part in reversed(self.parts) if backwards else self.parts:
                found = {value: None for node in found for value in part.values(node, step, backwards)}
            return found
        reached = {} if self.operator == "+" else {start: None}
        border = [start]
        while border:
            ahead = self.parts[0].values(border.pop(), step, backwards)
            if self.operator == "?":
                return {**reached, **ahead}
            new = [node for node in ahead if node not in reached]
            reached.update(dict.fromkeys(new))
            border += new
        return reached


def parse_path(text: str) -> Path | None:
    """The path that *text* writes with whole IRIs; ``None`` where it writes none.

    >>> parse_path("^<urn:p>/(<urn:q>|<urn:r>)+").operator
    '/'
    >>> parse_path("a property path")
    """
    tokens = _TOKEN.findall(text)
    if not tokens or _TOKEN.sub("", text).strip():
        return None
    try:
        path = _alternative(tokens)
    except IndexError:
        return None
    return None if tokens else path


def _alternative(tokens: list[str]) -> Path:
    parts = [_sequence(tokens)]
    while tokens[:1] == ["|"]:
        tokens.pop(0)
        parts.append(_sequence(tokens))
    return parts[0] if len(parts) == 1 else Path("|", tuple(parts))


def _sequence(tokens: list[str]) -> Path:
    parts = [_element(tokens)]
    while tokens[:1] == ["/"]:
        tokens.pop(0)
        parts.append(_element(tokens))
    return parts[0] if len(parts) == 1 else Path("/", tuple(parts))


def _element(tokens: list[str]) -> Path:
    token = tokens.pop(0)
    if token == "^":
        return Path("^", (_element(tokens),))
    if token == "(":
        path = _alternative(tokens)
        if tokens.pop(0) != ")":
            raise IndexError
    elif token.startswith("<"):
        path = Path("", predicate=NamedNode(token[1:-1]))
    else:
        raise IndexError
    while tokens and tokens[0] in "*+?":
        path = Path(tokens.pop(0), (path,))
    return path


def shorten_path(text: str, short: Callable[[NamedNode], str]) -> str:
    """*text* with its IRIs as *short* writes them."""
    return re.sub(r"<([^>]*)>", lambda found: short(NamedNode(found[1])), text)
