"""The web server's handle on an evaluator: the process, the query that it works on, and the answer that it sends."""

from __future__ import annotations

import asyncio
import contextlib
import math
import os
import signal
import time
from collections import deque
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import cast

from missiongraph.sparql.evaluators.wire import (
    DATA,
    END,
    FAILURE,
    HEAD,
    OPENED,
    WHOLE,
    Head,
    Job,
    Opening,
    frames,
    head_of,
)

#: Bytes that may wait in the web server for one client; beyond them it stops reading from the evaluator.
_HIGH_WATER = 512 * 1024

_LOWEST = 19

#: Over about how many answers the pace of an evaluator is averaged.
_REMEMBERED = 16

#: Of the clocks that Linux has for each process, the one of its processor time (clock_getcpuclockid(3)).
_PROCESSOR_CLOCK = 2


class Unanswered(Exception):
    """A query that got no complete answer.

    :ivar status: the HTTP status
    :ivar retry: after how many seconds another try may help; ``None``: it will not
    :ivar untouched: whether the evaluator ended before it can have begun with the query
    """

    def __init__(self, status: int, detail: str, retry: int | None = None) -> None:
        """:param detail: what happened, and what to do"""
        self.status, self.retry = status, retry
        self.untouched = False  # it ended before it can have begun
        super().__init__(detail)


@dataclass(eq=False)
class Turn:
    """A query on its way to its answer.

    :ivar answer: set when the answer has begun; cancelled when the client has gone
    :ivar since: when it was asked (monotonic clock, as all times here)
    :ivar deadline: until when the answer must have begun
    :ivar alone: whether it must get an evaluator of its own, because it was sent behind a query that took long, or to
        an evaluator that ended
    """

    job: Job
    answer: asyncio.Future[Answer]
    since: float
    evaluator: Evaluator | None = None
    deadline: float = math.inf
    alone: bool = False


class Answer:
    """An answer that has begun: its *head*, then its data.

    It must be closed. Otherwise its evaluator keeps working on it.

    :ivar ended: whether all of it has arrived, or it has failed
    :ivar deadline: until when more of it must arrive; ``None`` while nobody waits for more
    :ivar spent: seconds of processor time that the evaluator had used when it began
    """

    def __init__(self, evaluator: Evaluator, head: Head, left: float, spent: float) -> None:
        """:param left: seconds that are left to wait for the evaluator"""
        self.head, self.spent = head, spent
        self.ended = False
        self.deadline: float | None = None
        self._evaluator, self._left = evaluator, left
        self._blocks: deque[bytes] = deque()
        self._size = 0
        self._failure: Unanswered | None = None
        self._waiter: asyncio.Future[None] | None = None
        self._closed = False

    def at_once(self) -> bytes | None:
        """All of the data, if they have arrived; ``None``: read the :meth:`blocks`."""
        if not self.ended or self._failure is not None:
            return None
        whole = self._blocks[0] if len(self._blocks) == 1 else b"".join(self._blocks)
        self._blocks.clear()
        return whole

    async def blocks(self) -> AsyncIterator[bytes]:
        """The data, block by block as they arrive.

        :raises Unanswered: the evaluator ended, or failed, before the end of the answer
        """
        while True:
            while self._blocks:
                block = self._blocks.popleft()
                was, self._size = self._size, self._size - len(block)
                if was >= _HIGH_WATER > self._size and not self.ended:
                    self._evaluator.resume()
                yield block
            if self._failure is not None:
                raise self._failure
            if self.ended:
                return
            await self._more()

    async def _more(self) -> None:
        """Wait for more data. Time counts only here, so not while the client is slow."""
        started = time.monotonic()
        self.deadline = started + self._left
        self._waiter = asyncio.get_running_loop().create_future()
        try:
            await self._waiter
        finally:
            self.deadline = None
            self._left -= time.monotonic() - started

    def feed(self, block: bytes) -> bool:
        """Add a block of data, and return whether there is room for more."""
        if self._closed:
            return True
        self._blocks.append(block)
        self._size += len(block)
        self._wake()
        return self._size < _HIGH_WATER

    def finish(self, failure: Unanswered | None = None) -> None:
        """Mark the answer as ended, with *failure* if it is incomplete."""
        self.ended, self._failure = True, failure
        self._wake()

    def close(self) -> None:
        """Drop the rest of the answer. An evaluator that still works on it is ended. May be called twice."""
        if not self._closed:
            self._closed = True
            self._blocks.clear()
            if not self.ended:
                self._evaluator.end("left")

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)


