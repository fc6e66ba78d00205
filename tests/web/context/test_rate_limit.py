"""One client may ask as often as the publication says, and others are not held up by it."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from missiongraph.publication.settings import Limits
from missiongraph.web.context.rate_limit import RateLimit
from tests.conftest import serving
from tests.limits import limited
from tests.processes import needs_proc


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A client of a server that answers three queries a minute, behind a proxy of ours."""
    with serving(limited(tmp_path_factory.mktemp("fair"), queries_per_minute=3, proxies=1)) as client:
        yield client


def ask(client: httpx.Client, number: int, **headers: str) -> httpx.Response:
    return client.get("/sparql", params={"query": f"SELECT * {{}} LIMIT {number}"}, headers=headers)


@needs_proc
def test_a_client_that_asks_too_often_is_told_when_to_come_back(client: httpx.Client) -> None:
    assert [ask(client, n).status_code for n in (1, 2, 3, 4)] == [200, 200, 200, 429]
    refused = ask(client, 4)
    assert refused.headers["Content-Type"] == "application/problem+json"
    assert 0 < int(refused.headers["Retry-After"]) <= 60
    page = ask(client, 4, Accept="text/html")
    assert (page.status_code, page.headers["Content-Type"]) == (429, "text/html; charset=utf-8")
    assert "3 queries" in page.text
    assert ask(client, 3).status_code == 200  # from the cache
    assert client.get("/healthz").status_code == 200
    assert ask(client, 4, **{"X-Forwarded-For": "203.0.113.9, 198.51.100.7"}).status_code == 200


@needs_proc
def test_what_a_client_says_of_itself_is_not_believed(client: httpx.Client) -> None:
    seen = [ask(client, n, **{"X-Forwarded-For": f"10.0.0.{n}, 203.0.113.1"}).status_code for n in (5, 6, 7, 8)]
    assert seen == [200, 200, 200, 429]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("192.0.2.1", "192.0.2.2", False),
        ("unix", "unix", True),
    ],
)
def test_a_client_is_known_by_its_network(one: str, other: str, same: bool) -> None:
    fair = RateLimit(Limits.model_validate({"queries-per-minute": 1}))
    assert fair.refusal(one, "") is None
    assert (fair.refusal(other, "") is not None) == same


def test_without_a_bound_nobody_is_refused() -> None:
    fair = RateLimit(Limits())
    assert all(fair.refusal("192.0.2.1", "") is None for _ in range(10_000))
