"""Property paths (SHACL, section 2.3.1): their values, and their form in SPARQL (SPARQL 1.1, section 9)."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from missiongraph.validation.shacl.graph import Node, View

_TOKEN = re.compile(r"\s*(<[^>]*>|[\^/|()*+?!])")


class Path(ABC):
    """A property path. Its ``str`` is the path in SPARQL, with whole IRIs."""

    @abstractmethod
    def values(self, graph: View, node: Node) -> Sequence[Node]:
        """The value nodes of *node*, each once."""

    @abstractmethod
    def sources(self, graph: View, node: Node) -> Sequence[Node]:
        """The nodes for which *node* is a value node, each once."""

    @abstractmethod
    def predicates(self) -> Iterator[str]:
        """The properties in it."""

    @property
    def within(self) -> str:
        """Its form in SPARQL within another path, in brackets where they are needed."""
        return f"({self})"


@dataclass(frozen=True)
class PredicatePath(Path):
    """A predicate path: one property."""

    iri: str

    def values(self, graph: View, node: Node) -> Sequence[Node]:  # noqa: D102
        return graph.values(node, self.iri)

    def sources(self, graph: View, node: Node) -> Sequence[Node]:  # noqa: D102
        return graph.sources(node, self.iri)

    def predicates(self) -> Iterator[str]:  # noqa: D102
        yield self.iri

    @property
    def within(self) -> str:  # noqa: D102
        return str(self)

    def __str__(self) -> str:
        return f"<{self.iri}>"


@dataclass(frozen=True)
class InversePath(Path):
    """An inverse path."""

    path: Path

    def values(self, graph: View, node: Node) -> Sequence[Node]:  # noqa: D102
        return self.path.sources(graph, node)

    def sources(self, graph: View, node: Node) -> Sequence[Node]:  # noqa: D102
        return self.path.values(graph, node)

    def predicates(self) -> Iterator[str]:  # noqa: D102
        yield from self.path.predicates()

    def __str__(self) -> str:
        return f"^{self.path.within}"


@dataclass(frozen=True)
class SequencePath(Path):
    """A sequence path."""

    paths: tuple[Path, ...]

    def values(self, graph: View, node: Node) -> Sequence[Node]:  # noqa: D102
        reached: Sequence[Node] = (node,)
        for path in self.paths:
            reached = _each_once(value for before in reached for value in path.values(graph, before))
        return reached

    def sources(self, graph: View, node: Node) -> Sequence[Node]:  # noqa: D102
        return SequencePath(tuple(InversePath(path) for path in reversed(self.paths))).values(graph, node)

    def predicates(self) -> Iterator[str]:  # noqa: D102
        for path in self.paths:
            yield from path.predicates()

    def __str__(self) -> str:
        return "/".join(str(path) if isinstance(path, InversePath) else path.within for path in self.paths)


@dataclass(frozen=True)
class AlternativePath(Path):
    """An alternative path."""

    paths: tuple[Path, ...]

    def values(self, graph: View, node: Node) -> Sequence[Node]:  # noqa: D102
        return _each_once(value for path in self.paths for value in path.values(graph, node))

    def sources(self, graph: View, node: Node) -> Sequence[Node]:  # noqa: D102
        return _each_once(value for path in self.paths for value in path.sources(graph, node))

    def predicates(self) -> Iterator[str]:  # noqa: D102
        for path in self.paths:
            yield from path.predicates()

    def __str__(self) -> str:
        return f"({'|'.join(map(str, self.paths))})"

    @property
    def within(self) -> str:  # noqa: D102
        return str(self)


@dataclass(frozen=True)
class RepeatedPath(Path):
    """A zero-or-more, one-or-more or zero-or-one path: *sign* is ``*``, ``+`` or ``?``."""

    path: Path
    sign: str

    def values(self, graph: View, node: Node) -> Sequence[Node]:  # noqa: D102
        once = _each_once(self.path.values(graph, node))
        if self.sign == "?":
            return _each_once((node, *once))
        reached = dict.fromkeys((node, *once) if self.sign == "*" else once)
        for before in (todo := [*reached]):
            for value in self.path.values(graph, before):
                if value not in reached:
                    reached[value] = None
                    todo.append(value)
        return tuple(reached)

    def sources(self, graph: View, node: Node) -> Sequence[Node]:  # noqa: D102
        return RepeatedPath(InversePath(self.path), self.sign).values(graph, node)

    def predicates(self) -> Iterator[str]:  # noqa: D102
        yield from self.path.predicates()

    @property
    def within(self) -> str:  # noqa: D102
        return str(self)

    def __str__(self) -> str:
        inner = f"({self.path})" if isinstance(self.path, RepeatedPath) else self.path.within
        return f"{inner}{self.sign}"


def _each_once(nodes: Iterable[Node]) -> Sequence[Node]:
    return tuple(dict.fromkeys(nodes))


def parse_path(text: str) -> Path | None:
    """The path that *text* is in SPARQL with whole IRIs; ``None`` if it is none.

    >>> str(parse_path("^<urn:p>/(<urn:q>|<urn:r>)+"))
    '^<urn:p>/(<urn:q>|<urn:r>)+'
    >>> parse_path("a property path")
    """
    tokens = _TOKEN.findall(text)
    if not tokens or _TOKEN.sub("", text).strip():
        return None
    try:
        path = _alternatives(tokens)
    except IndexError:
        return None
    return None if tokens else path


def _alternatives(tokens: list[str]) -> Path:
    paths = _separated(tokens, "|", lambda: _sequence(tokens))
    return paths[0] if len(paths) == 1 else AlternativePath(paths)


def _sequence(tokens: list[str]) -> Path:
    paths = _separated(tokens, "/", lambda: _element(tokens))
    return paths[0] if len(paths) == 1 else SequencePath(paths)


def _separated(tokens: list[str], sign: str, read: Callable[[], Path]) -> tuple[Path, ...]:
    found = [read()]
    while tokens[:1] == [sign]:
        tokens.pop(0)
        found.append(read())
    return tuple(found)


def _element(tokens: list[str]) -> Path:
    token = tokens.pop(0)
    if token == "^":
        return InversePath(_element(tokens))
    if token == "(":
        path = _alternatives(tokens)
        if tokens.pop(0) != ")":
            raise IndexError
    elif token.startswith("<"):
        path = PredicatePath(token[1:-1])
    else:
        raise IndexError
    while tokens and tokens[0] in "*+?":
        path = RepeatedPath(path, tokens.pop(0))
    return path


def shorten_path(text: str, short: Callable[[str], str]) -> str:
    """The path *text* with each IRI as *short* writes it.

    >>> shorten_path("<urn:p>/^<urn:q>", lambda iri: iri.replace("urn:", "ex:"))
    'ex:p/^ex:q'
    """
    return re.sub(r"<([^>]*)>", lambda found: short(found[1]), text)
