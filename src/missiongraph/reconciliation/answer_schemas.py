"""The JSON Schemas (2020-12) of the service's answers; each is as narrow as the published schema of the same name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from missiongraph.reconciliation.query_schemas import Schema

_TEXT: Schema = {"type": "string"}
_NUMBER: Schema = {"type": "number"}


def _record(required: Mapping[str, Any], optional: Mapping[str, Any] | None = None) -> dict[str, Any]:
    return {"type": "object", "properties": {**required, **(optional or {})}, "required": list(required)}


def _list(items: Schema) -> dict[str, Any]:
    return {"type": "array", "items": items}


_NAMED = _record({"id": _TEXT, "name": _TEXT})
_OFFER = _record({"id": _TEXT, "name": _TEXT}, {"description": _TEXT, "notable": _list(_NAMED)})

_FEATURE = _record({"id": _TEXT, "value": {"type": ["number", "boolean"]}}, {"name": _TEXT})
_CANDIDATE = _record(
    {
        "id": _TEXT,
        "name": _TEXT,
        "type": _list(_NAMED),
        "score": {"type": "number", "minimum": 0, "maximum": 100, "description": "How sure the match is"},
        "match": {"type": "boolean", "description": "Whether it may be taken without asking anybody"},
    },
    {"description": _TEXT, "features": _list(_FEATURE)},
)

#: Candidates by the client's keys for the queries (version 0.2, section 4.5).
RESULTS: Schema = {
    "type": "object",
    "description": "Candidates by the names of the queries, the best first",
    "additionalProperties": _record({"result": _list(_CANDIDATE)}),
}

#: Candidates in the order of the queries (1.0 draft).
CANDIDATES: Schema = _record({"results": _list(_record({"candidates": _list(_CANDIDATE)}))})

_CELL: Schema = {
    "type": "object",
    "description": "A thing (id and name) or a value (str, int or float)",
    "properties": {"id": _TEXT, "name": _TEXT, "str": _TEXT, "int": {"type": "integer"}, "float": _NUMBER},
    "minProperties": 1,
    "additionalProperties": False,
}

#: The rows of a data extension: by thing and property (version 0.2, section 7.4), and in the order of the query (1.0).
TABLE: Schema = _record(
    {
        "meta": _list(_NAMED),
        "rows": {
            "type": "object",
            "additionalProperties": {"type": "object", "additionalProperties": _list(_CELL)},
        },
    }
)
ROWS: Schema = _record(
    {
        "meta": _list(_NAMED),
        "rows": _list(_record({"id": _TEXT, "properties": _list(_record({"id": _TEXT, "values": _list(_CELL)}))})),
    }
)

#: The manifest, in either version.
MANIFEST: Schema = _record(
    {
        "versions": _list(_TEXT),
        "name": _TEXT,
        "view": _record({"url": _TEXT}),
        "defaultTypes": _list(_NAMED),
        "batchSize": {"type": "integer"},
    }
)

#: Proposed properties for a data extension; suggestions; a flyout.
PROPOSAL: Schema = _record({"properties": _list(_OFFER)}, {"type": _TEXT, "limit": {"type": "integer"}})
SUGGESTIONS: Schema = _record({"result": _list(_OFFER)})
FLYOUT: Schema = _record({"id": _TEXT, "html": _TEXT})
