"""RDF files to quads: every format, and the place of every fault."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from missiongraph.errors import UnreadableInput
from missiongraph.publication.dataset import read_dataset
from missiongraph.publication.rdf_files import FaultyFile, ParsedFile, places_of, read_file
from missiongraph.publication.source_folder import Publication
from tests.conftest import PublicationMaker

GRAPH = NamedNode("https://example.org/graph")
A, B, C = (NamedNode(f"https://example.org/{name}") for name in "abc")
EX = "https://example.org/"
RDF_XML = """\
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:ex="https://example.org/">
{}
</rdf:RDF>"""
DESCRIPTION = RDF_XML.format("<rdf:Description {}><ex:b {}/></rdf:Description>")


def read(folder: Path, name: str, content: str | bytes) -> ParsedFile:
    file = folder / name
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    return read_file(file, f"data/{name}", GRAPH)


def fault(folder: Path, name: str, content: str | bytes) -> str:
    with pytest.raises(FaultyFile) as caught:
        read(folder, name, content)
    return str(caught.value)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.ttl", "@prefix ex: <https://example.org/> . ex:a ex:b ex:c ."),
        ("a.TTL", "@base <https://example.org/> . <a> <b> <c> ."),
        ("a.trig", "PREFIX ex: <https://example.org/> ex:a ex:b ex:c ."),
        ("a.nt", f"{A} {B} {C} ."),
        ("a.nq", f"{A} {B} {C} ."),
        ("a.rdf", DESCRIPTION.format(f'rdf:about="{EX}a"', f'rdf:resource="{EX}c"')),
        ("a.owl", DESCRIPTION.format(f'xml:base="{EX}" rdf:about="a"', 'rdf:resource="c"')),
        ("a.jsonld", f'{{"@context": {{"@base": "{EX}"}}, "@id": "a", "{EX}b": {{"@id": "c"}}}}'),
        ("windows.ttl", b"\xef\xbb\xbf<https://example.org/a> <https://example.org/b>\r\n <https://example.org/c> ."),
    ],
)  # fmt: skip
def test_every_format_is_read(tmp_path: Path, name: str, content: str | bytes) -> None:
    assert read(tmp_path, name, content).quads == (Quad(A, B, C, GRAPH),)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.trig", f"{C} {{ {A} {B} {C} }}"),
        ("a.nq", f"{A} {B} {C} {C} ."),
        ("a.jsonld", f'{{"@id": "{EX}c", "@graph": {{"@id": "{EX}a", "{EX}b": {{"@id": "{EX}c"}}}}}}'),
    ],
)  # fmt: skip
def test_graphs_keep_their_names(tmp_path: Path, name: str, content: str) -> None:
    assert read(tmp_path, name, content).quads == (Quad(A, B, C, C),)


@pytest.mark.parametrize(
    ("name", "content", "place"),
    [
        ("a.ttl", f"{A}\n  {B} ; .", "2:"),
        ("a.ttl", f'{A} {B}\n  "never closed', "2:3"),
        ("a.trig", f"{A} {{\n {A} {B} }} }}", "2:"),
        ("a.nt", f"{A} {B} {C} .\n{A} {B} c .", "2:"),
        ("a.nq", f"{A} {B} {C} {C} .\n\n{A} {B} c .", "3:"),
        ("a.rdf", RDF_XML.format("<ex:A>\n</ex:B>"), "3:"),
        ("a.rdf", RDF_XML.format("\n <other:A/>"), "3:2"),
        ("a.jsonld", '{"@id": "https://example.org/a",\n "https://example.org/b": }', "2:27"),
        ("a.jsonld", "", "1:1"),
    ],
)
def test_a_syntax_error_is_told_with_line_and_column(tmp_path: Path, name: str, content: str, place: str) -> None:
    assert fault(tmp_path, name, content).startswith(f"data/{name}:{place}")


def test_an_unknown_prefix_is_told_with_its_place(tmp_path: Path) -> None:
    assert fault(tmp_path, "a.ttl", f"{A} {B} ex:c .").startswith(
        "data/a.ttl:1:49: The prefix ex: has not been declared"
    )


@pytest.mark.parametrize(
    ("name", "content", "place"),
    [
        ("a.ttl", f"\n{A}\n   <b> {C} .", "3:4"),
        ("a.ttl", f'{A} {B}\n "1"^^<int> .', "2:7"),
        ("a.ttl", "@prefix ex: <#> .", "1:13"),
        ("a.trig", f"{A} {{\n  {A} {B} <c> }}", "2:51"),
        ("a.nt", f"{A} {B} {C} .\n<a> {B} {C} .", "2:1"),
        ("a.nq", f"{A} {B} {C} <g> .", "1:73"),
        ("a.rdf", RDF_XML.format('<rdf:Description rdf:about="a"><ex:b>1</ex:b></rdf:Description>'), "2:29"),
        ("a.rdf", RDF_XML.format("<rdf:Description rdf:about='../a'><ex:b>1</ex:b></rdf:Description>"), "2:29"),
        ("a.rdf", RDF_XML.format('<rdf:Description rdf:ID="a"><ex:b>1</ex:b></rdf:Description>'), "2:26"),
        ("a.rdf", RDF_XML.format('<rdf:Description rdf:about="//x.org/a"><ex:b>1</ex:b></rdf:Description>'), "2:29"),
        ("a.rdf", RDF_XML.format('<ex:A><ex:b rdf:datatype="int">1</ex:b></ex:A>'), "2:27"),
        ("a.jsonld", '{\n "@id": "a",\n "https://example.org/b": 1}', "2:10"),
        ("a.jsonld", '{"@id": "//example.org/a",\n "https://example.org/b": 1}', "1:10"),
        ("a.jsonld", '{"@type": "A",\n "https://example.org/b": 1}', "1:12"),
        ("a.jsonld", '{"https://example.org/b":\n {"@value": "1", "@type": "int"}}', "2:28"),
    ],
)  # fmt: skip
def test_a_relative_iri_without_base_is_refused_where_it_stands(
    tmp_path: Path, name: str, content: str, place: str
) -> None:
    message = fault(tmp_path, name, content)
    assert message.startswith(f"data/{name}:{place}: relative IRI")
    assert "declare" in message


def test_bytes_that_are_not_utf_8_are_refused_with_their_place(tmp_path: Path) -> None:
    message = fault(tmp_path, "a.ttl", "\n<https://example.org/é> 'à' ".encode() + b"\xe0 .")
    assert message == "data/a.ttl:2:29: is not UTF-8 (byte 0xe0) (save it as UTF-8)"


def test_a_remote_json_ld_context_is_not_fetched(tmp_path: Path) -> None:
    message = fault(tmp_path, "a.jsonld", '{\n "@context": "https://schema.org/", "@id": "https://example.org/a"}')
    assert message.startswith("data/a.jsonld:2:2: names a remote JSON-LD context")


@pytest.mark.parametrize(
    ("name", "content", "column"),
    [
        ("a.ttl", f"{A} {B} <<( {A} {B} {C} )>> .", 49),
        ("a.ttl", f"<< {A} {B} {C} >> {B} {C} .", 1),
        ("a.nt", f"{A} {B} <<( {A} {B} {C} )>> .", 49),
        ("a.ttl", f'{A} {B} "x"@en--ltr .', 55),
        ("a.jsonld", '{"https://example.org/b": {"@value": "x", "@language": "en", "@direction": "ltr"}}', 63),
    ],
)
def test_terms_of_rdf_1_2_are_refused(tmp_path: Path, name: str, content: str, column: int) -> None:
    assert fault(tmp_path, name, content).startswith(f"data/{name}:1:{column}: holds terms of RDF 1.2")


def test_a_file_that_cannot_be_opened_is_named(tmp_path: Path) -> None:
    with pytest.raises(FaultyFile, match=r"data/gone\.ttl: cannot be read: No such file"):
        read_file(tmp_path / "gone.ttl", "data/gone.ttl", GRAPH)


def test_all_unreadable_files_are_listed(make_publication: PublicationMaker) -> None:
    folder = make_publication(
        {
            "data/a.ttl": "<https://example.org/a> a",
            "data/b.nt": "nonsense",
            "data/c.ttl": "<a> a <b> .",
            "data/d.ttl": b"\xff",
            "data/good.ttl": "",
            "ontology/e.rdf": "<rdf:RDF",
        }
    )
    with pytest.raises(UnreadableInput) as caught:
        read_dataset(Publication.open(folder))
    files = [problem.where.file for problem in caught.value.problems if problem.where]
    assert files == ["ontology/e.rdf", "data/a.ttl", "data/b.nt", "data/c.ttl", "data/d.ttl"]
    assert all(problem.where and problem.where.line for problem in caught.value.problems)


def test_blank_nodes_of_two_files_stay_apart(make_publication: PublicationMaker) -> None:
    text = "_:same <https://example.org/b> 1 ."
    folder = make_publication({"data/a.nt": text.replace("1", '"1"'), "data/b.ttl": text, "data/c.trig": text})
    subjects = {quad.subject for quad in read_dataset(Publication.open(folder)).quads}
    assert len(subjects) == 3
    assert all(isinstance(subject, BlankNode) for subject in subjects)


def test_a_blank_node_of_one_file_is_the_same_in_all_its_graphs(tmp_path: Path) -> None:
    parsed = read(tmp_path, "a.trig", f"{A} {{ _:x {B} 1 }} {C} {{ _:x {B} 2 }}")
    assert len({quad.subject for quad in parsed.quads}) == 1


def test_prefixes_and_lexical_forms_are_kept(tmp_path: Path) -> None:
    parsed = read(tmp_path, "a.ttl", "@prefix ex: <https://example.org/> . ex:a ex:b 01, 1.50, 'x'@en-GB .")
    assert parsed.prefixes == {"ex": "https://example.org/"}
    integer, decimal, text = (quad.object for quad in parsed.quads)
    assert isinstance(integer, Literal) and isinstance(decimal, Literal)
    assert (integer.value, decimal.value) == ("01", "1.50")
    assert isinstance(text, Literal) and text.language is not None and text.language.lower() == "en-gb"


def test_a_term_is_found_whole_quoted_or_by_prefix_but_not_inside_another() -> None:
    text = "ex:ab a ex:a-b, ex:a.\n<https://example.org/a> not-ex:a ."
    assert list(places_of("https://example.org/a", text, {"ex": "https://example.org/"})) == [(1, 17), (2, 1)]
