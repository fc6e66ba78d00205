"""Writing a check into the publication as data: verdicts, differing values, page digest and date.

The text of the page is never kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Triple

from missiongraph.errors import MissiongraphError, Problem, reason_of
from missiongraph.evidence.verdicts.check import Check, ClaimCheck
from missiongraph.evidence.verdicts.verdict import ACCUSING
from missiongraph.evidence.words.tokens import tokenise
from missiongraph.publication.dataset import Dataset
from missiongraph.rdf.formats import serialise, used_prefixes
from missiongraph.vocab import DCTERMS, DQV, EARL, MG, PROV, RDF, RDFS, XSD

_LABELS = {"en": "Check of {date}: {source}", "it": "Verifica del {date}: {source}"}
_DESCRIPTIONS = {
    "en": "What a check of the claims against their source found.",
    "it": "Ciò che ha trovato una verifica delle affermazioni sulla fonte.",
}
_BEGINNING = {
    "en": " The copy held only the beginning of the page; claims not judged: {left_out}.",
    "it": " La copia conteneva solo l’inizio della pagina; affermazioni non esaminate: {left_out}.",
}


_LABELS_OF_ABSENCE = {"en": "Looked for on {date}: {source}", "it": "Cercata il {date}: {source}"}
_ABSENCES = {
    "en": "No copy of the source was to be had, so that its words could not be checked.",
    "it": "Nessuna copia della fonte era disponibile, sicché le sue parole non si sono potute verificare.",
}


def assertions(check: Check, document: str) -> list[Triple]:
    """An ``earl:Assertion`` for each claim of *check* (EARL 1.0 Schema), with IRIs below *document* and ``#``.

    Claims with equal results share one ``earl:TestResult``.
    """
    return [triple for claim in check.claims for triple in _assertion(check, claim, document)]


def _assertion(check: Check, claim: ClaimCheck, document: str) -> Iterator[Triple]:
    name = claim.graph.iri.value.rstrip("/#").rpartition("/")[2]
    node = NamedNode(f"{document}#{name}")
    differing = [d for d in claim.reasons if _is_value(d.stated) and _is_value(d.found)]
    result = NamedNode(f"{document}#result-{name if differing else claim.verdict}")
    yield Triple(node, RDF.type, EARL.Assertion)
    yield Triple(node, EARL.subject, check.source)
    yield Triple(node, EARL.test, claim.graph.iri)
    yield Triple(node, EARL.mode, EARL.automatic)
    yield Triple(node, EARL["result"], result)
    yield Triple(result, RDF.type, EARL.TestResult)
    yield Triple(result, EARL.outcome, EARL.failed if claim.verdict in ACCUSING else EARL.passed)
    yield Triple(result, MG.verdict, MG[claim.verdict])
    for difference in differing[:1]:
        yield Triple(result, MG.statedValue, Literal(difference.stated))
        yield Triple(result, MG.foundValue, Literal(difference.found))


def _is_value(text: str) -> bool:
    """Whether *text* is one figure, amount or date, and so may be kept: it is no text of somebody's page."""
    tokens = tokenise(text)
    return len(tokens) == 1 and tokens[0].is_value


def record(check: Check, dataset: Dataset, day: date, coverage: float | None = None) -> Path:
    """Write *check* into the publication of *dataset* as a metadata graph, and return the file.

    :param coverage: percentage of the passages of the page that the publication accounts for
    :raises MissiongraphError: the file cannot be written
    """
    graph = _graph(check.source, dataset, day)
    covered = _covered(check, graph, coverage) if coverage is not None else ()
    statements = [
        *_description(check, dataset, graph, day),
        *covered,
        *assertions(check, graph.value),
        *_digests(check, dataset, graph),
    ]
    return _write(statements, graph, dataset, "# A check, as `missiongraph evidence check --record` wrote it.")


def record_absence(source: NamedNode, dataset: Dataset, day: date) -> Path:
    """Write into the publication that no copy of *source* could be found on *day*, and return the file.

    :raises MissiongraphError: the file cannot be written
    """
    graph = _graph(source, dataset, day)
    texts = {tag: (_LABELS_OF_ABSENCE[tag], _ABSENCES[tag]) for tag in _LABELS}
    statements = [
        *_named(graph, source, dataset, day, texts),
        Triple(source, MG.notAvailableOn, Literal(day.isoformat(), datatype=XSD.date)),
    ]
    return _write(
        statements, graph, dataset, "# A look for a source, as `missiongraph evidence not-available` wrote it."
    )


