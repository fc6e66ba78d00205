"""Who is least eager is next."""

from __future__ import annotations

import asyncio

import pytest

from missiongraph.publication.settings import Limits
from missiongraph.web.context.client_networks import Client
from missiongraph.web.context.network_budgets import Budget
from missiongraph.web.serving.asgi.turns import Crowded, Turn, Turns

#: How often each has asked without a pause.
ASKED = {"light": 1, "middle": 5, "heavy": 9}


def client(name: str) -> Client:
    return (name, "")


def turns(waiting: int = 10, seconds: float = 5, at_once: int = 1, *, gives_way: bool = False) -> Turns:
    budget = Budget(Limits())
    for name, times in ASKED.items():
        for _ in range(times):
            budget.eagerness.asks(client(name))
            budget.eagerness.has(client(name))
    return Turns(at_once, waiting, seconds, lambda: budget, gives_way=gives_way)


async def settle() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


def test_who_is_least_eager_is_next_whoever_came_first() -> None:
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


def test_a_full_queue_loses_who_is_most_eager() -> None:
    async def play() -> None:
        queue = turns(waiting=0)
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
        queue = turns(seconds=0.05)
        turn = await queue.take(client("heavy"))
        queue.give_back(await queue.take(None))
        with pytest.raises(Crowded):
            await queue.take(client("light"))
        queue.give_back(turn)

    asyncio.run(play())


@pytest.mark.parametrize("gives_way", [False, True])
def test_clients_that_press_leave_room_for_others(gives_way: bool) -> None:
    """One of four is for them, and none begins while something is done for others, where that is said."""

    async def play() -> None:
        queue = turns(at_once=4, seconds=0.05, gives_way=gives_way)
        heavy = await queue.take(client("heavy"))
        with pytest.raises(Crowded):
            await queue.take(client("middle"))
        light = await queue.take(client("light"))
        queue.give_back(heavy)
        if gives_way:
            with pytest.raises(Crowded):
                await queue.take(client("heavy"))
            queue.give_back(light)
        queue.give_back(await queue.take(client("heavy")))
        queue.give_back(light)

    asyncio.run(play())
