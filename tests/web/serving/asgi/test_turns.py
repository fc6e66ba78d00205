"""Who has used least is next."""

from __future__ import annotations

import asyncio

import pytest

from missiongraph.web.context.budget import Client
from missiongraph.web.serving.asgi.turns import Crowded, Turn, Turns

USED = {"light": 0.1, "middle": 0.5, "heavy": 0.9}


def client(name: str) -> Client:
    return (name, "")


def share(asked: Client) -> float:
    return USED[asked[0]] if asked else 0.0


def turns(waiting: int = 10, seconds: float = 5) -> Turns:
    return Turns(1, waiting, seconds, share)


async def settle() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


def test_who_has_used_least_is_next_whoever_came_first() -> None:
    async def play() -> list[str]:
        order: list[str] = []
        queue = turns()
        first = await queue.take(client("heavy"))

        async def visit(name: str) -> None:
            turn = await queue.take(client(name))
            order.append(name)
            queue.give_back(turn)

        visits = []
        for name in ("heavy", "middle", "heavy", "light"):
            visits.append(asyncio.ensure_future(visit(name)))
            await settle()
        queue.give_back(first)
        await asyncio.gather(*visits)
        return order

    assert asyncio.run(play()) == ["light", "middle", "heavy", "heavy"]


def test_a_full_queue_loses_who_has_used_most() -> None:
    async def play() -> None:
        queue = turns(waiting=1)
        first = await queue.take(client("light"))
        heavy = asyncio.ensure_future(queue.take(client("heavy")))
        await settle()
        light = asyncio.ensure_future(queue.take(client("light")))
        with pytest.raises(Crowded):
            await heavy
        with pytest.raises(Crowded):
            await queue.take(client("middle"))
        queue.give_back(first)
        queue.give_back(await light)

    asyncio.run(play())


def test_no_turn_is_lost_by_those_who_leave_or_wait_in_vain() -> None:
    async def play() -> None:
        queue = turns(seconds=0.05)
        first = await queue.take(client("light"))
        with pytest.raises(Crowded):
            await queue.take(client("heavy"))
        leaver = asyncio.ensure_future(queue.take(client("heavy")))
        await settle()
        queue.give_back(first)  # to the leaver, who leaves at the same moment
        leaver.cancel()
        with pytest.raises(asyncio.CancelledError):
            await leaver
        queue.give_back(first)  # again, which changes nothing
        next_one: Turn = await asyncio.wait_for(queue.take(client("heavy")), 1)
        with pytest.raises(Crowded):
            await queue.take(client("light"))
        queue.give_back(next_one)

    asyncio.run(play())


def test_who_has_no_budget_waits_for_nobody() -> None:
    async def play() -> None:
        queue = turns(waiting=0)
        turn = await queue.take(client("heavy"))
        queue.give_back(await queue.take(None))
        with pytest.raises(Crowded):
            await queue.take(client("light"))
        queue.give_back(turn)

    asyncio.run(play())
