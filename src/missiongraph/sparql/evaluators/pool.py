"""The pool of evaluators of one build: it hands out queries, and ends evaluators that take too long.

All of it runs in one event loop. The pool measures only the time in which the web server waits for an evaluator, not
the time in which it waits for a client. A slow client holds its evaluator back through the socket, and the stall limit
of whoever writes to the client bounds how long.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
import socket
import time
from collections import deque
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

from missiongraph.processes.backoff import Backoff
from missiongraph.sparql.evaluators.kept_fork_server import KeptForkServer
from missiongraph.sparql.evaluators.wire import Job
from missiongraph.sparql.evaluators.worker_handle import Answer, Evaluator, Turn, Unanswered

#: Seconds after which a query counts as long. Long queries must leave one evaluator free for others.
_LONG = 1.0

#: Seconds after which an evaluator gets low priority: of processor time, and on the clock.
_GIVES_WAY, _GIVES_WAY_IDLE = 0.03, 0.25
_TICK = 0.025

#: Seconds of work that may be sent to an evaluator behind a query that began a moment ago. To wake a process takes as
#: long as to answer a small query, and an evaluator that finds its next query before it sleeps need not be woken.
_AHEAD, _A_MOMENT = 0.002, 0.01

#: Answers after which an evaluator is replaced, so that no leak or fragmentation of one lives on.
_MOST_ANSWERS = 20_000

#: Times that the fork server, or evaluators, may end in a row until queries are refused at once: they would wait in
#: vain.
_FEW_ENDS = 3

_log = logging.getLogger("missiongraph")


class Pool:
    """Evaluators for one build. It belongs to the event loop that starts it.

    :ivar size: how many evaluators there are
    """

    def __init__(self, build: Path, *, evaluators: int, total_seconds: float, queue: int, queue_seconds: float) -> None:
        """Set up the pool; :meth:`start` starts its processes.

        :param evaluators: how many evaluators there are
        :param total_seconds: the longest time to wait for one query in all
        :param queue: how many queries may wait for an evaluator
        :param queue_seconds: the longest time that a query may wait for an evaluator
        """
        self.size = evaluators
        self._total, self._queue, self._queue_seconds = total_seconds, queue, queue_seconds
        self._idle: list[Evaluator] = []
        self._all: dict[int, Evaluator] = {}
        self._waiting: deque[Turn] = deque()
        self._fork_server = KeptForkServer(
            build, self._on_started, self._on_ended, self._lose_evaluators, self._replenish
        )
        self._births = Backoff()
        self._held: asyncio.TimerHandle | None = None
        self._tick: asyncio.TimerHandle | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._closed = False

    async def start(self) -> None:
        """Start the fork server, and wait for the first evaluator.

        :raises Unanswered: none can be started; that is tried again until the pool is closed
        """
        self._fork_server.start()
        while not self.ready:
            await asyncio.sleep(0.005)
            if self._fork_server.ends or self._held is not None:
                raise Unanswered(503, "the evaluators cannot be started")

    @property
    def ready(self) -> bool:
        """Whether there is an evaluator that has opened the store, so that a query can be answered."""
        return any(evaluator.alive and evaluator.opened for evaluator in self._all.values())

    def close(self) -> None:
        """End all processes. May be called twice."""
        self._closed = True
        for timer in (self._tick, self._held):
            if timer is not None:
                timer.cancel()
        for evaluator in self._all.values():
            evaluator.end("replaced")
            evaluator.close()
        self._fork_server.close()

    async def ask(self, job: Job) -> Answer:
        """Have *job* evaluated, and return when its answer has begun.

        An idle evaluator may die and be given a query before the pool learns of its death. Such a query is asked again,
        at most once for each evaluator, since all may die at once.

        :raises Unanswered: no evaluator was free in time, or the evaluator ended before its answer began
        """
        for _ in range(self.size):
            try:
                return await self._ask(job)
            except Unanswered as failure:
                if not failure.untouched:
                    raise
        return await self._ask(job)

    async def _ask(self, job: Job) -> Answer:
        turn = Turn(job, asyncio.get_running_loop().create_future(), time.monotonic())
        self._place(turn)
        if self._tick is None:
            self._watch()
        try:
            return await turn.answer
        except asyncio.CancelledError:
            self._abandon(turn)
            raise

    def _place(self, turn: Turn) -> None:
        """Give *turn* to an idle evaluator, or let it wait for one."""
        evaluator = self._take_idle()
        if evaluator is not None:
            evaluator.send(turn)
            evaluator.begin(turn, self._total)
        elif max(self._fork_server.ends, self._births.ends) > _FEW_ENDS and not self.ready:
            raise Unanswered(503, "No query can be answered at the moment. Try again later.", 30)
        elif len(self._waiting) < self._queue:
            self._waiting.append(turn)
            self._fill()
        else:
            raise Unanswered(503, "Too many queries are waiting. Try again shortly.", 2)

    def _take_idle(self) -> Evaluator | None:
        while self._idle:
            evaluator = self._idle.pop()
            if evaluator.alive:
                return evaluator
            self._forget(evaluator)
        return None

    def _abandon(self, turn: Turn) -> None:
        """Stop work on *turn*, whose client has gone.

        If it was sent behind another query, it is answered and its answer dropped.
        """
        if turn.answer.done() and not turn.answer.cancelled() and turn.answer.exception() is None:
            turn.answer.result().close()  # it began just when the client left
        elif turn.evaluator is None:
            with contextlib.suppress(ValueError):
                self._waiting.remove(turn)
        elif turn.evaluator.turn is turn:
            turn.evaluator.end("left")

    def _put_behind(self, turn: Turn) -> bool:
        """Send the query of *turn* to a busy evaluator that will probably be done with its own in a moment."""
        if turn.alone:
            return False
        latest = time.monotonic() - _A_MOMENT
        for evaluator in self._all.values():
            if evaluator.began is None or evaluator.began < latest or evaluator.low or not evaluator.alive:
                continue
            if len(evaluator.behind) * evaluator.pace < _AHEAD and evaluator.answers < _MOST_ANSWERS:
                evaluator.send(turn)
                evaluator.behind.append(turn)
                return True
        return False

    def _take_back(self, evaluator: Evaluator) -> None:
        """Take the queries back that were sent behind the current one of *evaluator*, and give them to others."""
        evaluator.owes = evaluator.owes or bool(evaluator.behind)
        turns = [turn for turn in evaluator.behind if not turn.answer.done()]
        evaluator.behind.clear()
        for turn in reversed(turns):
            turn.alone, turn.evaluator = True, None
            self._waiting.appendleft(turn)
        while self._waiting and (free := self._take_idle()) is not None:
            self._offer(free)

    def _free(self, evaluator: Evaluator) -> None:
        """Go on after an evaluator has ended an answer: it gets its next query, becomes idle, or is replaced."""
        evaluator.turn = evaluator.began = None
        if evaluator.low and evaluator.alive and not evaluator.owes:
            evaluator.come_back()
        if evaluator.owes or evaluator.low or not evaluator.alive or evaluator.answers >= _MOST_ANSWERS:
            evaluator.end("replaced")
            self._take_back(evaluator)
            self._forget(evaluator)
        elif evaluator.behind:
            evaluator.begin(evaluator.behind.popleft(), self._total)
            self._fill()
        else:
            self._offer(evaluator)

    def _offer(self, evaluator: Evaluator) -> None:
        """Give *evaluator* to the query that has waited longest; without one, it becomes idle."""
        while self._waiting:
            turn = self._waiting.popleft()
            if not turn.answer.done():
                evaluator.send(turn)
                evaluator.begin(turn, self._total)
                self._fill()
                return
        self._idle.append(evaluator)

    def _fill(self) -> None:
        """Send the queries that have waited longest behind others, as far as evaluators have room.

        As many queries as there are evaluators keep waiting. With so few nothing would be gained, and a query behind a
        long one would lose.
        """
        while len(self._waiting) > self.size and (self._waiting[0].answer.done() or self._put_behind(self._waiting[0])):
            self._waiting.popleft()

    def _forget(self, evaluator: Evaluator) -> None:
        evaluator.close()
        if evaluator.signal.done():
            self._all.pop(evaluator.pid, None)
        self._replenish()

    def _replenish(self) -> None:
        """Ask the fork server for as many evaluators as are missing."""
        if self._closed or self._held is not None:
            return
        living = sum(evaluator.alive for evaluator in self._all.values())
        missing = self.size - living - self._fork_server.asked
        if missing > 0:
            self._fork_server.fork(missing)

    def _hold(self) -> None:
        """Let no evaluator be started for a while if those that are end before they have opened the store."""
        pause = self._births.ended() if self._held is None else 0.0
        if pause:
            if self._births.ends == _FEW_ENDS:
                why = self._fork_server.said or "without a word"
                _log.error("evaluators end before they have opened the store (%s) and are started again later", why)
            self._held = asyncio.get_running_loop().call_later(pause, self._let_go)

    def _let_go(self) -> None:
        self._held = None
        self._replenish()

    def _on_started(self, pid: int, descriptor: int) -> None:
        evaluator = self._all[pid] = Evaluator(pid, self._free, self._lost)
        self._spawn(self._connect(evaluator, socket.socket(fileno=descriptor)))

    async def _connect(self, evaluator: Evaluator, connection: socket.socket) -> None:
        await asyncio.get_running_loop().create_unix_connection(lambda: evaluator, sock=connection)
        if evaluator.alive:
            self._offer(evaluator)
        else:  # it ended, or was ended, as soon as it had started
            self._forget(evaluator)

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)  # the loop holds no task by itself
        task.add_done_callback(self._tasks.discard)

    def _on_ended(self, pid: int, signal_number: int) -> None:
        evaluator = self._all.get(pid)
        if evaluator is None:
            return
        if not evaluator.signal.done():
            evaluator.signal.set_result(signal_number)
        evaluator.ended = evaluator.ended or "died"
        if evaluator.ended == "died" and not evaluator.opened:
            self._hold()
        if evaluator in self._idle:
            self._idle.remove(evaluator)
        self._take_back(evaluator)
        evaluator.resume()  # to read that this is its end
        if evaluator.turn is None:
            self._all.pop(pid, None)
            evaluator.close()
        self._replenish()

    def _lost(self, evaluator: Evaluator) -> None:
        """Give the turn of *evaluator* its reason for failing, now that the connection is gone."""
        if evaluator.turn is not None:
            self._spawn(self._fail_turn(evaluator, evaluator.turn))

    async def _fail_turn(self, evaluator: Evaluator, turn: Turn) -> None:
        untouched = evaluator.age < _GIVES_WAY and evaluator.ended in (None, "died")
        failure = await self._why(evaluator)
        failure.untouched = untouched and failure.retry is not None
        if evaluator.answer is not None:
            evaluator.answer.finish(failure)
        elif not turn.answer.done():
            turn.answer.set_exception(failure)
        evaluator.turn = evaluator.began = evaluator.answer = None
        evaluator.end("replaced")
        self._take_back(evaluator)
        self._forget(evaluator)

    async def _why(self, evaluator: Evaluator) -> Unanswered:
        what = "Stopped at the time limit: the query asks for too much. Add a LIMIT, or ask for less."
        stopped = Unanswered(504, what)
        if evaluator.ended == "busy":
            return Unanswered(503, "Stopped, because only long queries were left running. Try again shortly.", 5)
        if evaluator.ended == "deadline":
            return stopped
        number = 0
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(1):
                number = await asyncio.shield(evaluator.signal)
        if number == signal.SIGPROF:
            return stopped
        if number in (signal.SIGSEGV, signal.SIGBUS):
            return Unanswered(503, "The query is nested too deeply or too long to be read.")
        if number == signal.SIGABRT:
            return Unanswered(503, "The query took more memory than the limit. Ask for less at once.")
        return Unanswered(503, "The evaluator of this query was lost. Try again.", 1)

    def _lose_evaluators(self) -> None:
        """End all evaluators of a fork server that has ended, since nobody would report their end."""
        for evaluator in self._all.values():
            evaluator.end("died")
            if not evaluator.signal.done():  # no report will come any more
                evaluator.signal.set_result(signal.SIGKILL)
        self._all = {pid: e for pid, e in self._all.items() if e.turn is not None}
        self._idle.clear()

    def _watch(self) -> None:
        if not self._closed:
            self._tick = asyncio.get_running_loop().call_later(_TICK, self._on_tick)

    def _on_tick(self) -> None:
        """Look after waiting queries and long ones.

        A long query gets low priority, ends at its deadline, and may hold all evaluators but one.
        """
        self._tick = None
        now = time.monotonic()
        self._refuse_late(now)
        long_ones = 0
        for evaluator in sorted(self._all.values(), key=lambda e: e.began or now):
            if evaluator.turn is None or not evaluator.alive:
                continue
            age = evaluator.age
            if evaluator.deadline is not None and now > evaluator.deadline:
                evaluator.end("deadline")
            elif age > _GIVES_WAY and evaluator.answer is None and evaluator.turn.answer.done():  # its client has gone
                evaluator.end("left")
            elif not evaluator.low and (age > _GIVES_WAY_IDLE or evaluator.work_since_seen() > _GIVES_WAY):
                evaluator.give_way()
                self._take_back(evaluator)
            if age > _LONG:
                long_ones += 1
                if long_ones > max(1, self.size - 1):
                    evaluator.end("busy")
        if self._waiting or any(evaluator.turn is not None for evaluator in self._all.values()):
            self._watch()

    def _refuse_late(self, now: float) -> None:
        while self._waiting and now - self._waiting[0].since > self._queue_seconds:
            turn = self._waiting.popleft()
            if not turn.answer.done():
                what = "No evaluator became free in time. Try again shortly."
                turn.answer.set_exception(Unanswered(503, what, 5))
