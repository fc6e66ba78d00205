"""Statements as facts in groups: the profile says which, in what order, under what name; the margin says why."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from pyoxigraph import BlankNode, Literal, NamedNode

from missiongraph.describe import Statement, count_naming, description_of, values
from missiongraph.engine.protocol import Term, rows
from missiongraph.profile import PropertyProfile
from missiongraph.settings import pick
from missiongraph.vocab import DESCRIPTION_PROPERTIES, GEO, LABEL_PROPERTIES, LINK_PROPERTIES, RDF, SCHEMA
from missiongraph.web import formatting
from missiongraph.web.frame import statement_history
from missiongraph.web.gathering import MOST_VALUES, Conflict, Gathered, gather
from missiongraph.web.reader import Reader, local_name, upper_first
from missiongraph.web.registry import Member
from missiongraph.web.views import Disagreement, Evidence, Fact, Group, Value, Version

#: A part of a document that takes more than this to tell is linked by its name instead.
_LONGEST_PART = 60
_LONGEST_SUMMARY = 2000

#: More notes than this beside one fact, and each value gets a row of its own.
_MOST_NOTES = 3


class Facts:
    """The facts about one resource, for one reader."""

    def __init__(self, reader: Reader, iri: NamedNode, gathered: Gathered | None = None) -> None:
        """Reads the statements about *iri*, those that its profile wants from the other side, and their graphs.

        :param gathered: what was read already, together with that of others
        """
        known = gathered or gather(reader, [iri])[iri]
        self._reader, self.iri = reader, iri
        self.statements, self.types, self.margin = known.statements, known.types, known.margin
        self._profiles, self._inverse, self._conflicts = known.profiles, known.inverse, known.conflicts
        self._names = {p.key: p.names for p in self._profiles if p.names}
        accepted = [s for s in self.statements if s.accepted]
        self._lead = description_of(accepted or self.statements, reader.language)
        told = {part: summary(reader, properties) for part, properties in known.nested.items()}
        self._nested = {p: text for p, text in told.items() if isinstance(p, BlankNode) or len(text) <= _LONGEST_PART}

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
        total, all_href = self._all(predicate, found, inverse=inverse)
        found = found[:MOST_VALUES]
        end = [s.subject if inverse else s.object for s in found]
        notes = self._notes(found, label)
        values = self._values(end, predicate)
        whole = Fact(label, values, notes, hint=hint, total=total, all_href=all_href, inverse=inverse)
        if all_href or len(notes) <= _MOST_NOTES or len(found) == 1:
            return [whole]
        rows_of = [
            Fact(label, self._values([term], predicate), self._notes([s], label), hint=hint, inverse=inverse)
            for s, term in zip(found, end, strict=True)
        ]
        return sorted(rows_of, key=lambda fact: fact.values[0].text.casefold())

    def _all(self, predicate: NamedNode, found: Sequence[Statement], *, inverse: bool) -> tuple[int, str | None]:
        """How many statements there are, and where all are listed if the page cannot."""
        if len(found) <= MOST_VALUES:
            return len(found), None
        if not inverse:
            return len(found), all_of(self._reader, f"{self.iri} {predicate} ?thing")
        return count_naming(self._reader.site.engine, self.iri).get(predicate, 0), all_of(
            self._reader, f"?thing {predicate} {self.iri}"
        )

    def _name(self, predicate: NamedNode, inverse: bool) -> str:
        return self._reader.property_name(predicate, inverse=inverse)

    def _notes(self, found: Iterable[Statement], label: str) -> tuple[Evidence, ...]:
        statements = list(found)
        notes = self.margin.notes(dict.fromkeys(graph for s in statements for graph in s.graphs), label)
        ends = {(s.subject, s.predicate) for s in statements if isinstance(s.subject, NamedNode)}
        if len(ends) != 1 or self._reader.site.static:  # files are there for what sources disagree on
            return notes
        history = self._history(*ends.pop())
        return tuple(replace(note, history=history) for note in notes)

    def _history(self, thing: NamedNode, predicate: NamedNode) -> str:
        return self._reader.href(statement_history(thing, predicate).address())

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
            history=self._history(self.iri, predicate),
        )


def all_of(reader: Reader, pattern: str) -> str:
    """The page with every ``?thing`` of *pattern*, as far as one page can hold them."""
    query = f"SELECT ?thing WHERE {{ {pattern} }} ORDER BY ?thing LIMIT 1000"
    return reader.href(Member("sparql", "", (("query", query),)).address())


def _unshared(value: Value, unshared: bool) -> Value:
    return Value(
        value.text, value.kind, value.href, value.lang, value.aside, value.tag, value.datatype, value.machine, unshared
    )


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
