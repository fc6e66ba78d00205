"""The dumps are read by others than their writer: what comes back otherwise is left out, and who read what is told."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad

from missiongraph.build import Build, build_publication
from missiongraph.build.files import second_reader
from missiongraph.build.files.dumps import Dump, DumpSource, write_dumps
from missiongraph.build.files.second_reader import Reading, read_twice, second_reading
from missiongraph.publication.dataset import read_dataset
from missiongraph.publication.source_folder import Publication
from missiongraph.rdf.formats import RDF_FORMATS
from missiongraph.vocab import RDFS
from tests.conftest import PublicationMaker

A, G = (NamedNode(f"https://example.org/{name}") for name in "ag")

#: Those who run the tests may have threads of their own, which Python 3.12 tells of.
pytestmark = pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")


def dumped(folder: Path, text: str = "x") -> tuple[Path, tuple[Dump, ...]]:
    """The dumps of one statement, and where they lie."""
    quad = Quad(A, RDFS.label, Literal(text), G)
    dumps = write_dumps(DumpSource("x", [quad.triple], [quad], {}, {}), folder / "dumps", print, lambda step: None)
    return folder / "dumps", dumps


def readings(folder: Path, dumps: tuple[Dump, ...]) -> dict[str, Reading]:
    with second_reading(folder, dumps) as wait:
        return wait()


def test_each_file_of_all_statements_is_read_by_rdflib(shipped_build: Build) -> None:
    for dump in shipped_build.dumps:
        if dump.content in ("default", "named"):
            assert list(dump.read_by) == ["Oxigraph", "RDFLib"], dump.name
        elif dump.content == "part":
            assert list(dump.read_by) == ["Oxigraph"], dump.name
        else:
            assert list(dump.read_by) == [], dump.name


def test_the_listing_tells_who_read_what(make_publication: PublicationMaker, tmp_path: Path) -> None:
    folder = make_publication({"data/a.ttl": '<https://example.org/a> <https://example.org/p> "a\\rb\\u2028" .'})
    warnings: list[str] = []
    built = build_publication(read_dataset(Publication.open(folder)), tmp_path / "out", warn=warnings.append)
    assert warnings == []
    assert {d["name"]: d["read_by"] for d in built.manifest["dumps"]}["test.rdf"] == ["Oxigraph", "RDFLib"]
    assert b"&#xD;" in (built.folder / "dumps" / "test.rdf").read_bytes()


def test_what_comes_back_otherwise_is_left_out(tmp_path: Path) -> None:
    """A raw carriage return is one to the library that wrote it, and a line feed to parsers of XML (XML 1.0, 2.11)."""
    folder, dumps = dumped(tmp_path, "a\rb")
    assert {reading.changed for reading in readings(folder, dumps).values()} == {""}
    file = folder / "x.rdf"
    file.write_bytes(file.read_bytes().replace(b"&#xD;", b"\r"))
    found = readings(folder, dumps)
    assert {name for name, reading in found.items() if reading.changed} == {"x.rdf"}
    warnings: list[str] = []
    left = read_twice(folder, dumps, found, warnings.append)
    assert not list(folder.glob("x.rdf*")) + list((folder.parent / "encoded").glob("x.rdf*"))
    assert {dump.name for dump in dumps} - {dump.name for dump in left} == {"x.rdf", "x.rdf.gz", "x.rdf.zst"}
    assert "x.rdf" not in (folder / "SHA256SUMS").read_text()
    (warning,) = warnings
    assert warning.startswith("x.rdf is left out: RDFLib reads other data in it (1 statements come back of 1; not <")


def test_what_only_the_other_cannot_read_is_kept_and_told(tmp_path: Path) -> None:
    folder, dumps = dumped(tmp_path)
    (folder / "x.nt").write_bytes("<https://example.org/\u2028> <https://example.org/p> <a:b> .\n".encode())
    found = readings(folder, dumps)
    assert found["x.nt"].unread.startswith("ParserError")  # RDFLib takes an IRI with a line separator for two lines
    warnings: list[str] = []
    kept = read_twice(folder, dumps, found, warnings.append)
    assert {dump.name: dump.read_by for dump in kept}["x.nt"] == ("Oxigraph",)
    assert warnings == [f"x.nt is kept, but RDFLib cannot read it ({found['x.nt'].unread})"]


def test_a_large_file_is_checked_for_its_syntax_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(second_reader, "_MOST_BYTES", dict.fromkeys(RDF_FORMATS, 0))
    folder, dumps = dumped(tmp_path)
    assert {name: reading.reader for name, reading in readings(folder, dumps).items()} == {
        "x.rdf": "Expat",
        **dict.fromkeys(("x.jsonld", "x-evidence.jsonld"), "json"),
        **dict.fromkeys(("x.ttl", "x.trig", "x.nt", "x.nq"), ""),
    }
    (folder / "x.rdf").write_bytes(b"<a>\0</a>")
    (folder / "x.jsonld").write_bytes(b'{"@graph": [')
    found = readings(folder, dumps)
    assert {name for name, reading in found.items() if reading.changed} == {"x.rdf", "x.jsonld"}
