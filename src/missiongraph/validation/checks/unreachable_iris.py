"""A check of IRIs: which of them a client cannot get at their own address, and how it could."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pyoxigraph import NamedNode

from missiongraph.errors import Place
from missiongraph.publication.addresses import Obstacle, Why, by_iri, document_of, lay_out, resources_in
from missiongraph.publication.dataset import Dataset
from missiongraph.validation.report import Result

#: The source of results of this check.
SOURCE = "address"

#: Messages in English and Italian; *there* is the address, *other* the IRI that answers there, *where* its file.
_WHY: Mapping[Why, tuple[str, str]] = {
    "meets": (
        "{document} and {other} ({where}) are asked for at one address, {there}, which answers with the latter",
        "{document} e {other} ({where}) si chiedono a un solo indirizzo, {there}, che risponde con il secondo",
    ),
    "taken": (
        "clients that decode addresses, as Python’s requests does, get {other} ({where}) in place of {document}",
        "i client che decodificano gli indirizzi, come requests di Python, hanno {other} ({where}), non {document}",
    ),
    "form": (
        "{other} ({where}) is at the address of a form of {document}, {there}",
        "{other} ({where}) sta all’indirizzo di una forma di {document}, {there}",
    ),
    "ours": (
        "{there} is an address of the site itself, so that {document} is not there",
        "{there} è un indirizzo del sito stesso, perciò {document} non è lì",
    ),
    "home": (
        "{document} is asked for at the address of the home page",
        "{document} si chiede all’indirizzo della pagina iniziale",
    ),
    "dots": (
        "clients take the dots out of the path of {document} before they ask",
        "i client tolgono i punti dal percorso di {document} prima di chiedere",
    ),
    "query": (
        "many clients leave off the empty query of {document}",
        "molti client tralasciano l’interrogazione vuota di {document}",
    ),
    "parameter": (
        "the query of {document} has a parameter of the site’s own pages (lang, evidence)",
        "l’interrogazione di {document} ha un parametro delle pagine del sito (lang, evidence)",
    ),
    "slash": (
        "some clients make one slash of the two at the beginning of {there}, so that {document} is not there",
        "alcuni client fanno una sola barra delle due all’inizio di {there}, perciò {document} non è lì",
    ),
    "base": (
        "{document} differs from the base in letter case or port only, and is asked for at {there}, another IRI",
        "{document} differisce dalla base solo per maiuscole o porta, e si chiede a {there}, un altro IRI",
    ),
    "length": (
        "{document} has more than 8,000 bytes, which many servers refuse (RFC 9110, 4.1)",
        "{document} ha più di 8.000 byte, che molti server rifiutano (RFC 9110, 4.1)",
    ),
}
_WAY = ("have it at {way}", "si ottiene a {way}")
_LONG_WAY = ("send DESCRIBE with it to {way} by POST", "si manda DESCRIBE con esso a {way} per POST")
_FORM_WAY = ("have that form of it at {way}, or by Accept", "quella forma si ottiene a {way}, o con Accept")


def check_addresses(dataset: Dataset) -> Iterator[Result]:
    """A warning for each document whose address does not lead to it; an info if the data only mentions the document."""
    base = dataset.publication.settings.base
    obstacles = lay_out(resources_in(dataset.quads, base), base).obstacles
    if not obstacles:
        return
    iris = _first_of(dataset, {o.document for o in obstacles} | {o.other for o in obstacles if o.other})
    for obstacle in obstacles:
        iri, path = iris[obstacle.document]
        yield Result(
            severity="info" if obstacle.mentioned else "warning",
            messages=tuple(zip(("en", "it"), _messages(dataset, obstacle, iris), strict=True)),
            source=SOURCE,
            focus=iri,
            value=iris[obstacle.other][0] if obstacle.other else None,
            place=dataset.place_of(iri, path) if not path.endswith(".csv") else Place(path),
        )


def _messages(dataset: Dataset, obstacle: Obstacle, iris: Mapping[str, tuple[NamedNode, str]]) -> Iterator[str]:
    settings = dataset.publication.settings
    root = settings.public_url or settings.base
    address, extension = by_iri(obstacle.document), obstacle.address.partition("?")[0].rpartition(".")[2]
    ways = {
        "length": (_LONG_WAY, f"{root}sparql"),
        "form": (_FORM_WAY, root + address.replace("resource", f"resource.{extension}", 1)),
    }
    way_texts, way = ways.get(obstacle.why, (_WAY, root + address))
    words = {
        "document": obstacle.document,
        "there": root + obstacle.address,
        "other": obstacle.other or "",
        "where": iris[obstacle.other][1] if obstacle.other else "",
    }
    for text, how in zip(_WHY[obstacle.why], way_texts, strict=True):
        yield f"{text.format(**words)}; {how.format(way=way)}"


def _first_of(dataset: Dataset, documents: set[str]) -> dict[str, tuple[NamedNode, str]]:
    """For each of *documents*, the first IRI in it that the data has, and the file; subjects go before other terms."""
    found: dict[str, tuple[NamedNode, str]] = {}
    subjects: set[str] = set()
    for file in dataset.files:
        for quad in file.quads:
            for term in (quad.subject, quad.graph_name, quad.object, quad.predicate):
                if not isinstance(term, NamedNode) or (document := document_of(term.value)) not in documents:
                    continue
                if document not in found or (term == quad.subject and document not in subjects):
                    found[document] = (term, file.path)
                if term == quad.subject:
                    subjects.add(document)
    return found
