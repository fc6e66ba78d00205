"""A SHACL validator over terms of pyoxigraph (``docs/decisions/0001-shacl-validators.md`` says why)."""

from __future__ import annotations

from missiongraph.validation.shacl.graph import Graph, Node, Overlay, node_of, term_of
from missiongraph.validation.shacl.reader import read_shapes
from missiongraph.validation.shacl.shapes import Found, Shape, circles_of
from missiongraph.validation.shacl.shapes_graph import ShapesGraph
from missiongraph.validation.shacl.sparql import SHAPES_GRAPH, Failure
from missiongraph.validation.shacl.validator import Run, predicates_of

__all__ = [
    "SHAPES_GRAPH",
    "Failure",
    "Found",
    "Graph",
    "Node",
    "Overlay",
    "Run",
    "Shape",
    "ShapesGraph",
    "circles_of",
    "node_of",
    "predicates_of",
    "read_shapes",
    "term_of",
]
