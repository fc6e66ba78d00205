"""The place of a statement is where its object stands, in every format and layout."""

from __future__ import annotations

import html
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode, Triple, serialize

from missiongraph.publication.rdf_files import ParsedFile, read_file
from missiongraph.publication.source_folder import FORMAT_BY_SUFFIX
from missiongraph.publication.source_positions import PlacesOf
from missiongraph.publication.source_positions.turtle import unescape
from missiongraph.vocab import RDF, RDFS, XSD

EX = "https://example.org/"
GRAPH = NamedNode(f"{EX}file")


def places(name: str, text: str) -> tuple[PlacesOf, ParsedFile]:
    with TemporaryDirectory() as folder:
        file = Path(folder) / name
        file.write_bytes(text.encode())
        parsed = read_file(file, name, GRAPH)
        found = PlacesOf([parsed], Path(folder))
        found.term(NamedNode("urn:nothing"))  # the text is read
        for quad in parsed.quads:
            found.term(quad.subject)
        return found, parsed


def line_and_column(text: str, offset: int) -> str:
    """As an editor counts them."""
    before = text[:offset].split("\n")
    return f"{len(before)}:{len(before[-1]) + 1}"


def stands(text: str, mark: str) -> str:
    """Where *mark*, which *text* holds once, has its bar."""
    before, _, after = mark.partition("|")
    assert text.count(before + after) == 1
    return line_and_column(text, text.index(before + after) + len(before))


def ex(name: str) -> NamedNode:
    return NamedNode(EX + name)


@dataclass
class Layout:
    """Writes statements in a layout that is drawn, and remembers where each number and name stands as an object."""

    draw: Callable[..., object]
    text: str = ""
    stand: dict[str, int] = field(default_factory=dict)
    count: int = 0

    def put(self, *tokens: str) -> None:
        for token in tokens:
            self.text += token + str(self.draw(st.sampled_from([" ", "\n", "\t ", " # . ; \" <x> '''\n", "\r\n  "])))

    def name(self, local: str) -> str:
        return str(self.draw(st.sampled_from([f"ex:{local}", f"<{EX}{local}>", f"<{local}>"])))

    def object(self, depth: int) -> None:
        self.count += 1
        mark = f"o{self.count}"
        kind = self.draw(st.sampled_from(["text", "name", "part", "list", "anon"][: 5 if depth else 2]))
        self.stand[mark] = len(self.text)
        if kind == "text":
            before, after = cast(
                tuple[str, str],
                self.draw(
                    st.sampled_from(
                        [
                            ('"', '"'),
                            ("'''", "\n'' \\''''"),
                            ('"""\n"', '"""@en-GB'),
                            ("'\\u00e9\\\"", "'^^ex:t"),
                            ('"', '"@it'),
                        ]
                    )
                ),
            )
            self.put(f"{before}{mark}{after}")
        elif kind == "name":
            self.put(self.name(mark))
        elif kind == "part":
            self.put("[")
            self.put(self.name("mark"), f'"{mark}"', ";")
            self.predicates(depth - 1)
            self.put("]")
        elif kind == "list":
            self.put("(")
            self.put(f'"{mark}"')
            for _ in range(self.draw(st.integers(0, 2))):  # type: ignore[call-overload]  # an integer
                self.object(depth - 1)
            self.put(")")
        else:
            del self.stand[mark]
            self.put(str(self.draw(st.sampled_from(["[]", "_:b.1", "4", "-.5", "1.e3", "true", "()"]))))

    def predicates(self, depth: int) -> None:
        for number in range(self.draw(st.integers(1, 3))):  # type: ignore[call-overload]  # an integer
            if number:
                self.put(*(";" for _ in range(self.draw(st.integers(1, 2)))))  # type: ignore[call-overload]  # an integer
            self.put(self.draw(st.sampled_from(["a", self.name("p"), self.name("p.q")])))  # type: ignore[arg-type]
            for other in range(self.draw(st.integers(1, 3))):  # type: ignore[call-overload]  # an integer
                if other:
                    self.put(",")
                self.object(depth)

    def document(self) -> None:
        self.put("@prefix", "ex:", f"<{EX}>", ".", "BASE", f"<{EX}>")
        for number in range(self.draw(st.integers(1, 3))):  # type: ignore[call-overload]  # an integer
            graph = self.draw(st.booleans())
            if graph:
                self.put(*self.draw(st.sampled_from([("GRAPH", "ex:g"), ("ex:g",), ()])), "{")  # type: ignore[misc]
            self.put(self.name(f"s{number}"))
            self.predicates(2)
            self.put("}" if graph else ".")


