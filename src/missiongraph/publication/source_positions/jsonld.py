"""Reads the statements of JSON-LD with their offsets, under the contexts in the file itself.

It follows terms, prefixes, ``@vocab``, ``@base``, aliases, coercions to IRIs, lists and reverse properties. Literals
have no datatype, since that may come from the context. Statements that need more (scoped contexts, indexes) get no
offset.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from json.decoder import scanstring  # type: ignore[attr-defined]  # undocumented, and as old as the module
from typing import Any
from urllib.parse import urljoin

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode

from missiongraph.publication.source_positions.blank_node_matching import Graph, Node, Written
from missiongraph.vocab import RDF

_SPACE = re.compile(r"[ \t\n\r]*")
_SCALAR = re.compile(r"[^\s,\]}]+")
_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")


@dataclass(frozen=True)
class _At:
    """A JSON value and its offset. An object is a dictionary of name to (value, offset of the name)."""

    value: Any
    at: int


def _parse(text: str, at: int) -> tuple[_At, int]:
    at = _SPACE.match(text, at).end()  # type: ignore[union-attr]  # matches everywhere
    if text[at] == '"':
        value, end = scanstring(text, at + 1, True)
        return _At(value, at), end
    if text[at] in "{[":
        members, end = _members(text, at)
        return _At(dict(members) if text[at] == "{" else members, at), end
    match = _SCALAR.match(text, at)
    scalar = match[0] if match else ""
    return _At({"true": True, "false": False, "null": None}.get(scalar, _Number(scalar)), at), at + len(scalar)


class _Number(str):
    """A number as it is written."""


def _members(text: str, start: int) -> tuple[list[Any], int]:
    """The members of the object or array that begins at *start*, and the offset after it."""
    members: list[Any] = []
    at = _SPACE.match(text, start + 1).end()  # type: ignore[union-attr]  # matches everywhere
    while text[at] not in "}]":
        member, at = _parse(text, at)
        if text[start] == "{":
            at = text.index(":", at) + 1
            value, at = _parse(text, at)
            members.append((member.value, (value, member.at)))
        else:
            members.append(member)
        at = _SPACE.match(text, at).end()  # type: ignore[union-attr]  # matches everywhere
        if text[at] == ",":
            at = _SPACE.match(text, at + 1).end()  # type: ignore[union-attr]  # matches everywhere
    return members, at + 1


def statements_of_json_ld(text: str) -> list[Written]:
    """The statements of *text*; literals have the lexical form that is written, and no datatype.

    :raises ValueError: *text* is not JSON, or other errors of Python for JSON-LD that cannot be read here
    """
    value, _ = _parse(text, 0)
    return list(_Reader().top(value, _Context({})))


class _Context:
    """An active context, as far as offsets need it (JSON-LD 1.1, section 4.1)."""

    def __init__(self, terms: Mapping[str, Any], vocab: str = "", base: str = "") -> None:
        self.terms, self.vocab, self.base = terms, vocab, base

    def with_(self, stated: Any) -> _Context:
        if isinstance(stated, list):
            context = self
            for one in stated:
                context = context.with_(_plain(one.value) if isinstance(one, _At) else one)
            return context
        if not isinstance(stated, dict):
            return _Context({})
        terms = {**self.terms, **{key: value for key, value in stated.items() if not key.startswith("@")}}
        return _Context(terms, stated.get("@vocab", self.vocab) or "", stated.get("@base", self.base) or "")

    def definition(self, name: str) -> Mapping[str, Any]:
        stated = self.terms.get(name)
        return stated if isinstance(stated, dict) else {"@id": stated} if stated else {}

    def expand(self, name: str, *, of_vocabulary: bool = True, seen: frozenset[str] = frozenset()) -> str:
        """The IRI or keyword that *name* stands for."""
        if name.startswith("@") or name in seen:
            return name
        stated = self.definition(name)
        target = stated.get("@id", stated.get("@reverse"))
        if of_vocabulary and isinstance(target, str) and target != name:
            return self.expand(target, seen=seen | {name})
        prefix, colon, rest = name.partition(":")
        if colon and not rest.startswith("//") and prefix in self.terms:
            return self.expand(prefix, seen=seen | {name}) + rest
        if _ABSOLUTE.match(name):
            return name
        return f"{self.vocab}{name}" if of_vocabulary else urljoin(self.base, name)


def _plain(value: Any) -> Any:
    """*value* without offsets."""
    if isinstance(value, _At):
        return _plain(value.value)
    if isinstance(value, dict):
        return {key: _plain(one[0] if isinstance(one, tuple) else one) for key, one in value.items()}
    return [_plain(one) for one in value] if isinstance(value, list) else value


class _Reader:
    def __init__(self) -> None:
        self.named: dict[str, BlankNode] = {}

    def top(self, node: _At, context: _Context, graph: Graph | None = None) -> Iterator[Written]:
        if isinstance(node.value, list):
            for one in node.value:
                yield from self.top(one, context, graph)
        elif isinstance(node.value, dict):
            yield from self.node(node, context, graph or DefaultGraph())[1]

    def node(self, node: _At, context: _Context, graph: Graph) -> tuple[Node, list[Written]]:
        if "@context" in node.value:
            context = context.with_(_plain(node.value["@context"][0]))
        names = {context.expand(name): pair for name, pair in node.value.items()}
        subject = self.name(names["@id"][0].value, context) if "@id" in names else BlankNode()
        at = names["@id"][0].at if "@id" in names else node.at
        statements: list[Written] = []
        for name, (value, name_at) in node.value.items():
            iri = context.expand(name)
            if iri == "@type":
                for kind in value.value if isinstance(value.value, list) else [value]:
                    if isinstance(kind.value, str):
                        term = NamedNode(context.expand(kind.value))
                        statements.append(Written(subject, RDF.type, term, graph, (at, name_at, kind.at)))
            elif iri in ("@graph", "@included"):
                inner = subject if iri == "@graph" and len(names.keys() - {"@context", "@graph"}) else graph
                statements += self.top(value, context, inner)
            elif iri == "@reverse" and isinstance(value.value, dict):
                for inverse, (others, inverse_at) in value.value.items():
                    self.values(statements, subject, inverse, others, context, graph, (at, inverse_at, True))
            elif _ABSOLUTE.match(iri):
                reverse = "@reverse" in context.definition(name)
                self.values(statements, subject, name, value, context, graph, (at, name_at, reverse))
        return subject, statements

    def values(  # a statement has as many parts
        self,
        statements: list[Written],
        subject: Node,
        name: str,
        value: _At,
        context: _Context,
        graph: Graph,
        at: tuple[int, int, bool],
    ) -> None:
        for one in value.value if isinstance(value.value, list) else [value]:
            predicate, definition = NamedNode(context.expand(name)), context.definition(name)
            if isinstance(one.value, dict):
                keys = {context.expand(key): pair for key, pair in one.value.items()}
                if inner := keys.get("@list") or keys.get("@set"):
                    self.values(statements, subject, name, inner[0], context, graph, at)
                    continue
                if "@value" in keys:
                    term: Node | Literal = Literal(_lexical(keys["@value"][0].value))
                else:
                    term, more = self.node(one, context, graph)
                    statements += more
            elif one.value is None:
                continue
            elif definition.get("@type") in ("@id", "@vocab") and isinstance(one.value, str):
                term = self.name(one.value, context, of_vocabulary=definition["@type"] == "@vocab")
            else:
                term = Literal(_lexical(one.value))
            if at[2] and not isinstance(term, Literal):
                statements.append(Written(term, predicate, subject, graph, (one.at, at[1], at[0])))
            else:
                statements.append(Written(subject, predicate, term, graph, (at[0], at[1], one.at)))

    def name(self, text: str, context: _Context, *, of_vocabulary: bool = False) -> Node:
        if text.startswith("_:"):
            return self.named.setdefault(text, BlankNode())
        return NamedNode(context.expand(text, of_vocabulary=of_vocabulary))


def _lexical(value: Any) -> str:
    return {True: "true", False: "false"}[value] if isinstance(value, bool) else str(value)
