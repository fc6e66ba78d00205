"""Geometries that nothing can show are told: what, in which file, at which place."""

from __future__ import annotations

import pytest

from missiongraph.publication.dataset import read_dataset
from missiongraph.publication.source_folder import Publication
from missiongraph.validation.checks.geometries import SOURCE, check_geometries
from missiongraph.validation.report import Result
from tests.conftest import PublicationMaker, missiongraph

PREFIXES = """@prefix geo: <http://www.opengis.net/ont/geosparql#> . @prefix schema: <http://schema.org/> .
"""


def check(make: PublicationMaker, text: str) -> list[Result]:
    return list(check_geometries(read_dataset(Publication.open(make({"data/a.ttl": PREFIXES + text})))))


def wkt(*texts: str) -> str:
    return "\n".join(f'<https://example.org/{n}> geo:asWKT "{t}"^^geo:wktLiteral .' for n, t in enumerate(texts))


def test_what_can_be_shown_is_not_told(make_publication: PublicationMaker) -> None:
    texts = "POINT(11 44)", "POINT Z (1 2 3)", "<http://www.opengis.net/def/crs/EPSG/0/3035> POINT(2999718 3962799)"
    more = "<https://example.org/x> schema:latitude 44.5 ; schema:longitude -11 ; schema:name 'POINT(' ."
    assert check(make_publication, wkt(*texts) + more) == []


@pytest.mark.parametrize(
    ("statement", "severity", "says"),
    [
        (wkt("POINT(11 44"), "warning", "expected “)”"),
        (wkt("POINT(200 95)"), "warning", "off the globe"),
        (wkt("<http://www.opengis.net/def/crs/EPSG/0/1> POINT(1 2)"), "warning", "reference system that is not known"),
        (wkt("LINESTRING(170 0, -170 0)"), "warning", "crosses the antimeridian, cut it there"),
        (wkt("POINT EMPTY"), "info", "empty geometry"),
        (
            '<https://example.org/0> geo:asGeoJSON "[]"^^geo:geoJSONLiteral .',
            "warning",
            "GeoJSON",
        ),
        ('<https://example.org/0> geo:asGML "<gml:Point/>"^^geo:gmlLiteral .', "warning", "GML is not read"),
        ('<https://example.org/0> <https://example.org/p> "POINT"^^geo:wktLiteral .', "warning", "expected “(”"),
        ('<https://example.org/0> geo:asWKT "POINT" .', "warning", "expected “(”"),
        ("<https://example.org/0> schema:latitude 144.5 .", "warning", "off the globe"),
        ("<https://example.org/0> schema:longitude 'east' .", "warning", "is no position"),
    ],
)
def test_what_cannot_be_shown_is_told_with_its_place(
    make_publication: PublicationMaker, statement: str, severity: str, says: str
) -> None:
    (result,) = check(make_publication, f"\n{statement}")
    assert (result.severity, result.source) == (severity, SOURCE)
    assert says in result.message()
    assert result.place is not None and (result.place.file, result.place.line) == ("data/a.ttl", 3)
    assert result.place.column and result.place.column >= 1


def test_the_same_fault_is_told_once_with_its_number(make_publication: PublicationMaker) -> None:
    (result,) = check(make_publication, wkt("POINT(", *["POINT("] * 41))
    assert result.message().endswith("so are 41 more in this file")


def test_a_build_tells_file_and_line_of_what_it_cannot_draw(make_publication: PublicationMaker) -> None:
    folder = make_publication({"data/a.ttl": PREFIXES + wkt("POINT(200 95)")})
    run = missiongraph("build", "--publication", folder, "--out", folder.parent / "builds")
    assert run.returncode == 0
    assert "data/a.ttl:2:36: warning: lies off the globe" in " ".join(run.stderr.split())
