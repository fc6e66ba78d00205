"""The OpenAPI 3.1 description of the site, generated from the registry."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from missiongraph.publication.settings import pick
from missiongraph.web.context.site import Site
from missiongraph.web.http.openapi_fragments import PROBLEM, PROBLEMS, TEXT, content_of, problem
from missiongraph.web.http.registry import Choices, Family, Member, Service, Variant

#: The tags of operations, with a description each.
_TAGS = {
    "resources": "Pages and data of everything that has an address",
    "queries": "The graph, asked in SPARQL",
    "matching": "From names and identifiers of others to ours",
    "health": "For whoever runs the server",
}


def describe_interface(
    site: Site, families: Iterable[Family], services: Iterable[Service], version: str
) -> dict[str, Any]:
    """The OpenAPI document, with a path for each family and each service.

    :param version: of this software
    """
    paths: dict[str, Any] = {}
    for family in families:
        paths[_path(family.pattern)] = {"get": _operation(site, family)}
        for member in family.members(site) if family.choices else ():
            if family.choices and (choices := family.choices(site, member)):
                paths[f"/{member.path}"] = {"get": _narrowed(_operation(site, family), member, choices)}
    paths["/id/{kind}/{slug}"] = {"get": _thing(site)}
    for service in services:
        paths[_path(service.pattern)] = service.operations(site)
    language = site.languages[0]
    info = {
        "title": site.title(language),
        "description": pick(site.settings.description or site.settings.title, (language,)),
        "version": site.settings.version or version,
    }
    return {
        "openapi": "3.1.0",
        "info": info,
        "servers": [{"url": site.settings.public_url or "/"}],
        "tags": [{"name": name, "description": text} for name, text in _TAGS.items()],
        "paths": paths,
        "components": {"schemas": {"Problem": PROBLEM}},
    }


def _thing(site: Site) -> dict[str, Any]:
    """The operation of ``/id/…``, which names a thing and redirects with 303 to its document."""
    known = (path.split("/") for one in site.build.index.documents() if (path := one.path or "").count("/") == 2)
    examples = next((dict(zip(("kind", "slug"), path[1:], strict=True)) for path in known if path[0] == "id"), {})
    return {
        "operationId": "thing",
        "tags": ["resources"],
        "summary": "A thing: leads to the document about it, in whatever form was asked for",
        "description": "A thing of the world cannot be sent, so its IRI leads to the document that describes it.",
        "parameters": [
            {"name": name, "in": "path", "required": True, "description": text, "schema": TEXT}
            | ({"example": examples[name]} if name in examples else {})
            for name, text in (("kind", "What kind of thing it is"), ("slug", "Its name within the kind"))
        ],
        "responses": {
            "303": {
                "description": "The document is elsewhere",
                "headers": {"Location": {"description": "Its address", "schema": TEXT}},
                "content": {"text/plain": {"schema": TEXT}},
            },
            "404": problem(PROBLEMS["404"]),
        },
    }


def _path(pattern: str) -> str:
    return re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", pattern)


def _operation(site: Site, family: Family) -> dict[str, Any]:
    first = next(family.members(site), None) or family.example(site)
    variants: tuple[Variant, ...] = family.variants(site, first) if first is not None else ()
    content: dict[str, Any] = {variant.media_type: content_of(variant.media_type) for variant in variants}
    parameters: list[dict[str, Any]] = [
        {
            "name": name,
            "in": "path",
            "required": True,
            "description": "Which one",
            "schema": TEXT,
            **_example(family, first),
        }
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
        **{status: problem(PROBLEMS[status]) for status in ("400", "404", "406")},
    }
    if family.of_files:
        part = {"description": "A part of the file, as the range asks", "content": content}
        responses |= {"206": part, **{status: problem(PROBLEMS[status]) for status in ("412", "416")}}
    return {
        "operationId": family.name,
        "tags": ["resources"],
        "summary": family.summary,
        "description": f"{family.summary}. {_forms(site, variants)}",
        "parameters": parameters,
        "responses": responses,
    }


def _forms(site: Site, variants: Iterable[Variant]) -> str:
    """A text that says how to request each form."""
    types = ", ".join(dict.fromkeys(variant.media_type for variant in variants))
    languages = " and Accept-Language or lang" if any(variant.language for variant in variants) else ""
    return f"Offered as {types}, by Accept{languages}." if types else "Nothing of it is there yet."


def _narrowed(operation: dict[str, Any], member: Member, choices: Iterable[Choices]) -> dict[str, Any]:
    """*operation* for *member* alone, with the parameters that no other member of its family takes."""
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
    """The key of *member* as an example for the path parameter."""
    return {"example": f"/{member.path}".removeprefix(family.pattern.partition("<")[0])} if member else {}
