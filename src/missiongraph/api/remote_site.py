"""A site that missiongraph serves elsewhere, as a graph that answers over HTTP."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any
from urllib.parse import quote, urljoin, urlsplit

import httpcore

from missiongraph.api.graphs import MOST_BYTES, TOO_LARGE, AskedEngine, Candidates, refusal
from missiongraph.engine.protocol import Engine
from missiongraph.errors import OutOfBounds, Problem, SiteUnreachable
from missiongraph.publication.query_files import Question
from missiongraph.sparql.evaluators.wire import Kind
from missiongraph.sparql.request import DIRECT, FORM

#: Redirects that lead to a site, such as those of w3id.org.
_MOST_REDIRECTS = 8

#: Queries that one request of the reconciliation service carries.
_BATCH = 50

_JSON = "application/sparql-results+json"


class RemoteSite:
    """A site of ours at an address. A redirect is followed once, when it is opened."""

    def __init__(self, address: str, seconds: float) -> None:
        """Asks the site whether it answers.

        :param address: the address of its home page
        :param seconds: the longest time to wait for one answer
        :raises SiteUnreachable: nothing answers there, or no site of ours
        """
        if not _is_web_address(address):
            raise SiteUnreachable(Problem(f"“{address}” is no web address", advice="as in https://example.org/"))
        self._given = address
        self._timeout = dict.fromkeys(("connect", "read", "write", "pool"), seconds)
        self._pool = httpcore.ConnectionPool()
        try:
            self._root = self._found(address if address.endswith("/") else f"{address}/")
        except BaseException:
            self._pool.close()
            raise
        self.engine: Engine = AskedEngine(self)

    def _found(self, root: str) -> str:
        """The root of the site, after redirects of its endpoint."""
        asked = urljoin(root, "sparql?query=ASK%7B%7D")
        for _ in range(_MOST_REDIRECTS):
            status, headers, content = self._asked("GET", asked, {"Accept": _JSON}, b"")
            if status in (301, 302, 303, 307, 308) and "location" in headers:
                asked = urljoin(asked, headers["location"])
                continue
            if status == 200 and _is_boolean(content):
                return asked.partition("?")[0].removesuffix("sparql")
            raise SiteUnreachable(
                Problem(f"{self._given} has no SPARQL endpoint of missiongraph: {asked} answers with status {status}")
            )
        raise SiteUnreachable(Problem(f"{self._given} redirects more than {_MOST_REDIRECTS} times"))

    @cached_property
    def base(self) -> str:
        """See :class:`~missiongraph.api.graphs.Graph`."""
        return self.engine.base or self._root

    @property
    def languages(self) -> tuple[str, ...]:
        """English first, since a site does not say which is its default."""
        return ("en",)

    @cached_property
    def prefixes(self) -> Mapping[str, str]:
        """See :class:`~missiongraph.api.graphs.Graph`: those of the site's JSON-LD context."""
        context = self._document("context.jsonld")["@context"]
        return {name: iri for name, iri in context.items() if isinstance(iri, str) and iri[-1:] in ("#", "/", ":")}

    @property
    def questions(self) -> tuple[Question, ...]:
        """None: a site does not publish the files of its questions."""
        return ()

    def title(self, language: str) -> str:
        """What the reconciliation service calls the site."""
        return str(self._document(f"reconcile?lang={quote(language)}")["name"])

    def answer(self, text: str) -> tuple[Kind, bytes]:
        """See :class:`~missiongraph.api.graphs.Graph`."""
        headers = {"Content-Type": DIRECT, "Accept": f"{_JSON}, application/n-triples;q=0.9"}
        status, received, content = self._asked("POST", f"{self._root}sparql", headers, text.encode())
        if status != 200:
            raise self._refusal(status, content)
        if received.get("content-type", "").partition(";")[0] != _JSON:
            return "graph", content
        return ("boolean" if _is_boolean(content) else "solutions"), content

    def candidates(self, texts: Sequence[str], kind: str, most: int, language: str) -> list[Candidates]:
        """See :class:`~missiongraph.api.graphs.Graph`."""
        found: list[Candidates] = []
        for first in range(0, len(texts), _BATCH):
            batch = {
                f"q{number}": {"query": text, "limit": most, **({"type": kind} if kind else {})}
                for number, text in enumerate(texts[first : first + _BATCH])
            }
            form = f"queries={quote(json.dumps(batch))}".encode()
            answer = self._document(f"reconcile?lang={quote(language)}", form)
            found += [answer[key]["result"][:most] for key in batch]
        return found

    def close(self) -> None:
        """Close the connections."""
        self._pool.close()

    def _document(self, path: str, form: bytes | None = None) -> dict[str, Any]:
        headers = {"Accept": "application/ld+json, application/json;q=0.9"}
        if form is not None:
            headers["Content-Type"] = FORM
        status, _, content = self._asked("GET" if form is None else "POST", self._root + path, headers, form or b"")
        if status != 200:
            raise self._refusal(status, content)
        try:
            return dict(json.loads(content))
        except ValueError:
            raise SiteUnreachable(Problem(f"{self._root}{path} does not answer with JSON")) from None

    def _refusal(self, status: int, content: bytes) -> Exception:
        detail = _detail(content)
        if status in (400, 413, 429, 503, 504):
            return refusal(status, detail)
        return SiteUnreachable(Problem(f"{self._root} answers with status {status}: {detail}"))

    def _asked(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes
    ) -> tuple[int, dict[str, str], bytes]:
        sent = [("User-Agent", "missiongraph"), ("Accept-Encoding", "identity"), *headers.items()]
        try:
            with self._pool.stream(
                method, url, headers=sent, content=body, extensions={"timeout": self._timeout}
            ) as response:
                content = bytearray()
                for block in response.iter_stream():
                    content += block
                    if len(content) > MOST_BYTES:
                        raise OutOfBounds(TOO_LARGE)
                received = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in response.headers}
                return response.status, received, bytes(content)
        except (httpcore.NetworkError, httpcore.TimeoutException, httpcore.ProtocolError, OSError) as failure:
            why = str(failure) or type(failure).__name__
            raise SiteUnreachable(
                Problem(f"{self._given} does not answer: {why}", advice="is the address right, and the site up?")
            ) from None
        except httpcore.UnsupportedProtocol as failure:
            raise SiteUnreachable(Problem(f"{url}: {failure}")) from None


def _is_web_address(address: str) -> bool:
    try:
        parts = urlsplit(address)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:  # of a port that is no number
        return False


def _is_boolean(content: bytes) -> bool:
    try:
        return isinstance(json.loads(content[:4096])["boolean"], bool)
    except (ValueError, KeyError, TypeError):
        return False


def _detail(content: bytes) -> str:
    """What a problem document (RFC 9457) says, else the beginning of *content*."""
    try:
        problem = json.loads(content)
        return str(problem.get("detail") or problem.get("title"))
    except (ValueError, AttributeError):
        return content[:300].decode(errors="replace")
