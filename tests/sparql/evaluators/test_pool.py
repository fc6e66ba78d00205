"""The pool and a real fork server: who waits, who is ended, and what is left afterwards."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from missiongraph.sparql.evaluators.pool import Pool
from missiongraph.sparql.evaluators.wire import Job, Kind
from missiongraph.sparql.evaluators.worker_handle import Unanswered
from missiongraph.vocab import RDF
from tests.limits import HEAVY, MANY, RUNAWAY, limited
from tests.processes import alive, descendants, descriptors, needs_proc, niceness, processor_seconds

pytestmark = needs_proc

SMALL = "SELECT ?o { ?s ?p ?o } LIMIT 1"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A build whose queries have one second of processor time."""
    return limited(tmp_path_factory.mktemp("pool"), seconds=1, memory_megabytes=200).folder


@asynccontextmanager
async def started(
    folder: Path, evaluators: int = 2, *, total: float = 20, queue: int = 8, queue_seconds: float = 5
) -> AsyncIterator[Pool]:
    """A pool with so many *evaluators*, all of them born."""
    pool = Pool(folder, evaluators=evaluators, total_seconds=total, queue=queue, queue_seconds=queue_seconds)
    await pool.start()
    try:
        await until(lambda: len(processes()) == evaluators + 1)
        yield pool
    finally:
        pool.close()


#: What other tests of this process have started.
_others: set[int] = set()


def processes() -> list[int]:
    """The fork server and its evaluators."""
    return [pid for pid in descendants(os.getpid()) if pid not in _others]


async def until(holds: Callable[[], bool], seconds: float = 5) -> None:
    async with asyncio.timeout(seconds):
        while not holds():
            await asyncio.sleep(0.01)


def low() -> list[int]:
    """The evaluators that give way to others."""
    return [pid for pid in processes() if alive(pid) and niceness(pid) == 19]


async def giving_way() -> int:
    """The evaluator that has begun to give way to others."""
    await until(lambda: len(low()) == 1)
    return low()[0]


def job(query: str) -> Job:
    return Job(query, None, None, {"solutions": "csv", "boolean": "json", "graph": "nt"})


async def answer(pool: Pool, query: str) -> bytes:
    """The whole answer to *query*."""
    found = await pool.ask(job(query))
    try:
        assert found.head.status == 200
        return b"".join([block async for block in found.blocks()])
    finally:
        found.close()


async def failure(asking: Awaitable[bytes]) -> Unanswered:
    with pytest.raises(Unanswered) as caught:
        await asking
    return caught.value


def test(scenario: Callable[[Path], Coroutine[Any, Any, None]]) -> Callable[[Path], None]:
    """A test that runs in an event loop of its own, and leaves neither a process nor a descriptor."""

    def run(folder: Path) -> None:
        _others.update(descendants(os.getpid()))
        before = descriptors(os.getpid())
        asyncio.run(scenario(folder))
        assert processes() == []
        assert descriptors(os.getpid()) <= before

    run.__name__, run.__doc__ = scenario.__name__, scenario.__doc__
    return run


test.__test__ = False  # type: ignore[attr-defined]  # a decorator


@test
async def test_small_queries_are_answered_one_after_the_other_by_the_same_processes(folder: Path) -> None:
    async with started(folder) as pool:
        before = set(processes())
        answers = {await answer(pool, SMALL) for _ in range(50)}
        assert len(answers) == 1
        assert set(processes()) == before


@test
async def test_more_queries_than_evaluators_wait_for_their_turn(folder: Path) -> None:
    async with started(folder, queue=100) as pool:
        assert len(await asyncio.gather(*(answer(pool, SMALL) for _ in range(100)))) == 100


@test
async def test_a_full_queue_refuses_at_once_and_says_when_to_come_back(folder: Path) -> None:
    async with started(folder, queue=1) as pool:
        long = [asyncio.ensure_future(failure(answer(pool, RUNAWAY))) for _ in range(2)]
        await until(lambda: len(low()) == 2)
        waiting = asyncio.ensure_future(answer(pool, SMALL))
        await asyncio.sleep(0.05)
        began = time.monotonic()
        refused = await failure(answer(pool, SMALL))
        assert time.monotonic() - began < 1
        assert (refused.status, refused.retry) == (503, 2)
        assert await waiting
        await asyncio.gather(*long)


