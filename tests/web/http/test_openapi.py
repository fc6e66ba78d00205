"""The description of the interface is true: what it lists answers as it says."""

from __future__ import annotations

import json
import re
from typing import Any

import httpx
import pytest
from jsonschema import Draft202012Validator

EXAMPLES = {
    "/doc/{key}": "/doc/city/bologna",
    "/dumps/{key}": "/dumps/missiongraph.ttl",
    "/{key}": "/ontology",
    "/resource": "/resource?iri=http://www.w3.org/ns/oa%23none",
    "/list": "/list?class=http://schema.org/City",
    "/same": "/same?wikidata=Q1891",
    **{
        f"/reconcile/{path}": f"/reconcile/{path}?id=https://w3id.org/missiongraph/id/city/bologna"
        for path in ("preview", "flyout/entity")
    },
    "/reconcile/flyout/type": "/reconcile/flyout/type?id=http://schema.org/City",
    "/reconcile/flyout/property": "/reconcile/flyout/property?id=http://schema.org/name",
}

#: Addresses that only take what is sent to them.
POSTED = {"/reconcile/match", "/reconcile/extend"}


@pytest.fixture(scope="module")
def described(site: httpx.Client) -> dict[str, Any]:
    response = site.get("/openapi.json")
    assert response.headers["Content-Type"] == "application/json"
    return dict(response.json())


def test_it_is_of_version_3_1_and_complete(described: dict[str, Any]) -> None:
    assert described["openapi"].startswith("3.1.")
    assert described["info"]["title"] and described["info"]["version"]
    assert all(server["url"] for server in described["servers"])
    names = []
    for path, item in described["paths"].items():
        assert path.startswith("/")
        for method, operation in item.items():
            assert method in {"get", "post"}
            names.append(operation["operationId"])
            assert operation["responses"]
            assert all(response["description"] for response in operation["responses"].values())
            declared = {p["name"] for p in operation.get("parameters", []) if p["in"] == "path"}
            assert declared == set(re.findall(r"{(\w+)}", path))
            for parameter in operation.get("parameters", []):
                assert parameter["schema"].get("items", parameter["schema"])["type"] == "string"
                assert parameter["in"] != "path" or parameter["required"] is True
    assert len(set(names)) == len(names)


def test_every_address_of_the_contract_is_in_it(described: dict[str, Any]) -> None:
    expected = [
        "/",
        "/sparql",
        "/doc/{key}",
        "/dumps/",
        "/dumps/{key}",
        "/ontology",
        "/shapes",
        "/catalog",
        "/resource",
    ]
    expected += [
        "/.well-known/void",
        "/search",
        "/same",
        "/reconcile",
        "/context.jsonld",
        "/openapi.json",
        "/sitemap.xml",
        "/robots.txt",
        "/healthz",
    ]
    assert set(expected) <= set(described["paths"])


def test_every_address_in_it_answers_as_described(site: httpx.Client, described: dict[str, Any]) -> None:
    assert {path for path, item in described["paths"].items() if "get" not in item} == POSTED
    for path, item in described["paths"].items():
        if path in POSTED:
            continue
        response = site.get(EXAMPLES.get(path, path))
        assert str(response.status_code) in item["get"]["responses"], path
        offered = item["get"]["responses"].get("200", {}).get("content")
        if response.status_code == 200 and offered and path != "/dumps/{key}":
            assert response.headers["Content-Type"].partition(";")[0] in offered, path


def test_languages_are_those_of_the_publication(described: dict[str, Any], beer: httpx.Client) -> None:
    def languages(document: dict[str, Any]) -> list[str]:
        parameters = document["paths"]["/"]["get"]["parameters"]
        return list(next(p for p in parameters if p["name"] == "lang")["schema"]["enum"])

    assert languages(described) == ["en", "it"]
    assert set(languages(beer.get("/openapi.json").json())) == {"en", "de"}


def test_every_code_that_the_publication_knows_is_a_parameter(described: dict[str, Any], beer: httpx.Client) -> None:
    def codes(document: dict[str, Any]) -> dict[str, str]:
        parameters = document["paths"]["/same"]["get"]["parameters"]
        return {p["name"]: p["description"] for p in parameters if p["name"] not in {"iri", "go"}}

    shipped = codes(described)
    assert set(shipped) == {"belfiore", "geonames", "istat", "locode", "nuts", "wikidata"}
    assert "http://data.europa.eu/nuts/code/" in shipped["nuts"]
    assert "https://w3id.org/missiongraph/ontology#istatCode" in shipped["istat"]
    assert codes(beer.get("/openapi.json").json()) == {}


