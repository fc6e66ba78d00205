"""The cache keeps what is used, and never more than it may."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from missiongraph.web.serving.asgi.response_cache import ResponseCache, WholeResponse


def response(size: int, name: bytes = b"") -> WholeResponse:
    return WholeResponse(200, [(b"name", name)], bytes(size))


def test_what_was_put_is_found_under_its_key_only() -> None:
    cache = ResponseCache(10_000, largest=5_000)
    cache.put("a", response(10))
    assert cache.get("a") == response(10)
    assert cache.get("b") is None


def test_the_least_used_goes_first() -> None:
    cache = ResponseCache(3 * response(1000).size, largest=5_000)
    for key in ("a", "b", "c"):
        cache.put(key, response(1000))
    cache.get("a")
    cache.put("d", response(1000))
    assert [key for key in ("a", "b", "c", "d") if cache.get(key)] == ["a", "c", "d"]


def test_what_is_too_large_is_not_kept() -> None:
    cache = ResponseCache(10_000, largest=500)
    cache.put("a", response(501))
    assert cache.get("a") is None


@pytest.mark.parametrize("times", [1, 2, 5])
def test_the_same_key_is_counted_once(times: int) -> None:
    cache = ResponseCache(2 * response(1000).size, largest=5_000)
    cache.put("other", response(1000))
    for _ in range(times):
        cache.put("a", response(1000))
    assert cache.get("other")


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 900)), max_size=60))
def test_it_never_holds_more_than_it_may(puts: list[tuple[int, int]]) -> None:
    cache = ResponseCache(5_000, largest=800)
    for key, size in puts:
        cache.put(key, response(size))
        kept = [found for key in range(21) if (found := cache.get(key))]
        assert sum(found.size for found in kept) <= 5_000
