"""The page of an ontology or a concept scheme."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pyoxigraph import BlankNode, Literal, NamedNode

from missiongraph.drawings.class_diagrams import ClassDiagram, class_diagram
from missiongraph.engine import Engine
from missiongraph.engine.protocol import Term as EngineTerm
from missiongraph.engine.protocol import rows
from missiongraph.graph.statements_and_labels import Properties, properties_of, values
from missiongraph.translation import message
from missiongraph.vocab import DCTERMS, DESCRIPTION_PROPERTIES, LABEL_PROPERTIES, OWL, RDF, RDFS, SCHEMA, SKOS, XSD
from missiongraph.web.content.facts.nested_values import Nested
from missiongraph.web.content.layout.page_frame import all_of, things_of
from missiongraph.web.content.layout.term_writer import Reader
from missiongraph.web.pages.resources.mapping_set_files import mapping_sets
from missiongraph.web.pages.resources.shared_parts import Page
from missiongraph.web.rendering.view_models import Alignment, Example, Fact, Link, Term, TermGroup, TermsPage, Value

#: The heading for terms of each class, in the order of the page.
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
_CLASSES, _PROPERTIES, _OTHER = message("Classes"), message("Properties"), message("Individuals")

#: Properties of the vocabulary's own statements, which do not count as uses of its terms.
_STRUCTURE = ", ".join(
    str(term)
    for term in (
        *(RDFS.domain, RDFS.range, SCHEMA["domainIncludes"], SCHEMA["rangeIncludes"]),
        *(RDFS.subClassOf, RDFS.subPropertyOf, SKOS.hasTopConcept, OWL.disjointWith),
    )
)

#: Most examples for each term.
_EXAMPLES = 3
#: Relations of a term to other terms, in words that stand before them.
_ALIGNMENT = {
    OWL.equivalentClass: message("The same as"),
    OWL.equivalentProperty: message("The same as"),
    SKOS.exactMatch: message("The same as"),
    RDFS.subClassOf: message("A kind of"),
    RDFS.subPropertyOf: message("A special case of"),
    SKOS.closeMatch: message("Close to"),
    SKOS.broadMatch: message("Narrower than"),
    SKOS.narrowMatch: message("Wider than"),
    SKOS.relatedMatch: message("Related to"),
    RDFS.seeAlso: message("See also"),
}
#: Properties for the classes at both ends: those of RDFS, which entail types, and those of schema.org, which do not.
_SAID_OF, _LEADS_TO = (RDFS.domain, SCHEMA["domainIncludes"]), (RDFS.range, SCHEMA["rangeIncludes"])
_NAMES = {*LABEL_PROPERTIES, *DESCRIPTION_PROPERTIES}
_SHOWN = {*_ALIGNMENT, *_NAMES, *_SAID_OF, *_LEADS_TO, RDF.type, RDFS.isDefinedBy}


def has_terms(engine: Engine, parts: Sequence[NamedNode]) -> bool:
    """Whether any of *parts* is a term of an ontology or a concept scheme."""
    if not parts:
        return False
    text = f"SELECT ?t WHERE {{ VALUES ?t {{ {values(parts)} }} VALUES ?c {{ {values(_HEADINGS)} }} ?t a ?c }} LIMIT 1"
    return next(rows(engine, text), None) is not None


def terms_page(page: Page, parts: Sequence[NamedNode]) -> str:
    """The page of a document whose hash IRIs are terms: an overview of its classes, then each term.

    :param parts: the hash IRIs
    """
    reader, engine = page.reader, page.reader.site.engine
    described = properties_of(engine, parts)
    uses = _uses(engine, parts)
    examples = _examples(engine, {part: described[part] for part in parts if uses.get(part)})
    reader.learn([*parts, *(t for found in described.values() for p, terms in found.items() for t in (p, *terms))])
    reader.learn([term for pairs in examples.values() for pair in pairs for term in pair])
    nested = Nested.of_all(reader, described)
    ordered = sorted(parts, key=lambda iri: (reader.sort_key(reader.label(iri)[0]), iri.value))
    terms = {
        part: replace(
            _term(reader, part, described[part], uses.get(part, 0), examples.get(part, ())),
            facts=_facts(reader, described[part], nested[part]),
        )
        for part in ordered
    }
    description = page.facts.description()
    view = TermsPage(
        title=page.title,
        iri=page.iri.value,
        terms=_groups(reader, {part: described[part] for part in ordered}, terms),
        classes=tuple(terms[part] for part in ordered if _heading(described[part]) == _CLASSES),
        drawing=_drawing(reader, described),
        namespaces=_namespaces(reader, described),
        kicker=", ".join(link.text for link in page.kicker) or None,
        description=description,
        groups=page.facts.groups(),
        formats=(*page.formats, *_mapping_sets(reader, described)),
        citation=page.citation,
    )
    return page.html("terms.html", view, description.text if description else None)


def _heading(found: Properties) -> str:
    return next((_HEADINGS[kind] for kind in _HEADINGS if kind in found.get(RDF.type, ())), _OTHER)


def _groups(
    reader: Reader, described: dict[NamedNode, Properties], terms: dict[NamedNode, Term]
) -> tuple[TermGroup, ...]:
    """A group for each class with the properties whose only ``rdfs:domain`` it is; other terms by kind."""
    of_class: dict[NamedNode, list[NamedNode]] = {}
    by_kind: dict[str, list[NamedNode]] = {}
    for part, found in described.items():
        domain = [term for term in found.get(RDFS.domain, ()) if isinstance(term, NamedNode)]
        if _heading(found) == _PROPERTIES and len(domain) == 1:
            of_class.setdefault(domain[0], []).append(part)
        else:
            by_kind.setdefault(_heading(found), []).append(part)
    alone = by_kind.get(_CLASSES, [])
    by_kind[_CLASSES] = [part for part in alone if part not in of_class]
    whole = [
        TermGroup(reader.class_name(c), tuple(terms[p] for p in (*([c] if c in terms else []), *of_class[c])))
        for c in sorted(of_class, key=lambda c: reader.sort_key(reader.class_name(c)))
    ]
    headings = [h for h in dict.fromkeys((*_HEADINGS.values(), _OTHER)) if by_kind.get(h)]
    rest = [TermGroup(reader.say(h), tuple(terms[part] for part in by_kind[h])) for h in headings]
    return (*whole, *rest)


def _drawing(reader: Reader, described: dict[NamedNode, Properties]) -> ClassDiagram | None:
    """A diagram of the classes that the properties connect, by domain and range."""
    edges = [
        (
            replace(reader.link(source), text=reader.class_name(source)),
            Link(reader.label(part)[0], f"#{part.value.partition('#')[2]}"),
            replace(reader.link(target), text=reader.class_name(target)),
        )
        for part, found in described.items()
        for source in found.get(RDFS.domain, ())
        for target in found.get(RDFS.range, ())
        if isinstance(source, NamedNode) and isinstance(target, NamedNode) and not target.value.startswith(str(XSD))
    ]
    return class_diagram(sorted(edges, key=lambda edge: [reader.sort_key(link.text) for link in edge]))


def _namespaces(reader: Reader, described: dict[NamedNode, Properties]) -> tuple[tuple[str, str], ...]:
    """The prefixes of all vocabularies that appear on the page."""
    named = {t.value for iri, found in described.items() for t in (iri, *found)}
    named |= {t.value for found in described.values() for v in found.values() for t in v if isinstance(t, NamedNode)}
    prefixes = reader.site.build.prefixes.items()
    return tuple((p, space) for p, space in sorted(prefixes) if any(iri.startswith(space) for iri in named))


def _examples(
    engine: Engine, described: dict[NamedNode, Properties]
) -> dict[NamedNode, list[tuple[NamedNode, EngineTerm]]]:
    """A few uses of each term: things of a class, statements with a property, things with a concept as value."""
    patterns = []
    for term, found in described.items():
        if _heading(found) == _PROPERTIES:
            pattern = f"?s {term} ?o"
        elif _heading(found) == _CLASSES:
            pattern = f"?s {RDF.type} {term} BIND({term} AS ?o)"
        else:
            pattern = f"?s ?p {term} FILTER(?p NOT IN ({_STRUCTURE})) BIND({term} AS ?o)"
        patterns.append(f"{{ SELECT ({term} AS ?t) ?s ?o WHERE {{ {pattern} FILTER(isIRI(?s)) }} LIMIT {_EXAMPLES} }}")
    shown: dict[NamedNode, list[tuple[NamedNode, EngineTerm]]] = {}
    for row in rows(engine, f"SELECT ?t ?s ?o WHERE {{ {' UNION '.join(patterns)} }}") if patterns else ():
        term, subject, value = row["t"], row["s"], row["o"]
        if isinstance(term, NamedNode) and isinstance(subject, NamedNode) and value is not None:
            shown.setdefault(term, []).append((subject, value))
    return shown


def _term(
    reader: Reader, iri: NamedNode, found: Properties, uses: int, examples: Sequence[tuple[NamedNode, EngineTerm]]
) -> Term:
    label, language = reader.label(iri)
    definitions = [t for p in DESCRIPTION_PROPERTIES for t in found.get(p, ()) if isinstance(t, Literal)]
    definitions.sort(
        key=lambda t: (t.language or reader.language).split("-")[0] != reader.language
    )  # the reader's first
    kinds = [reader.class_name(kind) for kind in found.get(RDF.type, ()) if isinstance(kind, NamedNode)]
    deprecated = found.get(OWL.deprecated)
    replaced = _links(reader, found, (DCTERMS.isReplacedBy,))
    return Term(
        id=iri.value.partition("#")[2],
        label=label,
        iri=iri.value,
        kind=", ".join(sorted(kinds, key=reader.sort_key)),
        name=reader.short(iri),
        lang=language,
        definitions=tuple(
            Value(t.value, lang=t.language if t.language != reader.language else None) for t in definitions
        ),
        domain=_links(reader, found, _SAID_OF),
        range=_links(reader, found, _LEADS_TO),
        alignment=_alignment(reader, found),
        uses=uses,
        uses_href=_uses_href(reader, iri, found) if uses else None,
        examples=tuple(
            Example(reader.link(subject), reader.value(value, iri) if value != iri else None)
            for subject, value in examples
            if not isinstance(value, BlankNode)
        ),
        deprecated=", ".join(link.text for link in replaced) or reader.say("yes") if deprecated else None,
    )


def _facts(reader: Reader, found: Properties, nested: Nested) -> tuple[Fact, ...]:
    """The statements without a place of their own on the page, and blank nodes that are values of the others."""
    rest = {
        p: [t for t in terms if p not in _SHOWN or (isinstance(t, BlankNode) and p not in LABEL_PROPERTIES)]
        for p, terms in sorted(found.items(), key=str)
        if p != OWL.deprecated
    }
    return tuple(Fact(reader.property_name(p), nested.values(terms, p)) for p, terms in rest.items() if terms)


def _alignment(reader: Reader, found: Properties) -> tuple[Alignment, ...]:
    """The relations of a term to terms of other vocabularies and to more general ones of its own."""
    others: dict[str, dict[Link, None]] = {}
    for predicate, kind in _ALIGNMENT.items():
        for link in _links(reader, found, (predicate,)):
            others.setdefault(kind, {})[link] = None
    return tuple(Alignment(reader.say(kind), tuple(links)) for kind, links in others.items())


def _mapping_sets(reader: Reader, described: dict[NamedNode, Properties]) -> tuple[Link, ...]:
    """Links to the mapping sets, if the document is an ontology."""
    if not any(_heading(found) in (_CLASSES, _PROPERTIES) for found in described.values()):
        return ()
    return tuple(Link("SSSOM", f"/{one.address()}") for one in mapping_sets(reader.site))


def _links(reader: Reader, found: Properties, properties: Sequence[NamedNode]) -> tuple[Link, ...]:
    return tuple(reader.link(t) for p in properties for t in found.get(p, ()) if isinstance(t, NamedNode))


def _uses_href(reader: Reader, iri: NamedNode, found: Properties) -> str:
    """The address of a list of all uses of a term."""
    if _heading(found) == _CLASSES:
        return things_of(reader, iri)
    return all_of(reader, f"?thing {iri} ?value" if _heading(found) == _PROPERTIES else f"?thing ?property {iri}")


def _uses(engine: Engine, parts: Sequence[NamedNode]) -> dict[NamedNode, int]:
    """The number of accepted statements with each of *parts* as property or value."""
    text = f"""SELECT ?t (COUNT(*) AS ?n) WHERE {{ VALUES ?t {{ {values(parts)} }}
        {{ ?s ?t ?o }} UNION {{ ?s ?p ?t FILTER(?p NOT IN ({_STRUCTURE})) }} }} GROUP BY ?t"""
    return {
        row["t"]: int(getattr(row["n"], "value", 0)) for row in rows(engine, text) if isinstance(row["t"], NamedNode)
    }
