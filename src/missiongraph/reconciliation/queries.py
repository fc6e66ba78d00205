"""Reads the queries of clients, in either version of the protocol, into one form."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

#: The most queries of a batch, things of a data extension, and properties of it.
MOST_QUERIES, MOST_IDS, MOST_PROPERTIES = 1000, 1000, 50

#: The most candidates that a query may ask for, and the number that it gets if it states none.
MOST_CANDIDATES, CANDIDATES = 1000, 5

#: The most types and properties of a query, and values of a property.
MOST_TYPES, MOST_CONDITIONS, MOST_VALUES = 20, 20, 50

#: The most digits of the number of values for which a data extension query asks.
LONGEST_LIMIT = 5

Strictness = Literal["any", "all", "should"]
Quantifier = Literal["any", "all", "none"]
STRICTNESSES: tuple[Strictness, ...] = get_args(Strictness)
QUANTIFIERS: tuple[Quantifier, ...] = get_args(Quantifier)
DIRECTIONS = ("ltr", "rtl", "auto")


class BadQuery(ValueError):
    """A request is not what the protocol asks for; the message says what is wrong, and where."""


class TooMany(BadQuery):
    """A batch is larger than the manifest allows."""


@dataclass(frozen=True, slots=True)
class Condition:
    """A property that candidates should have.

    :ivar values: texts or identifiers
    :ivar required: whether things without it are no candidates
    :ivar quantifier: whether any, all or none of *values* must be there
    """

    property: str
    values: tuple[str, ...]
    required: bool = False
    quantifier: Quantifier = "any"


@dataclass(frozen=True, slots=True)
class Query:
    """A query for the things that a name or record may mean.

    :ivar text: the name
    :ivar types: classes by IRI, prefixed name or name; a thing must have any, or all of them
    :ivar limit: the most candidates
    :ivar identifiers: identifiers of things that the query names
    """

    text: str = ""
    types: tuple[str, ...] = ()
    strictness: Strictness = "any"
    limit: int = CANDIDATES
    conditions: tuple[Condition, ...] = ()
    identifiers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Extension:
    """A data extension query: *properties* of the things *ids*, each property with its most values (0: all)."""

    ids: tuple[str, ...]
    properties: tuple[tuple[str, int], ...]


def read_json(text: str | bytes) -> Any:
    """Parses *text* as JSON (RFC 8259).

    :raises BadQuery: *text* is no JSON, is nested too deeply, or has surrogates, which are no Unicode characters
    """
    try:
        value = json.loads(text, parse_constant=_refuse)
        json.dumps(value, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as error:
        raise BadQuery(f"is not JSON: {str(error)[:200]}") from None
    return value


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is no number")


def read_batch(value: Any) -> dict[str, Query]:
    """Reads a query batch of version 0.2 (section 4.1): queries by the client's keys.

    :raises TooMany: there are more than :data:`MOST_QUERIES`
    :raises BadQuery: *value* is no such batch
    """
    batch = {key: _query(query, key) for key, query in _object(value, "the batch").items()}
    _few(batch, MOST_QUERIES, "queries", TooMany)
    return batch


def _query(value: Any, at: str) -> Query:
    query = _object(value, at, ("query", "type", "type_strict", "limit", "properties"))
    strictness = query.get("type_strict", "any")
    if strictness not in STRICTNESSES:
        raise BadQuery(f"{at}: type_strict is any, all or should")
    conditions = tuple(
        Condition(_text(one.get("pid"), f"{at}: pid"), _values(one.get("v"), at))
        for one in _objects(query.get("properties", []), f"{at}: properties", MOST_CONDITIONS)
    )
    text = query.get("query", "")
    if not isinstance(text, str):
        raise BadQuery(f"{at}: query: is not a text")
    if "query" not in query and not conditions:
        raise BadQuery(f"{at}: a query has a text (query) or properties")
    types = query.get("type", [])
    return Query(
        text,
        tuple(_text(kind, f"{at}: type") for kind in _few(_one_or_more(types), MOST_TYPES, f"{at}: types")),
        strictness,
        _limit(query.get("limit", CANDIDATES), at),
        conditions,
    )


def read_queries(value: Any) -> list[Query]:
    """Reads a query batch of the 1.0 draft (section 5.1): queries in order.

    :raises TooMany: there are more than :data:`MOST_QUERIES`
    :raises BadQuery: *value* is no such batch
    """
    batch = _object(value, "the batch", ("queries",))
    if "queries" not in batch:
        raise BadQuery("the batch has no queries")
    queries = _objects(batch["queries"], "queries", MOST_QUERIES, TooMany)
    return [_conditional(query, f"query {number}") for number, query in enumerate(queries)]


def _conditional(value: Any, at: str) -> Query:
    query = _object(value, at, ("type", "limit", "lang", "dir", "conditions"))
    if not isinstance(query.get("lang", ""), str) or query.get("dir", "auto") not in DIRECTIONS:
        raise BadQuery(f"{at}: lang is a text, and dir is {', '.join(DIRECTIONS)}")
    stated = _objects(query.get("conditions", []), f"{at}: conditions", MOST_CONDITIONS)
    if not stated:
        raise BadQuery(f"{at}: a query has conditions")
    names: list[str] = []
    ids: list[str] = []
    conditions: list[Condition] = []
    for one in stated:
        kind, condition = one.get("matchType"), _condition(one, at)
        if kind == "name":
            names += condition.values
        elif kind == "id":
            ids += condition.values
        elif kind == "property":
            _text(condition.property, f"{at}: propertyId")
            conditions.append(condition)
        else:
            raise BadQuery(f"{at}: matchType is name, id or property")
    types = (_text(query["type"], f"{at}: type"),) if "type" in query else ()
    limit = _limit(query.get("limit", CANDIDATES), at)
    return Query(" ".join(names), types, "any", limit, tuple(conditions), tuple(ids))


def _condition(one: Mapping[str, Any], at: str) -> Condition:
    """A condition of any ``matchType``; one for a name or an identifier has no property."""
    quantifier, required = one.get("matchQuantifier", "any"), one.get("required", False)
    if quantifier not in QUANTIFIERS or not isinstance(required, bool):
        raise BadQuery(f"{at}: matchQuantifier is any, all or none, and required is true or false")
    if not isinstance(one.get("matchQualifier", ""), str):
        raise BadQuery(f"{at}: matchQualifier is a text")
    named = _text(one["propertyId"], f"{at}: propertyId") if "propertyId" in one else ""
    return Condition(named, _values(one.get("propertyValue"), at), required, quantifier)


def read_extension(value: Any) -> Extension:
    """Reads a data extension query, which is the same in both versions (0.2, section 7.3).

    :raises TooMany: there are more than :data:`MOST_IDS` things or :data:`MOST_PROPERTIES` properties
    :raises BadQuery: *value* is no such query
    """
    query = _object(value, "the data extension query")
    ids = [_text(one, f"ids: {number}") for number, one in enumerate(_list(query.get("ids"), "ids"))]
    _few(ids, MOST_IDS, "ids", TooMany)
    properties = []
    for number, one in enumerate(_objects(query.get("properties"), "properties", MOST_PROPERTIES, TooMany)):
        at = f"properties: {number}"
        limit = _most_values(_object(one.get("settings", {}), f"{at}: settings").get("limit"), at)
        properties.append((_text(one.get("id"), f"{at}: id"), limit))
    return Extension(tuple(dict.fromkeys(ids)), tuple(dict.fromkeys(properties)))


def _most_values(value: Any, at: str) -> int:
    """The most values of a property; forms send the number as a text. 0 if none is given."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    number = isinstance(value, int) and not isinstance(value, bool)
    text = str(value) if number else "" if value is None else value
    if not isinstance(text, str) or not re.fullmatch(f"[0-9]{{0,{LONGEST_LIMIT}}}", text):
        raise BadQuery(f"{at}: settings: limit is a whole number")
    return int(text or 0)


