"""Files that are not what the ending of their name promises, named for what they are."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import zipfile
from pathlib import Path

import pytest
from pyoxigraph import NamedNode
from zstandard import ZstdCompressor

from missiongraph.publication.rdf_files import FaultyFile, read_file

GRAPH = NamedNode("https://example.org/graph")
FUNCTIONAL = """Prefix(:=<https://example.org/>)
Ontology(<https://example.org/>
Declaration(Class(:City))
)"""
MANCHESTER = "Prefix: : <https://example.org/>\nOntology: <https://example.org/>\nClass: City\n"
OWL_XML = """<?xml version="1.0"?>
<Ontology xmlns="http://www.w3.org/2002/07/owl#" ontologyIRI="https://example.org/">
<Declaration><Class IRI="#City"/></Declaration></Ontology>"""
OBO = "format-version: 1.2\nontology: city\n\n[Term]\nid: CITY:1\n"
HTML = "<!DOCTYPE html>\n<html lang=en><head><title>404</title><body><p>Not found<br>"
XHTML = '<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><head><title>A page</title></head></html>'
TURTLE = "# cities\n@prefix ex: <https://example.org/> .\nex:a ex:b ex:c .\n"
TRIPLE = "<https://example.org/a> <https://example.org/b> <https://example.org/c> .\n"
RDF_XML = f'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">{" " * 9}</rdf:RDF>'


def archive(*names: str, first: bytes = b"") -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as zipped:
        if first:
            zipped.writestr("mimetype", first)
        for name in names:
            zipped.writestr(name, "x")
    return written.getvalue()


def fault(folder: Path, name: str, content: str | bytes) -> str:
    (folder / name).write_bytes(content.encode() if isinstance(content, str) else content)
    with pytest.raises(FaultyFile) as caught:
        read_file(folder / name, f"data/{name}", GRAPH)
    return str(caught.value)


@pytest.mark.parametrize("suffix", ["ttl", "owl", "rdf", "nt", "jsonld"])
@pytest.mark.parametrize(
    ("content", "name", "advice"),
    [
        (FUNCTIONAL, "OWL functional syntax", "ROBOT or Protégé"),
        (f"# made by hand\n\n{FUNCTIONAL}", "OWL functional syntax", "Turtle or RDF/XML"),
        (MANCHESTER, "OWL Manchester syntax", "Turtle or RDF/XML"),
        (OWL_XML, "OWL/XML", "Turtle or RDF/XML"),
        (OBO, "OBO", "ROBOT"),
        (f"! remark\n{OBO}", "OBO", "ROBOT"),
        (HTML, "an HTML page", "download"),
        (XHTML, "an HTML page", "download"),
        ("<feed/>", "XML whose root is <feed>", "Turtle"),
        ("version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n", "a pointer of Git LFS", "git lfs pull"),
    ],
)
def test_text_of_another_kind_is_named(tmp_path: Path, suffix: str, content: str, name: str, advice: str) -> None:
    told = fault(tmp_path, f"a.{suffix}", content)
    assert told.startswith(f"data/a.{suffix}:1:1: this is {name}, not ")
    assert advice in told


@pytest.mark.parametrize(
    ("suffix", "content", "name", "ending"),
    [
        ("owl", TURTLE, "Turtle or TriG", ".ttl"),
        ("nt", TURTLE, "Turtle or TriG", ".ttl"),
        ("rdf", TRIPLE, "N-Triples or Turtle", ".nt"),
        ("ttl", RDF_XML, "RDF/XML", ".rdf"),
        ("trig", '{"@id": "https://example.org/a", "@type": "https://example.org/b"}', "JSON-LD", ".jsonld"),
        ("ttl", '{"a": [1, 2]}', "JSON without the keywords of JSON-LD", "@context"),
    ],
)
def test_rdf_under_another_name_is_told_its_name(
    tmp_path: Path, suffix: str, content: str, name: str, ending: str
) -> None:
    told = fault(tmp_path, f"a.{suffix}", content)
    assert told.startswith(f"data/a.{suffix}:1:1: this is {name}, not ")
    assert ending in told


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (gzip.compress(TRIPLE.encode()), "a gzip file"),
        (bz2.compress(TRIPLE.encode()), "a bzip2 file"),
        (lzma.compress(TRIPLE.encode()), "an xz file"),
        (ZstdCompressor().compress(TRIPLE.encode()), "a zstd file"),
        (archive("[Content_Types].xml", "xl/workbook.xml"), "an Excel file"),
        (
            archive("content.xml", first=b"application/vnd.oasis.opendocument.spreadsheet"),
            "an OpenDocument spreadsheet",
        ),
        (archive("a.ttl"), "a ZIP archive"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an Excel file"),
        (b"%PDF-1.7\n", "a PDF"),
        (TRIPLE.encode("utf-16"), "text in UTF-16"),
        (TRIPLE.encode("utf-16-le"), "text in UTF-16"),
        (TRIPLE.encode("utf-16-be"), "text in UTF-16"),
    ],
    # Archives hold the time at which they were written: as names of tests they would differ from worker to worker.
    ids=lambda value: value if isinstance(value, str) else "bytes",
)
def test_what_is_no_text_is_named(tmp_path: Path, content: bytes, name: str) -> None:
    assert fault(tmp_path, "a.ttl", content).startswith(f"data/a.ttl: this is {name} (")


def test_a_fault_of_its_own_format_is_told_as_before(tmp_path: Path) -> None:
    assert fault(tmp_path, "a.ttl", f"{TURTLE}\nex:a ex:b .").startswith("data/a.ttl:5:")
    assert fault(tmp_path, "a.rdf", RDF_XML.replace("         ", "<a>")).startswith("data/a.rdf:1:")
    assert fault(tmp_path, "a.nt", TRIPLE + "<b> .").startswith("data/a.nt:2:")


@pytest.mark.parametrize("content", ['{"name": "Prato"}', '[{"name": "Prato"}]'])
def test_json_that_says_nothing_is_not_taken_for_json_ld(tmp_path: Path, content: str) -> None:
    told = fault(tmp_path, "a.jsonld", content)
    assert told.startswith("data/a.jsonld:1:1: this is JSON without the keywords of JSON-LD, and says nothing")


@pytest.mark.parametrize("content", ["{}", "[]", '{"@context": {"name": "https://schema.org/name"}}'])
def test_json_ld_may_say_nothing(tmp_path: Path, content: str) -> None:
    (tmp_path / "a.jsonld").write_text(content)
    assert read_file(tmp_path / "a.jsonld", "data/a.jsonld", GRAPH).quads == ()


def test_words_of_another_syntax_do_not_make_turtle_of_another_kind(tmp_path: Path) -> None:
    (tmp_path / "a.ttl").write_text("@prefix Ontology: <https://example.org/> . Ontology: a Ontology:b .")
    assert len(read_file(tmp_path / "a.ttl", "data/a.ttl", GRAPH).quads) == 1
