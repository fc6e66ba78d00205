"""What is read is what the schemas say, neither more nor less; the published ones allow all of it."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from jsonschema import Draft7Validator, Draft202012Validator
from referencing import Registry
from referencing.jsonschema import DRAFT7

from missiongraph.reconciliation.queries import BadQuery, TooMany, read_batch, read_extension, read_queries
from missiongraph.reconciliation.query_schemas import BATCH, EXTENSION, QUERIES, Schema

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers(-1, 3) | st.sampled_from([0.5, 1.0, 1e300]) | st.sampled_from(["", "AAA"]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["id", "name", ""]), inner, max_size=2),
    max_leaves=3,
)


def near(right: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Mostly what is right, now and then something else."""
    return st.integers(0, 7).flatmap(lambda number: ANYTHING if number == 0 else right)


def record(always: dict[str, Any], /, **optional: Any) -> st.SearchStrategy[Any]:
    """An object of the keys that it should have, of those it may have, and now and then of one that nobody knows."""
    known = {key: near(value) for key, value in (always | optional).items()}
    more = st.integers(0, 19).flatmap(lambda number: st.just({"unknown": 1}) if number == 0 else st.just({}))
    some = st.fixed_dictionaries({key: known[key] for key in always}, optional={key: known[key] for key in optional})
    lacking = st.fixed_dictionaries({}, optional=known)
    chosen = st.integers(0, 9).flatmap(lambda number: lacking if number == 0 else some)
    return near(st.builds(lambda one, extra: {**one, **extra}, chosen, more))


def few(one: st.SearchStrategy[Any], least: int = 0) -> st.SearchStrategy[Any]:
    return st.lists(one, min_size=least, max_size=3)


TEXT = st.sampled_from(["x", "Bologna"])
VALUE = TEXT | st.integers() | st.booleans() | record({"id": TEXT}, name=TEXT)
PROPERTY = record({"pid": TEXT, "v": VALUE | few(VALUE)})
QUERY = record(
    {"query": TEXT | st.just("")},
    type=TEXT | few(TEXT),
    limit=st.integers(1, 1000),
    type_strict=st.sampled_from(["any", "all", "should"]),
    properties=few(PROPERTY),
)
CONDITION = record(
    {"matchType": st.sampled_from(["name", "id"]), "propertyValue": VALUE | few(VALUE)},
    propertyId=TEXT,
    required=st.booleans(),
    matchQuantifier=st.sampled_from(["any", "all", "none"]),
    matchQualifier=TEXT,
) | record({"matchType": st.just("property"), "propertyValue": VALUE, "propertyId": TEXT})
CONDITIONAL = record(
    {"conditions": few(CONDITION, least=1)},
    type=TEXT,
    limit=st.integers(1, 1000),
    lang=TEXT,
    dir=st.sampled_from(["ltr", "rtl", "auto"]),
)
COLUMN = record({"id": TEXT}, settings=record({}, limit=st.integers(0, 9) | st.sampled_from(["", "3", None])))

Read = Callable[[Any], object]


def held_against(read: Read, schema: Schema, sent: Any) -> None:
    """*read* takes *sent* if and only if it is valid; what it says where it does not names what is wrong."""
    try:
        read(sent)
    except TooMany:
        raise
    except BadQuery as error:
        assert not Draft202012Validator(schema).is_valid(sent), f"{error}, though it is valid"
        assert str(error)
    else:
        Draft202012Validator(schema).validate(sent)


@settings(max_examples=300)
@given(near(st.dictionaries(st.sampled_from(["q0", "", "q"]), QUERY, max_size=2)))
@example({"q": {"query": ""}})
@example({"q": {"properties": [{"pid": "p", "v": []}]}})
@example({"q": {"properties": [{"pid": "p", "v": {"id": "i", "name": 3}}]}})
def test_a_batch_is_read_if_and_only_if_it_is_valid(sent: Any) -> None:
    held_against(read_batch, BATCH, sent)


@settings(max_examples=300)
@given(record({"queries": few(CONDITIONAL)}))
@example({"queries": [{"conditions": [{"matchType": "name", "propertyValue": "x", "matchQualifier": 3}]}]})
@example({"queries": [0, None, "AAA", False]})
def test_a_batch_of_the_draft_is_read_if_and_only_if_it_is_valid(sent: Any) -> None:
    held_against(read_queries, QUERIES, sent)


@settings(max_examples=300)
@given(record({"ids": few(TEXT), "properties": few(COLUMN)}))
@example({"ids": [], "properties": [0, None, "AAA", False]})
def test_a_data_extension_query_is_read_if_and_only_if_it_is_valid(sent: Any) -> None:
    held_against(read_extension, EXTENSION, sent)


@pytest.mark.parametrize(
    ("read", "sent", "named"),
    [
        (read_extension, {"ids": [], "properties": [{"id": "p"}, 0, None]}, "properties: 1: is not an object"),
        (read_extension, {"ids": [], "properties": [0, None] * 99}, "properties: 0: is not an object"),
        (read_extension, {"ids": ["x", 5], "properties": []}, "ids: 1: is not a text"),
        (read_extension, {"ids": 5, "properties": []}, "ids: is not a list"),
        (read_extension, {"ids": [], "properties": [{"id": "p", "settings": 1}]}, "properties: 0: settings"),
        (read_extension, {"ids": [], "properties": [{"id": "p", "settings": {"limit": "x"}}]}, "properties: 0: set"),
        (read_queries, {"queries": [{"conditions": [0]}]}, "query 0: conditions: 0: is not an object"),
        (read_queries, {"queries": [0] * 2000}, "queries: 0: is not an object"),
        (read_batch, {"a": {"query": "x"}, "b": {"query": 5}}, "b: query: is not a text"),
    ],
)
def test_a_refusal_names_the_member(read: Read, sent: Any, named: str) -> None:
    with pytest.raises(BadQuery, match=named):
        read(sent)


SUITE = Path(os.environ.get("MISSIONGRAPH_SUITES", "")) / "reconciliation"


@pytest.mark.skipif("MISSIONGRAPH_SUITES" not in os.environ or not SUITE.is_dir(), reason="needs MISSIONGRAPH_SUITES")
@pytest.mark.parametrize(
    ("version", "name", "read", "made"),
    [
        ("0.2", "reconciliation-query-batch", read_batch, st.dictionaries(TEXT, QUERY, max_size=2)),
        ("1.0-draft", "reconciliation-query-batch", read_queries, record({"queries": few(CONDITIONAL)})),
        ("0.2", "data-extension-query", read_extension, record({"ids": few(TEXT), "properties": few(COLUMN)})),
    ],
)
def test_what_is_read_is_valid_by_the_published_schemas(
    version: str, name: str, read: Read, made: st.SearchStrategy[Any]
) -> None:
    schemas = [json.loads(file.read_text("utf-8")) for file in sorted((SUITE / version / "schemas").glob("*.json"))]
    registry: Registry[Any] = Registry().with_resources((one["$id"], DRAFT7.create_resource(one)) for one in schemas)
    published = json.loads((SUITE / version / "schemas" / f"{name}.json").read_text("utf-8"))

    @settings(max_examples=300)
    @given(made)
    def holds(sent: Any) -> None:
        try:
            read(sent)
        except BadQuery:
            return
        Draft7Validator(published, registry=registry).validate(sent)

    holds()
