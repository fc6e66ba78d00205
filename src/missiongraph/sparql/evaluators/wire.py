"""How the server and an evaluator talk over their socket pair.

A job is one frame. An answer is a head, data, and an end: an answer without its end has failed, however complete it
looks. A frame is its kind (one byte), the length of its content (four bytes, big-endian) and the content.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import count
from typing import Any, Literal

JOB, HEAD, DATA, END = b"J", b"H", b"D", b"E"

_PREFIX = struct.Struct(">cI")
_NUMBER = struct.Struct(">Q")

#: What a query gives: solutions of a SELECT, the truth of an ASK, the triples of a CONSTRUCT or DESCRIBE.
Kind = Literal["solutions", "boolean", "graph"]


@dataclass(frozen=True)
class Job:
    """A query, its dataset (IRIs of graphs; ``None``: as the query says), and a format for each kind of answer."""

    query: str
    default: tuple[str, ...] | None
    named: tuple[str, ...] | None
    formats: dict[Kind, str | None]
    number: int = field(default_factory=count(1).__next__)

    def encode(self) -> bytes:
        """The job as a frame."""
        return frame(JOB, json.dumps(vars(self)).encode())

    @classmethod
    def decode(cls, content: bytes) -> Job:
        """The job in the content of a frame."""
        read = json.loads(content)
        graphs = {name: None if read[name] is None else tuple(read[name]) for name in ("default", "named")}
        return cls(read["query"], graphs["default"], graphs["named"], read["formats"], read["number"])


@dataclass(frozen=True)
class Head:
    """What an answer begins with.

    :ivar status: an HTTP status; 200 is followed by data in *format*
    :ivar volatile: the answer depends on the moment or on chance, so it must not be kept
    :ivar detail: of another status: what is wrong, at *line* and *column* where it has a place
    """

    status: int
    kind: Kind | None = None
    format: str | None = None
    volatile: bool = False
    detail: str = ""
    line: int | None = None
    column: int | None = None

    def encode(self, number: int) -> bytes:
        """The head as a frame; it carries the *number* of its job, so that no answer is taken for another's."""
        return frame(HEAD, _NUMBER.pack(number) + _head_content(self))

    @classmethod
    def decode(cls, content: bytes) -> tuple[int, Head]:
        """The number of the job, and the head, in the content of a frame."""
        return _NUMBER.unpack_from(content)[0], _head(content[_NUMBER.size :])


@lru_cache(64)  # nearly all answers begin with one of a few
def _head_content(head: Head) -> bytes:
    return json.dumps(vars(head)).encode()


@lru_cache(64)
def _head(content: bytes) -> Head:
    read: dict[str, Any] = json.loads(content)
    return Head(**read)


def frame(kind: bytes, content: bytes) -> bytes:
    """One frame."""
    return _PREFIX.pack(kind, len(content)) + content


def frames(buffer: bytearray) -> Iterator[tuple[bytes, bytes]]:
    """The whole frames at the beginning of *buffer*, which keeps the rest."""
    while len(buffer) >= _PREFIX.size:
        kind, length = _PREFIX.unpack_from(buffer)
        end = _PREFIX.size + length
        if len(buffer) < end:
            return
        content = bytes(buffer[_PREFIX.size : end])
        del buffer[:end]
        yield kind, content
