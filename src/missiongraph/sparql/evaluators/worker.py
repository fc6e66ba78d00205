"""An evaluator: the process in which a query is parsed and evaluated and its answer written, one at a time.

The kernel ends it at its limits: an interval timer bounds its processor time, a resource limit its memory. If the stack
overflows while a query is parsed, only this process ends.
"""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import socket
import time
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain, islice
from typing import IO, cast

from pyoxigraph import NamedNode, QueryBoolean, QuerySolutions, QueryTriples, Triple

from missiongraph.engine.protocol import Answer, Engine, QueryDataset
from missiongraph.engine.query_clauses import is_volatile
from missiongraph.errors import MissiongraphError
from missiongraph.processes.bounded import bound_memory
from missiongraph.rdf.format_limits import CannotCarry
from missiongraph.rdf.formats import Format, serialise_to, used_prefixes
from missiongraph.rdf.jsonld_context import Context
from missiongraph.sparql.evaluators.wire import (
    DATA,
    END,
    FAILURE,
    HEAD,
    OPENED,
    WHOLE,
    Head,
    Job,
    Kind,
    Opening,
    frame,
    frames,
    head_content,
)
from missiongraph.sparql.results import (
    FORMATS,
    ResultFormat,
    evaluate,
    refusal_by_the_engine,
    triples_of,
    write_graph,
    write_solutions,
)

_BLOCK = 64 * 1024
_RECEIVE = 256 * 1024

#: Triples up to which a graph is written with each triple once, and in its format's best form.
_SMALL_GRAPH = 10_000

_CLONE_NEWUSER, _CLONE_NEWNET = 0x10000000, 0x40000000


@dataclass(frozen=True)
class Limits:
    """The limits of one query.

    :ivar seconds: of processor time
    :ivar memory: bytes that it may take beside those of the graph
    :ivar result: bytes of its answer
    """

    seconds: float
    memory: int
    result: int


@dataclass(frozen=True)
class Knowledge:
    """What an evaluator answers queries from.

    :ivar prefixes: prefixes that queries may use undeclared
    :ivar context: the JSON-LD context of graphs in JSON-LD
    :ivar commas: whether an IRI of the dataset may hold a comma
    """

    engine: Engine
    prefixes: dict[str, str]
    context: Context
    commas: bool = True


class ResultTooLarge(Exception):
    """The answer has more bytes than :attr:`Limits.result`."""


def serve(connection: socket.socket, open_knowledge: Callable[[], Knowledge], limits: Limits) -> None:
    """Answer jobs from *connection* until it closes."""
    confine(limits)
    knowledge = open_knowledge()
    connection.sendall(frame(OPENED, b""))
    for job in _jobs(connection):
        signal.setitimer(signal.ITIMER_PROF, limits.seconds)
        answer(job, knowledge, Writer(connection, job.number, limits.result))
        signal.setitimer(signal.ITIMER_PROF, 0)


def confine(limits: Limits) -> None:
    """Take the network away from this process where the system allows that, and bound the memory that it may add."""
    libc = ctypes.CDLL(None, use_errno=True)
    if hasattr(libc, "unshare") and libc.unshare(_CLONE_NEWNET) != 0:
        libc.unshare(_CLONE_NEWUSER | _CLONE_NEWNET)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    bound_memory(limits.memory)


def _jobs(connection: socket.socket) -> Iterator[Job]:
    buffer = bytearray()
    while received := connection.recv(_RECEIVE):
        buffer += received
        yield from (Job.decode(content) for _, content in frames(buffer))


class Writer:
    """Collects an answer and sends it in blocks.

    The head is sent with the first block, so that a fault before that gives a clean error instead of a broken answer.
    """

    def __init__(self, connection: socket.socket, number: int, most: int) -> None:
        """:param number: the number of the job

        :param most: the largest answer, in bytes
        """
        self._connection, self._number, self._most = connection, number, most
        self._started = time.process_time()
        self._head: Head | None = None
        self._waiting = bytearray()
        self._written = 0
        self.begun = False

    def begin(self, head: Head) -> None:
        """Set the head of the answer."""
        self._head = head

    def write(self, content: bytes) -> int:
        """Add *content* to the answer, and return its length.

        :raises ResultTooLarge: the answer is larger than the limit
        """
        self._written += len(content)
        if self._written > self._most:
            raise ResultTooLarge
        self._waiting += content
        if len(self._waiting) >= _BLOCK:
            self._send()
        return len(content)

    def flush(self) -> None:
        """Do nothing: a block is sent when it is full."""

    def end(self) -> None:
        """Send the rest of the answer and its end."""
        if self.begun:
            self._connection.sendall((frame(DATA, bytes(self._waiting)) if self._waiting else b"") + frame(END, b""))
        else:
            self._connection.sendall(self._opening(WHOLE))

    def refuse(self, head: Head) -> None:
        """Answer with *head* alone; if a block was sent already, send a failure instead."""
        self._waiting.clear()
        if self.begun:
            self._connection.sendall(frame(FAILURE, head_content(head)))
        else:
            self._head = head
            self.end()

    def _send(self) -> None:
        self._connection.sendall(frame(DATA, bytes(self._waiting)) if self.begun else self._opening(HEAD))
        self.begun = True
        self._waiting.clear()

    def _opening(self, kind: bytes) -> bytes:
        if self._head is None:
            raise RuntimeError("an answer begins with its head")
        spent = round((time.process_time() - self._started) * 1e6)
        return frame(kind, Opening(self._number, spent, self._head, bytes(self._waiting)).encode())


