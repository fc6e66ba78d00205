"""Files made up at random: saved pages (HTML, PDF), tables with their descriptions, settings."""

from __future__ import annotations

import json
import zlib
from typing import Any

from hypothesis import strategies as st

from tests.evidence.pages.pdf import pdf_of
from tests.fuzz.grammar import damaged_bytes, texts_of

HTML = {
    "Page": ["<Flow>", "<!doctype html><html><head><Head></head><body><Flow></body></html>",
        "<?xml version='1.0'?><Flow>"],
    "Head": [
        "", "<meta charset=<Charset>>", "<style><Style></style>", "<title><Words></title><Head>", "<base href=x><Head>",
        "<meta http-equiv=content-type content='text/html; charset=<Charset>'><Head>", "<!-- <Words> --><Head>",
    ],
    "Charset": ["utf-8", "latin1", "utf-16", "'utf-7'", "x-user-defined", "idna", "punycode", "base64", "zip",
        "rot13", "undefined",
                "unicode_escape", "utf-8-sig", "mbcs", "hex"],
    "Style": [".h { display:none }", "#i { visibility : hidden }", "{}{}{{", "p.x{opacity:0",
        "@media { .h{display:none} }", "/*"],
    "Flow": ["<Words>", "<Element>", "<Element><Flow>", "<Words><Flow>", "<Flow><Flow>", "<![CDATA[<Words>]]>",
        "<!-- <Words>", "</p>",
             "<br><Flow>"],
    "Element": [
        "<p<Attributes>><Flow></p>", "<div<Attributes>><Flow>", "<b><i><Flow></b></i>",
        "<table><tr><td><Flow><td><Words></table>",
        "<ul><li><Flow><li><Words></ul>", "<pre><Words>\n\n<Words></pre>", "<svg><text><Words></text></svg>",
        "<textarea><Flow>",
        "<select><option><Flow>", "<script><Words></script>", "<template><Flow></template>",
        "<sup><a href=#1>1</a></sup>",
        "<math><mi><Flow></math>", "<plaintext><Flow>", "<frameset><frame>", "<del><Flow></del>",
        "<dialog open><Flow></dialog>",
        "<a b='<Words>' c=\"<Words>\" <Words>>", "<ol start=-5><li><Words></ol>", "<x-y is=z><Flow></x-y>",
        "<noscript><Flow></noscript>",
    ],
    "Attributes": ["", " hidden", " class=h", " id='i'", " style='display : none !important'", " style=\"color:red",
        " role=NAVIGATION",
                   " class='' id", " a=b<Attributes>", " class=\"h\u00a0x\"", " STYLE='opacity:0'"],
    "Words": [
        "By 2030.", "Bologna", " ", "1.", "(a) x", "•", "\u200b", "e\u0301\u0301\u0301", "&amp;", "&#0;",
        "&#x110000;", "&notit;", "&",
        "19 September 2022, 9.30", "“qu”", "EUR 360 million", "\ufdfa" * 20, "Ã¨", "<", "]]>", "\r\n\r\n", "\0",
        "\x1f", "a" * 300,
        "<Words> <Words>", "\u0645\u0631", "i. x ii. y", "- - -", "\ufffe", "İ", "ß", "1 2 3\n4 5", "\U000e0001",
        "\u1100\u1161\u11a8",
    ],
}  # fmt: skip

_ENCODINGS = (
    "utf-8",
    "utf-8",
    "utf-8",
    "utf-8-sig",
    "utf-16",
    "utf-32",
    "utf-16-le",
    "latin-1",
    "cp1252",
    "utf-7",
    "cp1250",
)

saved_html = damaged_bytes(
    st.builds(
        lambda text, encoding: text.encode(encoding, "replace"), texts_of(HTML, "Page"), st.sampled_from(_ENCODINGS)
    )
)

