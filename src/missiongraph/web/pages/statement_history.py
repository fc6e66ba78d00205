"""The history of a statement: all claims about one property of one thing, and the releases that changed it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from pyoxigraph import BlankNode, Literal, NamedNode

from missiongraph.build.changes import quads_of
from missiongraph.engine.protocol import Term, rows
from missiongraph.evidence.claim_graphs import Graph
from missiongraph.graph.statements_and_labels import statements_with
from missiongraph.publication.releases import NOW
from missiongraph.translation import message
from missiongraph.vocab import DCTERMS, MG, PROV
from missiongraph.web.content.facts.declared_disagreements import Conflict, conflicts_about
from missiongraph.web.content.facts.margin_notes import Margin
from missiongraph.web.content.layout.page_frame import layout_of, statement_history
from missiongraph.web.content.layout.term_writer import Reader
from missiongraph.web.context.site import Site
from missiongraph.web.http.registry import IRI_SCHEMA, Arguments, BadParameter, Family, Member, Variant, page_variants
from missiongraph.web.rendering.view_models import Fact, FactsPage, Group, Link, Section, Value

#: Most statements on a page, counted once for each graph; most changes of releases.
_MOST = 200

_Stated = tuple[NamedNode, Term]


def _find(site: Site, key: str, arguments: Arguments) -> Member | None:
    terms = []
    for name in ("subject", "property"):
        try:
            terms.append(NamedNode(arguments.get(name, "")))
        except ValueError:
            raise BadParameter(name, f"“{arguments.get(name, '')}” is not an absolute IRI") from None
    thing, predicate = terms
    text = f"""ASK {{ {{ GRAPH ?g {{ {thing} {predicate} ?o }} }}
        UNION {{ ?d {MG.aboutSubject} {thing} ; {MG.aboutProperty} {predicate} }} }}"""
    return statement_history(thing, predicate) if site.engine.query(text) else None


def _members(site: Site) -> Iterator[Member]:
    """The histories of statements on which sources disagree. Any other is found, not enumerated: there are too many."""
    text = f"SELECT DISTINCT ?s ?p WHERE {{ ?d {MG.aboutSubject} ?s ; {MG.aboutProperty} ?p }} ORDER BY ?s ?p"
    for row in rows(site.engine, text):
        if isinstance(row["s"], NamedNode) and isinstance(row["p"], NamedNode):
            yield statement_history(row["s"], row["p"])


def _render(site: Site, member: Member, variant: Variant) -> bytes:
    reader = Reader(site, replace(variant, opened=True))
    thing, predicate = (NamedNode(iri) for _, iri in member.arguments)
    conflict = conflicts_about(site.engine, [thing], reader.language).get(thing, {}).get(predicate)
    claims = _claims(site, thing, predicate, conflict)
    margin = Margin(reader, claims)
    document = NamedNode(thing.value.partition("#")[0])
    stated = [term for found in claims.values() for pair in found for term in pair]
    reader.learn([thing, document, predicate, *claims, *stated, *_named_terms(reader, margin)])
    name = reader.label(thing)[0]
    whole = name if document == thing else f"{reader.label(document)[0]}, {name}"
    title = f"{whole}: {reader.property_name(predicate)}"
    kicker = reader.say("History of the statement")
    lead = reader.say("Every claim about it, what became of each, and the releases that changed it.")
    if sum(map(len, claims.values())) > _MOST:
        lead += " " + reader.say("There are more claims than are told here.")
    ordered = sorted(claims, key=lambda graph: (_status(margin.graphs.get(graph), conflict), graph.value))
    view = FactsPage(
        title=title,
        kicker=kicker,
        lead=" ".join(filter(None, (lead, conflict.note if conflict else None))),
        groups=_about(reader, thing, predicate, conflict),
        sections=(
            *(_claim(reader, margin, thing, graph, claims[graph], conflict) for graph in ordered),
            *_releases(reader, thing, predicate),
        ),
    )
    layout = layout_of(
        reader,
        member,
        f"{title} ({kicker})",
        description=lead,
        breadcrumb=(reader.link(document), Link(title, current=True)),
    )
    return site.renderer.render("facts.html", view, layout).encode()


def _claims(
    site: Site, thing: NamedNode, predicate: NamedNode, conflict: Conflict | None
) -> dict[NamedNode, list[_Stated]]:
    """What each named graph states with *predicate* of *thing*, with subject and object.

    A claim of *conflict* belongs to it even if its subject is another thing.
    """
    claims: dict[NamedNode, list[_Stated]] = defaultdict(list)
    for statement in statements_with(site.engine, thing, predicate, _MOST + 1):
        for graph in statement.graphs:
            claims[graph].append((thing, statement.object))
    for graph in conflict.claims if conflict else ():
        if graph not in claims:
            text = f"SELECT ?s ?o WHERE {{ GRAPH {graph} {{ ?s {predicate} ?o }} }} ORDER BY ?s ?o LIMIT {_MOST}"
            found = ((row["s"], row["o"]) for row in rows(site.engine, text))
            claims[graph] = [(s, o) for s, o in found if isinstance(s, NamedNode) and o is not None]
    return claims


def _about(reader: Reader, thing: NamedNode, predicate: NamedNode, conflict: Conflict | None) -> tuple[Group, ...]:
    facts = [
        Fact(reader.say("About"), (_linked(reader.link(thing)),)),
        Fact(reader.say("Property"), (_linked(reader.link(predicate, reader.property_name(predicate))),)),
    ]
    if conflict:
        reader.learn([conflict.iri])
        facts.append(Fact(reader.say("Disagreement"), (_linked(reader.link(conflict.iri)),)))
    return (Group(reader.say("Statement"), tuple(facts)),)


def _linked(link: Link) -> Value:
    return Value(link.text, "entity", link.href, lang=link.lang)


#: The statuses of claims, in the order of the page.
_STATUSES = (message("accepted"), message("alternative"), message("superseded"), message("retired"))


def _status(graph: Graph | None, conflict: Conflict | None) -> int:
    """The status of a claim, as an index of ``_STATUSES``."""
    if graph is None:
        return 0
    if DCTERMS.isReplacedBy in graph.properties:
        return 2
    if graph.rank == MG.retired or PROV.invalidatedAtTime in graph.properties:
        return 3
    refused = conflict is not None and graph.iri in conflict.claims and graph.iri not in conflict.accepted
    return 1 if graph.rank == MG.alternative or refused else 0


def _named_terms(reader: Reader, margin: Margin) -> Iterator[Term]:
    """Terms in the sections whose names must be learned, beside those of the margin."""
    for graph in margin.graphs.values():
        yield from _origins(reader, graph)
        for predicate in (DCTERMS.isReplacedBy, MG.rank, MG.basis, MG.modality):
            yield from graph.properties.get(predicate, ())


def _origins(reader: Reader, graph: Graph | None) -> list[Term]:
    """The origins of the sources of *graph*: IRIs if this site has pages about them, else literals."""
    named = dict.fromkeys(source.origin for source in (graph.sources if graph else ()) if source.origin)
    return [NamedNode(name) if reader.site.address_of(name) else Literal(name) for name in named]


def _claim(
    reader: Reader,
    margin: Margin,
    thing: NamedNode,
    iri: NamedNode,
    stated: list[_Stated],
    conflict: Conflict | None,
) -> Section:
    """The section of a claim: its values with their notes, its status, its metadata."""
    graph = margin.graphs.get(iri)
    name, language = reader.label(iri)
    values = tuple(_value(reader, thing, *pair) for pair in stated)
    status = _STATUSES[_status(graph, conflict)]
    properties = graph.properties if graph else {}
    labelled = {
        message("Status"): [Value(reader.say(status))],
        message("Rank"): [reader.value(t) for t in properties.get(MG.rank, ())],
        message("Kind of claim"): [reader.value(t) for p in (MG.basis, MG.modality) for t in properties.get(p, ())],
        message("Independence group"): [reader.value(group) for group in _origins(reader, graph)],
        message("Dated"): [reader.value(graph.date)] if graph and graph.date else [],
        message("Withdrawn"): [reader.value(t) for t in properties.get(PROV.invalidatedAtTime, ())],
        message("Replaced by"): [reader.value(t) for t in properties.get(DCTERMS.isReplacedBy, ())],
        message("Graph"): [_linked(reader.link(iri, iri.value))],
    }
    facts = (
        Fact(reader.say("Value"), values, margin.notes([iri], reader.say("Value"))),
        *(Fact(reader.say(label), tuple(found)) for label, found in labelled.items() if found),
    )
    anchor = "claim-" + re.sub(r"[^A-Za-z0-9]+", "-", iri.value.removeprefix(reader.site.base))
    return Section(anchor, name, (Group("", facts),), kicker=reader.say(status), lang=language)


def _value(reader: Reader, thing: NamedNode, subject: NamedNode, term: Term) -> Value:
    shown = (
        reader.value(term)
        if isinstance(term, NamedNode | Literal)
        else Value("…" if isinstance(term, BlankNode) else str(term))
    )
    return shown if subject == thing else replace(shown, text=f"{reader.label(subject)[0]}: {shown.text}")


def _releases(reader: Reader, thing: NamedNode, predicate: NamedNode) -> tuple[Section, ...]:
    """A section for each pair of editions between which such a statement was added or removed, the newest first."""
    site, facts = reader.site, []
    editions = [*(release.version for release in site.build.releases), NOW]
    begins = f"{thing} {predicate} "
    for old, new in reversed(list(pairwise(editions))):
        changes = site.build.changes(old, new)
        found = [
            (sign, quad)
            for sign, lines in (("−", changes.removed), ("+", changes.added))
            for quad in quads_of([line for line in lines if line.startswith(begins)][:_MOST])
        ]
        reader.learn(
            [term for _, quad in found for term in (quad.object, quad.graph_name) if isinstance(term, NamedNode)]
        )
        values = tuple(
            replace(
                _value(reader, thing, thing, quad.object),
                aside=reader.label(quad.graph_name)[0] if isinstance(quad.graph_name, NamedNode) else None,
                tag=sign,
            )
            for sign, quad in found
        )
        if values:
            facts.append(Fact(f"{old} → {reader.say('now') if new == NOW else new}", values))
    return (Section("releases", reader.say("Releases"), (Group("", tuple(facts)),)),) if facts else ()


HISTORY = Family(
    name="history",
    pattern="/history",
    summary="Every claim about one property of one thing, what became of each, and the releases that changed it",
    find=_find,
    members=_members,
    variants=lambda site, member: page_variants(site),
    render=_render,
    parameters={"subject": "IRI of the thing that is spoken of", "property": "IRI of the property"},
    required=("subject", "property"),
    schemas={"subject": IRI_SCHEMA, "property": IRI_SCHEMA},
)
