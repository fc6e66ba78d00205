"""What an agent reads before it queries: classes and properties with counts, pitfalls, terms in words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from pyoxigraph import NamedNode

from missiongraph.agents.small_json import CARD, Json, bounded, shortened
from missiongraph.api.publication import Publication
from missiongraph.api.values import IRI, Value
from missiongraph.errors import MissiongraphError, Problem
from missiongraph.vocab import CSVW, DQV, EARL, OA, OWL, PROV, RDF, RDFS, SCAFFOLDING, SH, local_name

#: Bytes of the list of terms, and classes on the card.
_MOST_TERMS = 32_000
_MOST_CLASSES = 60

#: Characters of a text, unless told otherwise.
_TEXT = 300

#: Namespaces of classes that say how the data is made, which are told last.
_SCAFFOLDING = (str(PROV), str(OA), str(EARL), str(SH), str(OWL), str(DQV), str(RDFS), str(RDF), str(CSVW))

_CLASSES = """SELECT ?class (COUNT(DISTINCT ?thing) AS ?count) (SAMPLE(?thing) AS ?example)
WHERE { ?thing a ?class FILTER(isIRI(?thing)) } GROUP BY ?class ORDER BY DESC(?count) ?class"""
_PROPERTIES = """SELECT ?property (COUNT(*) AS ?count) (SAMPLE(?value) AS ?example)
WHERE { ?thing a <%s> ; ?property ?value } GROUP BY ?property ORDER BY DESC(?count) ?property"""
_TERMS = """PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT ?term (SAMPLE(?label) AS ?name) (SAMPLE(?text) AS ?about) WHERE {
  ?term rdfs:isDefinedBy ?ontology ; rdfs:label ?label FILTER(LANG(?label) IN ("en", ""))
  OPTIONAL { ?term rdfs:comment|skos:definition ?text FILTER(LANG(?text) IN ("en", "")) }
} GROUP BY ?term ORDER BY ?term"""
_RANKS = """PREFIX mg: <https://w3id.org/missiongraph/ontology#>
SELECT ?rank (COUNT(?g) AS ?count) WHERE { ?g mg:rank ?rank } GROUP BY ?rank"""


class SchemaCard:
    """The schema of one publication, as objects of JSON."""

    def __init__(self, publication: Publication) -> None:
        """:param publication: what is asked"""
        self._publication = publication

    def schema(self, kind: str) -> Json:
        """What there is: classes with counts; of one class, its properties with counts. And what one must know."""
        if kind:
            return self._properties(kind)
        table = self._publication.query(_CLASSES)
        told = sorted(table, key=lambda row: _is_scaffolding(str(row["class"])))
        classes = [
            {"class": self.short(str(row["class"])), "count": row["count"], "example": row["example"]} for row in told
        ]
        languages = ", ".join(self._publication.languages)
        ranks = {local(str(row["rank"])): row["count"] for row in self._publication.query(_RANKS)}
        answer: Json = {
            "title": self._publication.title(),
            "base": self._publication.base,
            "prefixes": {name: iri for name, iri in self._publication.prefixes.items() if self._used(name, classes)},
            "claims": ranks,
            "pitfalls": [
                "Without GRAPH, a query sees accepted facts only, each once. GRAPH ?g { … } also sees alternative and "
                "retired claims: ask ?g mg:rank mg:accepted, or count DISTINCT.",
                f'Names have language tags ({languages}): FILTER(LANG(?name) = "{self._publication.languages[0]}"), '
                "or each thing comes twice.",
                "Words of a fact: GRAPH ?g { s p o } ?g prov:wasDerivedFrom/oa:hasSelector/oa:exact ?words.",
                "Accepted means taken over from a source, not verified. If no row comes, no source says so here; it "
                "may still be true.",
                "These prefixes need no declaration. SERVICE and updates are refused.",
            ],
            "next": 'schema("schema:City") lists the properties of a class; find("name") finds a thing',
        }
        return bounded(answer, "classes", classes[:_MOST_CLASSES], CARD, "schema(class) for one; query() for the rest")

    def _used(self, prefix: str, classes: Sequence[Json]) -> bool:
        always = ("mg", "schema", "rdfs", "skos", "prov", "oa", "xsd")
        return prefix in always or any(str(one["class"]).startswith(f"{prefix}:") for one in classes)

    def _properties(self, kind: str) -> Json:
        iri = self._publication[kind].iri
        rows = self._publication.query(_PROPERTIES % iri)
        names = self._names([str(row["property"]) for row in rows])
        properties = [
            {
                "property": self.short(str(row["property"])),
                "name": names[str(row["property"])],
                "count": row["count"],
                "example": plain(row["example"], 80),
            }
            for row in rows
        ]
        if not properties:
            advice = "schema() lists the classes that have things"
            raise MissiongraphError(Problem(f"nothing is a {self.short(iri)}", advice=advice))
        answer: Json = {
            "class": iri,
            "count": self._publication.query(f"SELECT (COUNT(*) AS ?n) {{ ?s a <{iri}> }}").value(),
            "next": f'query("SELECT ?s WHERE {{ ?s a {self.short(iri)} }} LIMIT 10")',
        }
        return bounded(answer, "properties", properties, CARD, "query() with ?p counts the rest")

    def _names(self, iris: Sequence[str]) -> dict[str, str]:
        given = " ".join(f"<{iri}>" for iri in iris)
        text = (
            f"SELECT ?p (SAMPLE(?l) AS ?name) {{ VALUES ?p {{ {given} }} ?p {RDFS.label} ?l "
            'FILTER(LANG(?l) IN ("en", "")) } GROUP BY ?p'
        )
        found = {str(row["p"]): str(row["name"]) for row in self._publication.query(text)} if iris else {}
        return {iri: found.get(iri) or local(iri) for iri in iris}

    def terms(self) -> Json:
        """The terms that the publication declares, each with its name and what it means."""
        rows = self._publication.query(_TERMS)
        items = [
            {"term": self.short(str(row["term"])), "name": plain(row["name"]), "means": plain(row["about"], 200)}
            for row in rows
        ]
        return bounded(
            {"count": len(items)}, "terms", items, 32_000, "query() reads the rest: ?term rdfs:comment ?about"
        )

    def short(self, iri: str) -> str:
        """The prefixed name of *iri* where there is one."""
        for prefix, namespace in self._publication.prefixes.items():
            local = iri.removeprefix(namespace)
            if local != iri and local.replace("-", "").replace("_", "").isalnum():
                return f"{prefix}:{local}"
        return iri


def plain(value: Value | None, most: int = _TEXT) -> object:
    """*value* as JSON has it."""
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, IRI) else shortened(str(value), most)


def local(iri: str) -> str:
    """The last part of *iri*."""
    return local_name(NamedNode(iri))


def _is_scaffolding(kind: str) -> bool:
    return kind.startswith(_SCAFFOLDING) or NamedNode(kind) in SCAFFOLDING
