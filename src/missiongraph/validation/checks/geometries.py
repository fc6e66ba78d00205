"""A check of geometries that no page, map or GeoJSON can show.

They are ill-formed, in an unknown coordinate reference system, off the globe, or empty.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from pyoxigraph import Literal, NamedNode, Quad

from missiongraph.errors import Place
from missiongraph.geometry import GEOMETRIES, GeometryFault, is_geometry, point, read_literal
from missiongraph.geometry.antimeridian import jumps
from missiongraph.geometry.stated import LATITUDE, LONGITUDE
from missiongraph.publication.dataset import Dataset
from missiongraph.publication.guessed_tables import TABLE_SUFFIX
from missiongraph.publication.rdf_files import ParsedFile
from missiongraph.publication.settings import LocalText
from missiongraph.validation.report import Result, Severity

#: The source of results of this check.
SOURCE = "geometry"

#: Characters of a value up to which a message quotes it.
_LONGEST = 200

_EMPTY: LocalText = {
    "en": "is an empty geometry: nothing is drawn",
    "it": "è una geometria vuota: non si disegna nulla",
}
_JUMPS: LocalText = {
    "en": "has a line over more than half of the globe: if it crosses the antimeridian, cut it there (RFC 7946, 3.1.9)",
    "it": "ha una linea lunga più di mezzo globo: se attraversa l’antimeridiano, tagliarla lì (RFC 7946, 3.1.9)",
}


def check_geometries(dataset: Dataset) -> Iterator[Result]:
    """A warning for each kind of fault of geometries in each file, at the first one, with their number."""
    for file in dataset.files:
        found: dict[tuple[Severity, str], tuple[LocalText, list[Quad]]] = {}
        for quad in dict.fromkeys(file.quads):
            fault = _fault_of(quad)
            if fault is not None:
                severity, messages = fault
                found.setdefault((severity, messages["en"]), (messages, []))[1].append(quad)
        for (severity, _), (messages, quads) in found.items():
            yield _result(dataset, file, severity, messages, quads)


def _fault_of(quad: Quad) -> tuple[Severity, LocalText] | None:
    literal, predicate = quad.object, quad.predicate
    if not isinstance(literal, Literal):
        return None
    try:
        if predicate in LATITUDE:
            point("0", literal.value)
        elif predicate in LONGITUDE:
            point(literal.value, "0")
        elif is_geometry(literal) or predicate in GEOMETRIES:
            geometry = read_literal(literal, predicate)
            if geometry.is_empty:
                return "info", _EMPTY
            if jumps(geometry):
                return "warning", _JUMPS
    except GeometryFault as fault:
        return "warning", fault.messages
    return None


def _result(dataset: Dataset, file: ParsedFile, severity: Severity, messages: LocalText, quads: list[Quad]) -> Result:
    first, others = quads[0], len(quads) - 1
    more = {"en": f"; so are {others} more in this file", "it": f"; così altre {others} in questo file"}
    value = first.object if len(str(first.object)) <= _LONGEST else None
    return Result(
        severity=severity,
        messages=tuple((tag, text + (more[tag] if others else "")) for tag, text in messages.items()),
        source=SOURCE,
        focus=first.subject,
        path=first.predicate.value,
        value=value,
        place=_place(dataset, file, first),
    )


def _place(dataset: Dataset, file: ParsedFile, quad: Quad) -> Place | None:
    """Where the file has the literal, else where it has the subject."""
    if not file.path.endswith(TABLE_SUFFIX) and isinstance(quad.object, Literal) and quad.object.value:
        text = (dataset.publication.folder / file.path).read_text("utf-8")
        written = quad.object.value
        offset = next((at for one in (written, json.dumps(written)[1:-1]) if (at := text.find(one)) >= 0), None)
        if offset is not None:
            return Place(file.path, text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset))
    if isinstance(quad.subject, NamedNode):
        return dataset.place_about(quad.subject, quad.predicate, quad.object)
    return Place(file.path)
