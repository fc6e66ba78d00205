"""The JSON Schemas (2020-12) of the requests that :mod:`missiongraph.reconciliation.queries` reads.

The published schemas of the reconciliation API allow more, such as empty identifiers and limits of any size. These
state the limits of this service, and take the numbers from the code that reads requests. The most queries, things and
properties of a request stand in descriptions only, since a larger request is refused as too large (413), not as
malformed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from missiongraph.reconciliation.queries import (
    DIRECTIONS,
    LONGEST_LIMIT,
    MOST_CANDIDATES,
    MOST_CONDITIONS,
    MOST_IDS,
    MOST_PROPERTIES,
    MOST_QUERIES,
    MOST_TYPES,
    MOST_VALUES,
    QUANTIFIERS,
    STRICTNESSES,
)

Schema = Mapping[str, Any]

_TEXT: Schema = {"type": "string", "minLength": 1}


def _list(items: Schema, most: int, least: int = 0) -> Schema:
    return {"type": "array", "items": items, "maxItems": most, **({"minItems": least} if least else {})}


def _many(items: Schema, what: str, most: int) -> Schema:
    return {"type": "array", "items": items, "description": f"{what}, {most} at most"}


_LIMIT: Schema = {
    "type": "integer",
    "minimum": 1,
    "maximum": MOST_CANDIDATES,
    "description": "How many candidates at most",
}
_VALUE: Schema = {
    "anyOf": [
        {"type": ["string", "number", "boolean"]},
        {"type": "object", "properties": {"id": _TEXT, "name": {"type": "string"}}, "required": ["id"]},
    ]
}
_VALUES: Schema = {"anyOf": [*_VALUE["anyOf"], _list(_VALUE, MOST_VALUES)]}

_PROPERTY: Schema = {"type": "object", "properties": {"pid": _TEXT, "v": _VALUES}, "required": ["pid", "v"]}
_QUERY: Schema = {
    "type": "object",
    "properties": {
        "query": {"type": "string", "description": "A name; nothing is found for an empty one"},
        "type": {"anyOf": [_TEXT, _list(_TEXT, MOST_TYPES)]},
        "type_strict": {"type": "string", "enum": list(STRICTNESSES)},
        "limit": _LIMIT,
        "properties": _list(_PROPERTY, MOST_CONDITIONS),
    },
    "anyOf": [{"required": ["query"]}, {"required": ["properties"], "properties": {"properties": {"minItems": 1}}}],
    "additionalProperties": False,
}

#: A query batch of version 0.2 (section 4.1).
BATCH: Schema = {
    "type": "object",
    "description": f"Queries by names of the client's own, {MOST_QUERIES} at most",
    "additionalProperties": _QUERY,
}

_CONDITION: Schema = {
    "type": "object",
    "properties": {
        "matchType": {"type": "string", "enum": ["name", "id", "property"]},
        "propertyId": _TEXT,
        "propertyValue": _VALUES,
        "required": {"type": "boolean"},
        "matchQuantifier": {"type": "string", "enum": list(QUANTIFIERS)},
        "matchQualifier": {"type": "string", "description": "Is read over: none is known here"},
    },
    "required": ["matchType", "propertyValue"],
    "anyOf": [{"properties": {"matchType": {"enum": ["name", "id"]}}}, {"required": ["propertyId"]}],
}
_CONDITIONAL: Schema = {
    "type": "object",
    "properties": {
        "type": _TEXT,
        "limit": _LIMIT,
        "lang": {"type": "string"},
        "dir": {"type": "string", "enum": list(DIRECTIONS)},
        "conditions": _list(_CONDITION, MOST_CONDITIONS, least=1),
    },
    "required": ["conditions"],
    "additionalProperties": False,
}

#: A query batch of the 1.0 draft (section 5.1).
QUERIES: Schema = {
    "type": "object",
    "properties": {"queries": _many(_CONDITIONAL, "Queries", MOST_QUERIES)},
    "required": ["queries"],
    "additionalProperties": False,
}

_SETTINGS: Schema = {
    "type": "object",
    "description": "limit: how many values at most; 0 stands for all",
    "properties": {
        "limit": {
            "anyOf": [
                {"type": "integer", "minimum": 0, "maximum": 10**LONGEST_LIMIT - 1},
                {"type": "string", "pattern": f"^[0-9]{{0,{LONGEST_LIMIT}}}$"},
                {"type": "null"},
            ]
        }
    },
}
_WANTED: Schema = {"type": "object", "properties": {"id": _TEXT, "settings": _SETTINGS}, "required": ["id"]}

#: A data extension query, in either version (section 7.3 of 0.2).
EXTENSION: Schema = {
    "type": "object",
    "properties": {
        "ids": _many(_TEXT, "Identifiers of things", MOST_IDS),
        "properties": _many(_WANTED, "Columns", MOST_PROPERTIES),
    },
    "required": ["ids", "properties"],
}