@test
async def test_who_waits_too_long_is_told_so_and_takes_no_place_in_the_queue(folder: Path) -> None:
    async with started(folder, 1, queue=1, queue_seconds=0.2) as pool:
        long = asyncio.ensure_future(failure(answer(pool, RUNAWAY)))
        await asyncio.sleep(0.1)
        for _ in range(2):
            refused = await failure(answer(pool, SMALL))
            assert (refused.status, refused.retry) == (503, 5)
        assert (await long).status == 504


@test
async def test_who_leaves_the_queue_takes_no_evaluator_along(folder: Path) -> None:
    async with started(folder, 1, queue=2, queue_seconds=30) as pool:
        long = asyncio.ensure_future(failure(answer(pool, RUNAWAY)))
        await asyncio.sleep(0.1)
        leaving = [asyncio.ensure_future(answer(pool, SMALL)) for _ in range(2)]
        await asyncio.sleep(0.05)
        for waiting in leaving:
            waiting.cancel()
        await asyncio.gather(*leaving, return_exceptions=True)
        staying = [asyncio.ensure_future(answer(pool, SMALL)) for _ in range(2)]
        await long
        assert len(await asyncio.gather(*staying)) == 2


@test
async def test_who_leaves_when_an_evaluator_is_just_free_gives_it_to_the_next(folder: Path) -> None:
    async with started(folder, 1) as pool:
        for _ in range(20):
            first, second = (asyncio.ensure_future(answer(pool, SMALL)) for _ in range(2))
            await first
            second.cancel()
            await asyncio.gather(second, return_exceptions=True)
        async with asyncio.timeout(2):
            assert await answer(pool, SMALL)


@test
async def test_long_queries_never_hold_the_last_evaluator(folder: Path) -> None:
    async with started(folder, 3) as pool:
        slept = asyncio.gather(*(failure(answer(pool, RUNAWAY)) for _ in range(3)))
        await asyncio.sleep(0.2)
        began = time.monotonic()
        assert await answer(pool, SMALL)
        assert time.monotonic() - began < 1.5
        failures = await slept
        assert sorted(found.status for found in failures) == [503, 504, 504]
        assert [found.retry for found in failures if found.status == 503] == [5]


@test
async def test_a_query_ends_at_its_limit_of_processor_time(folder: Path) -> None:
    async with started(folder, total=300) as pool:  # far more: a busy machine gives little time to one of low priority
        began = time.monotonic()
        assert (await failure(answer(pool, RUNAWAY))).status == 504
        assert 0.9 < time.monotonic() - began < 100


@test
async def test_a_query_ends_at_its_limit_of_waiting_though_it_used_no_time(folder: Path) -> None:
    async with started(folder, total=0.5) as pool:
        asking = asyncio.ensure_future(failure(answer(pool, RUNAWAY)))
        busy = await giving_way()
        os.kill(busy, signal.SIGSTOP)
        began = time.monotonic()
        assert (await asking).status == 504
        assert time.monotonic() - began < 3
        await until(lambda: not alive(busy))


@test
async def test_a_long_query_gives_way_and_its_evaluator_is_replaced(folder: Path) -> None:
    async with started(folder) as pool:
        before = set(processes())
        asking = asyncio.ensure_future(failure(answer(pool, RUNAWAY)))
        giving = await giving_way()
        await asking
        await until(lambda: not alive(giving) and len(processes()) == 3)
        assert len(before & set(processes())) == 2
        assert all(niceness(pid) == niceness(os.getpid()) for pid in processes())


@test
async def test_an_answer_that_nobody_wants_ends_its_query(folder: Path) -> None:
    async with started(folder) as pool:
        asking = asyncio.ensure_future(answer(pool, RUNAWAY))
        busy = await giving_way()
        asking.cancel()
        await asyncio.gather(asking, return_exceptions=True)
        await until(lambda: not alive(busy), 0.5)
        await until(lambda: len(processes()) == 3)


@test
async def test_a_reader_that_pauses_holds_its_evaluator_and_loses_nothing(folder: Path) -> None:
    async with started(folder, 3, total=3) as pool:
        found = await pool.ask(job(MANY + " LIMIT 300000"))
        blocks = found.blocks()
        got = [await anext(blocks)]
        holding = await giving_way()
        used = processor_seconds(holding)
        await asyncio.sleep(3.5)
        assert processor_seconds(holding) <= used + 0.05  # the clock counts in hundredths
        got += [block async for block in blocks]
        found.close()
        assert b"".join(got).count(b"\n") == 300_001


