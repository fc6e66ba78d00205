"""Statements as facts in groups: the profile says which, in what order, under what name; the margin says why."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pyoxigraph import BlankNode, Literal, NamedNode

from missiongraph.describe import Statement, description_of, statements_about, statements_naming, values
from missiongraph.engine.protocol import Term, rows
from missiongraph.profile import PropertyProfile
from missiongraph.settings import pick
from missiongraph.vocab import DESCRIPTION_PROPERTIES, GEO, LABEL_PROPERTIES, LINK_PROPERTIES, MG, RDF, SCHEMA, SKOS
from missiongraph.web import formatting
from missiongraph.web.notes import Margin
from missiongraph.web.reader import Reader, local_name, upper_first
from missiongraph.web.views import Disagreement, Evidence, Fact, Group, Value, Version

#: Values of one property that a page shows; the others are a query away.
MOST_VALUES = 60

#: A part of a document that takes more than this to tell is linked by its name instead.
_LONGEST_PART = 60
_LONGEST_SUMMARY = 2000

#: More notes than this beside one fact, and each value gets a row of its own.
_MOST_NOTES = 3


@dataclass(frozen=True)
class Conflict:
    """What a ``mg:Disagreement`` says of one property of a thing."""

    iri: NamedNode
    claims: tuple[NamedNode, ...]
    accepted: tuple[NamedNode, ...]
    note: str | None


class Facts:
    """The facts about one resource, for one reader."""

    def __init__(self, reader: Reader, iri: NamedNode) -> None:
        """Reads the statements about *iri*, those that its profile wants from the other side, and their graphs."""
        engine = reader.site.engine
        self._reader, self.iri = reader, iri
        self.statements = statements_about(engine, iri)
        self.types = tuple(
            s.object for s in self.statements if s.predicate == RDF.type and isinstance(s.object, NamedNode)
        )
        self._profiles = reader.site.profile.of(self.types)
        self._names = {p.key: p.names for p in self._profiles if p.names}
        accepted = [s for s in self.statements if s.accepted]
        self._lead = description_of(accepted or self.statements, reader.language)
        self._inverse = {
            p.path: statements_naming(engine, iri, p.path, MOST_VALUES) for p in self._profiles if p.inverse
        }
        everything = (*self.statements, *(s for found in self._inverse.values() for s in found))
        self._conflicts = _conflicts(reader, iri)
        claims = [claim for conflict in self._conflicts.values() for claim in conflict.claims]
        reader.learn([t for s in everything for t in (s.subject, s.predicate, s.object)])
        self.margin = Margin(reader, dict.fromkeys([g for s in everything for g in s.graphs] + claims))
        self._nested = _nested(reader, iri, self.statements)

    @property
    def seen_inverse(self) -> frozenset[NamedNode]:
        """Properties whose incoming statements are facts of the page already."""
        return frozenset(path for path, found in self._inverse.items() if found)

    def description(self) -> Value | None:
        """What the thing is, in a sentence."""
        if self._lead is None:
            return None
        text, language = self._lead
        return Value(text, lang=language if language != self._reader.language else None)

    def _in_the_lead(self) -> frozenset[NamedNode]:
        """The property whose text stands at the head of the page already."""
        text = self._lead[0] if self._lead else None
        return frozenset(
            s.predicate
            for s in self.statements
            if s.predicate in DESCRIPTION_PROPERTIES and isinstance(s.object, Literal) and s.object.value == text
        )

    def groups(self) -> tuple[Group, ...]:
        """All facts but types and links elsewhere: first as the profile orders them, then what it does not know."""
        outgoing = self._by_predicate()
        passed_over = {*LINK_PROPERTIES, *self._in_the_lead(), RDF.type}  # they have their own places on the page
        groups: dict[str, tuple[str, list[Fact]]] = {}
        for profile in self._profiles:
            found = self._inverse[profile.path] if profile.inverse else outgoing.pop(profile.path, ())
            if profile.path in passed_over:
                continue
            title = self._section_title(profile)
            if found or (profile.path in self._conflicts and not profile.inverse):
                facts = self._facts(profile.path, found, profile)
                groups.setdefault(title, (title, []))[1].extend(facts)
        for predicate, found in outgoing.items():
            if predicate not in passed_over:
                title = self._fallback_title(predicate, found)
                groups.setdefault(title, (title, []))[1].extend(self._facts(predicate, found, None))
        return tuple(Group(title, tuple(facts)) for title, facts in groups.values())

    def elsewhere(self) -> tuple[Fact, ...]:
        """Links to the same or a like thing in other datasets."""
        outgoing = self._by_predicate()
        return tuple(f for p in LINK_PROPERTIES for f in self._facts(p, outgoing.get(p, ()), None))

    def _by_predicate(self) -> dict[NamedNode, Sequence[Statement]]:
        found: dict[NamedNode, list[Statement]] = defaultdict(list)
        accepted = any(s.accepted for s in self.statements)
        for statement in self.statements:
            if statement.accepted or not accepted:
                found[statement.predicate].append(statement)
        ordered = sorted(found, key=lambda p: (LABEL_PROPERTIES.index(p) if p in LABEL_PROPERTIES else 99, p.value))
        return {predicate: found[predicate] for predicate in ordered}

    def _section_title(self, profile: PropertyProfile) -> str:
        section = profile.section
        return pick(section.titles, (self._reader.language,)) if section else self._reader.say("Facts")

    def _fallback_title(self, predicate: NamedNode, found: Sequence[Statement]) -> str:
        if predicate in LABEL_PROPERTIES or any(isinstance(s.object, Literal) and s.object.language for s in found):
            return self._reader.say("Names and descriptions")
        if all(isinstance(s.object, Literal) for s in found):
            return self._reader.say("Values")
        return self._reader.say("Relations")

    def _facts(self, predicate: NamedNode, found: Sequence[Statement], profile: PropertyProfile | None) -> list[Fact]:
        inverse = profile is not None and profile.inverse
        names = self._names.get((predicate, inverse))
        label = upper_first(pick(names, (self._reader.language,))) if names else self._name(predicate, inverse)
        hint = pick(profile.descriptions, (self._reader.language,)) or None if profile else None
        conflict = self._conflicts.get(predicate) if not inverse else None
        if conflict is not None:
            note = self._disagreement(predicate, conflict, label)
            return [Fact(label, disagreement=note, hint=hint, id=f"fact-{_slug(predicate)}")]
        if not found:
            return []
        end = [s.subject if inverse else s.object for s in found]
        notes = self._notes(found, label)
        whole = Fact(label, self._values(end, predicate)[:MOST_VALUES], notes, hint=hint, total=len(end))
        if len(notes) <= _MOST_NOTES or len(found) == 1:
            return [whole]
        rows_of = [
            Fact(label, self._values([term], predicate), self._notes([s], label), hint=hint)
            for s, term in zip(found, end, strict=True)
        ]
        return sorted(rows_of, key=lambda fact: fact.values[0].text.casefold())[:MOST_VALUES]

    def _name(self, predicate: NamedNode, inverse: bool) -> str:
        return self._reader.property_name(predicate, inverse=inverse)

    def _notes(self, found: Iterable[Statement], label: str) -> tuple[Evidence, ...]:
        return self.margin.notes(dict.fromkeys(graph for s in found for graph in s.graphs), label)

    def _values(self, terms: Sequence[Term], predicate: NamedNode) -> tuple[Value, ...]:
        plain = [term for term in terms if term not in self._nested]
        nested = [
            Value(self._nested[term], href=f"#{term.value.partition('#')[2]}" if isinstance(term, NamedNode) else None)
            for term in terms
            if term in self._nested
        ]
        return (*self._reader.values(plain, predicate), *nested)

    def _said_instead(self, claims: Sequence[NamedNode], predicate: NamedNode) -> tuple[Value, ...]:
        """What *claims* state with *predicate* of other things: a version that is not about this one."""
        stated = f"VALUES ?g {{ {values(claims)} }} GRAPH ?g {{ ?s {predicate} ?o }}"
        text = f"SELECT DISTINCT ?s ?o WHERE {{ {stated} }} ORDER BY ?s ?o"
        found = [(row["s"], row["o"]) for row in rows(self._reader.site.engine, text)]
        self._reader.learn([term for pair in found for term in pair])
        return tuple(
            Value(f"{self._reader.label(s)[0]}: {self._reader.label(o)[0]}", unshared=True)
            for s, o in found
            if s is not None and o is not None
        )

    def _disagreement(self, predicate: NamedNode, conflict: Conflict, label: str) -> Disagreement:
        by_values: dict[frozenset[Term], list[NamedNode]] = defaultdict(list)
        for claim in conflict.claims:
            stated = frozenset(s.object for s in self.statements if s.predicate == predicate and claim in s.graphs)
            by_values[stated].append(claim)
        shared = frozenset.intersection(*by_values) if by_values else frozenset()
        versions = [
            Version(
                values=tuple(
                    _unshared(self._reader.value(term, predicate), term not in shared)
                    for term in sorted(terms, key=lambda t: self._reader.label(t)[0].casefold())
                )
                or self._said_instead(claims, predicate),
                evidence=self.margin.notes(claims, label),
                accepted=any(claim in conflict.accepted for claim in claims),
            )
            for terms, claims in by_values.items()
        ]
        address = self._reader.site.address_of(conflict.iri)
        return Disagreement(
            tuple(
                sorted(versions, key=lambda v: (-len({n.origin or n.source.text for n in v.evidence}), not v.accepted))
            ),
            about=label[:1].lower() + label[1:],
            reason=conflict.note,
            page=self._reader.href(address) if address else None,
        )


def _unshared(value: Value, unshared: bool) -> Value:
    return Value(
        value.text, value.kind, value.href, value.lang, value.aside, value.tag, value.datatype, value.machine, unshared
    )


def _conflicts(reader: Reader, iri: NamedNode) -> dict[NamedNode, Conflict]:
    text = f"""SELECT ?d ?p ?claim ?accepted ?note WHERE {{
        ?d {MG.aboutSubject} {iri} ; {MG.aboutProperty} ?p ; {MG.claim} ?claim .
        OPTIONAL {{ ?d {MG.acceptedClaim} ?accepted }} OPTIONAL {{ ?d {SKOS.editorialNote} ?note }} }}"""
    found: dict[NamedNode, tuple[NamedNode, set[NamedNode], set[NamedNode], dict[str, str]]] = {}
    for row in rows(reader.site.engine, text):
        node, predicate, claim = row["d"], row["p"], row["claim"]
        if not (isinstance(node, NamedNode) and isinstance(predicate, NamedNode) and isinstance(claim, NamedNode)):
            continue
        _, claims, accepted, notes = found.setdefault(predicate, (node, set(), set(), {}))
        claims.add(claim)
        if isinstance(row["accepted"], NamedNode):
            accepted.add(row["accepted"])
        if isinstance(row["note"], Literal):
            notes[row["note"].language or ""] = row["note"].value
    return {
        predicate: Conflict(
            node,
            tuple(sorted(claims, key=str)),
            tuple(sorted(accepted, key=str)),
            pick(notes, (reader.language,)) or None,
        )
        for predicate, (node, claims, accepted, notes) in found.items()
    }


def _nested(reader: Reader, iri: NamedNode, statements: Iterable[Statement]) -> dict[Term, str]:
    """Values that exist for this resource alone (blank nodes, its own hash IRIs), each told in a line."""
    predicates = {s.predicate for s in statements if _is_nested(s.object, iri)}
    found: dict[Term, dict[NamedNode, list[Term]]] = defaultdict(lambda: defaultdict(list))
    own = f"isBlank(?part) || STRSTARTS(STR(?part), {Literal(iri.value + '#')})"
    for predicate in sorted(predicates, key=str):
        text = f"SELECT ?part ?p ?o WHERE {{ {iri} {predicate} ?part FILTER({own}) ?part ?p ?o }} LIMIT 500"
        for row in rows(reader.site.engine, text):
            part, link, value = row["part"], row["p"], row["o"]
            if part is not None and isinstance(link, NamedNode) and value is not None:
                found[part][link].append(value)
    reader.learn([t for parts in found.values() for p, values in parts.items() for t in (p, *values)])
    told = {part: summary(reader, properties) for part, properties in found.items()}
    return {part: text for part, text in told.items() if isinstance(part, BlankNode) or len(text) <= _LONGEST_PART}


def _is_nested(term: Term, iri: NamedNode) -> bool:
    return isinstance(term, BlankNode) or (isinstance(term, NamedNode) and term.value.startswith(f"{iri.value}#"))


def summary(reader: Reader, properties: Mapping[NamedNode, Sequence[Term]]) -> str:
    """A node in a line: an amount, a place, or its properties."""
    lexical = {p: v[0].value for p, v in properties.items() if isinstance(v[0], Literal)}
    if SCHEMA.value in lexical and SCHEMA.currency in lexical:
        return formatting.format_money(lexical[SCHEMA.value], lexical[SCHEMA.currency], reader.language)
    if GEO.asWKT in lexical:
        return formatting.format_point(lexical[GEO.asWKT], reader.language)
    parts = [
        f"{reader.property_name(p)}: {'…' if isinstance(value, BlankNode) else reader.value(value, p).text}"
        for p, values in sorted(properties.items(), key=lambda item: item[0].value)
        for value in values
        if p != RDF.type
    ]
    return "; ".join(parts)[:_LONGEST_SUMMARY]


def _slug(predicate: NamedNode) -> str:
    return formatting.humanise(local_name(predicate)).lower().replace(" ", "-")
