"""RDF/XML as we read it, against the W3C's tests (w3c/rdf-tests, ``rdf/rdf11/rdf-xml``, as ``rdf-xml/``)."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pyoxigraph import NamedNode
from rdflib import Graph, Namespace
from rdflib.compare import isomorphic

from missiongraph.publication.rdf_files import FaultyFile, read_file
from tests.conformance.manifest import MF, SUITES, Entry, entries, parameters

pytestmark = pytest.mark.conformance

RDFT = Namespace("http://www.w3.org/ns/rdftest#")
HOME = "https://w3c.github.io/rdf-tests/rdf/rdf11/"
HERE = SUITES is not None and (SUITES / "rdf-xml").is_dir()
TESTS = entries("rdf-xml/manifest.ttl") if HERE else []


def of(kind: str) -> list[object]:
    if HERE:
        return parameters([test for test in TESTS if test.kind == RDFT[kind]])
    return [pytest.param(None, marks=pytest.mark.skip(reason="MISSIONGRAPH_SUITES has no rdf-xml/"), id="no suite")]


def statements(test: Entry, folder: Path) -> Graph:
    """What we read from the test's file, which gets its address as base: we resolve nothing without one.

    :raises FaultyFile: as the reader does
    """
    source = test.file(MF.action)
    text = source.read_text("utf-8")
    root = re.search(
        r"<(?![?!])[^\s/>]+[^>]*",
        re.sub(r"<!--.*?-->|<!DOCTYPE.*?\]>", lambda c: "_" * len(c[0]), text, flags=re.DOTALL),
    )
    assert root is not None
    if "xml:base" not in root[0]:
        name = re.match(r"<[^\s/>]+", root[0])
        assert name is not None
        base = f' xml:base="{HOME}rdf-xml/{source.parent.name}/{source.name}"'
        text = text[: root.start() + name.end()] + base + text[root.start() + name.end() :]
    file = folder / source.name
    file.write_text(text, "utf-8")
    quads = read_file(file, source.name, NamedNode("urn:x-graph")).quads
    return Graph().parse(data="".join(f"{quad.triple} .\n" for quad in quads), format="nt")


@pytest.mark.parametrize("test", of("TestXMLEval"))
def test_a_file_says_what_is_expected(test: Entry, tmp_path: Path) -> None:
    assert isomorphic(statements(test, tmp_path), Graph().parse(test.file(MF.result), format="nt"))


@pytest.mark.parametrize("test", of("TestXMLNegativeSyntax"))
def test_what_is_no_rdf_xml_is_refused_with_its_line(test: Entry, tmp_path: Path) -> None:
    with pytest.raises(FaultyFile) as caught:
        statements(test, tmp_path)
    (problem,) = caught.value.problems
    assert problem.where is not None
    assert problem.where.line is not None
