"""RDF/XML as an XML processor gives it: what XML 1.0, RDF/XML 7.2.17 and exclusive canonical XML say."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree
from xml.sax.saxutils import escape, quoteattr

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad

from missiongraph.publication.rdf_files import FaultyFile, read_file
from missiongraph.rdf.datatypes import is_lexical
from missiongraph.vocab import RDF, XSD

GRAPH = NamedNode("https://example.org/graph")
THING, P = NamedNode("https://example.org/a"), NamedNode("https://example.org/p")
XML_CHARACTERS = st.characters(
    exclude_categories=["Cs"], exclude_characters="".join(map(chr, (*range(32), 0xFFFE, 0xFFFF)))
) | st.sampled_from("\t\n\r")


def document(inner: str, head: str = "", attributes: str = "") -> str:
    namespaces = 'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:ex="https://example.org/"'
    thing = f'<rdf:Description rdf:about="{THING.value}">{inner}</rdf:Description>'
    return f"{head}<rdf:RDF {namespaces}{attributes}>\n{thing}\n</rdf:RDF>"


def read(folder: Path, text: str | bytes) -> tuple[Quad, ...]:
    (folder / "a.rdf").write_bytes(text.encode() if isinstance(text, str) else text)
    return read_file(folder / "a.rdf", "data/a.rdf", GRAPH).quads


def value(folder: Path, inner: str, head: str = "", attributes: str = "") -> object:
    (quad,) = read(folder, document(inner, head, attributes))
    return quad.object


def xml_literal(text: str) -> Literal:
    return Literal(text, datatype=RDF.XMLLiteral)


def fault(folder: Path, text: str | bytes) -> str:
    with pytest.raises(FaultyFile) as caught:
        read(folder, text)
    return str(caught.value)


@pytest.mark.parametrize(
    ("inner", "expected"),
    [
        ("<ex:p>a\r\nb\rc</ex:p>", "a\nb\nc"),  # XML 1.0, 2.11: the end of a line is a line feed
        ("<ex:p>a&#13;\nb</ex:p>", "a\r\nb"),
        ("<ex:p>a<![CDATA[<b>&amp;]]>c</ex:p>", "a<b>&amp;c"),
        ("<ex:p>a<!-- a remark -->b<?an instruction?>c</ex:p>", "abc"),
        ("<ex:p>&who; &amp; co</ex:p>", "Prato & co"),
        ("<ex:p> a\n </ex:p>", " a\n "),
        ("<ex:p></ex:p>", ""),
    ],
)
def test_text_is_what_xml_says(tmp_path: Path, inner: str, expected: str) -> None:
    assert value(tmp_path, inner, '<!DOCTYPE rdf:RDF [<!ENTITY who "Prato">]>') == Literal(expected)


@given(st.text(XML_CHARACTERS), st.text(XML_CHARACTERS))
def test_text_and_attributes_come_back_as_they_were(
    tmp_path_factory: pytest.TempPathFactory, text: str, attribute: str
) -> None:
    folder = tmp_path_factory.mktemp("rdfxml")
    references = {"\r": "&#13;", "\n": "&#10;", "\t": "&#9;"}
    inner = f"<ex:p>{escape(text, references)}</ex:p>"
    about = f"<rdf:Description rdf:about='https://example.org/b' ex:p={quoteattr(attribute, references)}/>"
    first, second = read(folder, document(inner).replace("</rdf:RDF>", f"{about}</rdf:RDF>"))
    assert (first.object, second.object) == (Literal(text), Literal(attribute))


def test_white_space_in_an_attribute_is_spaces(tmp_path: Path) -> None:
    (quad,) = read(tmp_path, document("").replace("rdf:about", 'ex:p="a\r\nb\tc&#10;d" rdf:about'))
    assert quad.object == Literal("a b c\nd")  # XML 1.0, 3.3.3


def test_an_attribute_that_the_document_type_gives_counts(tmp_path: Path) -> None:
    assert value(tmp_path, "<ex:p>x</ex:p>", '<!DOCTYPE rdf:RDF [<!ATTLIST ex:p xml:lang CDATA "en">]>') == Literal(
        "x", language="en"
    )


@pytest.mark.parametrize(
    ("inner", "expected"),
    [
        ('<ex:p xml:lang="">X1</ex:p>', Literal("X1")),
        ("<ex:p>X1</ex:p>", Literal("X1", language="en")),
        ('<ex:p xml:lang=""/>', Literal("")),
        (
            '<ex:p rdf:datatype="http://www.w3.org/2001/XMLSchema#token" xml:lang="">X1</ex:p>',
            Literal("X1", datatype=XSD.token),
        ),
    ],
)
def test_an_empty_language_takes_the_language_back(tmp_path: Path, inner: str, expected: Literal) -> None:
    assert value(tmp_path, inner, attributes=' xml:lang="en"') == expected  # XML 1.0, 2.12


MATHS = '<math xmlns="http://www.w3.org/1998/Math/MathML"><mi>x</mi></math>'


@pytest.mark.parametrize(
    ("inner", "expected"),
    [
        (MATHS, MATHS),
        ("", ""),
        ("a &lt; b<br/>", "a &lt; b<br></br>"),
        ("<b z='1' a='\"2\"'/>", '<b a="&quot;2&quot;" z="1"></b>'),
        ("<ex:b/>", '<ex:b xmlns:ex="https://example.org/"></ex:b>'),
        ('<a xmlns:q="urn:q"><q:b/><q:c/></a>', '<a><q:b xmlns:q="urn:q"></q:b><q:c xmlns:q="urn:q"></q:c></a>'),
        ('<a xmlns="urn:q"><b xmlns=""/></a>', '<a xmlns="urn:q"><b xmlns=""></b></a>'),
        ("<!-- a remark --><?an instruction?>", "<!-- a remark --><?an instruction?>"),
        ("<![CDATA[a<b]]>\r\n", "a&lt;b\n"),
        ('<b xml:lang="en">x</b>', '<b xml:lang="en">x</b>'),
        ("<b c='&#9;&#10;&#13;'>&#13;</b>", '<b c="&#x9;&#xA;&#xD;">&#xD;</b>'),
        ('<b rdf:parseType="Literal"/>', f'<b xmlns:rdf="{RDF}" rdf:parseType="Literal"></b>'),
    ],
)  # fmt: skip
@pytest.mark.parametrize("parse_type", ["Literal", "something else"])  # RDF/XML 7.2.20
def test_an_xml_literal_is_in_exclusive_canonical_form(
    tmp_path: Path, inner: str, expected: str, parse_type: str
) -> None:
    assert value(tmp_path, f'<ex:p rdf:parseType="{parse_type}">{inner}</ex:p>') == xml_literal(expected)


_NAMES = st.sampled_from(["a", "b", "p:a", "p:b", "q:a", "xml:lang"])


@st.composite
def _elements(draw: st.DrawFn, depth: int = 3) -> str:
    name = draw(_NAMES.filter(lambda one: one != "xml:lang"))
    given_ = draw(st.dictionaries(_NAMES, st.text(XML_CHARACTERS, max_size=5), max_size=3))
    attributes = "".join(f" {key}={quoteattr(text)}" for key, text in given_.items())
    # beside a prefix the library counts attributes without one for the default namespace, which they never have
    default = "" if ":" in name else draw(st.sampled_from(["", "", ' xmlns="urn:d"', ' xmlns=""']))
    inner = (
        st.text(XML_CHARACTERS, max_size=5).map(escape)
        | st.just("<!-- - -->")
        | st.just("<?i d?>")
        | st.just("<![CDATA[<&]]>")
    )
    parts = draw(st.lists(inner | _elements(depth - 1) if depth else inner, max_size=3))
    return f"<{name}{default}{attributes}>{''.join(parts)}</{name}>"


@given(_elements())
def test_the_canonical_form_is_that_of_another_implementation(
    tmp_path_factory: pytest.TempPathFactory, element: str
) -> None:
    """The standard library's: of one element it is the same (Canonical XML 2.0 has no other rules for these)."""
    folder = tmp_path_factory.mktemp("rdfxml")
    wrapped = f'<wrap xmlns:p="urn:p" xmlns:q="urn:q">{element}</wrap>'
    expected = ElementTree.canonicalize(wrapped, with_comments=True).removeprefix("<wrap>").removesuffix("</wrap>")
    literal = value(
        folder, f'<ex:p rdf:parseType="Literal">{element}</ex:p>', attributes=' xmlns:p="urn:p" xmlns:q="urn:q"'
    )
    assert literal == xml_literal(expected)
    assert is_lexical(expected, RDF.XMLLiteral.value)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (document("<ex:p>1</ex:p>")[:-10], "3:1: is not well-formed XML"),  # breaks off
        (document("<ex:p>1</ex:p>") + "\n<again/>", "4:1: is not well-formed XML: junk"),
        (document("\n<ex:p>a\x01</ex:p>"), "3:8: is not well-formed XML"),
        (document('\n<ex:p ex:q="a<b"/>'), "3:"),
        (document("\n <zz:p/>"), "3:2: is not well-formed XML: unbound prefix"),
        (document("<ex:p>&nbsp;</ex:p>"), "2:58: is not well-formed XML: undefined entity"),
        ("", "1:1: is not well-formed XML"),
        (document("\n  <ex:p xml:lang='e_n'>x</ex:p>"), "3:3: error while parsing language tag"),
        (document("\n  <ex:p rdf:resource='https://example.org/a b'/>"), "3:3: error while parsing IRI"),
        (document("\n  stray<ex:p>x</ex:p>"), "3:3: Unexpected text event"),
        (document("\n <ex:p rdf:parseType='Literal' rdf:ID='a' ex:q=''/>"), "3:2: ex:q beside rdf:parseType"),
        (document("\n <ex:p resource='https://example.org/b'/>"), "3:2: an element or attribute without a namespace"),
        (document("<ex:p/>", '<?xml version="1.0" encoding="ISO-8859-1"?>'), "1:1: declares the encoding ISO-8859-1"),
        (document("\n<ex:p>&who;</ex:p>", '<!DOCTYPE R [<!ENTITY who SYSTEM "a.txt">]>'), "3:7: names the entity"),
        (document("\n<ex:p>&who;</ex:p>", '<!DOCTYPE rdf:RDF SYSTEM "a.dtd">'), "3:7: names the entity &who;"),
    ],
)  # fmt: skip
def test_a_fault_has_its_line_and_column(tmp_path: Path, text: str, told: str) -> None:
    assert fault(tmp_path, text).startswith(f"data/a.rdf:{told}")


def test_entities_that_grow_beyond_measure_are_refused(tmp_path: Path) -> None:
    entities = "".join(f'<!ENTITY e{n + 1} "{f"&e{n};" * 10}">' for n in range(9))
    head = f'<!DOCTYPE rdf:RDF [<!ENTITY e0 "{"x" * 100}">{entities}]>'
    assert "amplification" in fault(tmp_path, document("<ex:p>&e9;</ex:p>", head))
