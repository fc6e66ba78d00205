"""What clients send is read into one form, or refused with a reason."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from missiongraph.reconciliation.queries import (
    CANDIDATES,
    MOST_QUERIES,
    BadQuery,
    Condition,
    Query,
    TooMany,
    read_batch,
    read_extension,
    read_json,
    read_queries,
)

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["query", "queries", "conditions", "matchType", "propertyValue", "ids", "properties", "v"])
            | st.text(max_size=3),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


def test_both_versions_ask_for_the_same() -> None:
    old = {"query": "X", "type": "T", "limit": 3, "properties": [{"pid": "p", "v": [1, {"id": "i"}, True]}]}
    conditions = [
        {"matchType": "name", "propertyValue": "X"},
        {"matchType": "property", "propertyId": "p", "propertyValue": [1, {"id": "i"}, True]},
    ]
    expected = Query("X", ("T",), "any", 3, (Condition("p", ("1", "i", "true")),))
    assert read_batch({"a": old}) == {"a": expected}
    assert read_queries({"queries": [{"type": "T", "limit": 3, "conditions": conditions}]}) == [expected]


def test_little_is_enough() -> None:
    assert read_batch({"q": {"query": ""}})["q"] == Query("")  # its schema in version 0.2: any text
    assert read_batch({"q": {"query": "X"}})["q"] == Query("X", limit=CANDIDATES)
    assert read_extension({"ids": ["i", "i"], "properties": [{"id": "p"}]}).ids == ("i",)


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"query": 1},
        {"properties": []},
        {"query": "X", "limit": 0},
        {"query": "X", "limit": -1},
        {"query": "X", "limit": 1.5},
        {"query": "X", "limit": True},
        {"query": "X", "limit": 10**30},
        {"query": "X", "type": [1]},
        {"query": "X", "type_strict": "some"},
        {"query": "X", "properties": [{"pid": "p"}]},
        {"query": "X", "properties": [{"v": "p"}]},
        {"query": "X", "properties": [{"pid": "p", "v": {"name": "n"}}]},
        {"query": "X", "unknown": 1},
    ],
)
def test_what_a_query_cannot_be(query: dict[str, Any]) -> None:
    with pytest.raises(BadQuery):
        read_batch({"q": query})


@pytest.mark.parametrize("text", ["", "{", "NaN", '{"a": Infinity}', "[" * 100_000, '"\\ud800"', "9" * 10_000, b"\xff"])
def test_what_is_not_json(text: str | bytes) -> None:
    with pytest.raises(BadQuery, match="is not JSON"):
        read_json(text)


def test_a_batch_has_a_size() -> None:
    batch = {str(number): {"query": "X"} for number in range(MOST_QUERIES)}
    assert len(read_batch(batch)) == MOST_QUERIES
    with pytest.raises(TooMany, match="at most"):
        read_batch(batch | {"more": {"query": "X"}})


@given(JSON)
def test_any_json_is_read_or_refused(value: Any) -> None:
    text = json.dumps(value)
    for read in (read_batch, read_queries, read_extension):
        try:
            read(read_json(text))
        except BadQuery as error:
            assert str(error)
