"""Queries that are sent ahead: each gets its own answer, whatever happens to those before and behind it."""

from __future__ import annotations

import asyncio
import contextlib
import random
import time

from missiongraph.build import Build
from missiongraph.sparql.evaluators.pool import Pool
from missiongraph.sparql.evaluators.wire import Job, Kind
from missiongraph.sparql.evaluators.worker_handle import Unanswered

FORMATS: dict[Kind, str | None] = {"solutions": "json", "boolean": "json", "graph": "ttl"}
SLOW = (
    "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
    "SELECT * { ?a ?b ?c . ?a ?d ?e } LIMIT 20000",
)


async def _answer(pool: Pool, query: str) -> bytes:
    answer = await pool.ask(Job(query, None, None, FORMATS))
    try:
        whole = answer.at_once()
        return whole if whole is not None else b"".join([block async for block in answer.blocks()])
    finally:
        answer.close()


def test_each_query_gets_its_own_answer_beside_slow_ones_and_departing_clients(shipped_build: Build) -> None:
    asyncio.run(_ask_all(shipped_build))


async def _ask_all(build: Build) -> None:
    pool = Pool(build.folder, evaluators=3, total_seconds=0.7, queue=1000, queue_seconds=20)
    await pool.start()
    until = time.monotonic() + 4
    chance = random.Random(1)
    wrong: list[object] = []
    answered = 0

    async def small() -> None:
        nonlocal answered
        while time.monotonic() < until:
            number = chance.randrange(10**9)
            try:
                body = await _answer(pool, f"SELECT ({number} AS ?x) {{ }}")
            except Unanswered as failure:
                wrong.append(failure)
                continue
            answered += 1
            if f'"{number}"'.encode() not in body:
                wrong.append((number, body))

    async def slow(query: str) -> None:
        while time.monotonic() < until:
            with contextlib.suppress(Unanswered):
                await _answer(pool, query)

    async def departing() -> None:
        while time.monotonic() < until:
            task = asyncio.create_task(_answer(pool, "SELECT * { ?a ?b ?c } LIMIT 9"))
            await asyncio.sleep(chance.random() * 0.004)
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError, Unanswered):
                await task
            await asyncio.sleep(0.05)

    try:
        await asyncio.gather(*(small() for _ in range(16)), *(slow(query) for query in SLOW), departing())
    finally:
        pool.close()
    assert wrong == []
    assert answered > 100
