"""The OpenAPI 3.1 description of the interface, generated from the registry."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from missiongraph.web.registry import Choices, Family, Member, Service, Variant
from missiongraph.web.site import Site

_PROBLEM = {
    "description": "A problem (RFC 9457)",
    "content": {"application/problem+json": {"schema": {"type": "object"}}},
}

#: A thing is not its document, and has no representation of its own.
_THING = {
    "operationId": "thing",
    "summary": "A thing: leads to the document about it, in whatever form was asked for",
    "parameters": [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}} for name in ("kind", "slug")
    ],
    "responses": {
        "303": {
            "description": "The document is elsewhere",
            "headers": {"Location": {"description": "Its address", "schema": {"type": "string"}}},
        },
        "404": _PROBLEM,
    },
}


def describe_interface(
    site: Site, families: Iterable[Family], services: Iterable[Service], version: str
) -> dict[str, Any]:
    """The document, with a path for each family and service."""
    paths: dict[str, Any] = {}
    for family in families:
        paths[_path(family.pattern)] = {"get": _operation(site, family)}
        for member in family.members(site) if family.choices else ():
            if family.choices and (choices := family.choices(site, member)):
                paths[f"/{member.path}"] = {"get": _narrowed(_operation(site, family), member, choices)}
    paths["/id/{kind}/{slug}"] = {"get": _THING}
    for service in services:
        paths[_path(service.pattern)] = service.operations(site)
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
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}, **_example(family, first)}
        for name in re.findall(r"<(?:\w+:)?(\w+)>", family.pattern)
    ]
    examples = dict(first.arguments) if first else {}
    parameters += [
        {
            "name": name,
            "in": "query",
            "description": text,
            "required": name in family.required,
            "schema": dict(family.schemas.get(name, {"type": "string"})),
            **({"example": examples[name]} if name in examples else {}),
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
    if family.of_files:
        part = {"description": "A part of the file, as the range asks", "content": content}
        responses |= {"206": part, "412": _PROBLEM, "416": _PROBLEM}
    return {"operationId": family.name, "summary": family.summary, "parameters": parameters, "responses": responses}


def _narrowed(operation: dict[str, Any], member: Member, choices: Iterable[Choices]) -> dict[str, Any]:
    """The operation of *member* alone, which takes parameters that no other member of its family does."""
    own = [
        {
            "name": name,
            "in": "query",
            "description": meaning,
            "required": False,
            "schema": {"type": "string", "enum": ["", *values]},
        }
        for name, meaning, values in choices
    ]
    shared = [parameter for parameter in operation["parameters"] if parameter["in"] != "path"]
    name = f"{operation['operationId']}-{member.path.rpartition('/')[2]}"
    return {**operation, "operationId": name, "parameters": [*own, *shared]}


def _example(family: Family, member: Member | None) -> dict[str, str]:
    """What stands in the path of a member in place of the key."""
    return {"example": f"/{member.path}".removeprefix(family.pattern.partition("<")[0])} if member else {}