def answer(job: Job, knowledge: Knowledge, out: Writer) -> None:
    """Answer *job*: with a head and data, or with a head that says what is wrong.

    If something fails after the first block, the answer ends with a failure. If memory runs out then, the process ends,
    and the server notices that the end of the answer is missing.
    """
    try:
        _answer(job, knowledge, out)
    except MissiongraphError as error:
        problem = error.problems[0]
        place = problem.where
        advice = f" ({problem.advice})" if problem.advice else ""
        line, column = (place.line, place.column) if place else (None, None)
        status = 406 if isinstance(error, CannotCarry) else 400
        out.refuse(Head(status, detail=f"{problem.what}{advice}", line=line, column=column))
    except ResultTooLarge:
        out.refuse(Head(400, detail="the answer is larger than the limit; add a LIMIT or ask for less at once"))
    except MemoryError:
        if out.begun:
            os._exit(1)
        out.refuse(Head(503, detail="the query takes more memory than the limit; ask for less at once"))
    except ConnectionError:  # the server is gone
        raise
    except (OSError, RuntimeError, TypeError, ValueError) as error:  # one query must not end the process for the others
        if refusal := refusal_by_the_engine(error):
            out.refuse(Head(400, detail=str(refusal)))
            return
        traceback.print_exc()
        out.refuse(Head(500, detail=f"this answer could not be written: {error}"))


def _answer(job: Job, knowledge: Knowledge, out: Writer) -> None:
    dataset = None
    if job.default is not None or job.named is not None:
        default, named = (tuple(NamedNode(iri) for iri in graphs or ()) for graphs in (job.default, job.named))
        dataset = QueryDataset(default, named)
    found = evaluate(knowledge.engine, job.query, knowledge.prefixes, dataset)
    kind = kind_of(found)
    name = job.formats[kind]
    form = FORMATS[name] if name is not None else None
    if form is None:
        out.refuse(Head(406, kind))
        return
    if isinstance(form, ResultFormat) != (kind != "graph") or (kind == "boolean" and not _carries_ask(form)):
        out.refuse(Head(400, kind, detail=f"the format {name} cannot carry the answer of this query"))
        return
    out.begin(Head(200, kind, name, is_volatile(job.query)))
    if isinstance(found, QueryTriples):
        triples = iter(triples_of(knowledge.engine, job.query, found, dataset, knowledge.prefixes))
        _write_graph(triples, form, knowledge, out)
    elif isinstance(form, ResultFormat):
        write_solutions(found, form, job.query, cast(IO[bytes], out), commas=knowledge.commas)
    out.end()


def _carries_ask(form: ResultFormat | Format) -> bool:
    return isinstance(form, ResultFormat) and form.carries_ask


def kind_of(found: Answer) -> Kind:
    """The kind of an answer of the engine."""
    if isinstance(found, QuerySolutions):
        return "solutions"
    return "boolean" if isinstance(found, QueryBoolean) else "graph"


def _write_graph(found: Iterator[Triple], form: ResultFormat | Format, knowledge: Knowledge, out: Writer) -> None:
    if not isinstance(form, Format):
        raise TypeError(f"{form.name} is no RDF format")
    first: list[Triple] = list(islice(found, _SMALL_GRAPH))
    if len(first) < _SMALL_GRAPH:
        out.write(write_graph(first, form, knowledge.prefixes, knowledge.context))
        return
    prefixes = used_prefixes(first, knowledge.prefixes)
    serialise_to(cast(IO[bytes], out), chain(first, found), form.rdf_format, prefixes)
