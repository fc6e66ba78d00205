"""Terms: those of examples, and for hypothesis those that formats are known to trip over (RDF 1.1 allows them)."""

from __future__ import annotations

from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from missiongraph.vocab import RDF, XSD

#: Characters that XML, JSON, CSV, Turtle or a line-based format have a rule for, and some that look like nothing.
_ODD = (
    "\x00\x01\x08\t\n\x0b\x0c\r\x1f\x7f\x85\xa0\u200b\u200e\u200f\u2028\u2029\u202e\ufeff\ufffd\ufffe\uffff"
    "\U0001f600\U0010ffff\"'\\<>&{}[]^@%_-. #;,|é\u0301"
)
_PIECES = ("\r\n", "\n\r", "]]>", "<!--", "\\u0041", "&amp;", "&#13;", '""', "  ", "@value", "^^<", "\\r")

#: A form of BCP 47 each: plain, region, script, variants, extensions, private use, grandfathered (RFC 5646, 2.2).
LANGUAGES = (
    *("en", "en-us", "ast", "de-419", "zh-hans-cn", "de-1996", "sl-rozaj-biske-1994", "de-de-u-co-phonebk"),
    *("en-a-bbb-x-a-ccc", "x-foo", "qaa-qaaa-qm-x-southern", "i-klingon", "en-gb-oed", "art-lojban"),
)

_DATATYPES = (
    *(getattr(XSD, name) for name in ("integer", "decimal", "double", "boolean", "date", "float", "anyURI")),
    *(RDF.XMLLiteral, RDF.HTML, RDF.JSON, NamedNode("e:x"), NamedNode("http://e.example/datatype#é")),
)
_FORMS = ("1", "01", "1.", "-0", "+1", "1.50", ".5", "1e0", "1E5", "INF", "NaN", "true", " 1", "9007199254740993", "")


def iri(name: str) -> NamedNode:
    """A thing of the examples."""
    return NamedNode(f"https://example.org/{name}")


texts = st.lists(
    st.one_of(st.sampled_from(_ODD), st.sampled_from(_PIECES), st.characters(exclude_categories=["Cs"])), max_size=8
).map("".join)

literals = st.one_of(
    st.builds(Literal, texts),
    st.builds(lambda text, tag: Literal(text, language=tag), texts, st.sampled_from(LANGUAGES)),
    st.builds(
        lambda text, kind: Literal(text, datatype=kind),
        st.one_of(texts, st.sampled_from(_FORMS)),
        st.sampled_from(_DATATYPES),
    ),
)

_SPACES = (
    *("http://e.example/", "http://e.example/ns#", "http://e.example/a/../b/./", "HTTP://E.example:80/?q="),
    *("http://é.example/", "urn:x:", "e:", "tag:", "schema:", "mg:", "id:", "rdf:", "x:?", "file:///a%20b"),
)
_ENDS = ("", "a", "%20", "%C3%A9", "#", "#a", "/", ".", ":", "-", "1", "_", "a.b", "x-1")


@st.composite
def iris(draw: st.DrawFn) -> NamedNode:
    """Absolute IRIs with unusual parts (RFC 3987)."""
    middle = draw(st.text("abzAZ09-._~:/?@!$&'()*+,;=é\u00b7\u0300\u200f\u202e😀漢٣", max_size=5))
    try:
        return NamedNode(draw(st.sampled_from(_SPACES)) + middle + draw(st.sampled_from(_ENDS)))
    except ValueError:  # what the grammar does not allow there
        return NamedNode("http://e.example/x")


nodes = st.one_of(iris(), st.sampled_from([BlankNode("c14n0"), BlankNode("b1")]))
statements = st.lists(
    st.builds(
        Triple,
        nodes,
        st.one_of(iris(), st.just(RDF.type)),
        st.one_of(nodes, literals, literals),
    ),
    min_size=1,
    max_size=4,
)
prefixes = st.sampled_from(
    [
        {},
        {"e": "http://e.example/", "n": "http://e.example/ns#", "u": "urn:x:", "": "http://é.example/", "x": str(XSD)},
        {"schema": "http://e.example/", "mg": "http://e.example/ns#", "tag": "http://e.example/a/"},
        {"xml": "http://e.example/", "1a": "http://e.example/ns#", "xmlns": "urn:x:", "rdf": "http://é.example/"},
    ]
)