def _graph(source: NamedNode, dataset: Dataset, day: date) -> NamedNode:
    return NamedNode(f"{dataset.publication.settings.base}id/graph/check/{_slug(source)}/{day.isoformat()}")


def _slug(source: NamedNode) -> str:
    return source.value.rstrip("/#").rpartition("/")[2]


def _write(statements: Iterable[Triple], graph: NamedNode, dataset: Dataset, title: str) -> Path:
    quads = sorted((Quad(t.subject, t.predicate, t.object, graph) for t in dict.fromkeys(statements)), key=_order)
    prefixes = used_prefixes(quads, {**dataset.prefixes, "earl": str(EARL)})
    name = "-".join(graph.value.rsplit("/", 2)[1:])
    file = dataset.publication.folder / "data" / "checks" / f"{name}.trig"
    text = f"{title}\n\n".encode() + serialise(quads, RdfFormat.TRIG, prefixes)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        draft = file.with_suffix(".draft")
        draft.write_bytes(text)
        draft.replace(file)
    except OSError as error:
        raise MissiongraphError(Problem(f"cannot write {file}: {reason_of(error)}")) from None
    return file


def _description(check: Check, dataset: Dataset, graph: NamedNode, day: date) -> Iterator[Triple]:
    extent = {t: _BEGINNING[t].format(left_out=check.left_out) if check.left_out is not None else "" for t in _LABELS}
    texts = {tag: (_LABELS[tag], _DESCRIPTIONS[tag] + extent[tag]) for tag in _LABELS}
    yield from _named(graph, check.source, dataset, day, texts)
    yield Triple(graph, MG.checkedSource, check.source)
    yield Triple(graph, MG.pageDigest, Literal(check.page.digest))
    if check.left_out is not None:
        yield Triple(graph, MG.beginningOnly, Literal(value=True))


def _named(
    graph: NamedNode, source: NamedNode, dataset: Dataset, day: date, texts: Mapping[str, tuple[str, str]]
) -> Iterator[Triple]:
    """Class, label, description and date of *graph*, in the languages of the publication."""
    languages = [tag for tag in (dataset.publication.settings.languages or ("en",)) if tag in texts] or ["en"]
    named = {
        q.object.language: q.object.value
        for q in dataset.quads
        if q.subject == source and q.predicate == RDFS.label and isinstance(q.object, Literal)
    }
    yield Triple(graph, RDF.type, MG.MetadataGraph)
    yield Triple(graph, RDF.type, PROV.Entity)
    for tag in languages:
        label, description = texts[tag]
        name = named.get(tag) or next(iter(named.values()), source.value)
        yield Triple(graph, RDFS.label, Literal(label.format(date=day.isoformat(), source=name), language=tag))
        yield Triple(graph, DCTERMS.description, Literal(description, language=tag))
    yield Triple(graph, DCTERMS.created, Literal(day.isoformat(), datatype=XSD.date))


def _digests(check: Check, dataset: Dataset, graph: NamedNode) -> Iterator[Triple]:
    """The digest of each passage that had none and whose words were found, so that the next check finds it again.

    Digests that an earlier record of the same day gave are given again, because the file is replaced.
    """
    own = {q.subject for q in dataset.quads if q.graph_name == graph and q.predicate == MG.passageDigest}
    for claim in check.claims:
        for finding in claim.findings:
            if finding.digest and (not finding.selector.digest or finding.selector.iri in own):
                yield Triple(finding.selector.iri, MG.passageDigest, Literal(finding.digest))


def _covered(check: Check, graph: NamedNode, coverage: float) -> Iterator[Triple]:
    node = NamedNode(f"{graph.value}#coverage")
    share = format(round(coverage / 100, 4), "g")  # the canonical form of xsd:decimal
    yield Triple(node, RDF.type, DQV.QualityMeasurement)
    yield Triple(node, DQV.computedOn, check.source)
    yield Triple(node, DQV.isMeasurementOf, MG.passageCoverage)
    yield Triple(node, DQV.value, Literal(share, datatype=XSD.decimal))


def _order(quad: Quad) -> tuple[bool, str, bool, str, str]:
    return (
        quad.subject != quad.graph_name,
        str(quad.subject),
        quad.predicate != RDF.type,
        str(quad.predicate),
        str(quad.object),
    )
