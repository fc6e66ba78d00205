"""The answers of the tools: find, describe, facts, schema, query, check, examples; small, with the next call named."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from urllib.parse import quote

from missiongraph.agents.schema_card import SchemaCard, local, plain
from missiongraph.agents.small_json import CARD, LIST, Json, bounded, shortened, size
from missiongraph.api.facts import Evidence, Fact, Source
from missiongraph.api.publication import Publication
from missiongraph.api.values import IRI, Text
from missiongraph.engine.query_clauses import query_form
from missiongraph.errors import MissiongraphError, Problem, nearest
from missiongraph.publication.query_files import Question
from missiongraph.publication.settings import pick
from missiongraph.vocab import DESCRIPTION_PROPERTIES, LABEL_PROPERTIES

#: Characters of words on a card, where a call for the whole is named.
_FEW_WORDS = 140

#: Characters of a citation on a card.
_CITATION = 400

#: Characters of a description, and of the words of one passage in a list of facts.
_DESCRIPTION, _PASSAGE = 300, 700

#: The longest address of a query that is given to be cited.
_LONGEST_LINK = 1500

_MOST_ROWS = 200
_MOST_NAMING = 6

_TEXTS = frozenset(p.value for p in (*LABEL_PROPERTIES, *DESCRIPTION_PROPERTIES))


class Answers:
    """The answers about one publication, as objects of JSON."""

    def __init__(self, publication: Publication) -> None:
        """:param publication: what is asked"""
        self._publication = publication
        self.card = SchemaCard(publication)

    def find(self, text: str, kind: str, language: str, most: int) -> Json:
        """The things that *text* may name."""
        found = self._publication.find(text, most=max(1, min(most, 20)), kind=kind, language=self._language(language))
        things = [
            {
                "iri": one.iri,
                "name": one.name,
                "type": [self.card.short(kind) for kind in one.types[:3]],
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
            "type": [self.card.short(kind) for kind in one.types],
            "description": shortened(one.description(language) or "", _DESCRIPTION),
            "named_by": {self.card.short(iri): count for iri, count in counted.most_common(8)},
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
            answer["sources"] = {mark: shortened(str(sources[mark]), _CITATION) for mark in sorted(used)}
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
            "property": self.card.short(fact.property),
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
            naming = one.named_by(language=language)
            found += [f for f in naming if property in (f.property, self.card.short(f.property))]
            if not found:
                known = sorted({self.card.short(f.property) for f in (*one.facts(), *naming)})
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
            "property": self.card.short(fact.property),
            "value": plain(fact.value),
            "says": str(fact),
            "accepted": fact.accepted,
            "evidence": [_evidence(one) for one in fact.evidence[:5]],
            **({"inferred_by": fact.rule} if fact.rule and not fact.evidence else {}),
        }

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
            {"variables": table.variables, "count": len(table), **answer},
            "rows",
            rows[: max(1, min(most, _MOST_ROWS))],
            LIST,
            advice,
        )
        if len(shown["rows"]) < len(table):
            shown |= {"left_out": len(table) - len(shown["rows"]), "next": f"query(sparql) again: {advice}"}
        things = [cell for row in table for cell in row.values() if isinstance(cell, IRI)]
        shown.setdefault("next", f'describe("{things[0]}")' if things else "examples() has tested queries")
        if not table:
            shown["next"] = "find(text) or schema(class): no row came, so check the names. Perhaps no source says it."
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
