"""Reads parts of a query's text without the engine: prologue, form, dataset clause, ``SERVICE``.

The engine offers no algebra. But the tokens of the grammar (SPARQL 1.1, section 19.8) separate keywords from everything
else: comments, IRIs, strings, variables, prefixed names, numbers and language tags are matched as a whole. A word
``FROM`` or ``SERVICE`` that remains is the keyword.

No ``SERVICE`` may be overlooked, and the engine is more liberal than the grammar in two ways. It needs no space around
a keyword, so it reads ``trueSERVICE``, ``SERVICESILENT`` and ``SERVICEex:a``. And it resolves codepoint escapes within
strings and IRIs only, while the specification resolves them first of all (section 19.2).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest

from pyoxigraph import NamedNode, RdfFormat, parse

from missiongraph.engine.protocol import QueryDataset
from missiongraph.errors import Place, Problem, QueryRefused

#: Characters of names (PN_CHARS_BASE, PN_CHARS); ``\\w`` has neither the middle dot nor combining marks.
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
    """A token of a query: *kind* is the name of a group of ``_TOKEN``, *offset* its position in the text."""

    kind: str
    text: str
    offset: int


def tokens(text: str) -> Iterator[Token]:
    """The tokens of *text* as the engine reads them, without comments and most punctuation.

    >>> [token.text for token in tokens("SELECT * { ?s a <x> } # all")]
    ['SELECT', '{', '?s', 'a', '<x>', '}']
    """
    for found in _TOKEN.finditer(text):
        if found.lastgroup and found.lastgroup != "comment":
            yield Token(found.lastgroup, found[0], found.start())


def _unescape(text: str) -> str:
    def character(found: re.Match[str]) -> str:
        number = int(found[1] or found[2], 16)
        return chr(number) if number < 0x110000 and not 0xD800 <= number < 0xE000 else found[0]

    return _ESCAPE.sub(character, text) if "\\" in text else text


def refuse_service(text: str) -> None:
    """Refuses a query with ``SERVICE``, which could reach networks that only this machine reaches.

    The query is read in two ways: as the engine does, and with codepoint escapes resolved first (section 19.2).

    :raises QueryRefused: *text* has ``SERVICE``; the error has its line and column
    """
    for view in dict.fromkeys((text, _unescape(text))):
        if "SERVICE" not in view.upper():  # without these letters there is no such token
            continue
        query_tokens = list(tokens(view))
        for token, following in zip_longest(query_tokens, query_tokens[1:]):
            if _calls_service(token, following):
                before = text[: token.offset]
                place = Place("query", before.count("\n") + 1, token.offset - before.rfind("\n"))
                raise QueryRefused(Problem("SERVICE is not available here", place, "ask the other endpoint yourself"))


def _calls_service(token: Token, following: Token | None) -> bool:
    """Whether *token* has the keyword; a prefix has it only if a group follows the name."""
    if token.kind == "name":
        in_prefix = "SERVICE" in token.text.partition(":")[0].upper()
        return in_prefix and following is not None and following.kind == "brace"
    return token.kind == "word" and "SERVICE" in token.text.upper()


def query_form(text: str) -> str:
    """The form of the query in capitals: its first keyword after the prologue (SPARQL 1.1, section 16).

    >>> query_form("prefix ex: <http://example.org/> construct where { ?s ex:p ?o }")
    'CONSTRUCT'
    """
    words = (token.text.upper() for token in tokens(text) if token.kind == "word")
    return next((word for word in words if word not in ("PREFIX", "BASE")), "")


def is_volatile(text: str) -> bool:
    """Whether the query uses a function of time or chance, such as ``NOW`` or ``RAND`` (SPARQL 1.1, section 17.4)."""
    upper = text.upper()
    if not any(name in upper for name in _VOLATILE):
        return False
    words = (token.text.upper() for token in tokens(text) if token.kind in ("word", "name"))
    return any(name in word for word in words for name in _VOLATILE)  # the engine reads ORDER BYRAND() too


@dataclass(frozen=True)
class Prologue:
    """The prefixes and the base that hold in a query."""

    prefixes: dict[str, str]
    base: str | None

    @classmethod
    def of(cls, query_tokens: list[Token], prefixes: dict[str, str], base: str | None) -> Prologue:
        """Reads the declarations at the beginning of a query (SPARQL 1.1, section 4.1).

        :param query_tokens: the tokens of the query
        :param prefixes: namespaces of prefixes that hold if the query does not declare them
        :param base: the base IRI that holds if the query declares none
        """
        known = dict(prefixes)
        position = 0
        while position < len(query_tokens) and query_tokens[position].kind == "word":
            keyword, following = query_tokens[position].text.upper(), query_tokens[position + 1 : position + 3]
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
        """The IRI of *token*, which is an IRI reference or a prefixed name."""
        if token.kind == "iri":
            return _resolve(_unescape(token.text[1:-1]), self.base)
        prefix, _, local = token.text.partition(":")
        return self.prefixes.get(prefix, f"{prefix}:") + re.sub(r"\\(.)", r"\1", local)


def dataset_clause(text: str, prefixes: dict[str, str], base: str | None = None) -> QueryDataset | None:
    """The graphs that ``FROM`` and ``FROM NAMED`` name (SPARQL 1.1, section 13.2); ``None`` if there are none.

    :param prefixes: namespaces of prefixes that the query may use without declaring them
    :param base: the base IRI if the query states none
    """
    if "FROM" not in text.upper():
        return None
    default: list[NamedNode] = []
    named: list[NamedNode] = []
    query_tokens = list(tokens(text))
    prologue = Prologue.of(query_tokens, prefixes, base)
    for position, token in enumerate(query_tokens):
        following = query_tokens[position + 1 : position + 3]
        if token.kind == "word" and token.text.upper() == "FROM" and following:
            is_named = following[0].kind == "word" and following[0].text.upper() == "NAMED"
            iri = following[1:] if is_named else following[:1]
            if iri and iri[0].kind in ("iri", "name"):
                (named if is_named else default).append(NamedNode(prologue.expand(iri[0])))
    return QueryDataset(tuple(default), tuple(named)) if default or named else None


def _resolve(reference: str, base: str | None) -> str:
    """*reference* resolved against *base* by the engine itself; unchanged if that is impossible."""
    if base is None:
        return reference
    try:
        quad = next(iter(parse(f"<{reference}> a <{reference}> .", RdfFormat.TURTLE, base_iri=base)))
    except (SyntaxError, ValueError):
        return reference
    return str(getattr(quad.subject, "value", reference))