@test
async def test_an_evaluator_lost_in_the_middle_is_no_end(folder: Path) -> None:
    async with started(folder, 3) as pool:
        found = await pool.ask(job(MANY))
        blocks = found.blocks()
        await anext(blocks)
        os.kill(await giving_way(), signal.SIGKILL)
        with pytest.raises(Unanswered) as caught:
            async for _ in blocks:
                pass
        found.close()
        assert caught.value.status == 503
        assert await answer(pool, SMALL)


@test
async def test_idle_evaluators_that_die_are_replaced(folder: Path) -> None:
    async with started(folder) as pool:
        fork_server, *evaluators = processes()
        for pid in evaluators:
            os.kill(pid, signal.SIGKILL)
        await until(lambda: len(processes()) == 3 and not set(evaluators) & set(processes()))
        assert await answer(pool, SMALL)
        assert alive(fork_server)


@test
async def test_the_pool_comes_back_when_the_fork_server_is_killed(folder: Path) -> None:
    async with started(folder) as pool:
        for _ in range(2):
            asking = asyncio.ensure_future(failure(answer(pool, RUNAWAY)))
            await asyncio.sleep(0.2)
            before = set(processes())
            fork_server = next(pid for pid in before if descendants(pid))
            os.kill(fork_server, signal.SIGKILL)
            assert (await asking).status == 503
            assert await answer(pool, SMALL)
            await until(lambda: len(processes()) == 3 and not before & set(processes()))  # noqa: B023


@test
async def test_a_pool_that_is_closed_while_it_comes_back_stays_closed(folder: Path) -> None:
    async with started(folder) as pool:
        fork_server = next(pid for pid in processes() if descendants(pid))
        os.kill(fork_server, signal.SIGKILL)
        await until(lambda: not alive(fork_server))
        await asyncio.sleep(0.1)
        pool.close()
        await asyncio.sleep(0.3)
        assert processes() == []


@test
async def test_a_pool_that_is_closed_ends_what_runs(folder: Path) -> None:
    async with started(folder, 3) as pool:
        asking = [asyncio.ensure_future(failure(answer(pool, RUNAWAY))) for _ in range(2)]
        await asyncio.sleep(0.2)
        running = processes()
        pool.close()
        await until(lambda: not any(alive(pid) for pid in running), 1)
        assert all(found.status == 503 for found in await asyncio.gather(*asking))


@test
async def test_a_query_that_cannot_be_read_takes_its_evaluator_and_no_other(folder: Path) -> None:
    async with started(folder) as pool:
        deep = f"SELECT * {{ FILTER({'(' * 20_000}1{')' * 20_000}) }}"
        found, small = await asyncio.gather(failure(answer(pool, deep)), answer(pool, SMALL))
        assert found.status == 503
        assert small


@test
async def test_memory_beyond_the_limit_ends_the_query(folder: Path) -> None:
    async with started(folder) as pool:
        found = await failure(answer(pool, HEAVY))
        assert found.status == 503
        assert "memory" in str(found)


@test
async def test_no_evaluator_dies_of_an_answer_that_its_format_cannot_carry(folder: Path) -> None:
    digits = " ".join(f"VALUES ?{name} {{ 0 1 2 3 4 5 6 7 8 9 }}" for name in "abcd")
    late = f'SELECT ?x {{ {digits} BIND(IF(?a + ?b + ?c + ?d = 36, "\\u0001", "text to fill a block with") AS ?x) }}'
    formats: dict[Kind, str | None] = {"solutions": "xml", "boolean": "xml", "graph": "rdf"}

    async def status(pool: Pool, query: str) -> int:
        found = await pool.ask(Job(query, None, None, formats))
        try:
            async for _ in found.blocks():
                pass
        except Unanswered as failed:
            assert found.head.status == 200  # it had begun
            return failed.status
        finally:
            found.close()
        return found.head.status

    async with started(folder) as pool:
        before = processes()
        asked = ["CONSTRUCT { <a:s> <a:1> 1 } { }", "CONSTRUCT { <a:s> rdf:li 1 } { }", late, "ASK { }"]
        assert [await status(pool, f"PREFIX rdf: <{RDF}> {query}") for query in asked] == [406, 406, 406, 200]
        assert processes() == before
