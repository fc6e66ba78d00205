"""The facts of a resource, in groups. The application profile orders and names them, and the margin has their notes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property

from pyoxigraph import BlankNode, Literal, NamedNode

from missiongraph.engine.protocol import Term
from missiongraph.geometry import GEOMETRIES, GEOMETRY_OF, Geometry, stated_geometry
from missiongraph.graph.application_profile import PropertyProfile
from missiongraph.graph.statements_and_labels import (
    Properties,
    Statement,
    count_naming,
    count_stated,
    description_of,
    properties_of,
)
from missiongraph.publication.settings import pick
from missiongraph.vocab import DESCRIPTION_PROPERTIES, LABEL_PROPERTIES, RDF, SCHEMA, local_name
from missiongraph.web.content.facts.batched_reading import MOST_READ, MOST_VALUES, Prefetched, prefetch
from missiongraph.web.content.facts.declared_disagreements import Conflict
from missiongraph.web.content.facts.nested_values import Nested
from missiongraph.web.content.facts.rdf_lists import Members, position_of
from missiongraph.web.content.facts.summaries import summary
from missiongraph.web.content.facts.versions_side_by_side import disagreement
from missiongraph.web.content.layout.page_frame import all_of, list_of, statement_history
from missiongraph.web.content.layout.term_writer import Reader, upper_first
from missiongraph.web.rendering import formatting
from missiongraph.web.rendering.view_models import Disagreement, Evidence, Fact, Group, Link, Value
from missiongraph.web.rendering.view_models.parts import FIRST_VALUES

#: Longest text, in characters, that shows a hash IRI by its properties. A longer one is shown by its name.
_LONGEST_PART = 60

#: Properties that the text of a point shows already.
_POSITION = frozenset((RDF.type, *GEOMETRIES, SCHEMA.latitude, SCHEMA.longitude))


class Facts:
    """The facts of one resource, for one reader."""

    def __init__(self, reader: Reader, iri: NamedNode, prefetched: Prefetched | None = None) -> None:
        """Arrange the statements about *iri*.

        :param prefetched: what `prefetch` has read of it, if the page has more than one resource
        """
        known = prefetched or prefetch(reader, [iri])[iri]
        self._reader, self.iri = reader, iri
        self.statements, self.types, self.margin = known.statements, known.types, known.margin
        self._profiles, self._inverse, self._conflicts = known.profiles, known.inverse, known.conflicts
        self._further, self._denied = known.further, known.denied
        self._names = {p.key: p.names for p in self._profiles if p.names and not p.before}
        accepted = [s for s in self.statements if s.accepted]
        self._lead = description_of(accepted or self.statements, reader.language)
        self._in_place = self._places(known.nested)
        self._own = (_properties(accepted), *known.nested.values())
        self._below = Nested(reader, iri, known.below)
        in_a_line = {p: self._part(p, found) for p, found in known.nested.items() if isinstance(p, NamedNode)}
        self._nested = {p: v for p, v in in_a_line.items() if len(v.text) <= _LONGEST_PART}

    @cached_property
    def geometry(self) -> Geometry | None:
        """Where the resource lies: its own geometry, that of a part of it, or that of the geometry it links to."""
        found = next((g for g in map(stated_geometry, self._own) if g is not None), None)
        links = [t for p in GEOMETRY_OF for t in self._own[0].get(p, ()) if isinstance(t, NamedNode)]
        if found is not None or not links:
            return found
        linked = properties_of(self._reader.site.engine, links)
        return next((g for link in links if (g := stated_geometry(linked[link])) is not None), None)

    @property
    def seen_inverse(self) -> frozenset[NamedNode]:
        """The properties whose incoming statements are facts of the page."""
        return frozenset(path for path, found in self._inverse.items() if found)

    @property
    def shown_in_full(self) -> frozenset[Term]:
        """Hash IRIs whose facts a row shows in full, with their id. They need no section of their own."""
        return frozenset(self._in_place)

    def _places(self, nested: Mapping[Term, Properties]) -> dict[Term, NamedNode]:
        """The hash IRIs that are points, each with the first property that leads to it."""
        found: dict[Term, NamedNode] = {}
        for predicate, statements in self._by_predicate().items():
            if predicate not in self._conflicts and len(statements) <= FIRST_VALUES:
                points = (s.object for s in statements if isinstance(s.object, NamedNode))
                placed = (p for p in points if any(written in nested.get(p, {}) for written in GEOMETRIES))
                found.update({p: predicate for p in placed if p not in found})
        return found

    def _part(self, part: NamedNode, properties: Properties) -> Value:
        """A hash IRI in one line, with a link to its section; a point has its further properties beneath it instead."""
        text = summary(self._reader, properties)
        if part not in self._in_place:
            return Value(text, href=_anchor(part))
        more = summary(self._reader, {p: v for p, v in properties.items() if p not in _POSITION})
        return Value(text, aside=more or None, iri=part.value)

    def description(self) -> Value | None:
        """The description of the resource."""
        if self._lead is None:
            return None
        text, language = self._lead
        return Value(text, lang=language if language != self._reader.language else None)

    def _in_the_lead(self) -> frozenset[NamedNode]:
        """The properties whose text is the description at the head of the page."""
        text = self._lead[0] if self._lead else None
        return frozenset(
            s.predicate
            for s in self.statements
            if s.predicate in DESCRIPTION_PROPERTIES and isinstance(s.object, Literal) and s.object.value == text
        )

    def groups(self) -> tuple[Group, ...]:
        """All facts except types and links elsewhere: first those of the profile in its order, then the others."""
        outgoing = self._by_predicate()
        passed_over = {
            *self._reader.site.coreference.linking,
            *self._in_the_lead(),
            RDF.type,
        }  # shown at other places of the page
        groups: dict[str, tuple[str, list[Fact]]] = {}
        for profile in self._profiles:
            if profile.before:
                facts = self._distant(profile)
            else:
                found = self._inverse[profile.path] if profile.inverse else outgoing.pop(profile.path, ())
                if found and not profile.inverse and not (found := self._once(profile.path, found)):
                    continue
                facts = [] if profile.path in passed_over else self._facts(profile.path, found, profile)
            if facts:
                title = self._section_title(profile)
                groups.setdefault(title, (title, []))[1].extend(facts)
        members = [(n, p) for p in outgoing if (n := position_of(p)) is not None]
        if members:
            ordered = [s for _, p in sorted(members, key=lambda item: item[0]) for s in outgoing.pop(p)]
            title = self._reader.say("Relations")
            groups.setdefault(title, (title, []))[1].append(self._members(ordered))
        for predicate, statements in outgoing.items():
            stated = [s for s in statements if not self.margin.is_inferred(s)]  # inferred from statements on the page
            if predicate not in passed_over and (found := self._once(predicate, stated)):
                title = self._fallback_title(predicate, found)
                groups.setdefault(title, (title, []))[1].extend(self._facts(predicate, found, None))
        return tuple(Group(title, tuple(facts)) for title, facts in groups.values())

    def _members(self, stated: Sequence[Statement]) -> Fact:
        """The members of an RDF container in order, as one fact."""
        label = self._reader.say("Members")
        found = Members(tuple(statement.object for statement in stated))
        value = self._below.listed(found, RDF.member)
        return Fact(label, (value,), self._notes(stated, label))

    def _once(self, predicate: NamedNode, found: Sequence[Statement]) -> Sequence[Statement]:
        """*found* without the points that the row of another property shows."""
        return [s for s in found if self._in_place.get(s.object, predicate) == predicate]

    def elsewhere(self) -> tuple[Fact, ...]:
        """Links to the same or similar things in other datasets, by relation.

        The register that a link leads to says what it means; if it says nothing, the property does.
        """
        outgoing = self._by_predicate()
        facts = []
        for predicate in self._reader.site.coreference.linking:
            by_relation: dict[str, list[Statement]] = defaultdict(list)
            for statement in outgoing.get(predicate, ()):
                target = str(getattr(statement.object, "value", ""))
                stated = self._reader.site.coreference.relation_by_register(target, self.types, predicate)
                by_relation[pick(stated, (self._reader.language,))].append(statement)
            for relation, found in by_relation.items():
                facts += self._facts(predicate, found, None, upper_first(relation))
        return tuple(facts)

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

    def _facts(
        self, predicate: NamedNode, found: Sequence[Statement], profile: PropertyProfile | None, label: str = ""
    ) -> list[Fact]:
        inverse = profile is not None and profile.inverse
        names = self._names.get((predicate, inverse), {})
        label = label or upper_first(pick(names, (self._reader.language,))) or self._name(predicate, inverse)
        hint = pick(profile.descriptions, (self._reader.language,)) or None if profile else None
        conflict = self._conflicts.get(predicate) if not inverse else None
        if conflict is not None:
            note = self._disagreement(predicate, conflict, label)
            return [Fact(label, disagreement=note, hint=hint, id=f"fact-{_slug(predicate)}")]
        if not found:
            return _unstated(label, hint, profile)
        total, all_href = self._all(predicate, found, inverse=inverse)
        found = found[:MOST_VALUES]
        end = [s.subject if inverse else s.object for s in found]
        notes = self._notes(found, label)
        values = self._values(end, predicate)
        whole = Fact(label, values, notes, hint=hint, total=total, all_href=all_href, inverse=inverse)
        if all_href or len({self.margin.support(statement.graphs) for statement in found}) == 1:
            return [whole]
        rows_of = [
            Fact(label, self._values([term], predicate), self._notes([s], label), hint=hint, inverse=inverse)
            for s, term in zip(found, end, strict=True)
        ]
        return sorted(rows_of, key=lambda fact: self._reader.sort_key(fact.values[0].text))

    def _distant(self, profile: PropertyProfile) -> list[Fact]:
        """The fact of a property path of several steps, which only a shape can ask for."""
        found = self._further[profile.steps][:MOST_VALUES]
        names = (pick(profile.names, (self._reader.language,)), self._name(profile.path, inverse=profile.inverse))
        label = upper_first(names[0] or names[1])
        hint = pick(profile.descriptions, (self._reader.language,)) or None
        if not found:
            return _unstated(label, hint, profile)
        values_ = self._reader.values([s.object for s in found], profile.path)
        notes = self.margin.notes(dict.fromkeys(graph for s in found for graph in s.graphs), label)
        return [Fact(label, values_, notes, hint=hint, distant=True)]

    def _all(self, predicate: NamedNode, found: Sequence[Statement], *, inverse: bool) -> tuple[int, str | None]:
        """The number of all statements, and the address of a page with all if *found* is not all of them."""
        if len(found) <= MOST_VALUES:
            return len(found), None
        engine = self._reader.site.engine
        if not inverse:
            counted = len(found) if len(found) < MOST_READ else count_stated(engine, self.iri, predicate)
            return counted, all_of(self._reader, f"{self.iri} {predicate} ?thing")
        total = count_naming(engine, self.iri).get(predicate, 0)
        return total, all_naming(self._reader, self.iri, predicate)

    def _name(self, predicate: NamedNode, inverse: bool) -> str:
        return self._reader.property_name(predicate, inverse=inverse)

    def _notes(self, found: Iterable[Statement], label: str) -> tuple[Evidence, ...]:
        """The margin notes of *found*. If they have one subject and property, each links to the statement's history."""
        statements = list(found)
        graphs = (g for s in statements for g in s.graphs if g not in self._denied or not self._is_shown(s.object))
        notes = self.margin.notes(dict.fromkeys(graphs), label)
        ends = {(s.subject, s.predicate) for s in statements if isinstance(s.subject, NamedNode)}
        if len(ends) != 1 or self._reader.site.static:  # an export has histories of disagreements only
            return notes
        history = self._history(*ends.pop())
        return tuple(replace(note, history=history) for note in notes)

    def _is_shown(self, term: Term) -> bool:
        """Whether a row shows the properties of *term*, a blank node or hash IRI of this resource."""
        return isinstance(term, BlankNode) or term in self._nested

    def _history(self, thing: NamedNode, predicate: NamedNode) -> str:
        return self._reader.href(statement_history(thing, predicate).address())

    def _values(self, terms: Sequence[Term], predicate: NamedNode) -> tuple[Value, ...]:
        plain = [term for term in terms if term not in self._nested]
        nested = [self._nested[t] for t in terms if isinstance(t, NamedNode) and t in self._nested]
        return (*self._below.values(plain, predicate), *nested)

    def disagreement_on(self, predicate: NamedNode) -> Fact | None:
        """The disagreement on *predicate*, if there is one, for its own page."""
        conflict = self._conflicts.get(predicate)
        if conflict is None:
            return None
        label = self._name(predicate, inverse=False)
        return Fact(label, disagreement=replace(self._disagreement(predicate, conflict, label), page=None))

    def _disagreement(self, predicate: NamedNode, conflict: Conflict, label: str) -> Disagreement:
        said = [s for s in self.statements if s.predicate == predicate]
        found = disagreement(self._reader, predicate, said, conflict, self.margin, label)
        return replace(found, history=self._history(self.iri, predicate))


def all_naming(reader: Reader, iri: NamedNode, predicate: NamedNode) -> str:
    """The address of the list of things with *iri* as *predicate*.

    An export lists the things of classes only. For other properties, the address is that of a query.
    """
    if predicate == RDF.type or not reader.site.static:
        return reader.href(list_of(predicate, iri).address())
    return all_of(reader, f"?thing {predicate} {iri}")


def _unstated(label: str, hint: str | None, profile: PropertyProfile | None) -> list[Fact]:
    """A row that says that no source gives a value, if the shape sets ``mg:expected``; its hint is in the margin."""
    expected = profile is not None and profile.expected
    return [Fact(label, hint=hint, note=Link(hint) if hint else None)] if expected else []


def _properties(statements: Iterable[Statement]) -> Properties:
    found: dict[NamedNode, list[Term]] = defaultdict(list)
    for statement in statements:
        found[statement.predicate].append(statement.object)
    return found


def _anchor(part: NamedNode) -> str:
    return f"#{part.value.partition('#')[2]}"


def _slug(predicate: NamedNode) -> str:
    return formatting.humanise(local_name(predicate)).lower().replace(" ", "-")
