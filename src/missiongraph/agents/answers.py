"""The answers of the tools: find, describe, facts, schema, query, check, examples. Each is small and names the next call."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from urllib.parse import quote

from pyoxigraph import NamedNode

from missiongraph.agents.small_json import CARD, LIST, Json, bounded, shortened, size
from missiongraph.api.facts import Evidence, Fact, Source
from missiongraph.api.publication import Publication
from missiongraph.api.values import IRI, Text, Value
from missiongraph.engine.query_clauses import query_form
from missiongraph.errors import MissiongraphError, Problem, nearest
from missiongraph.publication.query_files import Question
from missiongraph.publication.settings import pick
from missiongraph.vocab import (
    CSVW,
    DESCRIPTION_PROPERTIES,
    DQV,
    EARL,
    LABEL_PROPERTIES,
    OA,
    OWL,
    PROV,
    RDF,
    RDFS,
    SCAFFOLDING,
    SH,
    local_name,
)

#: Characters of words on a card, where a call for the whole is named.
_FEW_WORDS = 140

#: Characters of a description, and of the words of one passage in a list of facts.
_DESCRIPTION, _PASSAGE = 300, 700

#: The longest address of a query that is given to be cited.
_LONGEST_LINK = 1500

_MOST_ROWS = 200
_MOST_NAMING = 6
_MOST_CLASSES = 60

#: Namespaces of classes that say how the data is made, which are told last.
_SCAFFOLDING = (str(PROV), str(OA), str(EARL), str(SH), str(OWL), str(DQV), str(RDFS), str(RDF), str(CSVW))

_TEXTS = frozenset(p.value for p in (*LABEL_PROPERTIES, *DESCRIPTION_PROPERTIES))

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


class Answers:
    """The answers about one publication, as objects of JSON."""

    def __init__(self, publication: Publication) -> None:
        """:param publication: what is asked"""
        self._publication = publication

    def find(self, text: str, kind: str, language: str, most: int) -> Json:
        """The things that *text* may name."""
        found = self._publication.find(text, most=max(1, min(most, 20)), kind=kind, language=self._language(language))
        things = [
            {
                "iri": one.iri,
                "name": one.name,
                "type": [self.short(kind) for kind in one.types[:3]],
                "score": round(one.score),
                "sure": one.sure,
                **({"description": shortened(one.description, _FEW_WORDS)} if one.description else {}),
            }
            for one in found
        ]
        advice = "find(text, kind) with a class of schema() narrows"
        answer = bounded({"asked": shortened(text, 200)}, "found", things, CARD, advice)
        if not things:
            answer["next"] = "Nothing has this name. schema() lists the classes, examples() the questions."
        answer.setdefault("next", f'describe("{found[0].iri}")' if found else "schema()")
        return answer

    def describe(self, thing: str, language: str) -> Json:
        """A card of a thing: its facts, each with a few of its words and a source."""
        language = self._language(language)
        one = self._publication[thing]
        facts = [fact for fact in one.facts(language=language, most=8) if fact.property not in _TEXTS]
        facts = [f for f in facts if not (isinstance(f.value, Text) and f.value.language not in (language, "en"))]
        naming = one.named_by(language=language, most=200)
        facts += [fact for fact in naming if _words(fact)][:_MOST_NAMING]
        facts.sort(key=lambda fact: (not fact.accepted, not _words(fact), fact.subject != one.iri, -len(fact.evidence)))
        counted = Counter(fact.property for fact in naming)
        answer: Json = {
            "iri": one.iri,
            "name": one.label(language),
            "type": [self.short(kind) for kind in one.types],
            "description": shortened(one.description(language) or "", _DESCRIPTION),
            "named_by": {self.short(iri): count for iri, count in counted.most_common(8)},
            "sources": {},
            "cite": one.iri,
            "more": f'facts("{one.iri}", property) gives all words and sources of a property',
        }
        items = [self._line(fact, one.iri) for fact in facts]
        sources = _cited(facts)
        return self._with_sources(answer, items, sources)

    def _with_sources(self, answer: Json, items: list[Json], sources: dict[str, Source]) -> Json:
        """The card with as many facts as fit beside the citations of their sources."""
        for many in range(len(items), -1, -1):
            used = {mark for item in items[:many] for mark in item.get("sources", ())}
            answer["sources"] = {mark: shortened(str(sources[mark]), 200) for mark in sorted(used)}
            card = {**answer, "facts": items[:many]}
            if many < len(items):
                card["left_out"] = len(items) - many
                card["next"] = f'facts("{answer["iri"]}") lists the rest'
            if size(card) <= CARD:
                return card
        return {**answer, "sources": {}, "facts": [], "left_out": len(items)}

    def _line(self, fact: Fact, about: IRI) -> Json:
        words = _words(fact)
        return {
            **({"subject": fact.subject, "subject_name": fact.names[0]} if fact.subject != about else {}),
            "property": self.short(fact.property),
            "value": plain(fact.value),
            **({"name": fact.names[2]} if isinstance(fact.value, IRI) else {}),
            **({"words": shortened(words, _FEW_WORDS)} if words else {}),
            **({"sources": marks} if (marks := list(_cited([fact]))) else {}),
            **({"inferred": True} if fact.rule and not fact.evidence else {}),
            **({} if fact.accepted else {"accepted": False}),
        }

    def facts(self, thing: str, property: str, language: str, skip: int) -> Json:
        """Facts of a thing with all words, claims and sources; with a property, also what names the thing by it."""
        language = self._language(language)
        one = self._publication[thing]
        found = [*one.facts(property or None, language=language)]
        if property:
            found += [f for f in one.named_by(language=language) if property in (f.property, self.short(f.property))]
            if not found:
                known = sorted({self.short(f.property) for f in (*one.facts(), *one.named_by())})
                raise MissiongraphError(
                    Problem(
                        f"{one.iri} has no {property}", advice=nearest(property, known) or f"it has {', '.join(known)}"
                    )
                )
        items = [self._whole(fact) for fact in found[skip:]]
        shown = bounded({"iri": one.iri, "name": one.label(language), "cite": one.iri}, "facts", items, LIST, "")
        if shown.get("left_out"):
            asked = f'"{property}"' if property else '""'
            shown["next"] = f'facts("{one.iri}", {asked}, skip={skip + len(shown["facts"])})'
        return shown

    def _whole(self, fact: Fact) -> Json:
        return {
            "subject": fact.subject,
            "property": self.short(fact.property),
            "value": plain(fact.value),
            "says": str(fact),
            "accepted": fact.accepted,
            "evidence": [_evidence(one) for one in fact.evidence[:5]],
            **({"inferred_by": fact.rule} if fact.rule and not fact.evidence else {}),
        }

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
                "Accepted means taken over from a source, not verified. If no row comes, no source says so here; it may "
                "still be true.",
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
        text = f'SELECT ?p (SAMPLE(?l) AS ?name) {{ VALUES ?p {{ {given} }} ?p {RDFS.label} ?l FILTER(LANG(?l) IN ("en", "")) }} GROUP BY ?p'
        found = {str(row["p"]): str(row["name"]) for row in self._publication.query(text)} if iris else {}
        return {iri: found.get(iri) or local(iri) for iri in iris}

    def query(self, sparql: str, most: int) -> Json:
        """The answer of a query: rows, a truth value, or triples as N-Triples."""
        form = query_form(sparql)
        cite = f"{self._publication.base}sparql?query={quote(sparql)}"
        answer: Json = {"cite": cite} if len(cite) <= _LONGEST_LINK else {}
        if form == "ASK":
            return {"answer": self._publication.ask(sparql), **answer}
        advice = "ask for fewer columns, COUNT, or LIMIT with OFFSET"
        if form in ("CONSTRUCT", "DESCRIBE"):
            triples = sorted(self._publication.graph(sparql).serialize(format="nt").splitlines())
            return bounded({"count": len(triples), **answer}, "triples", triples, LIST, advice)
        table = self._publication.query(sparql)
        rows = [[plain(cell, 400) for cell in row.values()] for row in table]
        shown = bounded(
            {"variables": table.variables, "count": len(table), **answer}, "rows", rows[: max(1, min(most, _MOST_ROWS))],
            LIST, advice,
        )  # fmt: skip
        if len(shown["rows"]) < len(table):
            shown |= {"left_out": len(table) - len(shown["rows"]), "next": advice}
        things = [cell for row in table for cell in row.values() if isinstance(cell, IRI)]
        shown.setdefault("next", f'describe("{things[0]}")' if things else "examples() has tested queries")
        if not table:
            shown["next"] = "No row: check names with schema(class) and find(text); no source may say it here."
        return shown

    def check(self, sentence: str, language: str) -> Json:
        """Whether the graph says *sentence*, and by which words."""
        found = self._publication.check(sentence, language=self._language(language))
        answer: Json = {
            "sentence": sentence,
            "verdict": found.verdict,
            "means": _MEANS[found.verdict],
            "things": found.things,
            **({"not_found": found.left} if found.left else {}),
        }
        items = [{"fits": True, **self._whole(fact)} for fact in found.facts[:4]]
        items += [{"fits": False, **self._whole(fact)} for fact in found.others[:4]]
        shown = bounded(answer, "facts", items, LIST, "facts(thing, property) gives the rest")
        if found.things:
            shown.setdefault("next", f'describe("{found.things[0]}")')
        return shown

    def examples(self, about: str, language: str) -> Json:
        """Questions with their tested queries: those about *about*, or the one of that name."""
        language = self._language(language)
        questions = self._publication.questions
        exact = next((one for one in questions if one.name == about), None)
        if exact is not None:
            return {**_question(exact, language), "sparql": exact.query, "next": "query(sparql)"}
        words = [word for word in about.casefold().split() if word]
        items = [
            _question(one, language)
            for one in questions
            if all(word in f"{one.name} {one.title} {one.question}".casefold() for word in words)
        ]
        if not items:
            hint = "examples() without a word lists all" if questions else "this site does not publish its questions"
            return {"examples": [], "next": hint}
        shown = bounded({"count": len(items)}, "examples", items, CARD, "examples(about) narrows by words")
        shown.setdefault("next", f'examples("{items[0]["name"]}") gives its query')
        return shown

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

    def _language(self, asked: str) -> str:
        return asked or self._publication.languages[0]


#: What each verdict of a check means, for who relies on it.
_MEANS = {
    "stated": "An accepted fact says it, and each word was found. Quote the words below.",
    "disputed": "Only a claim that does not count says it. Say so.",
    "partly": "A fact fits in part; not_found was not found. Read the facts.",
    "differs": "Facts with fits: false say something else. Read both.",
    "denies": "The sentence denies or hedges. Decide by the facts below.",
    "unknown": "No fact fits. That does not make it false.",
}


def plain(value: Value | None, most: int = _DESCRIPTION) -> object:
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


def _words(fact: Fact) -> str:
    return next((words for one in fact.evidence for words in one.words), "")


def _mark(source: Source) -> str:
    return source.mark or local(source.iri)


def _cited(facts: Iterable[Fact]) -> dict[str, Source]:
    return {_mark(source): source for fact in facts for one in fact.evidence for source in one.sources}


def _evidence(one: Evidence) -> Json:
    return {
        "words": [shortened(words, _PASSAGE) for words in one.words[:3]],
        "source": "; ".join(map(str, one.sources)),
        "claim": one.graph,
        "rank": one.rank,
        **({"basis": one.basis} if one.basis else {}),
        **({"planned": True} if one.planned else {}),
    }


def _question(one: Question, language: str) -> Json:
    return {
        "name": one.name,
        "title": pick(one.title, (language,)) if one.title else one.name,
        **({"question": pick(one.question, (language,))} if one.question else {}),
    }