PDF = {
    "Content": ["BT <Text> ET", "q <Content> Q", "<Content> <Content>", "BT <Text>", "/X0 Do",
        "<Number> 0 0 1 0 0 cm <Content>", "BI /W 1 ID x EI",
                "ET Q Q", "/Span <</ActualText (x)>> BDC <Content> EMC"],
    "Text": ["/F1 12 Tf (<Words>) Tj", "<Text> <Text>", "/F9 <Number> Tf <Text>", "1 0 0 <Number> 0 0 Tm <Text>",
        "[(a) <Number> (<Words>)] TJ",
             "<Number> <Number> Td <Text>", "T* <Text>", "(<Words>) '", "1 2 (<Words>) \"", "<<Hex>> Tj", "Tf Tj Td",
             "(\\( \\053 \\999) Tj"],
    "Hex": ["0041", "41", "F", "zz", "FEFF00e9", "D800"],
    "Number": ["1", "0", "-5", "1e5", "99999999999999999999", ".", "--1", "null", "12.5.6", "true"],
    "Words": ["By 2030", "Bologna", "\\ddd", "\\377\\376a", "((", "", "a\\\nb", "\u00e8"],
    "Object": ["<Number>", "(<Words>)", "[<Object> <Object>]", "<</Kids [3 0 R]>>", "4 0 R", "2 0 R", "9 0 R",
        "/Name#20x", "<<>>", "[", "null"],
    "Font": [
        "<</Type /Font /Subtype /Type1 /BaseFont /Helvetica>>", "<</Type /Font /Subtype /Type0 /ToUnicode 6 0 R>>",
        "<Object>",
        "<</Type /Font /Subtype /TrueType /FirstChar <Number> /Widths <Object> /Encoding <Encoding>>>",
        "<</Subtype /Type3 /CharProcs <Object>>>",
        "<</Type /Font /Subtype /Type0 /Encoding /Identity-H /DescendantFonts [<</W <Object>>>] /ToUnicode 6 0 R>>",
    ],
    "Encoding": ["/WinAnsiEncoding", "<</Differences [<Number> /a /uni00e9 /x#]>>", "/Nope", "<Object>"],
    "Map": ["1 beginbfchar <41> <0042> endbfchar", "1 beginbfrange <00> <<Hex>> <0041> endbfrange",
        "1 beginbfrange <00> <02> [<0041> <42>] endbfrange",
            "beginbfchar <> endbfchar", "1 begincodespacerange <00> <FF> endcodespacerange <Map>",
            "999999999 beginbfrange <0000> <FFFFFFFF> <0> endbfrange"],
    "Box": ["[0 0 600 800]", "[<Number> <Number>]", "<Object>"],
    "Filter": ["", "/Filter /FlateDecode ", "/Filter [/FlateDecode /FlateDecode] ", "/Filter /LZWDecode ",
        "/Filter /ASCII85Decode ", "/Filter /RunLengthDecode ",
               "/Filter /DCTDecode ", "/Filter <Object> ",
               "/Filter /FlateDecode /DecodeParms <</Predictor <Number> /Columns <Number>>> ",
               "/Filter /ASCIIHexDecode "],
    "Pages": ["<</Type /Pages /Count 1 /Kids [3 0 R]>>", "<</Type /Pages /Count <Number> /Kids [3 0 R 2 0 R]>>",
        "<</Type /Pages /Kids <Object>>>", "<Object>"],
    "More": ["", "/Rotate <Number> ", "/Parent <Object> ", "/UserUnit <Number> ", "/Contents <Object> "],
}  # fmt: skip
_PARTS = ("Content", "Font", "Map", "Box", "Filter", "Pages", "More")
_pdf = {name: texts_of(PDF, name, faulty=False) for name in _PARTS}


@st.composite
def _pdfs(draw: st.DrawFn) -> bytes:
    made = {name: draw(strategy).encode("latin-1", "replace") for name, strategy in _pdf.items()}
    data = made["Content"]
    if b"/FlateDecode" in made["Filter"] and draw(st.integers(0, 4)):
        data = zlib.compress(data)
    objects = [
        b"<</Type /Catalog /Pages 2 0 R>>",
        made["Pages"],
        b"<</Type /Page /Parent 2 0 R /MediaBox %s /Contents 5 0 R %s/Resources "
        b"<</Font <</F1 4 0 R>> /XObject <</X0 5 0 R>>>>>>" % (made["Box"], made["More"]),
        made["Font"],
        b"<<%s/Subtype /Form /Length %d>>\nstream\n%s\nendstream" % (made["Filter"], len(data), data),
        b"<</Length %d>>\nstream\n%s\nendstream" % (len(made["Map"]), made["Map"]),
    ]
    return pdf_of(objects)


saved_pdfs = damaged_bytes(_pdfs())

