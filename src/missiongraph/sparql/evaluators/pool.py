"""The server's side of the evaluators: who is idle, who waits, who has taken too long.

Everything here runs in one event loop. Time is measured while the server waits for an evaluator, never while it waits
for its own client: a slow reader holds its evaluator back by the socket's own back pressure, and is bounded by the
stall limit of whoever writes to it.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections import deque
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from missiongraph.sparql.evaluators.nursery import BORN, FORK, REPORT
from missiongraph.sparql.evaluators.wire import DATA, END, HEAD, Head, Job, frames

#: Data that may wait in the server for one client, in bytes; beyond it the evaluator is not read from.
_HIGH_WATER = 512 * 1024

#: Seconds after which a query counts as a long one: it is given way to others, and must leave an evaluator free.
_LONG = 1.0
_GIVES_WAY = 0.05
_TICK = 0.025
_LOWEST = 19

#: Queries that may lie at an evaluator behind one that began a moment ago: waking a process takes as long as answering
#: a small query, and one that finds its next query before it sleeps need not be woken.
_AHEAD = 16
_A_MOMENT = 0.002

#: Answers after which an evaluator is replaced, so that no leak or fragmentation of one lives on.
_MOST_ANSWERS = 20_000


class Unanswered(Exception):
    """A query that got no whole answer: *status* is 503 or 504, *retry* the seconds to wait where another try helps."""

    def __init__(self, status: int, detail: str, retry: int | None = None) -> None:
        """:param detail: what happened, and what to do"""
        self.status, self.retry = status, retry
        self.untouched = False  # the evaluator was dead before it can have begun
        super().__init__(detail)


@dataclass(eq=False)
class _Turn:
    """A query that waits for an evaluator.

    :ivar alone: it lay behind another that took long or was the last of its evaluator, and is not put there again
    """

    job: Job
    evaluator: asyncio.Future[Evaluator]
    alone: bool = False


class Evaluator(asyncio.Protocol):
    """An evaluator process as the server sees it."""

    def __init__(self, pid: int) -> None:
        """:param pid: of the process"""
        self.pid = pid
        self.answers = 0
        self.began: float | None = None
        self.behind: deque[_Turn] = deque()
        self.owes = False  # answers to queries that were taken back: it must not be given another
        self.deadline: float | None = None
        self.low = False
        self.ended: str | None = None
        self.signal: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._transport: asyncio.Transport | None = None
        self._buffer = bytearray()
        self._frames: deque[tuple[bytes, bytes]] = deque()
        self._size = 0
        self._closed = False
        self._waiter: asyncio.Future[None] | None = None

    @property
    def age(self) -> float:
        """Seconds since the current query began; 0 while idle."""
        return time.monotonic() - self.began if self.began is not None else 0.0

    @property
    def alive(self) -> bool:
        """Whether it can be given a query."""
        return not self._closed and self.ended is None

    def begin(self) -> None:
        """Its next query is the one that counts from now on."""
        self.began = time.monotonic()

    def send(self, job: Job) -> None:
        """Give it a query, for after those that it has."""
        self.answers += 1
        if self._transport is not None:
            self._transport.write(job.encode())

    def end(self, reason: str) -> None:
        """End the process; *reason* is remembered for whoever waits for its answer."""
        if self.ended is None:
            self.ended = reason
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)

    def give_way(self) -> None:
        """Let the system prefer every other process."""
        self.low = True
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, self.pid, _LOWEST)

    def come_back(self) -> None:
        """Undo it, where the system lets us: a new process would have to copy each page of the graph that it reads."""
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, self.pid, os.getpriority(os.PRIO_PROCESS, 0))
            self.low = False

    async def frame(self) -> tuple[bytes, bytes] | None:
        """The next frame; ``None``: the process is gone."""
        while not self._frames:
            if self._closed:
                return None
            self._waiter = asyncio.get_running_loop().create_future()
            await self._waiter
        return self._next()

    def _next(self) -> tuple[bytes, bytes]:
        kind, content = self._frames.popleft()
        was, self._size = self._size, self._size - len(content)
        if was >= _HIGH_WATER > self._size and self._transport is not None and not self._closed:
            self._transport.resume_reading()
        return kind, content

    def all_frames(self) -> list[tuple[bytes, bytes]] | None:
        """The remaining frames of an answer, where all of it has come."""
        if not any(kind == END for kind, _ in self._frames):
            return None
        found: list[tuple[bytes, bytes]] = []
        while not found or found[-1][0] != END:
            found.append(self._next())
        return found

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Called by the event loop."""
        self._transport = cast(asyncio.Transport, transport)  # uvloop's own is none by class

    def data_received(self, data: bytes) -> None:
        """Called by the event loop."""
        self._buffer += data
        for item in frames(self._buffer):
            self._frames.append(item)
            self._size += len(item[1])
        if self._size >= _HIGH_WATER and self._transport is not None:
            self._transport.pause_reading()
        self._wake()

    def connection_lost(self, exc: Exception | None) -> None:
        """Called by the event loop."""
        self._closed = True
        self._wake()

    def close(self) -> None:
        """Close the connection; the process ends by itself."""
        if self._transport is not None:
            self._transport.abort()

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)


