"""Property paths (SHACL, section 2.3.1): what they lead to, and how they are written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from missiongraph.validation.shacl.graph import Node, View


class Path:
    """A property path."""

    def values(self, graph: View, node: Node) -> Sequence[Node]:
        """The value nodes of *node*, each once."""
        raise NotImplementedError

    def sources(self, graph: View, node: Node) -> Sequence[Node]:
        """The nodes that have *node* as a value, each once."""
        raise NotImplementedError

    def predicates(self) -> Iterator[str]:
        """The properties it is made of."""
        raise NotImplementedError

    @property
    def within(self) -> str:
        """As it is written within another path."""
        return f"({self})"


@dataclass(frozen=True)
class Predicate(Path):
    """One property."""

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
class Inverse(Path):
    """A path from its end to its beginning."""

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
class Steps(Path):
    """One path after another."""

    paths: tuple[Path, ...]

    def values(self, graph: View, node: Node) -> Sequence[Node]:  # noqa: D102
        reached: Sequence[Node] = (node,)
        for path in self.paths:
            reached = _each_once(value for before in reached for value in path.values(graph, before))
        return reached

    def sources(self, graph: View, node: Node) -> Sequence[Node]:  # noqa: D102
        return Steps(tuple(Inverse(path) for path in reversed(self.paths))).values(graph, node)

    def predicates(self) -> Iterator[str]:  # noqa: D102
        for path in self.paths:
            yield from path.predicates()

    def __str__(self) -> str:
        return "/".join(str(path) if isinstance(path, Inverse) else path.within for path in self.paths)


@dataclass(frozen=True)
class Either(Path):
    """Any of several paths."""

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
class Repeated(Path):
    """A path taken several times, by its sign in SPARQL: ``*``, ``+`` or ``?``."""

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
        return Repeated(Inverse(self.path), self.sign).values(graph, node)

    def predicates(self) -> Iterator[str]:  # noqa: D102
        yield from self.path.predicates()

    @property
    def within(self) -> str:  # noqa: D102
        return str(self)

    def __str__(self) -> str:
        inner = f"({self.path})" if isinstance(self.path, Repeated) else self.path.within
        return f"{inner}{self.sign}"


def _each_once(nodes: Iterable[Node]) -> Sequence[Node]:
    return tuple(dict.fromkeys(nodes))
