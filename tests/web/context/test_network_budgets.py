"""What a network has used counts against its budget, and is forgotten in time."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from missiongraph.publication.settings import Limits
from missiongraph.web.context import network_budgets as module
from missiongraph.web.context.client_networks import Client
from missiongraph.web.context.network_budgets import Budget

ONE, OTHER = ("192.0.2.0/24", "192.0.0.0/16"), ("198.51.100.0/24", "198.51.0.0/16")


class Clock:
    """A clock that is set by hand."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def budget_of(seconds: float, clock: Clock) -> Budget:
    return Budget(Limits.model_validate({"processor-seconds-per-minute": seconds}), clock)


def test_who_has_used_more_is_refused_until_enough_is_forgotten() -> None:
    clock = Clock()
    budget = budget_of(10, clock)
    budget.used.add(ONE, 9)
    assert budget.wait(ONE) is None
    budget.used.add(ONE, 11)
    wait = budget.wait(ONE)
    assert wait == math.ceil(60 * math.log(2))
    assert budget.wait(OTHER) is None
    clock.now += wait
    assert budget.wait(ONE) is None


@given(st.floats(0.05, 0.95), st.floats(0.1, 5))
def test_who_stays_below_it_on_average_is_never_refused(part: float, pause: float) -> None:
    """A part of a processor, without a break: the budget of a minute is a whole one."""
    clock = Clock()
    budget = budget_of(60, clock)
    for _ in range(500):
        clock.now += pause
        budget.used.add(ONE, part * pause)
        assert budget.wait(ONE) is None


def test_a_sprayer_of_addresses_has_four_budgets_in_all() -> None:
    """It owns an IPv6 /32, and comes from another /48 each time."""
    budget = budget_of(10, Clock())
    sprayed: list[Client] = [(f"2001:db8:{n:x}::/48", "2001:db8::/32") for n in range(100)]
    admitted = 0
    for client in sprayed:
        if budget.wait(client) is None:
            admitted += 1
            budget.used.add(client, 1)
    assert admitted == 41  # the first that finds more than forty used is refused
    assert budget.wait(ONE) is None


def test_memory_is_bounded_and_a_sprayer_is_not_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_MOST_NETWORKS", 50)
    budget = budget_of(10, Clock())
    for n in range(1000):
        budget.used.add((f"2001:db8:{n:x}::/48", "2001:db8::/32"), 1)
    assert len(budget.used) == 50
    assert budget.wait(("2001:db8:ffff::/48", "2001:db8::/32")) is not None


def test_without_a_budget_nobody_is_refused() -> None:
    budget = budget_of(0, Clock())
    budget.used.add(ONE, 1e6)
    assert budget.wait(ONE) is None
    assert budget.used.of(ONE) > budget.used.of(OTHER)
    budget.used.add(None, 1e6)
    assert budget.wait(None) is None


def test_who_has_used_much_goes_last_and_so_does_a_crowd() -> None:
    budget = budget_of(60, Clock())
    budget.used.add(ONE, 14)
    assert not budget.presses(ONE)
    budget.used.add(ONE, 2)
    assert budget.presses(ONE) and budget.wait(ONE) is None
    for n in range(70):
        budget.used.add((f"2001:db8:{n:x}::/48", "2001:db8::/32"), 1)
    assert budget.presses(("2001:db8:ffff::/48", "2001:db8::/32"))
    assert not budget.presses(OTHER)
