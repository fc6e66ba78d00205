"""Recognises the format of a file by its content, for messages about files whose suffix promises another format."""

from __future__ import annotations

import io
import json
import re
import zipfile
from contextlib import suppress
from dataclasses import dataclass
from xml.parsers import expat

from missiongraph.vocab import OWL, RDF

_OWL_ADVICE = "save it as Turtle or RDF/XML, for example with ROBOT or Protégé"


@dataclass(frozen=True)
class Recognised:
    """A format, and what the user can do with a file in it.

    :ivar suffixes: the suffixes under which a file in this format is read; none if it is not read at all
    """

    name: str
    advice: str
    suffixes: tuple[str, ...] = ()


OWL_FUNCTIONAL = Recognised("OWL functional syntax", _OWL_ADVICE)
MANCHESTER = Recognised("OWL Manchester syntax", _OWL_ADVICE)
OWL_XML = Recognised("OWL/XML", _OWL_ADVICE)
OBO = Recognised("OBO", _OWL_ADVICE)
HTML = Recognised("an HTML page", "fetch the RDF itself: ask the server for it, or take its raw or download link")
RDF_XML = Recognised("RDF/XML", "name it .rdf", (".rdf", ".owl"))
TURTLE = Recognised("Turtle or TriG", "name it .ttl or .trig", (".ttl", ".trig"))
N_TRIPLES = Recognised("N-Triples or Turtle", "name it .nt or .ttl", (".nt", ".ttl", ".nq", ".trig"))
JSON_LD = Recognised("JSON-LD", "name it .jsonld", (".jsonld",))
JSON = Recognised(
    "JSON without the keywords of JSON-LD", "give it a @context that says what its keys mean", (".jsonld",)
)
LFS = Recognised("a pointer of Git LFS", "fetch the file itself with git lfs pull")
UTF_16 = Recognised("text in UTF-16", "save it as UTF-8")
EXCEL = Recognised("an Excel file", "save its sheet as CSV in UTF-8")

#: Formats by the root element of XML: its namespace, a space, its local name.
_ROOTS = {
    f"{RDF} RDF": RDF_XML,
    f"{OWL} Ontology": OWL_XML,
    "http://www.w3.org/1999/xhtml html": HTML,
    "http://www.w3.org/2005/sparql-results# sparql": Recognised("a result of a SPARQL query", "ask by CONSTRUCT"),
    "http://www.w3.org/2004/03/trix/trix-1/ TriX": Recognised("TriX", "save it as TriG or N-Quads"),
}

#: Formats by the first bytes of files that are not text in UTF-8.
_SIGNATURES = (
    (b"\x1f\x8b", Recognised("a gzip file", "unpack it: gunzip FILE")),
    (b"BZh", Recognised("a bzip2 file", "unpack it: bunzip2 FILE")),
    (b"\xfd7zXZ\x00", Recognised("an xz file", "unpack it: unxz FILE")),
    (b"\x28\xb5\x2f\xfd", Recognised("a zstd file", "unpack it: unzstd FILE")),
    (b"7z\xbc\xaf\x27\x1c", Recognised("a 7z archive", "unpack it")),
    (b"\xd0\xcf\x11\xe0", EXCEL),
    (b"%PDF-", Recognised("a PDF", "its text is for people: enter what it says as RDF or as a table")),
    (b"$HDT", Recognised("HDT", "convert it: hdt2rdf FILE")),
    (b"PAR1", Recognised("Parquet", "save it as CSV in UTF-8")),
    (b"SQLite format 3\x00", Recognised("an SQLite database", "save its tables as CSV in UTF-8")),
    (b"\xff\xfe", UTF_16),
    (b"\xfe\xff", UTF_16),
)

#: Formats by a pattern that the text must begin with, after white space and comments.
_STARTS = (
    (r"<!doctype\s+html|<html\b", HTML),
    (r"(?:Prefix\s*\(\s*[\w.-]*:\s*=|Ontology\s*\()", OWL_FUNCTIONAL),
    (r"(?:Prefix:\s+[\w.-]*:|(?:Ontology|Class|ObjectProperty|DataProperty|Individual|Datatype):\s)", MANCHESTER),
    (r"format-version:\s|\[Term\]\s", OBO),
    (r"version https://git-lfs\.github\.com/spec/", LFS),
    (r"@prefix\s|@base\s|prefix\s+[\w.-]*:\s*<|base\s+<", TURTLE),
    (r"(?:<[^<>\s]+>|_:\w+)\s+(?:<[^<>\s]+>|a)\s+[<\"_]", N_TRIPLES),
)
_STARTS_WITH = tuple((re.compile(pattern, re.IGNORECASE), found) for pattern, found in _STARTS)
_BEFORE = re.compile(r"(?:\s|#[^\n]*|![^\n]*)*")  # white space, comments of most and of OBO


def of_bytes(content: bytes) -> Recognised | None:
    """The format of *content*, if its first bytes show that it is not text in UTF-8; else ``None``."""
    if content.startswith(b"PK\x03\x04"):
        return _of_archive(content)
    recognised = next((what for signature, what in _SIGNATURES if content.startswith(signature)), None)
    return recognised or (UTF_16 if len(content) > 3 and b"\x00" in content[:2] else None)


def of_text(text: str) -> Recognised | None:
    """The format of *text*, if its beginning shows it; else ``None``.

    >>> of_text("@prefix ex: <http://example.org/> .").name
    'Turtle or TriG'
    """
    start = _BEFORE.match(text)
    rest = text[start.end() if start else 0 :]
    for pattern, recognised in _STARTS_WITH:
        if pattern.match(rest):
            return recognised
    if rest.startswith("<"):
        return _of_xml(rest)
    return _of_json(rest) if rest.startswith(("{", "[")) else None


def _of_archive(content: bytes) -> Recognised:
    with suppress(zipfile.BadZipFile), zipfile.ZipFile(io.BytesIO(content)) as archive:
        if any(name.startswith("xl/") for name in archive.namelist()):
            return EXCEL
    if b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet" in content[:200]:
        return Recognised("an OpenDocument spreadsheet", "save its sheet as CSV in UTF-8")
    return Recognised("a ZIP archive", "unpack it: unzip FILE")


def _of_xml(text: str) -> Recognised | None:
    """The format by the root element; the rest of the document may be faulty."""
    roots: list[str] = []
    parser = expat.ParserCreate("utf-8", " ")
    parser.StartElementHandler = lambda name, attributes: roots.append(name)
    with suppress(expat.ExpatError):
        parser.Parse(text[: 1 << 16].encode(), False)
    if not roots:
        return None
    other = Recognised(f"XML whose root is <{roots[0].rpartition(' ')[2]}>", "save it as RDF/XML or Turtle")
    return _ROOTS.get(roots[0], other)


def _of_json(text: str) -> Recognised | None:
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        return None
    first = document[0] if isinstance(document, list) and document else document
    keywords = not first or (isinstance(first, dict) and any(key.startswith("@") for key in first))
    return JSON_LD if keywords else JSON
