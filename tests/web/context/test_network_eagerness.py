"""Who asks without a pause is known after a few requests, and who pauses is not taken for one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from missiongraph.publication.settings import Limits
from missiongraph.web.context import network_eagerness as module
from missiongraph.web.context.client_networks import Client
from missiongraph.web.context.network_budgets import Budget

ONE: Client = ("192.0.2.0/24", "192.0.0.0/16")


class Clock:
    """A clock that is set by hand."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def visit(budget: Budget, clock: Clock, pause: float, wait: float) -> None:
    clock.now += pause
    budget.eagerness.asks(ONE)
    clock.now += wait
    budget.eagerness.has(ONE)


@given(st.floats(0, 10))
def test_a_crawler_is_known_after_four_requests_however_long_it_waits(wait: float) -> None:
    clock = Clock()
    budget = Budget(Limits(), clock)
    for _ in range(4):
        visit(budget, clock, 0, wait)
    assert budget.presses(ONE)


@given(st.lists(st.floats(0.6, 100), max_size=50), st.floats(0, 10))
def test_readers_are_not_taken_for_crawlers_however_long_they_wait(pauses: list[float], wait: float) -> None:
    clock = Clock()
    budget = Budget(Limits(), clock)
    for pause in pauses:
        visit(budget, clock, pause, wait)
        assert not budget.presses(ONE)


def test_several_requests_at_once_are_no_pause() -> None:
    clock = Clock()
    budget = Budget(Limits(), clock)
    for _ in range(4):
        clock.now += 5
        budget.eagerness.asks(ONE)
    assert budget.presses(ONE)


def test_a_crawler_that_pauses_is_forgiven() -> None:
    clock = Clock()
    budget = Budget(Limits(), clock)
    for _ in range(50):
        visit(budget, clock, 0, 0.1)
    for _ in range(3):
        visit(budget, clock, 5, 0.1)
    assert not budget.presses(ONE)


def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_MOST_NETWORKS", 50)
    known = module.Eagerness(Clock())
    for n in range(1000):
        client = (f"2001:db8:{n:x}::/48", "2001:db8::/32")
        known.asks(client)
        known.has(client)
    assert len(known) == 50
