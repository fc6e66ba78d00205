"""What all pages about a resource share: title, formats, layout, sections of hash IRIs, incoming links."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from missiongraph.graph.statements_and_labels import (
    Properties,
    count_inferred_naming,
    count_naming,
    properties_of,
    subjects_naming,
    values,
)
from missiongraph.vocab import DCTERMS, LABEL_PROPERTIES, MG, OWL, PROV
from missiongraph.web.content.facts.batched_reading import Prefetched, prefetch
from missiongraph.web.content.facts.facts import Facts, all_naming
from missiongraph.web.content.facts.nested_values import Nested
from missiongraph.web.content.facts.schema_org import structured_data
from missiongraph.web.content.layout.page_frame import layout_of, things_of
from missiongraph.web.content.layout.term_writer import Reader
from missiongraph.web.http.registry import DATA, Member
from missiongraph.web.rendering import formatting
from missiongraph.web.rendering.view_models import Fact, Group, Incoming, Link, Lost, Section, Withdrawn

#: Most incoming links of each property on a page. A link leads to a list of all.
MOST_NAMING = 9

#: Most hash IRIs of a document with margin notes. Further ones have values only.
MOST_SECTIONS = 40


def named_types(reader: Reader, facts: Facts) -> list[NamedNode]:
    """The types of a resource that have a name; all its types if none has."""
    return [t for t in facts.types if reader.label(t)[0] != reader.short(t)] or list(facts.types)


@dataclass(frozen=True)
class Page:
    """A page about a resource, before it is known which kind of page it is.

    :ivar parts: the hash IRIs of the resource
    """

    reader: Reader
    member: Member
    iri: NamedNode
    parts: tuple[NamedNode, ...]
    prefetched: Mapping[NamedNode, Prefetched]
    facts: Facts

    @classmethod
    def of(cls, reader: Reader, member: Member, parts: Sequence[NamedNode]) -> Page:
        """The page of *member*, with what the graph says about it and its hash IRIs."""
        iri = NamedNode(member.iri)
        prefetched = prefetch(reader, [iri, *parts[:MOST_SECTIONS]])
        return cls(reader, member, iri, tuple(parts), prefetched, Facts(reader, iri, prefetched[iri]))

    @property
    def title(self) -> str:
        """The name of the resource."""
        return self.reader.label(self.iri)[0]

    @property
    def formats(self) -> tuple[Link, ...]:
        """Links to the RDF formats of the page."""
        return tuple(Link(v.title, "/" + self.member.address(v.extension)) for v in DATA)

    @property
    def citation(self) -> str:
        """A citation of the page."""
        reader, build = self.reader, self.reader.site.build
        edition = reader.say("edition %(edition)s", edition=build.manifest["digest"][:6])
        name = formatting.quote(self.title, reader.language)
        return f"{reader.site.title(reader.language)}, {name}, {edition}."

    @property
    def kicker(self) -> tuple[Link, ...]:
        """The types of the resource, each with a link to the list of its things."""
        own = named_types(self.reader, self.facts)
        return tuple(Link(self.reader.class_name(t), things_of(self.reader, t)) for t in own)

    def html(self, template: str, view: object, description: str | None, above: Sequence[Link] = ()) -> str:
        """The page as HTML.

        :param template: its name
        :param above: the breadcrumb without the page itself; by default the list of the first type
        """
        reader = self.reader
        layout = layout_of(
            reader,
            self.member,
            self._window_title(),
            description=description,
            data=DATA,
            breadcrumb=self._breadcrumb(above),
            structured_data=structured_data(reader, self.iri, self.facts),
        )
        return reader.site.renderer.render(template, view, layout)

    def _window_title(self) -> str:
        """The title; if another resource has the same name, with the address."""
        names = [Literal(self.title), *(Literal(self.title, language=tag) for tag in self._tags())]
        text = f"""ASK {{ VALUES ?name {{ {" ".join(map(str, names))} }} VALUES ?p {{ {values(LABEL_PROPERTIES)} }}
            GRAPH ?g {{ ?other ?p ?name }}
            FILTER(isIRI(?other) && STRBEFORE(CONCAT(STR(?other), "#"), "#") != {Literal(self.iri.value)}) }}"""
        if not self.reader.site.engine.query(text):
            return self.title
        address = self.iri.value if self.member.arguments else self.member.path.removeprefix("doc/")
        return f"{self.title} ({address})"

    def _tags(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys((self.reader.language, self.reader.label(self.iri)[1] or "en", "en")))

    def _breadcrumb(self, above: Sequence[Link]) -> tuple[Link, ...]:
        kinds = [] if above else named_types(self.reader, self.facts)[:1]
        listed = [*above, *(Link(self.reader.plural(t), things_of(self.reader, t)) for t in kinds)]
        return (*listed, Link(self.title, current=True)) if listed else ()


def sections_of(page: Page) -> tuple[Section, ...]:
    """A section for each hash IRI of a document. Its id is the fragment."""
    reader = page.reader
    wanted = [part for part in page.parts if part in page.prefetched and part not in page.facts.shown_in_full]
    full = [_section_of(reader, Facts(reader, part, page.prefetched[part]), part) for part in wanted]
    described = properties_of(reader.site.engine, page.parts[MOST_SECTIONS:])
    reader.learn([t for found in described.values() for p, terms in found.items() for t in (p, *terms)])
    reader.learn(described)
    nested = Nested.of_all(reader, described)
    return (*full, *(_plain_section(reader, part, found, nested[part]) for part, found in described.items()))


def _plain_section(reader: Reader, part: NamedNode, found: Properties, nested: Nested) -> Section:
    facts = tuple(Fact(reader.property_name(p), nested.values(terms, p)) for p, terms in sorted(found.items(), key=str))
    name, language = reader.label(part)
    groups = (Group(reader.say("Facts"), facts),) if facts else ()
    return Section(part.value.partition("#")[2], name, groups, iri=part.value, lang=language)


def _section_of(reader: Reader, facts: Facts, part: NamedNode) -> Section:
    """A hash IRI as a section with margin notes."""
    name, language = reader.label(part)
    kinds = ", ".join(reader.class_name(kind) for kind in named_types(reader, facts))
    nameless = name == reader.short(part)  # the name of its class says more than its fragment
    title, kicker = (kinds, None) if nameless and kinds else (name, kinds or None)
    fragment = part.value.partition("#")[2]
    return Section(fragment, title, facts.groups(), kicker=kicker, iri=part.value, lang=language)


def incoming_links(
    reader: Reader, iri: NamedNode, facts: Facts, shown: Collection[NamedNode] = ()
) -> tuple[Incoming, ...]:
    """The things with *iri* as value, by property: the first ones, and their number.

    Properties whose incoming links are facts of the page are left out. So are those that only rules infer, since the
    page shows what they are inferred from.

    :param shown: further properties that the page shows in another form
    """
    counts = count_naming(reader.site.engine, iri)
    inferred = count_inferred_naming(reader.site.engine, iri)
    stated = [p for p in sorted(counts, key=str) if counts[p] > inferred.get(p, 0)]
    wanted = [p for p in stated if p not in facts.seen_inverse and p not in shown]
    found = subjects_naming(reader.site.engine, iri, wanted, MOST_NAMING)
    reader.learn([*found, *(subject for subjects in found.values() for subject in subjects)])
    return tuple(
        Incoming(
            label=reader.property_name(predicate),
            things=tuple(reader.link(subject) for subject in subjects),
            total=counts[predicate],
            all_href=all_naming(reader, iri, predicate) if counts[predicate] > len(subjects) else None,
        )
        for predicate, subjects in found.items()
    )


def lost(reader: Reader, source: NamedNode) -> Lost | None:
    """What would lose support without *source*; ``None`` if nothing rests on it."""
    found = reader.site.quality.losses.get(source)
    if found is None:
        return None
    href = reader.href(Member("sparql", "", (("query", found.query),)).address()) if found.bare else None
    return Lost(found.facts, found.bare, href)


def withdrawn(reader: Reader, facts: Facts) -> Withdrawn | None:
    """What the graph says of the withdrawal of the resource, if its rank is retired or it is deprecated."""
    found = {s.predicate: s.object for s in facts.statements}
    retired = found.get(MG.rank) == MG.retired or str(getattr(found.get(OWL.deprecated), "value", "")) in ("true", "1")
    if not retired:
        return None
    replacements = [s.object for s in facts.statements if s.predicate == DCTERMS.isReplacedBy]
    since = found.get(PROV.invalidatedAtTime)
    return Withdrawn(
        since=reader.value(since).text if since is not None else None,
        replacements=tuple(reader.link(iri) for iri in replacements if isinstance(iri, NamedNode)),
    )
