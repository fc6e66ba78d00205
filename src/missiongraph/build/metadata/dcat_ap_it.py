"""Transforms the catalogue into DCAT-AP_IT, the profile of Italy's national portal.

That profile wants one title, one name and one identifier of each thing, in Italian. It has classes of its own beside
those of DCAT, and licences of the national vocabulary. A contact must have an address for mail; without one it is left
out.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from missiongraph.build.metadata.described_publication import Statements
from missiongraph.build.metadata.licences import known_licence
from missiongraph.publication.settings import pick
from missiongraph.vocab import (
    DCAT,
    DCATAPIT,
    DCTERMS,
    EU_AUTHORITY,
    FOAF,
    OWL,
    RDF,
    RDFS,
    SKOS,
    VCARD,
)

_CLASSES = {
    DCAT.Catalog: DCATAPIT.Catalog,
    DCAT.Dataset: DCATAPIT.Dataset,
    DCAT.Distribution: DCATAPIT.Distribution,
    FOAF.Agent: DCATAPIT.Agent,
    DCTERMS.LicenseDocument: DCATAPIT.LicenseDocument,
    DCTERMS.Standard: DCATAPIT.Standard,
    VCARD.Organization: DCATAPIT.Organization,
}
#: Properties that may have one value only.
_TEXTS = (DCTERMS["title"], DCTERMS.description, FOAF["name"], VCARD.fn, RDFS.label, SKOS.prefLabel)
_PERIOD = {DCAT.startDate: DCATAPIT.startDate, DCAT.endDate: DCATAPIT.endDate}
_UNKNOWN = NamedNode(f"{EU_AUTHORITY}frequency/UNKNOWN")

Subject = NamedNode | BlankNode | Triple


def italian_catalogue(catalogue: Iterable[Triple]) -> Statements:
    """The statements of *catalogue*, which follows DCAT-AP, as DCAT-AP_IT."""
    triples = list(dict.fromkeys(catalogue))
    kinds: dict[NamedNode, set[Subject]] = defaultdict(set)
    for triple in triples:
        if triple.predicate == RDF.type and isinstance(triple.object, NamedNode):
            kinds[triple.object].add(triple.subject)
    with_mail = {t.subject for t in triples if t.predicate == VCARD.hasEmail}
    silent = kinds[VCARD.Organization] - with_mail  # left out: a contact needs an address for mail
    licences = {t.subject: _national(t.subject) for t in triples if t.subject in kinds[DCTERMS.LicenseDocument]}
    kept = [t for t in triples if not {t.subject, t.object} & (silent | kinds[DCAT.DataService])]
    yield from _in_italian(kept, licences)
    yield from _missing(kept, kinds)


def _in_italian(triples: Sequence[Triple], licences: dict[Subject, Subject]) -> Statements:
    texts: dict[tuple[Subject, NamedNode], dict[str, str]] = defaultdict(dict)
    for triple in triples:
        subject, value = licences.get(triple.subject, triple.subject), triple.object
        target = licences.get(value, value) if not isinstance(value, Literal) else value
        if triple.predicate in _TEXTS and isinstance(value, Literal):
            texts[subject, triple.predicate].setdefault(value.language or "", value.value)
        elif triple.predicate == DCAT.keyword and isinstance(value, Literal):
            if value.language in ("it", None):
                yield Triple(subject, DCAT.keyword, value)
        elif triple.predicate in _PERIOD:
            yield Triple(subject, triple.predicate, value)
            yield Triple(subject, _PERIOD[triple.predicate], value)
        elif triple.predicate == RDF.type and value in _CLASSES and isinstance(value, NamedNode):
            yield Triple(subject, RDF.type, value)
            yield Triple(subject, RDF.type, _CLASSES[value])
            yield from _details(subject, value)
        else:
            yield Triple(subject, triple.predicate, target)
    for (subject, predicate), text in texts.items():
        chosen = pick(text, ("it",))
        language = "it" if "it" in text else next((tag for tag, value in text.items() if value == chosen and tag), None)
        yield Triple(subject, predicate, Literal(chosen, language=language) if language else Literal(chosen))


def _details(subject: Subject, kind: NamedNode) -> Statements:
    """The properties that a national class needs and the class of DCAT does not."""
    if kind == DCTERMS.Standard and isinstance(subject, NamedNode):
        yield Triple(subject, DCTERMS.identifier, Literal(subject.value))
    licence = known_licence(subject.value) if isinstance(subject, NamedNode) else None
    if kind == DCTERMS.LicenseDocument and licence:
        yield Triple(subject, FOAF["name"], Literal(licence.name))
        yield Triple(subject, OWL.versionInfo, Literal(licence.version))


def _missing(triples: Sequence[Triple], kinds: dict[NamedNode, set[Subject]]) -> Statements:
    """Mandatory properties of the profile that have no value: the frequency is unknown, others follow from the rest."""
    has = {(t.subject, t.predicate) for t in triples}
    publishers = {t.subject: t.object for t in triples if t.predicate == DCTERMS.publisher}
    for dataset in kinds[DCAT.Dataset]:
        if (dataset, DCTERMS.accrualPeriodicity) not in has:
            yield Triple(dataset, DCTERMS.accrualPeriodicity, _UNKNOWN)
            yield Triple(_UNKNOWN, RDF.type, DCTERMS.Frequency)
        if (dataset, DCTERMS.rightsHolder) not in has and dataset in publishers:
            yield Triple(dataset, DCTERMS.rightsHolder, publishers[dataset])
    for agent in kinds[FOAF.Agent]:
        if (agent, DCTERMS.identifier) not in has and isinstance(agent, NamedNode):
            yield Triple(agent, DCTERMS.identifier, Literal(agent.value))


def _national(subject: Subject) -> Subject:
    known = known_licence(subject.value) if isinstance(subject, NamedNode) else None
    return NamedNode(known.national) if known else subject
