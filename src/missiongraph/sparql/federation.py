"""``SERVICE`` for the endpoints that a publication allows (SPARQL 1.1 Federated Query).

Evaluators have no network, so the web server asks the other endpoints. It replaces each call by the solutions as inline
data, which gives the same answer: section 2.4 joins the solutions of a call with the rest of its group.
"""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Iterator
from dataclasses import dataclass

from pyoxigraph import BlankNode, QueryResultsFormat, QuerySolutions, parse_query_results

from missiongraph.engine.protocol import Term
from missiongraph.engine.query_clauses import Prologue, Token, tokens
from missiongraph.sparql.http_replies import SparqlProblem
from missiongraph.sparql.remote_endpoints import Remote, Unreachable

#: Queries that may wait for other endpoints at the same time.
_AT_ONCE = 16


@dataclass(frozen=True)
class Call:
    """A ``SERVICE`` pattern of a query: where it stands in the text, and what it asks.

    :ivar endpoint: the IRI of the other endpoint; ``None``: a variable gives it
    """

    start: int
    end: int
    silent: bool
    endpoint: str | None
    pattern: str


@dataclass(frozen=True)
class Rewritten:
    """A query in which inline data have replaced the calls.

    :ivar pieces: each call, with the first and last offset of its data in the text
    """

    original: str
    text: str
    pieces: tuple[tuple[Call, int, int], ...] = ()

    def place(self, line: int, column: int) -> tuple[int, int]:
        """Translate *line* and *column* of the text into those of the original query; both count from 1.

        Columns count characters.
        """
        offset = sum(map(len, self.text.splitlines(keepends=True)[: line - 1])) + column - 1
        shift = 0
        for call, start, end in self.pieces:
            if start <= offset < end:
                offset, shift = call.start, 0
                break
            if offset >= end:
                shift = call.end - end
        before = self.original[: offset + shift]
        return before.count("\n") + 1, len(before) - before.rfind("\n")


def calls(text: str, prefixes: dict[str, str], base: str | None) -> tuple[list[Call], Prologue]:
    """The outermost ``SERVICE`` calls of *text*, in order, and its prologue.

    :param prefixes: prefixes that the query may use undeclared
    """
    found = list(tokens(text))
    prologue = Prologue.of(found, prefixes, base)
    return list(_calls(text, found, prologue)), prologue


def _calls(text: str, found: list[Token], prologue: Prologue) -> Iterator[Call]:
    beyond = 0
    for position, token in enumerate(found):
        if token.offset < beyond or token.kind != "word" or token.text.upper() != "SERVICE":
            continue
        following = found[position + 1 :]
        silent = bool(following) and following[0].kind == "word" and following[0].text.upper() == "SILENT"
        whom, *group = following[1:] if silent else following or [token]
        end = _end_of(group)
        if whom.kind in ("iri", "name", "variable") and end is not None:
            endpoint = None if whom.kind == "variable" else prologue.expand(whom)
            yield Call(token.offset, end, silent, endpoint, text[group[0].offset : end])
            beyond = end


def _end_of(group: list[Token]) -> int | None:
    """The position at which the group that begins with the first token ends; ``None`` if it does not begin or end."""
    depth = 0
    for token in group:
        depth += (token.kind == "brace") - (token.kind == "close")
        if depth == 0:
            return token.offset + 1 if token.kind == "close" else None
    return None


class Federation:
    """The endpoints of others that queries may reach."""

    def __init__(self, allowed: frozenset[str], prefixes: dict[str, str], base: str | None, remote: Remote) -> None:
        """:param allowed: IRIs of the endpoints

        :param prefixes: prefixes that queries may use undeclared
        :param base: the base of queries without one of their own
        """
        self._allowed, self._remote = allowed, remote
        self._prefixes, self._base = prefixes, base
        self._room = asyncio.Semaphore(_AT_ONCE)

    async def answered(self, text: str) -> Rewritten:
        """*text* with the solutions of other endpoints in the place of its calls; unchanged if it has none.

        :raises SparqlProblem: 400: the endpoint is not allowed. 502: it does not answer. 503: too many queries ask at
            once.
        """
        found, prologue = calls(text, self._prefixes, self._base) if self._allowed else ([], None)
        if prologue is None or not found:
            return Rewritten(text, text)
        endpoints = [self._checked(call, text) for call in found]
        if self._room.locked():
            raise SparqlProblem(503, "Too many queries are waiting for other endpoints. Try again shortly.", retry=5)
        data: list[str] = []
        async with self._room:
            for call, endpoint in zip(found, endpoints, strict=True):
                data.append(await self._data(call, endpoint, prologue))
        return _rewritten(text, found, data)

    def _checked(self, call: Call, text: str) -> str:
        if call.endpoint in self._allowed:
            return call.endpoint
        before = text[: call.start]
        line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
        whom = f"<{call.endpoint}>" if call.endpoint else "an endpoint that a variable names"
        what = f"SERVICE does not reach {whom} from here, only {', '.join(f'<{iri}>' for iri in sorted(self._allowed))}"
        raise SparqlProblem(400, what, line=line, column=column)

    async def _data(self, call: Call, endpoint: str, prologue: Prologue) -> str:
        """The answer to *call* as inline data (SPARQL 1.1 Query, section 10.2.2)."""
        declared = [f"PREFIX {name}: <{iri}>" for name, iri in prologue.prefixes.items() if f"{name}:" in call.pattern]
        base = [f"BASE <{prologue.base}>"] if prologue.base else []
        try:
            content = await self._remote.ask(endpoint, "\n".join([*base, *declared, f"SELECT * WHERE {call.pattern}"]))
            return _inline(content)
        except (Unreachable, SyntaxError, ValueError) as failure:
            if call.silent:  # section 2.3: one solution without bindings
                return "VALUES () { () }"
            what = failure if isinstance(failure, Unreachable) else f"not query results in JSON ({failure})"
            raise SparqlProblem(502, f"SERVICE <{endpoint}>: {what}") from None


def _inline(content: bytes) -> str:
    read = parse_query_results(content, QueryResultsFormat.JSON)
    if not isinstance(read, QuerySolutions):
        raise ValueError("true or false in place of solutions")
    names = [variable.value for variable in read.variables]
    batch = uuid.uuid4().hex
    rows = [" ".join(_written(solution[name], batch) for name in names) for solution in read]
    return f"VALUES ({' '.join(f'?{name}' for name in names)}) {{ {' '.join(f'({row})' for row in rows)} }}"


def _written(term: Term | None, batch: str) -> str:
    """*term* as inline data. They cannot hold blank nodes, so those get IRIs (RDF 1.1 Concepts, section 3.5)."""
    if isinstance(term, BlankNode):
        return f"<urn:uuid:{uuid.uuid5(uuid.UUID(batch), term.value)}>"
    return "UNDEF" if term is None else str(term)


def _rewritten(text: str, found: list[Call], data: list[str]) -> Rewritten:
    parts: list[str] = []
    pieces: list[tuple[Call, int, int]] = []
    length = last = 0
    for call, inline in zip(found, data, strict=True):
        before = text[last : call.start]
        start = length + len(before)
        length, last = start + len(inline), call.end
        parts += before, inline
        pieces.append((call, start, length))
    return Rewritten(text, "".join((*parts, text[last:])), tuple(pieces))