_ODD_VALUES: tuple[Any, ...] = (
    None, True, -1, 0, 1.5, 10**30, "", "x", "{city}", "{+city,x}", "{", "{city", "é", "http://", "schema:name",
    "_:b", "\0", [],
    {}, [[]], {"x": None}, ["a", 1], "https://example.org/{city}", "{_row}", "%zz", "http://a b/", "{a*}", "{city:3}",
    "urn:x:{city}",
)  # fmt: skip
_VALUES: dict[str, tuple[Any, ...]] = {
    "titles": ("city", ["a", "b"], {"it": "città", "xx": ["y"]}),
    "datatype": (
        "string", "integer", "date", "number", "anyURI", "json", "xml", "nope", "gYear", "duration", "base64Binary",
        "boolean",
        {"base": "decimal", "minimum": "x"}, {"base": "string", "format": "["}, {"base": "date",
        "format": "dd.MM.yyyy"},
        {"base": "string", "length": -1}, {"base": "integer", "minimum": 5, "maximum": 1}, {"@id": "x",
        "base": "string"},
        {"base": "string", "format": "(a+)+$"}, {"base": "dateTime", "minInclusive": "2020-01-01T00:00:00"},
    ),
    "aboutUrl": ("https://example.org/id/{city}", "#{city}", "{city}"),
    "propertyUrl": ("schema:name", "rdf:type", "https://example.org/p/{_name}"),
    "valueUrl": ("https://example.org/id/{name}", "{name}", "#row.{_row}"),
    "separator": (";", "", "  "),
    "null": ("-", ["", "n/a"]),
    "lang": ("it", "xx-", "und"),
    "default": ("x", "2020"),
    "required": (True, False),
    "virtual": (True, False),
    "suppressOutput": (True, False),
    "ordered": (True,),
    "mg:graphUrl": ("https://example.org/graph/{city}", "{city}"),
    "mg:languageColumn": ("name", "nope"),
    "mg:textTemplate": ("{city} {name}", "{"),
}  # fmt: skip


def _nearly(right: tuple[Any, ...]) -> st.SearchStrategy[Any]:
    return st.integers(0, 15).flatmap(lambda number: st.sampled_from(right if number else _ODD_VALUES))


@st.composite
def _record(draw: st.DrawFn, /, values: dict[str, tuple[Any, ...]], **always: tuple[Any, ...]) -> dict[str, Any]:
    """An object with the keys of *always* and a few of *values*."""
    more = draw(st.lists(st.sampled_from(sorted(values)), max_size=2))
    return {key: draw(_nearly(right)) for key, right in (always | {key: values[key] for key in more}).items()}


_COLUMN = _record(_VALUES, propertyUrl=_VALUES["propertyUrl"], aboutUrl=_VALUES["aboutUrl"])
_DIALECT = _record(
    {
        "delimiter": (";", "\t", ",,", ""), "quoteChar": ("'", None), "header": (False, True), "headerRowCount": (0, 2),
        "encoding": ("utf-8", "latin1", "utf-16", "zip", "idna"), "skipRows": (1, 99), "skipColumns": (1,),
            "commentPrefix": ("#", ""),
        "lineTerminators": ("\r\n", ["\n"]), "trim": (True, "start"), "skipBlankRows": (True,), "doubleQuote": (False,),
        "skipInitialSpace": (True,), "nope": (1,),
    }
)  # fmt: skip
_FOREIGN: tuple[Any, ...] = (
    [{"columnReference": "city", "reference": {"resource": "cities.csv", "columnReference": "name"}}],
    [{"columnReference": ["city", "x"], "reference": {"resource": "../x.csv", "columnReference": "a"}}],
    [{"columnReference": "city", "reference": {"schemaReference": "http://x/", "columnReference": "a"}}],
    [{}],
)


_NAMES = ("city", "name", "x")


@st.composite
def described_tables(draw: st.DrawFn) -> tuple[bytes, bytes]:
    """The bytes of a description and of its table ``cities.csv``."""
    columns = [{**draw(_COLUMN), "name": draw(_nearly((name,)))} for name in _NAMES[: draw(st.integers(1, 3))]]
    schema: dict[str, Any] = {"columns": columns}
    if draw(st.integers(0, 3)) == 0:
        schema |= draw(_record({"primaryKey": ("city", ["city", "name"], "x"), "foreignKeys": _FOREIGN}))
    if draw(st.integers(0, 3)) == 0:
        schema |= draw(_record({key: _VALUES[key] for key in ("aboutUrl", "propertyUrl", "datatype", "null", "lang")}))
    table: dict[str, Any] = {"url": "cities.csv", "tableSchema": schema}
    if draw(st.integers(0, 4)) == 0:
        table["dialect"] = draw(_DIALECT)
    if draw(st.integers(0, 9)) == 0:
        table[draw(st.sampled_from(["url", "tableSchema", "dialect", "notes", "tableDirection", "suppressOutput"]))] = (
            draw(st.sampled_from(_ODD_VALUES))
        )
    document: Any = {"@context": "http://www.w3.org/ns/csvw"}
    document |= {"tables": [table]} if draw(st.booleans()) else table
    if draw(st.integers(0, 9)) == 0:
        key = draw(st.sampled_from(["@context", "tables", "@type", "@id", "dialect", "schema:name", "@base"]))
        document[key] = draw(st.sampled_from(_ODD_VALUES))
    text = json.dumps(document).encode()
    return draw(damaged_bytes(st.just(text))) if draw(st.integers(0, 7)) == 0 else text, draw(
        _TABLES if draw(st.booleans()) else _fitting(len(columns))
    )


