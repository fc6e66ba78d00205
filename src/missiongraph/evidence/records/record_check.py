"""A check as statements that a publication keeps: verdict, figures, digest and date, never the page's text."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Triple

from missiongraph.errors import MissiongraphError, Problem
from missiongraph.evidence.verdicts.check import ACCUSING, Check, ClaimCheck
from missiongraph.evidence.words.tokens import tokenise
from missiongraph.publication.dataset import Dataset
from missiongraph.rdf.formats import serialise, used_prefixes
from missiongraph.vocab import DCTERMS, DQV, EARL, MG, PROV, RDF, RDFS, XSD

_LABELS = {"en": "Check of {date}: {source}", "it": "Verifica del {date}: {source}"}
_DESCRIPTIONS = {
    "en": "What a check of the claims against their source found.",
    "it": "Ciò che ha trovato una verifica delle affermazioni sulla fonte.",
}


def assertions(check: Check, document: str) -> list[Triple]:
    """An ``earl:Assertion`` for each claim, in the hash namespace of *document*; equal results are one node."""
    return [triple for claim in check.claims for triple in _assertion(check, claim, document)]


def _assertion(check: Check, claim: ClaimCheck, document: str) -> Iterator[Triple]:
    name = claim.graph.iri.value.rstrip("/#").rpartition("/")[2]
    node = NamedNode(f"{document}#{name}")
    told = [d for d in claim.reasons if _is_value(d.stated) and _is_value(d.found)]
    result = NamedNode(f"{document}#result-{name if told else claim.verdict}")
    yield Triple(node, RDF.type, EARL.Assertion)
    yield Triple(node, EARL.subject, check.source)
    yield Triple(node, EARL.test, claim.graph.iri)
    yield Triple(node, EARL.mode, EARL.automatic)
    yield Triple(node, EARL["result"], result)
    yield Triple(result, RDF.type, EARL.TestResult)
    yield Triple(result, EARL.outcome, EARL.failed if claim.verdict in ACCUSING else EARL.passed)
    yield Triple(result, MG.verdict, MG[claim.verdict])
    for difference in told[:1]:
        yield Triple(result, MG.statedValue, Literal(difference.stated))
        yield Triple(result, MG.foundValue, Literal(difference.found))


def _is_value(text: str) -> bool:
    """Whether *text* is one figure, amount or date, and so no text of somebody's page."""
    tokens = tokenise(text)
    return len(tokens) == 1 and tokens[0].is_value


def record(check: Check, dataset: Dataset, day: date, coverage: float | None = None) -> Path:
    """Write *check* into the publication of *dataset* as a metadata graph of its own; the file that holds it.

    :param coverage: how many of a hundred passages of the page are spoken of

    :raises MissiongraphError: it cannot be written
    """
    settings = dataset.publication.settings
    slug = check.source.value.rstrip("/#").rpartition("/")[2]
    graph = NamedNode(f"{settings.base}id/graph/check/{slug}/{day.isoformat()}")
    covered = _covered(check, graph, coverage) if coverage is not None else ()
    statements = dict.fromkeys([*_description(check, dataset, graph, day), *covered, *assertions(check, graph.value)])
    quads = sorted((Quad(t.subject, t.predicate, t.object, graph) for t in statements), key=_order)
    prefixes = used_prefixes(quads, {**dataset.prefixes, "earl": str(EARL)})
    file = dataset.publication.folder / "data" / "checks" / f"{slug}-{day.isoformat()}.trig"
    text = b"# A check, as `missiongraph evidence check --record` wrote it.\n\n" + serialise(
        quads, RdfFormat.TRIG, prefixes
    )
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        draft = file.with_suffix(".draft")
        draft.write_bytes(text)
        draft.replace(file)
    except OSError as error:
        raise MissiongraphError(Problem(f"cannot write {file}: {error.strerror}")) from None
    return file


def _description(check: Check, dataset: Dataset, graph: NamedNode, day: date) -> Iterator[Triple]:
    settings = dataset.publication.settings
    languages = [tag for tag in (settings.languages or ("en",)) if tag in _LABELS] or ["en"]
    named = {
        q.object.language: q.object.value
        for q in dataset.quads
        if q.subject == check.source and q.predicate == RDFS.label and isinstance(q.object, Literal)
    }
    yield Triple(graph, RDF.type, MG.MetadataGraph)
    yield Triple(graph, RDF.type, PROV.Entity)
    for tag in languages:
        source = named.get(tag) or next(iter(named.values()), check.source.value)
        yield Triple(graph, RDFS.label, Literal(_LABELS[tag].format(date=day.isoformat(), source=source), language=tag))
        yield Triple(graph, DCTERMS.description, Literal(_DESCRIPTIONS[tag], language=tag))
    yield Triple(graph, DCTERMS.created, Literal(day.isoformat(), datatype=XSD.date))
    yield Triple(graph, MG.checkedSource, check.source)
    yield Triple(graph, MG.pageDigest, Literal(check.page.digest))


def _covered(check: Check, graph: NamedNode, coverage: float) -> Iterator[Triple]:
    node = NamedNode(f"{graph.value}#coverage")
    share = format(round(coverage / 100, 4), "g")  # as stores write decimals
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