class Answer:
    """An answer that has begun: its *head*, then its data; it must be closed, and gives its evaluator back."""

    def __init__(self, pool: Pool, evaluator: Evaluator, head: Head, left: float) -> None:
        """:param left: seconds that the evaluator may still be waited for"""
        self.head = head
        self._pool, self._evaluator, self._left = pool, evaluator, left
        self._whole = self._closed = False

    def at_once(self) -> bytes | None:
        """All of the data, where it has come; ``None``: read the :meth:`blocks`."""
        found = self._evaluator.all_frames()
        if found is None:
            return None
        self._whole = True
        return b"".join(content for kind, content in found if kind == DATA)

    async def blocks(self) -> AsyncIterator[bytes]:
        """The data.

        :raises Unanswered: it ends before its end
        """
        while True:
            started = time.monotonic()
            found = await self._pool.next_frame(self._evaluator, self._left)
            self._left -= time.monotonic() - started
            if found[0] == END:
                self._whole = True
                return
            if found[0] == DATA:
                yield found[1]

    def close(self) -> None:
        """Give the evaluator back; one whose answer nobody wants is ended. May be called twice."""
        if self._closed:
            return
        self._closed = True
        if not self._whole:
            self._evaluator.end("left")
        self._pool.give_back(self._evaluator)


