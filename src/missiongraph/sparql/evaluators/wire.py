"""The messages between the web server and an evaluator, over their socket pair.

A message is a frame: its kind (one byte), the length of its content (four bytes, big-endian), its content. An evaluator
that has opened the store says so in an empty frame. A job is one frame. A small answer is one frame too, with head and
all data. A larger one is a head, blocks of data, and an end. An answer without its end has failed, however complete it
looks. If the evaluator can say what went wrong and goes on with other queries, it sends a failure in the place of the
end.
"""

from __future__ import annotations

import json
import marshal
import struct
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import count
from typing import Any, Literal

JOB, OPENED, WHOLE, HEAD, DATA, END, FAILURE = b"J", b"O", b"W", b"H", b"D", b"E", b"F"

_PREFIX = struct.Struct(">cI")
_OPENING = struct.Struct(">QII")

#: The kind of an answer: solutions of SELECT, truth of ASK, or the graph of CONSTRUCT or DESCRIBE.
Kind = Literal["solutions", "boolean", "graph"]


@dataclass(frozen=True)
class Job:
    """A query to evaluate.

    :ivar default: IRIs of the graphs of its default graph (SPARQL 1.1 Protocol, section 2.1.4); ``None``: as the query
        says
    :ivar named: IRIs of its named graphs; ``None``: as the query says
    :ivar formats: a format for each kind of answer; ``None``: the client accepts none
    :ivar number: tells the answers of jobs apart
    """

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
        """The job in the *content* of a frame. The same interpreter must have written it."""
        return cls(*marshal.loads(content))  # from our own process


@dataclass(frozen=True)
class Head:
    """The head of an answer: its status, and the kind and format of its data.

    :ivar status: an HTTP status; 200 is followed by data in *format*
    :ivar volatile: whether the answer depends on the time or on chance, so that it must not be cached
    :ivar detail: for another status, what is wrong; at *line* and *column* of the query if known
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
    """The first frame of an answer.

    :ivar number: the number of its job
    :ivar spent: processor time so far, in microseconds
    :ivar data: the first data, or all of them
    """

    number: int
    spent: int
    head: Head
    data: bytes = b""

    def encode(self) -> bytes:
        """The opening as content of a frame."""
        stated = head_content(self.head)
        return _OPENING.pack(self.number, min(self.spent, 2**32 - 1), len(stated)) + stated + self.data

    @classmethod
    def decode(cls, content: bytes) -> Opening:
        """The opening in the *content* of a frame."""
        number, spent, length = _OPENING.unpack_from(content)
        start = _OPENING.size
        return cls(number, spent, head_of(content[start : start + length]), content[start + length :])


@lru_cache(64)  # nearly all answers begin with one of a few
def head_content(head: Head) -> bytes:
    """*head* as content of a frame, or as a part of one."""
    return json.dumps(vars(head)).encode()


@lru_cache(64)
def head_of(content: bytes) -> Head:
    """The head in *content*, as :func:`head_content` writes it."""
    read: dict[str, Any] = json.loads(content)
    return Head(**read)


def frame(kind: bytes, content: bytes) -> bytes:
    r"""A frame of this *kind* with this *content*.

    >>> frame(b"D", b"abc")
    b'D\x00\x00\x00\x03abc'
    """
    return _PREFIX.pack(kind, len(content)) + content


def frames(buffer: bytearray) -> list[tuple[bytes, bytes]]:
    """Take the complete frames off the beginning of *buffer*, which keeps the rest.

    >>> buffer = bytearray(frame(b"D", b"abc") + b"E")
    >>> frames(buffer), buffer
    ([(b'D', b'abc')], bytearray(b'E'))
    """
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