@settings(max_examples=60)
@given(st.data())
def test_in_trig_of_any_layout_a_statement_is_where_its_object_stands(data: st.DataObject) -> None:
    layout = Layout(data.draw)
    layout.document()
    found, parsed = places("a.trig", layout.text)
    marked = {q.object.value.strip("\n\"' é"): q.subject for q in parsed.quads if isinstance(q.object, Literal)}
    for quad in parsed.quads:
        term = quad.object
        if isinstance(term, BlankNode):  # a part is known by its mark, a list by its first member
            inner = [q.object for q in parsed.quads if q.subject == term and q.predicate in (ex("mark"), RDF.first)]
            mark = next((text.value for text in inner if isinstance(text, Literal)), "")
            if quad.predicate == RDF.rest or marked.get(mark) != term:
                continue
        else:
            mark = term.value.removeprefix(EX).strip("\n\"' é")  # type: ignore[union-attr]  # RDF 1.1
        if quad.predicate in (ex("mark"), RDF.first) or mark not in layout.stand:
            continue
        place = found.statement(quad.subject, quad.predicate, term)
        assert str(place) == f"a.trig:{line_and_column(layout.text, layout.stand[mark])}"
    assert any(mark in layout.text for mark in layout.stand) or not layout.stand


TURTLE = f"""@prefix ex: <{EX}> .
ex:a a ex:Thing ;
    ex:name "A", 'B' ;
    ex:part [ ex:name "inner" ] ,
            [ ex:name "other" ] .
"""
N_TRIPLES = f'<{EX}a> <{EX}name> "A" .\n<{EX}a> <{EX}name> "B" .\n'
N_QUADS = f'<{EX}a> <{EX}name> "A" <{EX}g> .\n<{EX}a> <{EX}name> "B" <{EX}h> .\n'
RDF_XML = f"""<?xml version="1.0"?>
<rdf:RDF xmlns:rdf="{RDF!s}" xmlns:ex="{EX}" xml:base="{EX}">
  <ex:Thing rdf:about="a" ex:code="7">
    <ex:name>A</ex:name>
    <ex:name xml:lang="it">È
    </ex:name>
    <ex:knows rdf:resource="b"/>
    <ex:part><rdf:Description ex:name="inner"/></ex:part>
    <ex:part rdf:parseType="Resource"><ex:name>other</ex:name></ex:part>
    <ex:list rdf:parseType="Collection"><ex:Thing rdf:about="#c"/></ex:list>
  </ex:Thing>
</rdf:RDF>
"""
JSON_LD = """{
  "@context": {"ex": "https://example.org/", "name": "ex:name", "id": "@id",
    "knows": {"@id": "ex:knows", "@type": "@id"}, "born": {"@id": "ex:born", "@type": "ex:day"},
    "knownBy": {"@reverse": "ex:knows", "@type": "@id"}},
  "id": "ex:a", "@type": "ex:Thing",
  "name": ["A", {"@value": "È", "@language": "it"}],
  "knows": ["ex:b", {"id": "ex:c", "name": "C"}],
  "knownBy": "ex:d",
  "born": "2020",
  "ex:part": {"name": "inner"}
}
"""


@pytest.mark.parametrize(
    ("name", "text", "statement", "place"),
    [
        ("a.ttl", TURTLE, ("a", RDF.type, ex("Thing")), "a |ex:Thing"),
        ("a.ttl", TURTLE, ("a", "name", Literal("B")), ", |'B'"),
        ("a.ttl", TURTLE, ("a", "name", None), '|"A"'),
        ("a.nt", N_TRIPLES, ("a", "name", Literal("B")), '|"B"'),
        ("a.nq", N_QUADS, ("a", "name", Literal("B")), '|"B"'),
        ("a.rdf", RDF_XML, ("a", RDF.type, ex("Thing")), '|<ex:Thing rdf:about="a"'),
        ("a.rdf", RDF_XML, ("a", "code", Literal("7")), 'ex:code="|7'),
        ("a.rdf", RDF_XML, ("a", "name", Literal("A")), "|A</"),
        ("a.rdf", RDF_XML, ("a", "name", Literal("È\n    ", language="it")), "|È"),
        ("a.rdf", RDF_XML, ("a", "knows", ex("b")), 'rdf:resource="|b'),
        ("a.jsonld", JSON_LD, ("a", RDF.type, ex("Thing")), '"@type": |"ex:Thing"'),
        ("a.jsonld", JSON_LD, ("a", "name", Literal("A")), '[|"A", {'),
        ("a.jsonld", JSON_LD, ("a", "name", Literal("È", language="it")), '|{"@value"'),
        ("a.jsonld", JSON_LD, ("a", "knows", ex("c")), '|{"id": "ex:c"'),
        ("a.jsonld", JSON_LD, ("c", "name", Literal("C")), '|"C"'),
        ("a.jsonld", JSON_LD, ("d", "knows", ex("a")), '"id": |"ex:a"'),
        ("a.jsonld", JSON_LD, ("a", "born", Literal("2020", datatype=ex("day"))), '|"2020"'),
    ],
)
def test_each_format_has_line_and_column_of_the_object(
    name: str, text: str, statement: tuple[str, str | NamedNode, Literal | NamedNode | None], place: str
) -> None:
    subject, predicate, value = statement
    found, _ = places(name, text)
    stated = found.statement(ex(subject), ex(predicate) if isinstance(predicate, str) else predicate, value)
    assert str(stated) == f"{name}:{stands(text, place)}"


