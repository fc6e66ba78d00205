"""Reads the geometry that the data states of a thing: literals of GeoSPARQL, or latitude and longitude."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from pyoxigraph import Literal, NamedNode

from missiongraph.geometry.coordinate_systems import on_the_globe
from missiongraph.geometry.errors import GeometryFault
from missiongraph.geometry.geojson import read_geojson
from missiongraph.geometry.shapes import Geometry
from missiongraph.geometry.wkt import read_wkt
from missiongraph.vocab import GEO, SCHEMA, WGS84

#: Properties for latitude and longitude as numbers.
LATITUDE, LONGITUDE = (SCHEMA.latitude, WGS84.lat), (SCHEMA.longitude, WGS84.long)

#: Properties that link a thing to the node with its geometry.
GEOMETRY_OF = (SCHEMA.geo, GEO.hasGeometry, GEO.hasDefaultGeometry)

#: Properties whose values are read even if they are plain strings, with the datatype to read them by; the best first.
_WRITTEN = {GEO.asWKT: GEO.wktLiteral, GEO.asGeoJSON: GEO.geoJSONLiteral}

#: Properties whose values are literals of geometries.
GEOMETRIES = tuple(_WRITTEN)

#: Datatypes of geometries that are not read.
_UNREAD = {GEO.gmlLiteral: "GML", GEO.kmlLiteral: "KML", GEO.dggsLiteral: "DGGS"}

_SYSTEM = re.compile(r"\s*<([^<>\"{}|^`\\\s]*)>")
_EXTENDED = re.compile(r"\s*SRID\s*=\s*([0-9]+)\s*;", re.I)

Properties = Mapping[NamedNode, Sequence[Any]]


def is_geometry(term: object) -> bool:
    """Whether *term* is a literal with a datatype of geometries."""
    return isinstance(term, Literal) and (term.datatype in _WRITTEN.values() or term.datatype in _UNREAD)


def read_literal(literal: Literal, predicate: NamedNode | None = None) -> Geometry:
    """Reads the geometry of *literal*, in longitude and latitude (WGS 84).

    :param predicate: the property, which decides how a plain string is read
    :raises GeometryFault: it cannot be read, or has positions outside of the globe
    """
    datatype = literal.datatype
    if datatype not in (*_WRITTEN.values(), *_UNREAD):
        datatype = _WRITTEN.get(predicate, datatype) if predicate is not None else datatype
    geometry = _read(literal.value, datatype)
    if isinstance(geometry, GeometryFault):
        raise GeometryFault(geometry.messages["en"], geometry.messages["it"])
    return geometry


@lru_cache(maxsize=512)
def _read(text: str, datatype: NamedNode) -> Geometry | GeometryFault:
    try:
        if datatype == GEO.geoJSONLiteral:
            return on_the_globe(read_geojson(text), None) if text else Geometry("GeometryCollection")
        if datatype == GEO.wktLiteral:
            return _well_known(text)
    except GeometryFault as fault:
        return fault
    name = _UNREAD.get(datatype, datatype.value)
    return GeometryFault(
        f"{name} is not read: state the geometry as geo:asWKT or geo:asGeoJSON too",
        f"{name} non si legge: indicare la geometria anche come geo:asWKT o geo:asGeoJSON",
    )


def _well_known(text: str) -> Geometry:
    """Reads a ``geo:wktLiteral`` (GeoSPARQL 1.1, 8.8.1.1): perhaps the IRI of a system, then WKT; "" is empty."""
    if not text.strip():
        return Geometry("GeometryCollection")
    if found := _EXTENDED.match(text):
        written = f"<http://www.opengis.net/def/crs/EPSG/0/{found[1]}>"
        raise GeometryFault(
            f"SRID={found[1]} is none of GeoSPARQL: write {written} before the text, in its axis order",
            f"SRID={found[1]} non è di GeoSPARQL: scrivere {written} prima del testo, nel suo ordine degli assi",
        )
    system = _SYSTEM.match(text)
    return on_the_globe(read_wkt(text[system.end() :] if system else text), system[1] if system else None)


def stated_geometry(properties: Properties) -> Geometry | None:
    """The geometry that the *properties* of a thing, or of its geometry node, state.

    ``None`` if they state none, or none that can be read.
    """
    for predicate, literal in _literals(properties):
        try:
            geometry = _pair(*literal) if isinstance(literal, tuple) else read_literal(literal, predicate)
        except GeometryFault:
            continue
        if not geometry.is_empty:
            return geometry
    return None


def _literals(properties: Properties) -> Iterator[tuple[NamedNode | None, Literal | tuple[Literal, Literal]]]:
    """The literals that may state the geometry, the best first: two numbers, those of GeoSPARQL, other geometries."""
    numbers = [
        [v for p in axis for v in properties.get(p, ()) if isinstance(v, Literal)] for axis in (LONGITUDE, LATITUDE)
    ]
    yield from ((None, pair) for pair in list(zip(*numbers, strict=False))[:1])
    for predicate in _WRITTEN:
        yield from ((predicate, v) for v in sorted(properties.get(predicate, ()), key=str) if isinstance(v, Literal))
    for predicate in sorted((p for p in properties if p not in _WRITTEN), key=str):
        yield from ((predicate, v) for v in sorted(properties[predicate], key=str) if is_geometry(v))


def _pair(longitude: Literal, latitude: Literal) -> Geometry:
    """The point of two literals."""
    return point(longitude.value, latitude.value)


def point(longitude: str, latitude: str) -> Geometry:
    """The point of two numbers in degrees (WGS 84), written as texts.

    :raises GeometryFault: they are no numbers, or outside of the globe
    """
    try:
        position = float(longitude), float(latitude)
    except ValueError:
        raise GeometryFault(
            f"is no position: longitude “{longitude}”, latitude “{latitude}”",
            f"non è una posizione: longitudine «{longitude}», latitudine «{latitude}»",
        ) from None
    return on_the_globe(Geometry("Point", position), None)