class Evaluator(asyncio.Protocol):
    """An evaluator process, as the pool sees it.

    :ivar pace: processor time per answer, in seconds, as a moving average
    :ivar began: when it began with the query of *turn*; ``None`` while idle
    :ivar behind: the queries that were sent to it for afterwards
    :ivar owes: whether queries were taken back that it has received and will answer; it must get no other
    :ivar low: whether it has low priority
    :ivar opened: whether it has opened the store
    :ivar ended: why it ended; ``None``: it runs
    :ivar signal: the signal that ended the process, once known
    """

    def __init__(self, pid: int, free: Callable[[Evaluator], None], lost: Callable[[Evaluator], None]) -> None:
        """:param pid: the process, which is not yet connected

        :param free: called when the evaluator has ended an answer
        :param lost: called when the connection to it is gone
        """
        self.pid = pid
        self.answers = 0
        self.pace = 0.001
        self.turn: Turn | None = None
        self.began: float | None = None
        self.behind: deque[Turn] = deque()
        self.owes = self.low = self.opened = False
        self.ended: str | None = None
        self.signal: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self.answer: Answer | None = None
        self._free, self._lost = free, lost
        self._transport: asyncio.Transport | None = None
        self._buffer = bytearray()
        self._closed = self._paused = False
        self._first_seen: tuple[int, float] = (0, 0.0)

    @property
    def age(self) -> float:
        """Seconds since its current query began; 0 while idle."""
        return time.monotonic() - self.began if self.began is not None else 0.0

    @property
    def deadline(self) -> float | None:
        """Until when it must send something; ``None`` if it is idle or waits for its client."""
        if self.answer is not None:
            return self.answer.deadline
        return self.turn.deadline if self.turn is not None else None

    @property
    def alive(self) -> bool:
        """Whether it can be given a query."""
        return not self._closed and self.ended is None

    def work_since_seen(self) -> float:
        """Seconds of processor time that its query has used since the first call for this query.

        Processor time and not time on the clock, because a query that waited for a busy machine is not a long one. If
        the system does not tell the processor time, all time counts.
        """
        number = self.turn.job.number if self.turn is not None else 0
        try:
            now = time.clock_gettime(~self.pid << 3 | _PROCESSOR_CLOCK)
        except OSError:
            now = time.monotonic()
        if self._first_seen[0] != number:
            self._first_seen = (number, now)
        return now - self._first_seen[1]

    def send(self, turn: Turn) -> None:
        """Send it the query of *turn*, which it answers after those that it has."""
        self.answers += 1
        turn.evaluator = self
        if self._transport is not None:
            self._transport.write(turn.job.encode())

    def begin(self, turn: Turn, seconds: float) -> None:
        """Expect the answer to *turn* from now on; it must begin within *seconds*."""
        self.turn, self.began = turn, time.monotonic()
        turn.deadline = self.began + seconds

    def end(self, reason: str) -> None:
        """End the process for *reason*, which the turn gets as its failure."""
        if self.ended is None:
            self.ended = reason
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)
            self.close()  # an end is not noticed while reading is paused

    def give_way(self) -> None:
        """Give the process the lowest priority."""
        self.low = True
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, self.pid, _LOWEST)

    def come_back(self) -> None:
        """Give the process its usual priority again, if the system allows that.

        A new process would do as well, but would have to copy each page of the graph that it reads.
        """
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, self.pid, os.getpriority(os.PRIO_PROCESS, 0))
            self.low = False

    def resume(self) -> None:
        """Read from the connection again."""
        if self._paused and self._transport is not None and not self._closed:
            self._paused = False
            self._transport.resume_reading()

    def close(self) -> None:
        """Close the connection. The process then ends by itself."""
        if self._transport is not None:
            self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Called by the event loop when the connection is there."""
        self._transport = cast(asyncio.Transport, transport)  # uvloop's own is none by class

    def data_received(self, data: bytes) -> None:
        """Called by the event loop with data of the evaluator."""
        self._buffer += data
        for kind, content in frames(self._buffer):
            if kind in (WHOLE, HEAD):
                self._open(content, whole=kind == WHOLE)
            elif kind == OPENED:
                self.opened = True
            elif self.answer is None:  # of a query that was taken back
                continue
            elif kind == END:
                self._end_answer()
            elif kind == FAILURE:
                head = head_of(content)
                self._end_answer(Unanswered(head.status, head.detail))
            elif kind == DATA and not self.answer.feed(content) and self._transport is not None:
                self._paused = True
                self._transport.pause_reading()

    def _open(self, content: bytes, *, whole: bool) -> None:
        opening = Opening.decode(content)
        turn = self.turn
        if turn is None or turn.job.number != opening.number:
            return
        spent = opening.spent / 1e6
        self.pace += (spent - self.pace) / _REMEMBERED
        self.answer = answer = Answer(self, opening.head, turn.deadline - time.monotonic(), spent)
        if opening.data:
            answer.feed(opening.data)
        if whole:
            self._end_answer()
        if turn.answer.done():
            answer.close()
        else:
            turn.answer.set_result(answer)

    def _end_answer(self, failure: Unanswered | None = None) -> None:
        answer, self.answer = self.answer, None
        if answer is not None:
            answer.finish(failure)
            self.resume()  # the next answer is another client's
            self._free(self)

    def connection_lost(self, exc: Exception | None) -> None:
        """Called by the event loop when the connection is gone."""
        self._closed = True
        self._lost(self)
