"""The page of a document that defines terms: an ontology, a concept scheme."""

from __future__ import annotations

from collections.abc import Sequence

from pyoxigraph import Literal, NamedNode

from missiongraph.describe import Properties, properties_of, values
from missiongraph.engine import Engine
from missiongraph.engine.protocol import rows
from missiongraph.vocab import DCTERMS, DESCRIPTION_PROPERTIES, LABEL_PROPERTIES, OWL, RDF, RDFS, SKOS
from missiongraph.web.about import Page
from missiongraph.web.reader import Reader
from missiongraph.web.views import Fact, Link, Term, TermGroup, TermsPage, Value
from missiongraph.web.wording import message

#: Classes of terms, with the heading under which they stand, in the order of the page.
_HEADINGS = {
    RDFS.Class: message("Classes"),
    OWL.Class: message("Classes"),
    RDF.Property: message("Properties"),
    OWL.ObjectProperty: message("Properties"),
    OWL.DatatypeProperty: message("Properties"),
    OWL.AnnotationProperty: message("Properties"),
    SKOS.ConceptScheme: message("Concept schemes"),
    SKOS.Concept: message("Concepts"),
    OWL.NamedIndividual: message("Individuals"),
}
_OTHER = message("Individuals")
_ALIGNMENT = (
    RDFS.subClassOf,
    RDFS.subPropertyOf,
    OWL.equivalentClass,
    OWL.equivalentProperty,
    RDFS.seeAlso,
    SKOS.exactMatch,
    SKOS.closeMatch,
)
_SHOWN = {*_ALIGNMENT, *LABEL_PROPERTIES, *DESCRIPTION_PROPERTIES, RDF.type, RDFS.domain, RDFS.range, RDFS.isDefinedBy}


def has_terms(engine: Engine, parts: Sequence[NamedNode]) -> bool:
    """Whether any of *parts* is a term of an ontology or vocabulary."""
    if not parts:
        return False
    text = f"SELECT ?t WHERE {{ VALUES ?t {{ {values(parts)} }} VALUES ?c {{ {values(_HEADINGS)} }} ?t a ?c }} LIMIT 1"
    return next(rows(engine, text), None) is not None


def terms_page(page: Page, parts: Sequence[NamedNode]) -> str:
    """The page of a document whose *parts* are terms, by kind and name."""
    reader = page.reader
    described = properties_of(reader.site.engine, parts)
    reader.learn([*parts, *(t for found in described.values() for p, terms in found.items() for t in (p, *terms))])
    uses = _uses(reader.site.engine, parts)
    groups: dict[str, list[Term]] = {}
    for part in sorted(parts, key=lambda iri: (reader.label(iri)[0].casefold(), iri.value)):
        found = described[part]
        heading = next((_HEADINGS[kind] for kind in _HEADINGS if kind in found.get(RDF.type, ())), _OTHER)
        groups.setdefault(heading, []).append(_term(reader, part, found, uses.get(part, 0)))
    ordered = [h for h in dict.fromkeys((*_HEADINGS.values(), _OTHER)) if h in groups]
    description = page.facts.description()
    view = TermsPage(
        title=page.title,
        iri=page.iri.value,
        terms=tuple(TermGroup(reader.say(heading), tuple(groups[heading])) for heading in ordered),
        kicker=", ".join(link.text for link in page.kicker) or None,
        description=description,
        groups=page.facts.groups(),
        formats=page.formats,
        citation=page.citation,
    )
    return page.html("terms.html", view, description.text if description else None)


def _term(reader: Reader, iri: NamedNode, found: Properties, uses: int) -> Term:
    label, language = reader.label(iri)
    definitions = [t for p in DESCRIPTION_PROPERTIES for t in found.get(p, ()) if isinstance(t, Literal)]
    own = [t for t in definitions if (t.language or reader.language).split("-")[0] == reader.language] or definitions
    kinds = [reader.class_name(kind) for kind in found.get(RDF.type, ()) if isinstance(kind, NamedNode)]
    rest = [p for p in sorted(found, key=str) if p not in _SHOWN and p != OWL.deprecated]
    deprecated = found.get(OWL.deprecated)
    replaced = _links(reader, found, (DCTERMS.isReplacedBy,))
    return Term(
        id=iri.value.partition("#")[2],
        label=label,
        iri=iri.value,
        kind=", ".join(sorted(kinds)),
        name=reader.short(iri),
        lang=language,
        definitions=tuple(Value(t.value, lang=t.language if t.language != reader.language else None) for t in own),
        domain=_links(reader, found, (RDFS.domain,)),
        range=_links(reader, found, (RDFS.range,)),
        alignment=_links(reader, found, _ALIGNMENT),
        uses=uses,
        facts=tuple(Fact(reader.property_name(p), reader.values(found[p], p)) for p in rest),
        deprecated=", ".join(link.text for link in replaced) or reader.say("yes") if deprecated else None,
    )


def _links(reader: Reader, found: Properties, properties: Sequence[NamedNode]) -> tuple[Link, ...]:
    return tuple(reader.link(t) for p in properties for t in found.get(p, ()) if isinstance(t, NamedNode))


def _uses(engine: Engine, parts: Sequence[NamedNode]) -> dict[NamedNode, int]:
    """How many accepted statements use each of *parts* as property or value."""
    structure = ", ".join(str(p) for p in (RDFS.domain, RDFS.range, RDFS.subClassOf, RDFS.subPropertyOf))
    text = f"""SELECT ?t (COUNT(*) AS ?n) WHERE {{ VALUES ?t {{ {values(parts)} }}
        {{ ?s ?t ?o }} UNION {{ ?s ?p ?t FILTER(?p NOT IN ({structure})) }} }} GROUP BY ?t"""
    return {
        row["t"]: int(getattr(row["n"], "value", 0)) for row in rows(engine, text) if isinstance(row["t"], NamedNode)
    }
