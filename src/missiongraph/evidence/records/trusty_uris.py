"""Trusty URIs of RDF graphs: IRIs that hold a digest of their content (Trusty URI Specification 1, module RA)."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable, Sequence

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Triple

#: An artifact code of module RA at the end of an IRI, after a character that is none of its alphabet.
ARTIFACT_CODE = re.compile(r"(?<![A-Za-z0-9_-])RA[A-Za-z0-9_-]{43}$")

#: Keeps the place of an artifact code until that is known.
PENDING = "RA" + "_" * 43

_Key = tuple[str, str, str, int, str, str]


def artifact_code(quads: Iterable[Quad], own: str = PENDING) -> str:
    """The artifact code of *quads*: ``RA`` and a SHA-256 digest in Base64, 45 characters.

    :param own: the code (or its place holder) that stands in IRIs of the quads themselves; it is left out of the digest
    :raises ValueError: a quad has a blank node, which has no name to be hashed
    """
    keyed = sorted({_key(quad, own) for quad in quads})
    text = "".join(f"{part}\n" for key in keyed for part in (*key[:3], _serialised(key)))
    digest = hashlib.sha256(text.encode()).digest()
    return "RA" + base64.urlsafe_b64encode(digest).decode().rstrip("=")


def is_trusty(iri: str, quads: Sequence[Quad]) -> bool:
    """Whether the artifact code at the end of *iri* is the one of *quads*."""
    code = ARTIFACT_CODE.search(iri)
    return code is not None and artifact_code(quads, code[0]) == code[0]


def _key(quad: Quad, own: str) -> _Key:
    """The sort key of *quad* in module RA: graph, subject, predicate, and kind, text and qualifier of the object."""
    graph, subject, predicate = (_name(term, own) for term in (quad.graph_name, quad.subject, quad.predicate))
    value = quad.object
    if not isinstance(value, Literal):
        return graph, subject, predicate, 0, _name(value, own), ""
    if value.language:
        return graph, subject, predicate, 1, value.value, f"@{value.language.lower()}"
    return graph, subject, predicate, 2, value.value, f"^{value.datatype.value}"


def _name(term: NamedNode | BlankNode | DefaultGraph | Triple, own: str) -> str:
    if isinstance(term, DefaultGraph):
        return ""
    if not isinstance(term, NamedNode):
        raise ValueError("only IRIs and literals can be hashed")
    return term.value.replace(own, " ")


def _serialised(key: _Key) -> str:
    *_, kind, text, qualifier = key
    if not kind:
        return text
    escaped = text.replace("\\", "\\\\").replace("\n", "\\n")
    return f"{qualifier} {escaped}"
