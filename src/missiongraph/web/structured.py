"""Embedded schema.org JSON-LD for search engines: what the data itself says of a resource in schema.org terms."""

from __future__ import annotations

import json
from typing import Any

from pyoxigraph import Literal, NamedNode

from missiongraph.vocab import LINK_PROPERTIES, SCHEMA
from missiongraph.web.facts import Facts
from missiongraph.web.reader import Reader

#: Everything is at least this for a search engine.
_FALLBACK = "Thing"


def structured_data(reader: Reader, iri: NamedNode, facts: Facts) -> str:
    """A JSON-LD object with ``"@context": "https://schema.org"``, whose terms expand to the http IRIs of our data."""
    types = [t.value.removeprefix(str(SCHEMA)) for t in facts.types if t.value.startswith(str(SCHEMA))]
    document: dict[str, Any] = {
        "@context": "https://schema.org",
        "@id": iri.value,
        "@type": types[0] if types else _FALLBACK,
        "name": reader.label(iri)[0],
        "url": reader.site.root + (reader.site.address_of(iri) or ""),
    }
    description = facts.description()
    if description:
        document["description"] = description.text
    close = LINK_PROPERTIES[:5]
    same = [s.object.value for s in facts.statements if s.predicate in close and isinstance(s.object, NamedNode)]
    if same:
        document["sameAs"] = sorted(set(same))
    for statement in facts.statements:
        name = statement.predicate.value.removeprefix(str(SCHEMA))
        value = statement.object
        if not isinstance(value, Literal) or value.language or not statement.accepted:
            continue
        if name != statement.predicate.value and name not in document:
            document[name] = value.value
    return json.dumps(document, ensure_ascii=False, indent=1)
