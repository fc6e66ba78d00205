"""What a query's text says before the engine sees it: its dataset clause, and whether it calls ``SERVICE``.

The engine offers no algebra, but keywords can be told from everything else by the tokens of the grammar
(SPARQL 1.1, section 19.8): comments, IRIs, strings, variables, prefixed names and language tags are matched whole,
so that a remaining word ``FROM`` or ``SERVICE`` is the keyword.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pyoxigraph import NamedNode, RdfFormat, parse

from missiongraph.engine.protocol import QueryDataset
from missiongraph.errors import Place, Problem, QueryRefused

_TOKEN = re.compile(
    r"""
      (?P<comment>\#[^\r\n]*)
    | (?P<iri><[^<>"{}|^`\\\x00-\x20]*>)
    | (?P<string>\"\"\"(?:[^\\]|\\.)*?\"\"\"|'''(?:[^\\]|\\.)*?'''|"(?:[^"\\\r\n]|\\.)*"|'(?:[^'\\\r\n]|\\.)*')
    | (?P<variable>[?$]\w+)
    | (?P<tag>@[A-Za-z]+(?:-[A-Za-z0-9]+)*)
    | (?P<name>(?:[^\W\d_](?:[\w.\-]*[\w\-])?)?:(?:[\w:%]|\\.)?(?:(?:[\w:.\-%]|\\.)*(?:[\w:\-%]|\\.))?)
    | (?P<word>[^\W\d_]\w*)
    """,
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")


@dataclass(frozen=True)
class Token:
    """A token of the grammar: *kind* is one of the groups above."""

    kind: str
    text: str
    offset: int


def tokens(text: str) -> Iterator[Token]:
    """The tokens of *text* that matter here, comments left out; codepoint escapes are resolved first (19.2)."""
    for found in _TOKEN.finditer(_unescape(text)):
        if found.lastgroup and found.lastgroup != "comment":
            yield Token(found.lastgroup, found[0], found.start())


def _unescape(text: str) -> str:
    def character(found: re.Match[str]) -> str:
        number = int(found[1] or found[2], 16)
        return chr(number) if number < 0x110000 and not 0xD800 <= number < 0xE000 else found[0]

    return _ESCAPE.sub(character, text) if "\\" in text else text


def refuse_service(text: str) -> None:
    """:raises QueryRefused: the query calls ``SERVICE``, a way into networks that only this machine reaches"""
    for token in tokens(text):
        if token.kind == "word" and token.text.upper() == "SERVICE":
            before = text[: token.offset]
            place = Place("query", before.count("\n") + 1, token.offset - before.rfind("\n"))
            raise QueryRefused(Problem("SERVICE is not available here", place, "ask the other endpoint yourself"))


def dataset_clause(text: str, prefixes: dict[str, str]) -> QueryDataset | None:
    """The graphs that ``FROM`` and ``FROM NAMED`` name; ``None`` where the query has no dataset clause.

    :param prefixes: prefixes that the query may use undeclared
    """
    known = dict(prefixes)
    base: str | None = None
    default: list[NamedNode] = []
    named: list[NamedNode] = []
    found = list(tokens(text))
    for position, token in enumerate(found):
        if token.kind != "word":
            continue
        following = found[position + 1 : position + 3]
        keyword = token.text.upper()
        if keyword == "PREFIX" and len(following) == 2:
            known[following[0].text.rstrip(":")] = _resolve(following[1].text[1:-1], base)
        elif keyword == "BASE" and following:
            base = _resolve(following[0].text[1:-1], base)
        elif keyword == "FROM" and following:
            is_named = following[0].kind == "word" and following[0].text.upper() == "NAMED"
            iri = following[1:] if is_named else following[:1]
            if iri and iri[0].kind in ("iri", "name"):
                (named if is_named else default).append(NamedNode(_expand(iri[0], known, base)))
    return QueryDataset(tuple(default), tuple(named)) if default or named else None


def _expand(token: Token, prefixes: dict[str, str], base: str | None) -> str:
    if token.kind == "iri":
        return _resolve(token.text[1:-1], base)
    prefix, _, local = token.text.partition(":")
    return prefixes.get(prefix, f"{prefix}:") + re.sub(r"\\(.)", r"\1", local)


def _resolve(reference: str, base: str | None) -> str:
    """*reference* against *base* by the engine's own resolver; as it is where that is impossible."""
    if base is None:
        return reference
    try:
        quad = next(iter(parse(f"<{reference}> a <{reference}> .", RdfFormat.TURTLE, base_iri=base)))
    except (SyntaxError, ValueError):
        return reference
    return str(getattr(quad.subject, "value", reference))
