"""Reads geometries from literals (WKT, GeoJSON) and coordinates into one model, for pages, maps, dumps and checks."""

from missiongraph.geometry.errors import GeometryFault
from missiongraph.geometry.shapes import Geometry, Position
from missiongraph.geometry.stated import GEOMETRIES, GEOMETRY_OF, is_geometry, point, read_literal, stated_geometry

__all__ = [
    "GEOMETRIES",
    "GEOMETRY_OF",
    "Geometry",
    "GeometryFault",
    "Position",
    "is_geometry",
    "point",
    "read_literal",
    "stated_geometry",
]
