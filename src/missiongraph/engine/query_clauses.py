"""What a query's text says before the engine sees it: what its names mean, its dataset clause, ``SERVICE``.

The engine offers no algebra, but keywords can be told from everything else by the tokens of the grammar
(SPARQL 1.1, section 19.8): comments, IRIs, strings, variables, prefixed names, numbers and language tags are matched
whole, so that a remaining word ``FROM`` or ``SERVICE`` is the keyword.

Two liberties of the engine count for ``SERVICE``, which must not slip through: it wants no space around a keyword
(``trueSERVICE`` and ``SERVICESILENT`` are read, and so is ``SERVICEex:a``), and it resolves codepoint escapes within
strings and IRIs only, where the specification resolves them before anything else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import dropwhile, islice, takewhile, zip_longest

from pyoxigraph import NamedNode, RdfFormat, parse

from missiongraph.engine.protocol import QueryDataset
from missiongraph.errors import Place, Problem, QueryRefused

#: Characters of names (PN_CHARS_BASE, PN_CHARS); ``\\w`` knows neither the middle dot nor combining marks.
_FIRST = (
    "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c\u200d\u2070-\u218f\u2c00-\u2fef"
    "\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_NEXT = f"{_FIRST}_0-9\u00b7\u0300-\u036f\u203f\u2040"
_TOKEN = re.compile(
    rf"""
      (?P<comment>\#[^\r\n]*)
    | (?P<iri><[^<>"{{}}|^`\x00-\x20]*>)
    | (?P<string>\"\"\"(?:[^\\]|\\.)*?\"\"\"|'''(?:[^\\]|\\.)*?'''|"(?:[^"\\\r\n]|\\.)*"|'(?:[^'\\\r\n]|\\.)*')
    | (?P<variable>[?$][{_NEXT}]+)
    | (?P<tag>@[A-Za-z]+(?:-[A-Za-z0-9]+)*)
    | (?P<name>(?:[{_FIRST}](?:[{_NEXT}.\-]*[{_NEXT}\-])?)?:
        (?:(?:[{_NEXT}:%]|\\.)(?:(?:[{_NEXT}:.\-%]|\\.)*(?:[{_NEXT}:\-%]|\\.))?)?)
    | (?P<word>[{_FIRST}][{_NEXT}]*)
    | (?P<number>(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)
    | (?P<brace>{{)
    | (?P<close>}})
    """,
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")

_VOLATILE = ("NOW", "RAND", "UUID", "BNODE")  # and STRUUID


@dataclass(frozen=True)
class Token:
    """A token of the grammar: *kind* is one of the groups above."""

    kind: str
    text: str
    offset: int


def tokens(text: str) -> Iterator[Token]:
    """The tokens of *text* that matter here, comments left out, as the engine reads them."""
    for found in _TOKEN.finditer(text):
        if found.lastgroup and found.lastgroup != "comment":
            yield Token(found.lastgroup, found[0], found.start())


def _unescape(text: str) -> str:
    def character(found: re.Match[str]) -> str:
        number = int(found[1] or found[2], 16)
        return chr(number) if number < 0x110000 and not 0xD800 <= number < 0xE000 else found[0]

    return _ESCAPE.sub(character, text) if "\\" in text else text


def refuse_service(text: str) -> None:
    """Refuse a query that calls ``SERVICE``, read as the engine does or with escapes resolved first (19.2).

    :raises QueryRefused: it calls ``SERVICE``, a way into networks that only this machine reaches
    """
    for view in dict.fromkeys((text, _unescape(text))):
        if "SERVICE" not in view.upper():  # no token without the letters
            continue
        found = list(tokens(view))
        for token, following in zip_longest(found, found[1:]):
            if _calls_service(token, following):
                before = text[: token.offset]
                place = Place("query", before.count("\n") + 1, token.offset - before.rfind("\n"))
                raise QueryRefused(Problem("SERVICE is not available here", place, "ask the other endpoint yourself"))


def _calls_service(token: Token, following: Token | None) -> bool:
    """Whether *token* holds the keyword; in a prefix it does where a group follows the name."""
    if token.kind == "name":
        in_prefix = "SERVICE" in token.text.partition(":")[0].upper()
        return in_prefix and following is not None and following.kind == "brace"
    return token.kind == "word" and "SERVICE" in token.text.upper()


def query_form(text: str) -> str:
    """The form of the query, as in ``SELECT``: its first keyword after the prologue (SPARQL 1.1, section 16)."""
    words = (token.text.upper() for token in tokens(text) if token.kind == "word")
    return next((word for word in words if word not in ("PREFIX", "BASE")), "")


def is_volatile(text: str) -> bool:
    """Whether the answer depends on the moment or on chance, by a function that does (SPARQL 1.1, section 17.4)."""
    upper = text.upper()
    if not any(name in upper for name in _VOLATILE):
        return False
    words = (token.text.upper() for token in tokens(text) if token.kind in ("word", "name"))
    return any(name in word for word in words for name in _VOLATILE)  # the engine reads ORDER BYRAND() too


@dataclass(frozen=True)
class Prologue:
    """What names mean in a query: its prefixes and base, and those that it may use undeclared."""

    prefixes: dict[str, str]
    base: str | None

    @classmethod
    def of(cls, found: list[Token], prefixes: dict[str, str], base: str | None) -> Prologue:
        """What the tokens of a query declare, beside *prefixes* and *base* (SPARQL 1.1, section 4.1.1)."""
        known = dict(prefixes)
        position = 0
        while position < len(found) and found[position].kind == "word":
            keyword, following = found[position].text.upper(), found[position + 1 : position + 3]
            if keyword == "PREFIX" and len(following) == 2:
                known[following[0].text.rstrip(":")] = _resolve(_unescape(following[1].text[1:-1]), base)
                position += 3
            elif keyword == "BASE" and following:
                base = _resolve(_unescape(following[0].text[1:-1]), base)
                position += 2
            else:
                break
        return cls(known, base)

    def expand(self, token: Token) -> str:
        """The IRI that *token* stands for."""
        if token.kind == "iri":
            return _resolve(_unescape(token.text[1:-1]), self.base)
        prefix, _, local = token.text.partition(":")
        return self.prefixes.get(prefix, f"{prefix}:") + re.sub(r"\\(.)", r"\1", local)


def dataset_clause(text: str, prefixes: dict[str, str], base: str | None = None) -> QueryDataset | None:
    """The graphs that ``FROM`` and ``FROM NAMED`` name; ``None`` where the query has no dataset clause.

    :param prefixes: prefixes that the query may use undeclared
    :param base: what relative IRIs are resolved against where the query states no base
    """
    if "FROM" not in text.upper():
        return None
    default: list[NamedNode] = []
    named: list[NamedNode] = []
    found = list(tokens(text))
    prologue = Prologue.of(found, prefixes, base)
    for position, token in enumerate(found):
        following = found[position + 1 : position + 3]
        if token.kind == "word" and token.text.upper() == "FROM" and following:
            is_named = following[0].kind == "word" and following[0].text.upper() == "NAMED"
            iri = following[1:] if is_named else following[:1]
            if iri and iri[0].kind in ("iri", "name"):
                (named if is_named else default).append(NamedNode(prologue.expand(iri[0])))
    return QueryDataset(tuple(default), tuple(named)) if default or named else None


def described_iris(text: str, prefixes: dict[str, str], base: str | None = None) -> list[NamedNode]:
    """The IRIs that a ``DESCRIBE`` names itself, beside its variables (SPARQL 1.1, section 16.4.1)."""
    found = list(tokens(text))
    prologue = Prologue.of(found, prefixes, base)
    after = dropwhile(lambda token: token.kind != "word" or token.text.upper() != "DESCRIBE", found)
    listed = takewhile(lambda token: token.kind in ("iri", "name", "variable"), islice(after, 1, None))
    return [NamedNode(prologue.expand(token)) for token in listed if token.kind != "variable"]


def _resolve(reference: str, base: str | None) -> str:
    """*reference* against *base* by the engine's own resolver; as it is where that is impossible."""
    if base is None:
        return reference
    try:
        quad = next(iter(parse(f"<{reference}> a <{reference}> .", RdfFormat.TURTLE, base_iri=base)))
    except (SyntaxError, ValueError):
        return reference
    return str(getattr(quad.subject, "value", reference))