class Pool:
    """Evaluators for one build; all of it belongs to the event loop that started it."""

    def __init__(self, build: Path, *, evaluators: int, total_seconds: float, queue: int, queue_seconds: float) -> None:
        """Describe the pool; :meth:`start` makes it.

        :param total_seconds: that one query may be waited for in all
        :param queue: how many queries may wait for an evaluator, each for at most *queue_seconds*
        """
        self._build, self._size = build, evaluators
        self._total, self._queue, self._queue_seconds = total_seconds, queue, queue_seconds
        self._idle: list[Evaluator] = []
        self._all: dict[int, Evaluator] = {}
        self._waiting: deque[_Turn] = deque()
        self._nursery: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        self._reports = bytearray()
        self._descriptors: deque[int] = deque()
        self._asked = 0
        self._tick: asyncio.TimerHandle | None = None
        self._closed = False

    async def start(self) -> None:
        """Start the nursery and the first evaluators."""
        self._begin()
        while not self._idle:
            await asyncio.sleep(0.005)
            if self._nursery is not None and self._nursery.poll() is not None:
                raise Unanswered(503, "the evaluators cannot be started")

    def _begin(self) -> None:
        if self._closed:
            return
        ours, theirs = socket.socketpair()
        command = [
            sys.executable,
            "-m",
            "missiongraph.sparql.evaluators.nursery",
            str(self._build),
            str(theirs.fileno()),
        ]
        self._nursery = subprocess.Popen(command, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL)
        theirs.close()
        ours.setblocking(False)
        self._control = ours
        asyncio.get_running_loop().add_reader(ours, self._read_reports)
        self._asked = 0
        self._replenish()

    async def ask(self, job: Job) -> Answer:
        """Have *job* evaluated; comes back with the head of its answer.

        An evaluator may die idle, and be given a query before the server learns of it; that query is asked once more.

        :raises Unanswered: no evaluator in time, or none that lived until the head
        """
        try:
            return await self._ask(job)
        except Unanswered as failure:
            if not failure.untouched:
                raise
        return await self._ask(job)

    async def _ask(self, job: Job) -> Answer:
        evaluator = await self._acquire(job)
        self._watch()
        started = time.monotonic()
        try:
            kind, content = await self.next_frame(evaluator, self._total)
            number, head = Head.decode(content) if kind == HEAD else (0, None)
            if head is None or number != job.number:
                raise Unanswered(503, "The evaluator of this query was lost. Try again.", 1)
        except BaseException:
            evaluator.end("left")
            self.give_back(evaluator)
            raise
        return Answer(self, evaluator, head, self._total - (time.monotonic() - started))

    async def next_frame(self, evaluator: Evaluator, seconds: float) -> tuple[bytes, bytes]:
        """The next frame of *evaluator* within *seconds*.

        :raises Unanswered: there will be none
        """
        evaluator.deadline = time.monotonic() + seconds  # kept by the tick: a timer for each wait costs more
        try:
            found = await evaluator.frame()
        finally:
            evaluator.deadline = None
        if found is not None:
            return found
        untouched = evaluator.age < _GIVES_WAY and evaluator.ended in (None, "died")
        failure = await self._why(evaluator)
        failure.untouched = untouched and failure.retry is not None
        raise failure

    def _stopped(self) -> Unanswered:
        return Unanswered(504, "Stopped at the time limit: the query asks for too much. Add a LIMIT, or ask for less.")

    async def _why(self, evaluator: Evaluator) -> Unanswered:
        if evaluator.ended == "busy":
            return Unanswered(503, "Stopped, because only long queries were left running. Try again shortly.", 5)
        if evaluator.ended == "deadline":
            return self._stopped()
        number = 0
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(1):
                number = await asyncio.shield(evaluator.signal)
        if number == signal.SIGPROF:
            return self._stopped()
        if number in (signal.SIGSEGV, signal.SIGBUS):
            return Unanswered(503, "The query is nested too deeply or too long to be read.")
        if number == signal.SIGABRT:
            return Unanswered(503, "The query took more memory than the limit. Ask for less at once.")
        return Unanswered(503, "The evaluator of this query was lost. Try again.", 1)

    async def _acquire(self, job: Job) -> Evaluator:
        """An evaluator that has *job* and works on it next."""
        turn = _Turn(job, asyncio.get_running_loop().create_future())
        behind = not self._waiting and self._put_behind(turn)
        while self._idle and not behind:
            evaluator = self._idle.pop()
            if evaluator.alive:
                evaluator.send(job)
                evaluator.begin()
                return evaluator
            self._forget(evaluator)
        if not behind:
            if len(self._waiting) >= self._queue:
                raise Unanswered(503, "Too many queries are waiting. Try again shortly.", 2)
            self._waiting.append(turn)
        try:
            async with asyncio.timeout(self._queue_seconds):
                return await turn.evaluator
        except BaseException as failure:
            if turn.evaluator.done() and not turn.evaluator.cancelled():  # given one in the very moment of leaving
                turn.evaluator.result().end("left")
                self.give_back(turn.evaluator.result())
            else:
                with contextlib.suppress(ValueError):
                    self._waiting.remove(turn)
            if isinstance(failure, TimeoutError):
                raise Unanswered(503, "No evaluator became free in time. Try again shortly.", 5) from None
            raise

    def _put_behind(self, turn: _Turn) -> bool:
        """Send the query of *turn* to an evaluator that is likely to be ready with its own in a moment."""
        if turn.alone:
            return False
        for evaluator in self._all.values():
            if evaluator.began is None or not evaluator.alive or evaluator.low:
                continue
            if len(evaluator.behind) < _AHEAD and evaluator.age < _A_MOMENT:
                evaluator.send(turn.job)
                evaluator.behind.append(turn)
                return True
        return False

    def _take_back(self, evaluator: Evaluator) -> None:
        """Let others have what lies behind the query of *evaluator*."""
        evaluator.owes = evaluator.owes or bool(evaluator.behind)
        turns = [turn for turn in evaluator.behind if not turn.evaluator.done()]
        evaluator.behind.clear()
        for turn in reversed(turns):
            turn.alone = True
            self._waiting.appendleft(turn)
        while self._idle and self._waiting:
            free = self._idle.pop()
            if free.alive:
                self._offer(free)
            else:
                self._forget(free)

    def give_back(self, evaluator: Evaluator) -> None:
        """Take *evaluator* back: for the next query, or to be replaced."""
        evaluator.began = None
        if evaluator.low and evaluator.alive and not evaluator.owes:
            evaluator.come_back()
        following = evaluator.behind.popleft() if evaluator.behind else None
        unwanted = following is not None and following.evaluator.done()
        if unwanted or evaluator.owes or not evaluator.alive or evaluator.low or evaluator.answers >= _MOST_ANSWERS:
            evaluator.end("replaced")
            if following is not None:
                evaluator.behind.appendleft(following)
            self._take_back(evaluator)
            self._forget(evaluator)
        elif following is not None:
            evaluator.begin()
            following.evaluator.set_result(evaluator)
            self._fill()
        else:
            self._offer(evaluator)

    def _offer(self, evaluator: Evaluator) -> None:
        while self._waiting:
            turn = self._waiting.popleft()
            if not turn.evaluator.done():
                evaluator.send(turn.job)
                evaluator.begin()
                turn.evaluator.set_result(evaluator)
                self._fill()
                return
        self._idle.append(evaluator)

    def _fill(self) -> None:
        """Send those who wait behind others, as far as there is room."""
        while self._waiting and (self._waiting[0].evaluator.done() or self._put_behind(self._waiting[0])):
            self._waiting.popleft()

    def _forget(self, evaluator: Evaluator) -> None:
        evaluator.close()
        if evaluator.signal.done():
            self._all.pop(evaluator.pid, None)
        self._replenish()

    def _replenish(self) -> None:
        """Ask for as many evaluators as are missing."""
        if self._closed or self._control is None:
            return
        living = sum(evaluator.alive for evaluator in self._all.values())
        missing = self._size - living - self._asked
        if missing > 0:
            with contextlib.suppress(OSError):
                self._control.send(FORK * missing)
                self._asked += missing

    def _read_reports(self) -> None:
        if self._control is None:
            return
        try:
            data, descriptors, _, _ = socket.recv_fds(self._control, 4096, 16)
        except BlockingIOError:
            return
        except OSError:
            data, descriptors = b"", []
        if not data:
            self._lose_nursery()
            return
        self._reports += data
        self._descriptors.extend(descriptors)
        while len(self._reports) >= REPORT.size:
            kind, pid, number = REPORT.unpack_from(self._reports)
            del self._reports[: REPORT.size]
            if kind == BORN:
                evaluator = self._all[pid] = Evaluator(pid)
                self._asked -= 1
                asyncio.get_running_loop().create_task(self._welcome(evaluator, self._descriptors.popleft()))
            else:
                self._bury(pid, number)

    async def _welcome(self, evaluator: Evaluator, descriptor: int) -> None:
        loop = asyncio.get_running_loop()
        await loop.create_unix_connection(lambda: evaluator, sock=socket.socket(fileno=descriptor))
        if evaluator.alive:
            self._offer(evaluator)
        else:  # died, or was ended, as soon as it was born
            self._forget(evaluator)

    def _bury(self, pid: int, number: int) -> None:
        evaluator = self._all.get(pid)
        if evaluator is None:
            return
        if not evaluator.signal.done():
            evaluator.signal.set_result(number)
        evaluator.ended = evaluator.ended or "died"
        if evaluator in self._idle:
            self._idle.remove(evaluator)
        self._take_back(evaluator)
        if evaluator.began is None:
            self._all.pop(pid, None)
            evaluator.close()
        self._replenish()

    def _lose_nursery(self) -> None:
        """The nursery is gone: start another; the evaluators that live on finish what they have."""
        if self._control is not None:
            asyncio.get_running_loop().remove_reader(self._control)
            self._control.close()
            self._control = None
        if self._nursery is not None:
            self._nursery.wait()
        if not self._closed:
            for evaluator in self._all.values():
                evaluator.end("replaced")
                if not evaluator.signal.done():  # nobody is left to tell
                    evaluator.signal.set_result(signal.SIGKILL)
            self._reports.clear()
            self._all = {pid: e for pid, e in self._all.items() if e.began is not None}
            self._idle.clear()
            asyncio.get_running_loop().call_later(0.2, self._begin)

    def _on_tick(self) -> None:
        """Look after long queries: they give way, end at their deadline, and may hold all evaluators but one."""
        self._tick = None
        long_ones = 0
        for evaluator in sorted(self._all.values(), key=lambda e: -e.age):
            age = evaluator.age
            if evaluator.deadline is not None and time.monotonic() > evaluator.deadline:
                evaluator.end("deadline")
            if age > _GIVES_WAY and not evaluator.low and evaluator.alive:
                evaluator.give_way()
                self._take_back(evaluator)
            if age > _LONG and evaluator.alive:
                long_ones += 1
                if long_ones > max(1, self._size - 1):
                    evaluator.end("busy")
        if any(evaluator.began is not None for evaluator in self._all.values()):
            self._watch()

    def _watch(self) -> None:
        if self._tick is None and not self._closed:
            self._tick = asyncio.get_running_loop().call_later(_TICK, self._on_tick)

    def close(self) -> None:
        """End all processes; may be called twice."""
        self._closed = True
        if self._tick is not None:
            self._tick.cancel()
        if self._control is not None:
            with contextlib.suppress(RuntimeError):
                asyncio.get_running_loop().remove_reader(self._control)
            self._control.close()
            self._control = None
        for evaluator in self._all.values():
            evaluator.end("replaced")
            evaluator.close()
        if self._nursery is not None:
            self._nursery.terminate()
            self._nursery.wait()
