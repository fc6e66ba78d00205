"""What tests read out of answers: pages, statements, headers."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from html.parser import HTMLParser
from urllib.parse import quote

import httpx
from pyoxigraph import CanonicalizationAlgorithm, Dataset, NamedNode, Quad, RdfFormat, Triple, parse

from missiongraph.build import Build

SHIPPED = "https://w3id.org/missiongraph/"
BEER = "http://beer.example/"
ODD = "https://odd.example/"

TRIPLES = {
    "text/turtle": RdfFormat.TURTLE,
    "application/ld+json": RdfFormat.JSON_LD,
    "application/n-triples": RdfFormat.N_TRIPLES,
    "application/rdf+xml": RdfFormat.RDF_XML,
}
FORMATS = {**TRIPLES, "application/trig": RdfFormat.TRIG, "application/n-quads": RdfFormat.N_QUADS}

_VOID = {"meta", "link", "br", "img", "input", "hr", "path", "circle"}


class Page(HTMLParser):
    """A page as a reader or a crawler takes it."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.source = text
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[tuple[str, str]] = []
        self._open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in _VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        while tag in self._open and self._open.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.texts.append((self._open[-1] if self._open else "", data.strip()))

    def all(self, tag: str, **attributes: str) -> list[dict[str, str | None]]:
        """Attributes of the elements called *tag* that have *attributes*."""
        return [a for name, a in self.elements if name == tag and attributes.items() <= a.items()]

    def values(self, attribute: str, tag: str | None = None) -> list[str]:
        """Values of *attribute*, of elements called *tag* or of all."""
        return [v for name, a in self.elements if tag in (None, name) and (v := a.get(attribute)) is not None]

    @cached_property
    def text(self) -> str:
        """What a reader sees, in one line."""
        return " ".join(data for tag, data in self.texts if tag not in ("script", "style"))

    @cached_property
    def title(self) -> str:
        """The title of the window."""
        return " ".join(data for tag, data in self.texts if tag == "title")

    def meta(self, key: str) -> str:
        """The content of the meta element of that name or property."""
        return next((a.get("content") or "" for a in self.all("meta") if key in (a.get("name"), a.get("property"))), "")

    @cached_property
    def internal(self) -> list[str]:
        """Addresses on this site that a reader can follow, each once, without fragments."""
        found = (href.partition("#")[0] for href in self.values("href", "a"))
        return list(dict.fromkeys(href for href in found if href.startswith("/")))


def page(client: httpx.Client, address: str, language: str | None = None, status: int = 200) -> Page:
    """The page at *address*, as a browser of a reader of *language* gets it."""
    headers = {"Accept": "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8"}
    if language:
        headers["Accept-Language"] = language
    response = client.get(address, headers=headers, follow_redirects=True)
    assert response.status_code == status, f"{address} answers {response.status_code}"
    assert response.headers["Content-Type"] == "text/html; charset=utf-8"
    return Page(response.text)


def address_of(iri: str, base: str) -> str:
    """Where *iri* is asked for: its own path on the test's host, or ``resource?iri=``."""
    document = iri.partition("#")[0]
    if not document.startswith(base):
        return f"/resource?iri={quote(document, safe='')}"
    return "/" + quote(document.removeprefix(base), safe="/%+;=,&")


def document(client: httpx.Client, iri: str, media_type: str, base: str) -> httpx.Response:
    """The document about *iri*: for a thing under ``id/`` after exactly one 303 to ``doc/``, else at once."""
    address = address_of(iri, base)
    response = client.get(address, headers={"Accept": media_type})
    if address.startswith("/id/"):
        assert response.status_code == 303, f"{address} answers {response.status_code}"
        location = response.headers["Location"]
        assert location.startswith("/doc/")
        response = client.get(location, headers={"Accept": media_type})
    assert response.status_code == 200, f"{address} as {media_type} answers {response.status_code}"
    assert response.headers["Content-Type"].partition(";")[0] == media_type
    return response


def statements(response: httpx.Response) -> list[Quad]:
    """The statements of an answer in an RDF format."""
    return list(parse(response.content, FORMATS[response.headers["Content-Type"].partition(";")[0]]))


def same(quads: Iterable[Quad | Triple]) -> frozenset[str]:
    """*quads* so that equal ones compare equal, whatever their blank nodes are called."""
    dataset = Dataset(q if isinstance(q, Quad) else Quad(q.subject, q.predicate, q.object) for q in quads)
    dataset.canonicalize(CanonicalizationAlgorithm.UNSTABLE)
    return frozenset(str(quad) for quad in dataset)


def named(quads: Iterable[Quad]) -> set[str]:
    """Every IRI that *quads* name."""
    return {term.value for quad in quads for term in quad if isinstance(term, NamedNode)}


def dump(build: Build, extension: str) -> list[Quad]:
    """The dump of *build* in N-Triples or N-Quads."""
    form = {"nt": RdfFormat.N_TRIPLES, "nq": RdfFormat.N_QUADS}[extension]
    return list(parse((build.folder / "dumps" / f"{build.settings.stem}.{extension}").read_bytes(), form))


def iris_under(build: Build, prefix: str) -> list[str]:
    """Every IRI under *prefix* that occurs anywhere in the named graphs, in order."""
    return sorted(iri for iri in named(dump(build, "nq")) if iri.startswith(prefix))


def one_of_each_kind(iris: Iterable[str], base: str) -> list[str]:
    """The first of *iris* of each kind (``id/{kind}/…``, by length of the path, with and without fragment)."""
    found: dict[tuple[str, int, bool], str] = {}
    for iri in iris:
        kind, _, rest = iri.removeprefix(f"{base}id/").partition("#")[0].partition("/")
        found.setdefault((kind, rest.count("/"), "#" in iri), iri)
    return list(found.values())
