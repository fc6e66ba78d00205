"""Finds the values of sequence paths (SHACL, section 2.3.1.2), with the graphs that state each step."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from itertools import pairwise

from pyoxigraph import Literal, NamedNode

from missiongraph.engine.protocol import Engine, Term, rows
from missiongraph.graph.statements_and_labels import GRAPHS_A_STATEMENT, Statement

Way = tuple[NamedNode, tuple[tuple[NamedNode, bool], ...]]
"""A thing, and the steps of a path from it: properties, each with whether it is followed from value to subject."""


def statements_along(engine: Engine, ways: Iterable[Way], most: int) -> dict[Way, tuple[Statement, ...]]:
    """The values at the end of each of *ways*, at most *most* for each.

    A value is given as a statement of the thing with the last property of the path, in the graphs of all its steps.
    Only accepted statements are followed.
    """
    wanted = list(dict.fromkeys(ways))
    patterns = []
    for number, (thing, steps) in enumerate(wanted):
        ends = [str(thing), *(f"?n{at}" for at in range(1, len(steps))), "?o"]
        links = [
            f"{end} {predicate} {start}" if inverse else f"{start} {predicate} {end}"
            for (predicate, inverse), (start, end) in zip(steps, pairwise(ends), strict=True)
        ]
        stated = " ".join(f"GRAPH ?g{at} {{ {link} }}" for at, link in enumerate(links))
        variables = " ".join(f"?g{at}" for at in range(len(links)))
        patterns.append(
            f"{{ SELECT ({number} AS ?way) ?o {variables} WHERE {{ {' . '.join(links)} . {stated} }} "
            f"LIMIT {most * GRAPHS_A_STATEMENT} }}"
        )
    longest = max((len(steps) for _, steps in wanted), default=0)
    names = [f"g{at}" for at in range(longest)]
    by_way: dict[int, dict[Term, dict[NamedNode, None]]] = defaultdict(lambda: defaultdict(dict))
    text = f"SELECT ?way ?o {' '.join(f'?{name}' for name in names)} WHERE {{ {' UNION '.join(patterns)} }}"
    for row in rows(engine, text) if patterns else ():
        way, value = row["way"], row["o"]
        if isinstance(way, Literal) and value is not None:
            graphs = (row[name] for name in reversed(names))  # the graphs of the last step come first
            by_way[int(way.value)][value].update({graph: None for graph in graphs if isinstance(graph, NamedNode)})
    return {
        (thing, steps): tuple(
            Statement(thing, steps[-1][0], value, tuple(stated), True)
            for value, stated in sorted(by_way[number].items(), key=lambda item: str(item[0]))[:most]
        )
        for number, (thing, steps) in enumerate(wanted)
    }
