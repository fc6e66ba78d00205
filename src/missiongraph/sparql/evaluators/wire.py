"""How the server and an evaluator talk over their socket pair.

A job is one frame. A small answer is one frame too, with its head and all its data. A larger one is a head, data, and
an end: an answer without its end has failed, however complete it looks. In the place of its end stands a failure where
the evaluator can say what went wrong, and goes on with other queries. A frame is its kind (one byte), the length of its
content (four bytes, big-endian) and the content.
"""

from __future__ import annotations

import json
import marshal
import struct
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import count
from typing import Any, Literal

JOB, WHOLE, HEAD, DATA, END, FAILURE = b"J", b"W", b"H", b"D", b"E", b"F"

_PREFIX = struct.Struct(">cI")
_OPENING = struct.Struct(">QII")

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
        return frame(JOB, marshal.dumps((self.query, self.default, self.named, self.formats, self.number)))

    @classmethod
    def decode(cls, content: bytes) -> Job:
        """The job in the content of a frame, as the same interpreter wrote it."""
        return cls(*marshal.loads(content))  # from our own process


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


@dataclass(frozen=True)
class Opening:
    """How an answer begins.

    :ivar number: of its job, which keeps it from being taken for another's
    :ivar spent: microseconds of processor time until then
    :ivar data: the first data, or all of it
    """

    number: int
    spent: int
    head: Head
    data: bytes = b""

    def encode(self) -> bytes:
        """The content of a frame."""
        stated = head_content(self.head)
        return _OPENING.pack(self.number, min(self.spent, 2**32 - 1), len(stated)) + stated + self.data

    @classmethod
    def decode(cls, content: bytes) -> Opening:
        """The opening in the content of a frame."""
        number, spent, length = _OPENING.unpack_from(content)
        start = _OPENING.size
        return cls(number, spent, head_of(content[start : start + length]), content[start + length :])


@lru_cache(64)  # nearly all answers begin with one of a few
def head_content(head: Head) -> bytes:
    """*head* as the content of a frame, or a part of one."""
    return json.dumps(vars(head)).encode()


@lru_cache(64)
def head_of(content: bytes) -> Head:
    """The head that was written so."""
    read: dict[str, Any] = json.loads(content)
    return Head(**read)


def frame(kind: bytes, content: bytes) -> bytes:
    """One frame."""
    return _PREFIX.pack(kind, len(content)) + content


def frames(buffer: bytearray) -> list[tuple[bytes, bytes]]:
    """The whole frames at the beginning of *buffer*, which keeps the rest."""
    found: list[tuple[bytes, bytes]] = []
    start, size = 0, len(buffer)
    while size - start >= _PREFIX.size:
        kind, length = _PREFIX.unpack_from(buffer, start)
        begin = start + _PREFIX.size
        if size - begin < length:
            break
        start = begin + length
        found.append((kind, bytes(buffer[begin:start])))
    del buffer[:start]
    return found