@pytest.mark.parametrize(
    ("name", "text", "inner"),
    [
        ("a.ttl", TURTLE, {"inner": '|"inner"', "other": '|"other"'}),
        ("a.rdf", RDF_XML, {"inner": '="|inner', "other": ">|other<"}),
        ("a.jsonld", JSON_LD, {"inner": '|"inner"'}),
    ],
)
def test_blank_nodes_of_the_parser_are_those_of_the_text(name: str, text: str, inner: dict[str, str]) -> None:
    found, parsed = places(name, text)
    for value, place in inner.items():
        (subject,) = (quad.subject for quad in parsed.quads if quad.object == Literal(value))
        assert isinstance(subject, BlankNode)
        assert str(found.statement(subject, ex("name"), Literal(value))) == f"{name}:{stands(text, place)}"


def test_a_statement_may_be_asked_for_in_one_graph() -> None:
    found, _ = places("a.nq", N_QUADS)
    assert str(found.statement(ex("a"), ex("name"), None, ex("h"))) == "a.nq:2:52"
    assert found.statement(ex("a"), ex("name"), Literal("A"), ex("h")) is None


def test_a_thing_is_where_it_is_described_else_where_it_is_named() -> None:
    found, _ = places("a.ttl", f"@prefix ex: <{EX}> .\nex:a ex:p ex:b .\nex:c ex:p ex:a .")
    assert [str(found.term(ex(name))) for name in "ab"] == ["a.ttl:2:1", "a.ttl:2:11"]
    assert found.term(ex("nowhere")) is None


def test_blank_nodes_of_lists_that_the_parser_orders_otherwise_are_found() -> None:
    text = f"@prefix ex: <{EX}> .\nex:a ex:p ( [ ex:q 1 ]\n [ ex:q 2 ] ) , ( [ ex:q\n 1 ] ) ."
    found, parsed = places("a.ttl", text)
    seen = [str(found.statement(q.subject, q.predicate, q.object)) for q in parsed.quads if q.predicate == ex("q")]
    assert sorted(seen) == ["a.ttl:2:20", "a.ttl:3:9", "a.ttl:4:2"]


def test_what_the_light_reader_does_not_follow_has_no_place_and_no_error() -> None:
    found, _ = places("a.jsonld", json.dumps({"@id": "urn:a", "urn:p": {"@type": "@json", "@value": {"a": [1]}}}))
    assert found.statement(NamedNode("urn:a"), RDFS.label, Literal("x", datatype=XSD.string)) is None


names = st.sampled_from(["a", "b", "p", "q"]).map(ex)
nodes = st.one_of(names, st.sampled_from([BlankNode("x"), BlankNode("y")]))
texts = st.text("abé <>&'", min_size=1, max_size=4).map(lambda text: f"t{text}t")
values = st.one_of(
    nodes,
    st.builds(Literal, texts),
    st.builds(Literal, texts, language=st.sampled_from(["en", "de-ch"])),
    st.builds(Literal, st.sampled_from(["1", "007", "-2.50"]), datatype=st.sampled_from([XSD.integer, XSD.decimal])),
)
graphs = st.lists(st.builds(Triple, nodes, names, values), min_size=1, max_size=6, unique=True)


@pytest.mark.parametrize("ending", ["ttl", "nt", "rdf", "jsonld"])
@settings(max_examples=40)
@given(graphs)
def test_whatever_a_writer_makes_of_a_graph_each_statement_is_found(ending: str, triples: list[Triple]) -> None:
    """The writers are others than those of the tests above: pyoxigraph's, and for JSON-LD its expanded form."""
    text = serialize(triples, format=FORMAT_BY_SUFFIX[f".{ending}"]).decode()  # type: ignore[union-attr]  # no file
    found, parsed = places(f"a.{ending}", text)
    lines = text.split("\n")
    for quad in parsed.quads:
        place = found.statement(quad.subject, quad.predicate, quad.object)
        assert place is not None and place.line and place.column, (text, quad)
        if isinstance(quad.object, Literal):
            here = unescape(html.unescape(lines[place.line - 1][place.column - 1 :]))
            assert quad.object.value in here, (text, quad)


def test_depth_is_no_error() -> None:
    deep = "(" * 3000 + ")" * 3000
    found, parsed = places("a.ttl", f"@prefix ex: <{EX}> .\nex:a ex:p {deep} .\nex:b ex:p 1 .")
    assert str(found.statement(ex("b"), ex("p"), parsed.quads[-1].object)) == "a.ttl:3:11"
