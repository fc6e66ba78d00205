"""The home page: what its settings and queries say; without them classes, counts and largest things."""

from __future__ import annotations

from dataclasses import replace

from pyoxigraph import Literal, NamedNode, QuerySolutions

from missiongraph.engine.protocol import Term, rows
from missiongraph.serialisation.formats import JSON_LD, N_TRIPLES, RDF_XML, TURTLE
from missiongraph.settings import pick
from missiongraph.vocab import MG, SCAFFOLDING
from missiongraph.web.facts import Facts
from missiongraph.web.families.describing import statements_in
from missiongraph.web.frame import class_list, frame
from missiongraph.web.notes import Margin
from missiongraph.web.reader import Reader
from missiongraph.web.registry import Arguments, Family, Member, Variant, WebLink, data_variants, page_variants
from missiongraph.web.signposting import licence_of
from missiongraph.web.site import Site
from missiongraph.web.stories import LATER, PART, head_map, parts
from missiongraph.web.structured import dataset_markup
from missiongraph.web.views import ClassList, Evidence, Fact, Figure, Headline, HomePage, Link

#: By negotiation only: at the root there is no name that an extension could follow.
_DATA = tuple(replace(variant, extension="") for variant in data_variants((TURTLE, JSON_LD, N_TRIPLES, RDF_XML)))
_HOME = Member("", "")
_MOST_CLASSES = 12
_MOST_MEMBERS = 12
_MOST_QUESTIONS = 8


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
    told = parts(reader)
    view = HomePage(
        headline=Headline.of(title),
        lead=lead or None,
        key_evidence=_key_evidence(reader),
        map=head_map(reader),
        figures_title=_title(reader, "figures"),
        figures=_figures(reader),
        parts=told[PART],
        later=told[LATER],
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
    surround = frame(reader, member, site.title(language), description=description, data=_DATA, structured_data=markup)
    return site.renderer.render("home.html", view, surround).encode()


def _question_link(reader: Reader, text: dict[str, str], query: str) -> Link:
    return Link(pick(text, (reader.language,)), reader.href(Member("sparql", "", (("query", query),)).address()))


def _figures(reader: Reader) -> tuple[Figure, ...]:
    """The ledger: rows with ``?figure``, ``?meaning`` (in each language), ``?thing`` and ``?evidence``."""
    found = _slot(reader, "figures")
    own = [row for row in found if _speaks(row.get("meaning"), reader.language)] or found
    reader.learn(thing for row in own if isinstance(thing := row.get("thing"), NamedNode))
    margin = Margin(reader, [g for row in own if isinstance(g := row.get("evidence"), NamedNode)])
    return tuple(_figure(reader, margin, row) for row in own)


def _key_evidence(reader: Reader) -> tuple[Evidence, ...]:
    """The words that the headline rests on: ``?evidence`` of the slot ``headline``."""
    graphs = [graph for row in _slot(reader, "headline") if isinstance(graph := row.get("evidence"), NamedNode)]
    return Margin(reader, graphs).notes(graphs, "")


def _title(reader: Reader, name: str) -> str | None:
    question = next((question for question in reader.site.build.questions if question.home == name), None)
    return pick(question.title, (reader.language,)) or None if question else None


def _slot(reader: Reader, name: str) -> list[dict[str, object]]:
    """The rows of the queries whose header says ``home:`` *name*."""
    found: list[dict[str, object]] = []
    for question in reader.site.build.questions:
        if question.home != name:
            continue
        answer = reader.site.engine.query(question.text, prefixes=reader.site.build.prefixes)
        if isinstance(answer, QuerySolutions):
            names = {variable.value for variable in answer.variables}
            found += [{name: row[name] for name in names if row[name] is not None} for row in answer]
    return found


def _figure(reader: Reader, margin: Margin, row: dict[str, object]) -> Figure:
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
    engine = reader.site.engine
    text = """SELECT ?class (COUNT(DISTINCT ?thing) AS ?n) WHERE {
        ?thing a ?class FILTER(isIRI(?thing) && isIRI(?class)) } GROUP BY ?class ORDER BY DESC(?n) ?class"""
    counts = {row["class"]: int(getattr(row["n"], "value", 0)) for row in rows(engine, text)}
    chosen = [NamedNode(iri) for iri in reader.site.settings.home.classes if NamedNode(iri) in counts]
    if not chosen:
        chosen = [c for c in counts if isinstance(c, NamedNode) and c not in SCAFFOLDING][:_MOST_CLASSES]
    members = {kind: _best_known(reader, kind) for kind in chosen}
    reader.learn([*chosen, *(m for found in members.values() for m in found)])
    return tuple(
        ClassList(
            Link(reader.plural(kind), reader.href(class_list(kind.value).address())),
            counts[kind],
            tuple(reader.link(m) for m in members[kind] if isinstance(m, NamedNode)),
        )
        for kind in chosen
    )


def _best_known(reader: Reader, kind: NamedNode) -> list[Term | None]:
    """Things of the class *kind*, by name of their IRIs; where there are too many, those that most statements name."""
    text = f"""SELECT ?s WHERE {{ {{ SELECT ?s (COUNT(*) AS ?n) WHERE {{
        ?s a {kind} FILTER(isIRI(?s)) OPTIONAL {{ ?other ?p ?s }} }} GROUP BY ?s ORDER BY DESC(?n) ?s
        LIMIT {_MOST_MEMBERS} }} }} ORDER BY ?s"""
    return [row["s"] for row in rows(reader.site.engine, text)]


def _disagreement(reader: Reader) -> Fact | None:
    """The disagreement with most claims, as the page of its subject shows it, under its own name."""
    text = f"""SELECT ?d ?s WHERE {{
        ?d a {MG.Disagreement} ; {MG.aboutSubject} ?s ; {MG.claim} ?claim
        }} GROUP BY ?d ?s ORDER BY DESC(COUNT(?claim)) ?d LIMIT 1"""
    row = next(rows(reader.site.engine, text), None)
    node, subject = (row["d"], row["s"]) if row else (None, None)
    if not isinstance(subject, NamedNode) or not isinstance(node, NamedNode):
        return None
    groups = Facts(reader, subject).groups()
    fact = next((fact for group in groups for fact in group.facts if fact.disagreement), None)
    reader.learn([node])
    link = reader.link(node)
    return replace(fact, label=link.text, href=link.href, id=None) if fact else None


def _disagreements(reader: Reader) -> Link | None:
    """All disagreements, where there are several."""
    count = len(reader.site.quality.disagreements)
    address = class_list(MG.Disagreement.value).address()
    return Link(reader.say("All %(num)s disagreements", num=count), reader.href(address)) if count > 1 else None


def _example(reader: Reader) -> Link | None:
    base = reader.site.base
    kinds = reader.site.settings.home.classes[:1]
    pattern = f"?s a {NamedNode(kinds[0])}" if kinds else "?s ?p ?o"
    text = (
        f"SELECT ?s WHERE {{ {pattern} FILTER(isIRI(?s) && STRSTARTS(STR(?s), {Literal(base)})) }} ORDER BY ?s LIMIT 1"
    )
    row = next(rows(reader.site.engine, text), None)
    subject = row["s"] if row else None
    return reader.link(subject, subject.value) if isinstance(subject, NamedNode) else None


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
