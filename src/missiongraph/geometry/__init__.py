"""Geometries: one reader of what literals and coordinates say, for page, map, GeoJSON and checks alike."""

from missiongraph.geometry.faults import GeometryFault
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