CSV = {
    "Table": ["city,name\n<Row>", "city\n<Cell>\n", "name\n<Cell>\n", "city\n<Cell>\n<Cell>\n", "<Row>",
        "city,name,x\r\n<Row>", "a b;_x\n<Row>", '"city"\n<Row>', ""],
    "Row": ["<Cell>\n", "<Cell>,<Cell>\n<Row>", "<Cell>;<Cell>\n<Row>", "<Cell>,<Cell>,<Cell>\r\n<Row>", "\n<Row>",
        "# x\n<Row>"],
    "Cell": [
        "prato", "2020", "a", "b", "c", "d", '"a ""b"""', '"x\ny"', "2020-02-30", "1", "-", "", '"', "é", "\0",
        "=1+1", "a;b; c", "http://a b/",
        "{city}", "%", "x" * 200,
        "\u2028", "true", "P1Y", "<mgfuzz>", "0" * 30, "1e400", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaab", "24:00:00", "\ufeff",
    ],
}  # fmt: skip


def _fitting(columns: int) -> st.SearchStrategy[bytes]:
    """A table with the columns that its description names first."""
    row = st.lists(texts_of(CSV, "Cell", faulty=False), min_size=columns, max_size=columns).map(",".join)
    return st.lists(row, max_size=3).map(lambda rows: "\n".join([",".join(_NAMES[:columns]), *rows, ""]).encode())


_TABLES = damaged_bytes(
    st.builds(
        lambda text, encoding: text.encode(encoding, "replace"),
        texts_of(CSV, "Table"),
        st.sampled_from(["utf-8"] * 6 + ["utf-16", "latin-1"]),
    )
)

TOML = {
    "Settings": ['title = "T"\nbase = "https://example.org/"\n<Keys>', "<Keys>"],
    "Keys": ["", "", "", "<Key> = <Value>\n<Keys>", "[<Table>]\n<Keys>", "[<Table>.<Key>]\n<Keys>",
        "<Key>.<Key> = <Value>\n<Keys>", "# x\n<Keys>", "[[<Table>]]\n<Keys>"],
    "Key": [
        "title", "base", "languages", "limits", "keywords", "publisher", "name", "licence", "modified", "temporal",
        "home", "seconds", "iri", "relation",
        "evaluators", "allow", "headline", "email", "themes", "public-url", '"http://x/"', "it", "en", '""', '"a.b"',
        "spatial", "kind", "stale-days", "'\u00e9'",
        "classes", "title", "version", "lang", "contact", "plurals", "about", "identifier",
    ],
    "Table": ["limits", "home", "registers.x", "registers.X", "evidence", "service", "engine", "plurals", "publisher",
        "title", '"http://x/"', "temporal", "nope"],
    "Value": [
        '"x"', "1", "-1", "0", "true", "1.5", "nan", "inf", "-inf", "[]", "[<Value>, <Value>]", "{ <Key> = <Value> }",
        "2020-02-02", "2020-02-30", '"https://example.org/"',
        '"https://example.org/{code}"', '"en"', '"\\u0001"', '"http://a b/"', "1e400", "99999999999999999999",
        '"""\n"""', "'\\'", "0x_1", "2020-02-02T00:00:00Z", "{}",
        '{ it = "x", en = "y" }', '"a@b.example"', '"\\ud800"', "07:00:00", '"é"', "[[1], [2]]", '"*x* *y"',
        '"{code}{code}"',
    ],
}  # fmt: skip

settings_files = damaged_bytes(texts_of(TOML, "Settings").map(lambda text: text.encode("utf-8", "replace")))
