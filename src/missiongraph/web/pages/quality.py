"""The quality page: measures of the dataset and of each source; other formats have them in DQV."""

from __future__ import annotations

from collections.abc import Iterator

from pyoxigraph import Literal, NamedNode

from missiongraph.evidence.verdicts.verdict import VERDICTS, Verdict
from missiongraph.graph.quality import FOUND, OF_ONE_ORIGIN, SourceQuality
from missiongraph.translation import message
from missiongraph.vocab import MG, RDF, SH, XSD, local_name
from missiongraph.web.content.facts.margin_notes import good_until_of
from missiongraph.web.content.layout.page_frame import layout_of
from missiongraph.web.content.layout.term_writer import Reader
from missiongraph.web.context.site import Site
from missiongraph.web.http.registry import DATA, Family, Member, Variant, page_variants
from missiongraph.web.pages.metadata.metadata_documents import statements_in
from missiongraph.web.rendering import formatting
from missiongraph.web.rendering.view_models import FailingCheck, Link, Measure, QualityPage, QualitySource

_NAME = "quality"

#: The verdicts of checks that this software knows, in the order of the page.
_VERDICTS: dict[NamedNode, Verdict] = {MG[verdict]: verdict for verdict in VERDICTS}

#: Most failing checks on the page.
_MOST_FAILING = 100

#: Name and meaning of each metric, in the order of the page.
_METRICS = {
    MG.sourcedFacts: (
        message("Facts with a source"),
        message("Of all statements that evidence or a record stands for, those that name a source."),
    ),
    MG.corroboratedFacts: (
        message("Corroborated facts"),
        message("Facts that rest on several independent origins; sources of one origin count once."),
    ),
    MG.singleSourceFacts: (message("Facts of a single origin"), message("How many facts rest on one origin only.")),
    MG.checkedClaims: (
        message("Checked claims"),
        message("Of the claims that quote words, those of which a check against the page is recorded."),
    ),
    MG.standingClaims: (
        message("Claims that stand"),
        message("Of the checked claims, those whose words the last check found."),
    ),
    MG.oldestCheck: (message("Freshness"), message("Every checked claim has been checked on this day or later.")),
    MG.disagreements: (
        message("Disagreements"),
        message("Questions on which sources differ; all answers are kept, each with its source."),
    ),
    MG.outgoingLinks: (
        message("Links to other datasets"),
        message("Links to the same or like things elsewhere."),
    ),
}


def _render(site: Site, member: Member, variant: Variant) -> bytes:
    if variant.format is not None:
        return statements_in(site, _NAME, variant.format)
    reader, quality = Reader(site, variant), site.quality
    title, lead = (
        reader.say("Quality"),
        reader.say("How far this dataset can be trusted, measured on the dataset itself."),
    )
    failing = list(quality.failing.items())[:_MOST_FAILING]
    reader.learn([*(s.iri for s in quality.sources), *quality.disagreements, *(graph for graph, _ in failing)])
    reader.learn(verdict for source in quality.sources for verdict in source.verdicts if verdict not in _VERDICTS)
    reader.learn(verdict for _, (_, verdict) in failing if verdict not in _VERDICTS)
    modified, found = site.build.manifest["modified"], site.build.findings
    measures = quality.measures()
    view = QualityPage(
        title=title,
        lead=lead,
        iri=member.iri,
        measures=tuple(
            Measure(
                reader.say(name), _value(measures[metric], reader.language), reader.say(meaning), local_name(metric)
            )
            for metric, (name, meaning) in _METRICS.items()
            if metric in measures
        ),
        shapes=sum(t.predicate == RDF.type and t.object == SH.NodeShape for t in site.build.statements("shapes")),
        rules=len(site.build.publication.rule_files),
        findings=(found["violation"], found["warning"], found["info"]) if found else None,
        date=formatting.format_date(modified, reader.language) if modified else None,
        checked=len(quality.last_verdicts),
        failures=len(quality.failing),
        failing=tuple(_failing(reader, graph, day, verdict) for graph, (day, verdict) in failing),
        sources=tuple(_source(reader, source) for source in sorted(quality.sources, key=_failures, reverse=True)),
        disagreements=tuple(reader.link(iri) for iri in quality.disagreements),
        single=_ask(reader, OF_ONE_ORIGIN) if quality.origins.get(1) else None,
        links=tuple(quality.links.items()),
        formats=tuple(Link(v.title, f"/{member.address(v.extension)}") for v in DATA),
    )
    layout = layout_of(reader, member, title, description=lead, data=DATA, breadcrumb=(Link(title, current=True),))
    return site.renderer.render("quality.html", view, layout).encode()


def _value(value: Literal, language: str) -> str:
    if value.datatype == XSD.decimal:
        return formatting.format_share(value.value, language)
    return formatting.format_literal(value.value, value.datatype.value, language)


def _failing(reader: Reader, graph: NamedNode, day: str, verdict: NamedNode) -> FailingCheck:
    return FailingCheck(reader.link(graph), _verdict(reader, verdict), formatting.format_date(day, reader.language))


def _verdict(reader: Reader, verdict: NamedNode) -> Verdict | Link:
    """A verdict of this software, or a link to one that it does not know."""
    return _VERDICTS[verdict] if verdict in _VERDICTS else reader.link(verdict)


def _failures(source: SourceQuality) -> int:
    return sum(number for verdict, number in source.verdicts.items() if verdict not in FOUND)


def _source(reader: Reader, source: SourceQuality) -> QualitySource:
    lost = reader.site.quality.losses.get(source.iri)
    seen = source.seen
    known = [verdict for verdict in _VERDICTS if verdict in source.verdicts]
    others = sorted((verdict for verdict in source.verdicts if verdict not in _VERDICTS), key=str)
    days = reader.site.settings.evidence.stale_days
    return QualitySource(
        source=reader.link(source.iri),
        facts=source.facts,
        sole=source.sole,
        sole_href=_ask(reader, lost.query) if lost and lost.bare else None,
        checked=formatting.format_date(source.checked, reader.language) if source.checked else None,
        read=formatting.format_date(source.read, reader.language) if source.read else None,
        coverage=formatting.format_share(str(source.coverage), reader.language)
        if source.coverage is not None
        else None,
        verdicts=tuple((_verdict(reader, verdict), source.verdicts[verdict]) for verdict in (*known, *others)),
        due=good_until_of(seen, days, reader.language) if seen else None,
    )


def _ask(reader: Reader, query: str) -> str:
    return reader.href(Member("sparql", "", (("query", query),)).address())


def _members(site: Site) -> Iterator[Member]:
    yield Member(_NAME, NamedNode(site.base + _NAME).value)


QUALITY = Family(
    name=_NAME,
    pattern=f"/{_NAME}",
    summary="How far the dataset can be trusted: coverage, freshness, corroboration, disagreements",
    find=lambda site, key, arguments: next(_members(site)),
    variants=lambda site, member: (*page_variants(site), *DATA),
    render=_render,
    members=_members,
)
