"""The home page: what the settings and the query views put on it; without them, the largest classes and some things."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from pyoxigraph import Literal, NamedNode

from missiongraph.engine.protocol import Term
from missiongraph.publication.settings import pick
from missiongraph.vocab import MG
from missiongraph.web.content.facts.batched_reading import prefetch
from missiongraph.web.content.facts.facts import Facts
from missiongraph.web.content.facts.margin_notes import Margin
from missiongraph.web.content.facts.schema_org import dataset_markup
from missiongraph.web.content.layout.page_frame import layout_of, things_of
from missiongraph.web.content.layout.term_writer import Reader
from missiongraph.web.content.rows.home_stories import LATER, PART, graphs_of, head_map, parts
from missiongraph.web.content.rows.view_content import EVIDENCE, rows_of
from missiongraph.web.context.site import Site
from missiongraph.web.http.registry import DATA, Arguments, Family, Member, Variant, WebLink, page_variants
from missiongraph.web.http.signposting import licence_of
from missiongraph.web.pages.metadata.metadata_documents import statements_in
from missiongraph.web.rendering.view_models import ClassList, Fact, Figure, Headline, HomePage, Link

#: The other formats. Only negotiation leads to them, since the root has no name that an extension could follow.
_DATA = tuple(replace(variant, extension="") for variant in DATA)
_HOME = Member("", "")
_MOST_QUESTIONS = 8

_Row = Mapping[str, Term | None]


def _find(site: Site, key: str, arguments: Arguments) -> Member:
    return _HOME


def _variants(site: Site, member: Member) -> tuple[Variant, ...]:
    return (*page_variants(site), *_DATA)


def _render(site: Site, member: Member, variant: Variant) -> bytes:
    if variant.format is not None:
        return statements_in(site, "void", variant.format)
    reader = Reader(site, variant)
    settings = site.settings
    language = reader.language
    title = pick(settings.home.headline, (language,)) or site.title(language)
    lead = pick(settings.home.lead, (language,)) or pick(settings.description, (language,))
    questions = site.build.questions
    figures, headline = _slot(reader, "figures"), [*_graphs(_slot(reader, "headline"))]
    margin = Margin(reader, dict.fromkeys([*headline, *_graphs(figures), *graphs_of(reader)]))
    stories = parts(reader, margin)
    view = HomePage(
        headline=Headline.of(title),
        lead=lead or None,
        key_evidence=margin.notes(headline, ""),
        map=head_map(reader),
        figures_title=_title(reader, "figures"),
        figures=_figures(reader, margin, figures),
        parts=stories[PART],
        later=stories[LATER],
        classes=_classes(reader),
        disagreement=_disagreement(reader),
        disagreements=_disagreements(reader),
        questions=tuple(_question_link(reader, q.question or q.title, q.query) for q in questions[:_MOST_QUESTIONS]),
        question_count=len(questions),
        ask_href=reader.href("sparql"),
        files_href=reader.href("dumps/"),
        formats=len({dump.format for dump in site.build.dumps}),
        example=_example(reader),
    )
    description = pick(settings.description, (language,)) or lead
    markup = dataset_markup(reader, site.build.manifest["dataset"])
    layout = layout_of(
        reader, member, site.title(language), description=description, data=_DATA, structured_data=markup
    )
    return site.renderer.render("home.html", view, layout).encode()


def _question_link(reader: Reader, text: dict[str, str], query: str) -> Link:
    return Link(pick(text, (reader.language,)), reader.href(Member("sparql", "", (("query", query),)).address()))


def _figures(reader: Reader, margin: Margin, rows: list[_Row]) -> tuple[Figure, ...]:
    """The figures: rows with ``?figure``, ``?meaning`` in each language, ``?thing`` and ``?evidence``."""
    own = [row for row in rows if _speaks(row.get("meaning"), reader.language)] or rows
    return tuple(_figure(reader, margin, row) for row in own)


def _graphs(rows: list[_Row]) -> Iterator[NamedNode]:
    """The named graphs that *rows* rest on: the values of ``?evidence``."""
    return (graph for row in rows if isinstance(graph := row.get(EVIDENCE), NamedNode))


def _title(reader: Reader, name: str) -> str | None:
    question = next((question for question in reader.site.build.questions if question.home == name), None)
    return pick(question.title, (reader.language,)) or None if question else None


def _slot(reader: Reader, name: str) -> list[_Row]:
    """The rows of the queries whose header says ``home:`` *name*."""
    asked = [question for question in reader.site.build.questions if question.home == name]
    found = [rows_of(reader.site, question) for question in asked]
    return [dict(zip(rows.names, row, strict=True)) for rows in found for row in rows.rows]


def _figure(reader: Reader, margin: Margin, row: _Row) -> Figure:
    number, meaning, thing, evidence = (row.get(name) for name in ("figure", "meaning", "thing", "evidence"))
    text = reader.value(number).text if isinstance(number, Literal) else str(getattr(number, "value", ""))
    address = reader.site.address_of(thing) if isinstance(thing, NamedNode) else None
    return Figure(
        text,
        str(getattr(meaning, "value", "")),
        reader.href(address) if address else None,
        margin.notes([evidence], "") if isinstance(evidence, NamedNode) else (),
    )


def _speaks(meaning: object, language: str) -> bool:
    return isinstance(meaning, Literal) and (meaning.language or language) == language


def _classes(reader: Reader) -> tuple[ClassList, ...]:
    found = reader.site.overview.classes
    reader.learn([term for kind in found for term in (kind.iri, *kind.members)])
    return tuple(
        ClassList(
            Link(reader.plural(kind), things_of(reader, kind)),
            count,
            tuple(reader.link(member) for member in members),
        )
        for kind, count, members in found
    )


def _disagreement(reader: Reader) -> Fact | None:
    """The disagreement with most claims, as the page of its subject shows it, under the subject's name."""
    found = reader.site.overview.differing
    if found is None:
        return None
    prefetched = prefetch(reader, [found.subject], found.predicate)[found.subject]
    groups = Facts(reader, found.subject, prefetched).groups()
    fact = next((fact for group in groups for fact in group.facts if fact.disagreement), None)
    reader.learn([found.iri])
    link = reader.link(found.iri)
    return replace(fact, label=link.text, href=link.href, id=None) if fact else None


def _disagreements(reader: Reader) -> Link | None:
    """The link to all disagreements, if there are several."""
    count = len(reader.site.quality.disagreements)
    return (
        Link(reader.say("All %(num)s disagreements", num=count), things_of(reader, MG.Disagreement))
        if count > 1
        else None
    )


def _example(reader: Reader) -> Link | None:
    found = reader.site.overview.example
    return reader.link(found, found.value) if found else None


HOME = Family(
    name="home",
    pattern="/",
    summary="The publication: what it is and where to begin",
    find=_find,
    members=lambda site: iter((_HOME,)),
    variants=_variants,
    render=_render,
    links=lambda site, member: (
        WebLink("describedby", "/.well-known/void"),
        WebLink("describedby", "/catalog"),
        WebLink("service-desc", "/openapi.json", "application/json"),
        *licence_of(site),
    ),
)