def test_the_filters_of_a_view_are_parameters_with_the_values_that_there_are(
    site: httpx.Client, described: dict[str, Any]
) -> None:
    operation = described["paths"]["/views/mission-map"]["get"]
    own = {p["name"]: p["schema"]["enum"] for p in operation["parameters"] if p["name"] not in {"lang", "evidence"}}
    assert set(own) == {"country", "round", "cohort"}
    for name, values in own.items():
        rows = site.get("/views/mission-map.csv").text.splitlines()
        assert "" in values
        assert all(any(value in row for row in rows) for value in values)
        for value in (values[0], values[1], values[-1]):
            assert site.get("/views/mission-map.csv", params={name: value}).status_code == 200
        assert site.get("/views/mission-map.csv", params={name: "x"}).status_code == 400


def test_a_view_without_filters_is_described_with_the_others(described: dict[str, Any]) -> None:
    assert {path for path in described["paths"] if path.startswith("/views/")} == {
        "/views/{key}",
        "/views/mission-map",
    }


def operations(document: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    return [(path, method, one) for path, item in document["paths"].items() for method, one in item.items()]


@pytest.mark.parametrize("served", ["site", "beer"])
def test_every_operation_says_what_it_is_for_and_what_it_answers(served: str, request: pytest.FixtureRequest) -> None:
    document = request.getfixturevalue(served).get("/openapi.json").json()
    tags = {tag["name"] for tag in document["tags"]}
    for path, method, one in operations(document):
        at = f"{method} {path}"
        assert one["summary"] and len(one["description"]) > len(one["summary"]), at
        assert set(one["tags"]) <= tags and one["tags"], at
        for status, response in one["responses"].items():
            assert response["description"], at
            if status != "304" and "Nothing of it is there yet." not in one["description"]:
                assert response["content"], f"{at} {status}"
            for media_type, content in response.get("content", {}).items():
                texts = ("text/", "application/json", "application/problem+json")
                assert "schema" in content or not media_type.startswith(texts), f"{at} {status} {media_type}"
        for parameter in one.get("parameters", []):
            assert parameter["description"], f"{at} {parameter['name']}"
        for media_type, body in one.get("requestBody", {}).get("content", {}).items():
            assert body["schema"], at  # tools that try examples cannot send every media type
            assert "example" in body or media_type == "application/sparql-query", at


@pytest.mark.parametrize("path", ["/sparql", "/healthz", "/readyz", "/same", "/reconcile", "/reconcile/preview"])
def test_services_describe_each_answer_of_theirs(site: httpx.Client, described: dict[str, Any], path: str) -> None:
    operation = described["paths"][path]["get"]
    texts = [response["description"] for response in operation["responses"].values()]
    assert len(set(texts)) == len(texts)
    assert set(operation["responses"]["200"]["content"]) >= {
        site.get(path, params=example_of(operation)).headers["Content-Type"].partition(";")[0]
    }


def example_of(operation: dict[str, Any]) -> dict[str, Any]:
    return {one["name"]: one["example"] for one in operation.get("parameters", []) if "example" in one}


@pytest.mark.parametrize("served", ["site", "beer"])
def test_every_example_is_answered_as_described(served: str, request: pytest.FixtureRequest) -> None:
    client: httpx.Client = request.getfixturevalue(served)
    document = client.get("/openapi.json").json()
    for path, method, one in operations(document):
        examples = example_of(one)
        if any(name not in examples for name in re.findall(r"{(\w+)}", path)):
            continue
        address = path.format_map(examples)
        examples = {name: value for name, value in examples.items() if f"{{{name}}}" not in path}
        for media_type, body in one.get("requestBody", {"content": {"": {}}})["content"].items():
            sent = body.get("example", "ASK {}")
            content = sent if isinstance(sent, str) else json.dumps(sent)
            if media_type.endswith("urlencoded"):
                fields = {key: value if isinstance(value, str) else json.dumps(value) for key, value in sent.items()}
                content = str(httpx.QueryParams(fields))
            headers = {"Content-Type": media_type} if media_type else {}
            answer = client.request(method, address, params=examples, content=content, headers=headers)
            there = "Nothing of it is there yet." not in one["description"]
            assert answer.status_code in ((200, 303) if there else (400, 404)), (
                method,
                address,
                media_type,
                answer.text,
            )
            if answer.headers["Content-Type"] == "application/json":
                schema = one["responses"]["200"]["content"]["application/json"]["schema"]
                Draft202012Validator(schema).validate(answer.json())
