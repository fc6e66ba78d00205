"""The data of the query editor in the browser: terms of the graph, prefixes, texts of the interface."""

from __future__ import annotations

import json

from pyoxigraph import NamedNode

from missiongraph.vocab import LABEL_PROPERTIES
from missiongraph.web.content.layout.term_writer import Reader
from missiongraph.web.context.site import Site

_MOST_ENTITIES = 20

#: Placeholder in the query for names. The browser replaces it by letters, digits, dots and hyphens only.
_WORD = "…"


def editor_data(reader: Reader) -> str:
    """The data as JSON. ``terms`` are pairs of a term as a query writes it and its label."""
    known = reader.site.editor_data
    if reader.language not in known:  # kept, since the labels of all terms cost more than the rest of the page
        known[reader.language] = _data(reader)
    return known[reader.language]


def _data(reader: Reader) -> str:
    return json.dumps(
        {
            "terms": _terms(reader),
            "prefixes": reader.site.build.prefixes,
            "entities": _query_for_names(),
            "service": "/sparql",
            "words": {
                "Query": reader.say("Query"),
                "Completions": reader.say("Completions"),
                "running": reader.say("Running…"),
                "stop": reader.say("Stop"),
                "stopped": reader.say("Stopped."),
                "unreachable": reader.say("The service cannot be reached."),
                "copied": reader.say("Copied"),
            },
        },
        ensure_ascii=False,
        separators=(",", ":"),
    )


def _terms(reader: Reader) -> list[tuple[str, str]]:
    """The classes and properties that the graph uses."""
    terms = reader.site.used_terms
    reader.learn(terms)
    return [(written(reader.site, term), reader.label(term)[0]) for term in terms]


def written(site: Site, term: NamedNode) -> str:
    """*term* as a query writes it: as a prefixed name if the publication has the prefix, else as an IRI."""
    for prefix, namespace in site.build.prefixes.items():
        local = term.value.removeprefix(namespace)
        if local != term.value and local.replace("_", "").replace("-", "").isalnum():
            return f"{prefix}:{local}"
    return str(term)


def _query_for_names() -> str:
    """A query for things by a part of their name, the shortest names first. The browser sends it to ``/sparql``."""
    path = "|".join(str(predicate) for predicate in LABEL_PROPERTIES)
    return (
        f"SELECT DISTINCT ?thing ?name WHERE {{ ?thing {path} ?name "
        f'FILTER(isIRI(?thing) && CONTAINS(LCASE(STR(?name)), "{_WORD}")) }} '
        f"ORDER BY STRLEN(?name) ?name LIMIT {_MOST_ENTITIES}"
    )
