"""A network that has used up its processor time is refused, sent to the dumps, and holds up nobody else."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from missiongraph.build import Build
from missiongraph.web.serving.application import create_app
from missiongraph.web.serving.asgi.build_application import ServedBuild
from tests.conftest import ODD, serving
from tests.limits import RUNAWAY, limited
from tests.processes import needs_proc

HTML = {"Accept": "text/html"}
PROXY = 'proxies = ["127.0.0.1"]'


def of(address: str, **more: str) -> dict[str, str]:
    return {"X-Forwarded-For": address, **more}


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A client of a server behind a proxy of ours; queries end after a second, the budget is half of one."""
    folder = tmp_path_factory.mktemp("budget")
    with serving(limited(folder, more=PROXY, source=ODD, seconds=1, processor_seconds_per_minute=0.5)) as client:
        yield client


def use_up(client: httpx.Client, address: str) -> None:
    """One query that takes all the time that it may."""
    assert client.get("/sparql", params={"query": RUNAWAY}, headers=of(address)).status_code == 504


@needs_proc
def test_who_has_used_up_its_time_is_told_when_to_come_back_and_of_the_dumps(client: httpx.Client) -> None:
    use_up(client, "192.0.2.1")
    ask = {"query": "SELECT * {} LIMIT 1"}
    refused = client.get("/sparql", params=ask, headers=of("192.0.2.200"))
    assert (refused.status_code, refused.headers["Content-Type"]) == (429, "application/problem+json")
    assert 0 < int(refused.headers["Retry-After"]) <= 120
    assert "/dumps/" in refused.json()["detail"]
    posted = client.post("/sparql", data=ask, headers=of("192.0.2.1"))
    page = client.get("/doc/nothing", headers=of("192.0.2.1", **HTML))
    assert [posted.status_code, page.status_code] == [429, 429]
    assert client.post("/reconcile/match", json={"queries": []}, headers=of("192.0.2.1")).status_code == 429
    for path in ("/dumps/", "/healthz", "/robots.txt", "/static/site.css"):
        assert client.get(path, headers=of("192.0.2.1")).status_code == 200, path
    assert client.get("/sparql", params=ask, headers=of("198.51.100.1")).status_code == 200
    assert client.get("/sparql", params=ask, headers=of("192.0.2.1")).status_code == 200  # now it is in the cache


@needs_proc
@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "download everything at once from /dumps/"), ("it", "scaricate tutto in una volta da /dumps/")],
)
def test_people_get_a_page_in_their_language(client: httpx.Client, language: str, words: str) -> None:
    if client.get("/doc/nothing", headers=of("203.0.113.9")).status_code != 429:
        use_up(client, "203.0.113.1")
    page = client.get("/doc/nothing", headers=of("203.0.113.9", **HTML, **{"Accept-Language": language}))
    assert (page.status_code, page.headers["Content-Type"]) == (429, "text/html; charset=utf-8")
    assert f'<html lang="{language}">' in page.text and words in page.text and 'href="/dumps/' in page.text
    assert int(page.headers["Retry-After"]) > 0 and page.headers["Cache-Control"] == "no-store"


@needs_proc
def test_what_a_client_says_of_itself_is_not_believed(client: httpx.Client) -> None:
    use_up(client, "10.0.0.1, 100.64.1.1")
    refused = client.get("/doc/nothing", headers=of("10.9.9.9, 198.18.5.5, 100.64.1.77"))
    assert refused.status_code == 429


@needs_proc
def test_a_sprayer_of_ipv6_networks_is_one_crowd(client: httpx.Client) -> None:
    """Each comes once, so that its own budget is whole; a query costs two budgets, and the crowd has four."""
    asked = [client.get("/sparql", params={"query": RUNAWAY}, headers=of(f"2001:db8:{n}::1")) for n in range(5)]
    assert [answer.status_code for answer in asked][-2:] == [429, 429]
    assert client.get("/doc/nothing", headers=of("2001:db8:ffff::1")).status_code == 429
    assert client.get("/doc/nothing", headers=of("2001:db9::1")).status_code == 404


@needs_proc
def test_pages_are_charged_what_flask_has_worked(tmp_path: Path) -> None:
    with serving(limited(tmp_path, more=PROXY, processor_seconds_per_minute=0.05)) as client:
        seen = [client.get(f"/search?q=a{n}", headers=of("192.0.2.1", **HTML)).status_code for n in range(200)]
        assert seen[0] == 200 and 429 in seen
        assert client.get("/search?q=a0", headers=of("198.51.100.1", **HTML)).status_code == 200


@needs_proc
def test_a_budget_outlives_the_build(tmp_path: Path) -> None:
    build = limited(tmp_path, more=PROXY, processor_seconds_per_minute=0.5)

    async def play() -> None:
        former, later = ServedBuild(Build.open(build.folder)), ServedBuild(Build.open(build.folder))
        client = ("192.0.2.0/24", "192.0.0.0/16")
        former._site.budget.used.add(client, 9)
        assert later._site.budget.wait(client) is None
        later.go_on_from(former)
        assert later._site.budget.wait(client)
        for served in (former, later):
            served.close()

    asyncio.run(play())


def test_other_servers_of_wsgi_keep_budgets_too(tmp_path: Path) -> None:
    app = create_app(limited(tmp_path, processor_seconds_per_minute=0.05))
    client = app.test_client()
    elsewhere = {"REMOTE_ADDR": "192.0.2.1"}
    seen = [client.get(f"/search?q=a{n}", headers=HTML, environ_base=elsewhere, buffered=True) for n in range(200)]
    assert (seen[0].status_code, seen[-1].status_code) == (200, 429)
    assert int(seen[-1].headers["Retry-After"]) > 0
    assert "/dumps/" in seen[-1].text
    assert client.get("/search?q=a", headers=HTML).status_code == 200  # from the machine itself
    assert client.get("/robots.txt", environ_base=elsewhere).status_code == 200
