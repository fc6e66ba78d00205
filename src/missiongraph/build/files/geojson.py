"""Writes all things with a geometry as GeoJSON (RFC 7946): points, lines and areas in WGS 84."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from pyoxigraph import Literal, NamedNode, Triple

from missiongraph.geometry import Geometry, is_geometry, stated_geometry
from missiongraph.geometry.geojson import as_geojson
from missiongraph.geometry.stated import GEOMETRY_OF, LATITUDE, LONGITUDE
from missiongraph.publication.settings import pick
from missiongraph.vocab import GEO, LABEL_PROPERTIES, RDF

_PLACING = frozenset((*LATITUDE, *LONGITUDE, GEO.asWKT, GEO.asGeoJSON))

_Facts = dict[NamedNode, list[Any]]


def write_places(triples: Sequence[Triple], languages: Sequence[str]) -> bytes | None:
    """The GeoJSON document with a feature for each thing that has a geometry; ``None`` if there is none.

    :param languages: those of the names, the best first
    """
    facts: dict[Any, _Facts] = defaultdict(lambda: defaultdict(list))
    placed = set()
    for triple in triples:
        facts[triple.subject][triple.predicate].append(triple.object)
        if triple.predicate in _PLACING or is_geometry(triple.object):
            placed.add(triple.subject)
    parts = {part for properties in facts.values() for link in GEOMETRY_OF for part in properties.get(link, ())}
    things = {s for s in placed if s not in parts} | {
        s
        for s, properties in facts.items()
        if any(part in placed for link in GEOMETRY_OF for part in properties.get(link, ()))
    }
    features = []
    for subject in sorted((s for s in things if isinstance(s, NamedNode) and s not in parts), key=str):
        nodes = [subject, *(part for link in GEOMETRY_OF for part in facts[subject].get(link, ()))]
        stated = (stated_geometry(facts[node]) for node in nodes if node in placed)
        geometry = next((one for one in stated if one is not None), None)
        if geometry is not None:
            features.append(_feature(subject, facts[subject], geometry, languages))
    if not features:
        return None
    rows = ",\n".join(json.dumps(feature, ensure_ascii=False) for feature in features)
    return f'{{"type": "FeatureCollection", "features": [\n{rows}\n]}}\n'.encode()


def _feature(subject: NamedNode, facts: _Facts, geometry: Geometry, languages: Sequence[str]) -> dict[str, Any]:
    names: dict[str, str] = {}
    for predicate in LABEL_PROPERTIES:
        for term in facts.get(predicate, ()):
            if isinstance(term, Literal):
                names.setdefault(term.language or "", term.value)
    properties: dict[str, Any] = {"name": pick(names, tuple(languages)) or subject.value}
    properties |= {f"name_{tag}": names[tag] for tag in languages if tag in names}
    properties["type"] = sorted(t.value for t in facts.get(RDF.type, ()) if isinstance(t, NamedNode))
    return {"type": "Feature", "id": subject.value, "geometry": as_geojson(geometry), "properties": properties}
