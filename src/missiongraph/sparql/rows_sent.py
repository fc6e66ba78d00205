"""Counts the rows of an answer to SELECT by its bytes, after it was sent."""

from __future__ import annotations

import re
from functools import cached_property

from missiongraph.rdf.formats import Format
from missiongraph.sparql.results import ResultFormat

_JSON_STRING = re.compile(rb'"(?:[^"\\]++|\\.)*+"', re.DOTALL)


class RowCount:
    """The number of rows of an answer. It is counted when somebody asks for it, and then the answer is let go."""

    def __init__(self, form: ResultFormat | Format, body: bytes) -> None:
        """:param body: the whole answer in *form*"""
        self._form, self._body = form, body

    @cached_property
    def value(self) -> int | None:
        """The number of rows; ``None`` if the answer has none, such as the graph of CONSTRUCT."""
        body, self._body = self._body, b""
        count = _COUNTS.get(self._form.extension) if isinstance(self._form, ResultFormat) else None
        return count(body) if count is not None else None


def _in_json(body: bytes) -> int | None:
    """Without its strings, a row begins with ``{:{``, or is ``{}``; so does the document, once."""
    plain = _JSON_STRING.sub(b"", body)
    return plain.count(b"{:{") - 1 + plain.count(b"{}") if b"[" in plain else None


def _in_xml(body: bytes) -> int | None:
    return body.count(b"<result>") + body.count(b"<result/>") if b"<results" in body else None


def _in_csv(body: bytes) -> int:
    return sum(part.count(b"\n") for part in body.split(b'"')[::2]) - 1


def _in_tsv(body: bytes) -> int:
    return body.count(b"\n") - 1


_COUNTS = {"json": _in_json, "xml": _in_xml, "csv": _in_csv, "tsv": _in_tsv}
