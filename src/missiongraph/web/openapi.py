"""The OpenAPI 3.1 description of the interface, generated from the registry."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from missiongraph.web.registry import Family, Service, Variant
from missiongraph.web.site import Site

_PROBLEM = {
    "description": "A problem (RFC 9457)",
    "content": {"application/problem+json": {"schema": {"type": "object"}}},
}


def describe_interface(
    site: Site, families: Iterable[Family], services: Iterable[Service], version: str
) -> dict[str, Any]:
    """The document, with a path for each family and service."""
    paths: dict[str, Any] = {}
    for family in families:
        paths[_path(family.pattern)] = {"get": _operation(site, family)}
    for service in services:
        paths[_path(service.pattern)] = dict(service.operations)
    return {
        "openapi": "3.1.0",
        "info": {"title": site.title(site.languages[0]), "version": site.settings.version or version},
        "servers": [{"url": site.settings.public_url or "/"}],
        "paths": paths,
    }


def _path(pattern: str) -> str:
    return re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", pattern)


def _operation(site: Site, family: Family) -> dict[str, Any]:
    first = next(family.members(site), None)
    variants: tuple[Variant, ...] = family.variants(site, first) if first is not None else ()
    content: dict[str, Any] = {variant.media_type: {} for variant in variants}
    parameters: list[dict[str, Any]] = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in re.findall(r"<(?:\w+:)?(\w+)>", family.pattern)
    ]
    parameters += [
        {
            "name": name,
            "in": "query",
            "description": text,
            "required": name not in family.optional,
            "schema": {"type": "string"},
        }
        for name, text in family.parameters.items()
    ]
    if any(variant.is_page for variant in variants):
        languages = {"type": "string", "enum": list(site.languages)}
        opened = {"type": "string", "enum": ["open"]}
        parameters.append({"name": "evidence", "in": "query", "description": "Draw all notes open", "schema": opened})
        parameters.append({"name": "lang", "in": "query", "description": "Language of the page", "schema": languages})
    responses = {
        "200": {"description": family.summary, "content": content},
        "304": {"description": "Not modified"},
        "400": _PROBLEM,
        "404": _PROBLEM,
        "406": _PROBLEM,
    }
    return {"operationId": family.name, "summary": family.summary, "parameters": parameters, "responses": responses}