def _object(value: Any, at: str, known: Iterable[str] | None = None) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise BadQuery(f"{at[:100]}: is not an object")
    unknown = sorted(value.keys() - set(known)) if known is not None else []
    if unknown:
        raise BadQuery(f"{at[:100]}: unknown key “{unknown[0][:100]}”")
    return value


def _objects(value: Any, at: str, most: int, error: type[BadQuery] = BadQuery) -> list[Mapping[str, Any]]:
    members = [_object(one, f"{at}: {number}") for number, one in enumerate(_list(value, at))]
    _few(members, most, at, error)  # after the members, so that their faults are reported first
    return members


def _list(value: Any, at: str) -> list[Any]:
    if not isinstance(value, list):
        raise BadQuery(f"{at[:100]}: is not a list")
    return value


def _one_or_more(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _few(value: Any, most: int, at: str, error: type[BadQuery] = BadQuery) -> Any:
    if len(value) > most:
        raise error(f"{at[:100]}: at most {most} at once")
    return value


def _text(value: Any, at: str) -> str:
    if not isinstance(value, str) or not value:
        raise BadQuery(f"{at[:100]}: is not a text")
    return value


def _values(value: Any, at: str) -> tuple[str, ...]:
    texts = []
    for one in _few(_one_or_more(value), MOST_VALUES, f"{at}: values"):
        if isinstance(one, dict):
            texts.append(_text(one.get("id"), f"{at}: id of a value"))
            if not isinstance(one.get("name", ""), str):
                raise BadQuery(f"{at[:100]}: name of a value: is not a text")
        elif isinstance(one, bool):
            texts.append(str(one).lower())
        elif isinstance(one, str | int | float):
            texts.append(str(one))
        else:
            raise BadQuery(f"{at[:100]}: a value is a text, a number, true, false or an object with an id")
    return tuple(texts)


def _limit(value: Any, at: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 1 <= value <= MOST_CANDIDATES:
        raise BadQuery(f"{at[:100]}: limit is a whole number from 1 to {MOST_CANDIDATES}")
    if value != int(value):
        raise BadQuery(f"{at[:100]}: limit is a whole number from 1 to {MOST_CANDIDATES}")
    return int(value)
