"""The things with coordinates as GeoJSON (RFC 7946): points in WGS 84, longitude first."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from missiongraph.settings import pick
from missiongraph.vocab import GEO, LABEL_PROPERTIES, RDF, SCHEMA, WGS84

_POINTS_OF = (SCHEMA.geo, GEO.hasGeometry, GEO.hasDefaultGeometry)
_LATITUDE = (SCHEMA.latitude, WGS84.lat)
_LONGITUDE = (SCHEMA.longitude, WGS84.long)
#: A point of GeoSPARQL in the axis order of its default system, which is longitude first.
_POINT = re.compile(
    r"\s*(?:<http://www\.opengis\.net/def/crs/OGC/1\.3/CRS84>)?\s*POINT\s*\(\s*(\S+)\s+(\S+)\s*\)\s*", re.I
)

_Node = NamedNode | BlankNode
_Facts = dict[NamedNode, list[Any]]


def write_places(triples: Sequence[Triple], languages: Sequence[str]) -> bytes | None:
    """A feature for each thing with a point; ``None``: there is none."""
    facts: dict[Any, _Facts] = defaultdict(lambda: defaultdict(list))
    for triple in triples:
        facts[triple.subject][triple.predicate].append(triple.object)
    points = {point for found in facts.values() for link in _POINTS_OF for point in found.get(link, ())}
    features = []
    for subject in sorted((s for s in facts if isinstance(s, NamedNode) and s not in points), key=str):
        position = _position_of(subject, facts)
        if position is not None:
            features.append(_feature(subject, facts[subject], position, languages))
    if not features:
        return None
    rows = ",\n".join(json.dumps(feature, ensure_ascii=False) for feature in features)
    return f'{{"type": "FeatureCollection", "features": [\n{rows}\n]}}\n'.encode()


def _position_of(subject: NamedNode, facts: dict[Any, _Facts]) -> tuple[float, float] | None:
    nodes = [subject, *(point for link in _POINTS_OF for point in facts[subject].get(link, ()))]
    return next((found for node in nodes if node in facts and (found := _position(facts[node])) is not None), None)


def _position(point: _Facts) -> tuple[float, float] | None:
    """Longitude and latitude in degrees, where a node states one of each and they are on the globe."""
    longitude = [v for p in _LONGITUDE for v in point.get(p, ()) if isinstance(v, Literal)]
    latitude = [v for p in _LATITUDE for v in point.get(p, ()) if isinstance(v, Literal)]
    written = [(one.value, other.value) for one, other in zip(longitude, latitude, strict=False)][:1]
    written += [(found[1], found[2]) for v in point.get(GEO.asWKT, ()) if (found := _POINT.fullmatch(str(v.value)))]
    for one, other in written:
        try:
            position = float(one), float(other)
        except ValueError:
            continue
        if abs(position[0]) <= 180 and abs(position[1]) <= 90:
            return position
    return None


def _feature(
    subject: NamedNode, found: _Facts, position: tuple[float, float], languages: Sequence[str]
) -> dict[str, Any]:
    names: dict[str, str] = {}
    for predicate in LABEL_PROPERTIES:
        for term in found.get(predicate, ()):
            if isinstance(term, Literal):
                names.setdefault(term.language or "", term.value)
    properties: dict[str, Any] = {"name": pick(names, tuple(languages)) or subject.value}
    properties |= {f"name_{tag}": names[tag] for tag in languages if tag in names}
    properties["type"] = sorted(t.value for t in found.get(RDF.type, ()) if isinstance(t, NamedNode))
    geometry = {"type": "Point", "coordinates": list(position)}
    return {"type": "Feature", "id": subject.value, "geometry": geometry, "properties": properties}
