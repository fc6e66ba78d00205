"""Our answers against the JSON schemas of the reconciliation API, and its example queries against us."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import httpx
import pytest
from jsonschema import Draft7Validator
from referencing import Registry
from referencing.jsonschema import DRAFT7

SUITE = Path(os.environ.get("MISSIONGRAPH_SUITES", "")) / "reconciliation"
OLD, NEW = "0.2", "1.0-draft"
ID = "https://w3id.org/missiongraph/id/city/bologna"

pytestmark = pytest.mark.skipif(
    "MISSIONGRAPH_SUITES" not in os.environ or not SUITE.is_dir(), reason="needs MISSIONGRAPH_SUITES"
)

Ask = Callable[[httpx.Client], httpx.Response]


@cache
def _registry(version: str) -> Registry[Any]:
    schemas = [json.loads(file.read_text("utf-8")) for file in sorted((SUITE / version / "schemas").glob("*.json"))]
    return Registry().with_resources((one["$id"], DRAFT7.create_resource(one)) for one in schemas)


def valid(document: Any, version: str, schema: str) -> None:
    contents = json.loads((SUITE / version / "schemas" / f"{schema}.json").read_text("utf-8"))
    Draft7Validator(contents, registry=_registry(version)).validate(document)


QUERY = {"query": "Comune di Bologna", "properties": [{"pid": "istat", "v": "037006"}]}
DRAFT_QUERY = {
    "conditions": [
        {"matchType": "name", "propertyValue": "Comune di Bologna"},
        {"matchType": "property", "propertyId": "istat", "propertyValue": "037006"},
    ]
}
TABLE = {"ids": [ID, "nobody"], "properties": [{"id": one} for one in ("istat", "region", "name", "coordinates")]}

PROPOSED = "/reconcile/extend/propose?type=http://schema.org/City&limit=5"


def getting(address: str) -> Ask:
    return lambda site: site.get(address)


ANSWERS: dict[tuple[str, str], Ask] = {
    (OLD, "manifest"): getting("/reconcile"),
    (NEW, "manifest"): getting("/reconcile?version=1.0-draft"),
    (OLD, "reconciliation-result-batch"): lambda site: site.post(
        "/reconcile", data={"queries": json.dumps({"a": QUERY, "b": {"query": "Boulogne"}, "c": {"query": "Monza"}})}
    ),
    (NEW, "reconciliation-result-batch"): lambda site: site.post("/reconcile/match", json={"queries": [DRAFT_QUERY]}),
    (OLD, "data-extension-response"): lambda site: site.get("/reconcile", params={"extend": json.dumps(TABLE)}),
    (NEW, "data-extension-response"): lambda site: site.post("/reconcile/extend", json=TABLE),
    (OLD, "data-extension-property-proposal"): getting(PROPOSED),
    (NEW, "data-extension-property-proposal"): getting(PROPOSED),
    **{
        (version, f"suggest-{plural}-response"): getting(f"/reconcile/suggest/{one}?prefix=c")
        for version in (OLD, NEW)
        for one, plural in (("entity", "entities"), ("property", "properties"), ("type", "types"))
    },
}


@pytest.mark.parametrize(("version", "schema"), ANSWERS)
def test_answers_are_valid(site: httpx.Client, version: str, schema: str) -> None:
    answer = ANSWERS[version, schema](site)
    assert answer.status_code == 200
    document = answer.json()
    valid(document, version, schema)
    if schema.startswith("suggest"):
        assert document["result"]


def test_the_schemas_are_those_of_the_answers() -> None:
    """No schema of an answer is left untried."""
    for version in (OLD, NEW):
        names = {file.stem for file in (SUITE / version / "schemas").glob("*.json")}
        tried = {schema for v, schema in ANSWERS if v == version}
        queries = {"reconciliation-query-batch", "data-extension-query"}
        assert names - queries - tried <= {"openapi", "type", "lang", "dir"}


def _examples(version: str, schema: str, verdict: str) -> list[Path]:
    return sorted((SUITE / version / "examples" / schema / verdict).glob("*.json"))


def _send(site: httpx.Client, version: str, schema: str, text: str) -> int:
    if version == NEW:
        path = "/reconcile/match" if schema.startswith("recon") else "/reconcile/extend"
        return site.post(path, content=text, headers={"Content-Type": "application/json"}).status_code
    name = "queries" if schema.startswith("recon") else "extend"
    return site.post("/reconcile", data={name: text}).status_code


@pytest.mark.parametrize("version", [OLD, NEW])
@pytest.mark.parametrize("schema", ["reconciliation-query-batch", "data-extension-query"])
def test_example_queries_are_answered_and_malformed_ones_refused(site: httpx.Client, version: str, schema: str) -> None:
    accepted, refused = (_examples(version, schema, verdict) for verdict in ("valid", "invalid"))
    assert accepted
    for file in accepted:
        assert _send(site, version, schema, file.read_text("utf-8")) == 200, file.name
    for file in refused:
        assert _send(site, version, schema, file.read_text("utf-8")) == 400, file.name
