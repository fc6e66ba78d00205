"""View models of a publication about a lending library, for the tests of the pages."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from pyoxigraph import Literal

from missiongraph.drawings.charts import bar_chart, line_chart
from missiongraph.drawings.class_diagrams import class_diagram
from missiongraph.drawings.country_outlines import Coasts
from missiongraph.drawings.maps import map_of
from missiongraph.drawings.networks import network
from missiongraph.drawings.role_diagrams import Role, ladder
from missiongraph.drawings.timelines import Happening, timeline
from missiongraph.geometry import Geometry
from missiongraph.web.rendering import view_models
from missiongraph.web.rendering.view_models import Check, Evidence, Fact, Group, Link, Value
from missiongraph.web.rendering.view_models.lists import Facet, ListedThing, LongPaging, ThingsPage
from missiongraph.web.rendering.view_models.query_views import (
    Drawing,
    Filter,
    HomePart,
    ListedRow,
    Listing,
    Sentence,
    ViewPage,
)

LONDON = Geometry("Point", (-0.1, 51.5))
SUPPORTED = Check("supported", "3 May 2025")


def layout(language: str = "en") -> view_models.PageLayout:
    return view_models.PageLayout(
        site_name="Lending library",
        language=language,
        home_href="/",
        description="What the catalogue cards of a small library say.",
        canonical="https://library.example/doc/book/waves",
        languages=(
            view_models.LanguageLink("en", "English", "?lang=en", language == "en"),
            view_models.LanguageLink("it", "Italiano", "?lang=it", language == "it"),
        ),
        navigation=(Link("Books", "/books", current=True), Link("Ask", "/sparql")),
        breadcrumb=(Link("Books", "/books"), Link("The Waves")),
        alternates=(
            view_models.Alternate("/doc/book/waves.ttl", type="text/turtle", title="Turtle"),
            view_models.Alternate("/doc/book/waves?lang=it", hreflang="it"),
        ),
        everything=(Link("Catalogue", "/catalog"),),
        machines=(Link("Ontology", "/ontology"),),
        edition=view_models.Edition("3 May 2025", "abc123…9f", Link("CC0", "https://creativecommons.org/"), 2),
        structured_data='{"name": "</script><script>alert(1)</script>"}',
    )


def quoted(words: str = "printed in 1931", mark: str = "CARD", check: Check = SUPPORTED) -> Evidence:
    return Evidence(
        mark,
        "quoted",
        words,
        Link(f"Catalogue card {mark}", f"/id/source/{mark.lower()}"),
        before="the first edition,",
        after="in London",
        lang="en",
        publisher="Town library",
        date="3 May 2025",
        check=check,
        page="/doc/evidence/waves",
        passage="https://library.example/cards#:~:text=printed",
        facts_on_passage=3,
    )


def disputed() -> Fact:
    return Fact(
        "Pages",
        id="fact-pages",
        disagreement=view_models.Disagreement(
            (
                view_models.Version(
                    (Value("324", "number", machine="324"),), (quoted("324 pages"), quoted("324 p.", "SHOP"))
                ),
                view_models.Version((Value("325", "number", machine="325"),), (quoted("325 pages", "LIST"),)),
            ),
            about="the number of pages",
            reason="Plain queries get 324, which more sources say.",
            page="/id/disagreement/pages",
        ),
    )


def groups() -> tuple[Group, ...]:
    return (
        Group(
            "The book",
            (
                Fact(
                    "Author", (Value("Virginia Woolf", "entity", "/id/person/woolf"),), (quoted(),), href="/ontology#by"
                ),
                Fact("Printed", (Value("1931", "date", machine="1931"),), (quoted(), quoted("1931", "SHOP"))),
                disputed(),
                Fact("Shelf", (Value("R 12", "code"),), (Evidence("REG", "record", "shelf, row 7", Link("Register")),)),
                Fact("Loans", (Value("9", "number"),), (Evidence("Σ", "computed", "", Link("Query"), facts_used=9),)),
                Fact("Kind", (Value("Novel"),), (Evidence("∴", "inferred", "stands on shelf R", Link("Rule")),)),
                Fact("Price"),
                Fact("Readers", tuple(Value(f"Reader {number}", "entity", "#") for number in range(30)), total=30),
                Fact("Blurb", (Value("A long text. " * 60, lang="it"),)),
            ),
        ),
    )


def entity() -> view_models.EntityPage:
    return view_models.EntityPage(
        "The Waves",
        "https://library.example/id/book/waves",
        kicker=(Link("Book", "/ontology#Book"),),
        place=Link("London"),
        description=Value("A novel in nine interludes."),
        groups=groups(),
        sections=(view_models.Section("binding", "The binding", groups()[:0] or (Group("", (Fact("Cloth"),)),)),),
        incoming=(
            view_models.Incoming(
                "has book", (Link("Shelf R", "/id/shelf/r"),), 40, paging=view_models.Paging(1, 4, None, "?page=2")
            ),
        ),
        neighbourhood=view_models.neighbourhood("The Waves", [view_models.Neighbour("Shelf R", "has book")], []),
        elsewhere=(Fact("Same book", (Value("Wikidata Q1", "external", "http://www.wikidata.org/entity/Q1"),)),),
        sources=view_models.sources_of(groups()),
        strip=view_models.strip_of(groups(), "3 May 2025"),
        open_href="?evidence=open",
        formats=(Link("Turtle", "/doc/book/waves.ttl"),),
        citation="Lending library, “The Waves”.",
    )


def file() -> view_models.File:
    return view_models.File(
        "library.ttl",
        "/dumps/library.ttl",
        "Turtle",
        "9 kB",
        "text/turtle",
        "0" * 64,
        (view_models.File("library.ttl.gz", "/dumps/library.ttl.gz", "Turtle", "2 kB", "text/turtle", "1" * 64),),
    )


def result(**view: Any) -> view_models.Result:
    tabs = (
        view_models.Tab("table", Link("Table", "?view=table", current=True)),
        view_models.Tab("map", Link("Map", "?view=map")),
    )
    return view_models.Result(tabs, (Link("CSV", "#"),), total=12, **view)


def drawings() -> dict[str, Drawing | None]:
    waves, orlando = Link("The Waves", "/id/book/waves"), Link("Orlando")
    return {
        "bars": bar_chart("book", "loans", [(Value("The Waves"), 9.0, "9"), (Value("Orlando"), -3.0, "-3")]),
        "line": line_chart("year", "loans", [(1931.0, 9.0, "1931", "9"), (1933.5, 3.0, "1933", "3")], [(0.0, "0")]),
        "map": map_of([(waves, LONDON), (orlando, LONDON)], Coasts()),
        "network": network([(Literal("a"), "by", Literal("b"))], {Literal("a"): waves, Literal("b"): orlando}),
        "timeline": timeline([Happening(waves, "1931", 1931.0, 1932.0), Happening(orlando, "", 1928.5, 1928.5, True)]),
        "ladder": ladder(
            [Role(Literal(book), part, Literal("V")) for book, part in (("a", "writes"), ("b", "prints"))],
            {Literal("a"): waves, Literal("b"): orlando, Literal("V"): Link("Virginia")},
            lambda text: (text,),
        ),
    }


def view_page() -> ViewPage:
    row = ListedRow(((Value("The Waves", "entity", "/id/book/waves"),), ()), (quoted(),))
    choices = (view_models.Choice("", "All", chosen=True), view_models.Choice("x", "Novel"))
    return ViewPage(
        "Books on a map",
        "/views/books",
        Listing(("Book", "Place"), (row,)),
        lead="Where they are set.",
        drawing=drawings()["map"],
        caption="A dot is a book.",
        filters=(Filter("kind", "Kind", choices),),
        narrowed=True,
        formats=(Link("CSV", "/views/books.csv"),),
        query=Link("The query", "/sparql?query=x"),
    )


def ask() -> view_models.SparqlPage:
    return view_models.SparqlPage(
        "Ask the graph",
        "/sparql",
        "SELECT * {\n  ?s ?p ?o\n}",
        questions=(Link("Which books are lent?", "?query=1", current=True),),
        prefixes=(("lib", "https://library.example/ontology#"),),
        formats=(view_models.Choice("csv", "CSV", chosen=True),),
        result=result(
            table=view_models.ResultTable(
                (view_models.Column("s", "?sort=-s", "ascending"), view_models.Column("p", "?sort=p")),
                ((Value("Waves", "entity", "/id/book/waves"), None),),
            ),
            shown=1,
        ),
        limit_seconds=60,
        limit_rows=100000,
    )


def term() -> view_models.Term:
    return view_models.Term(
        "by",
        "by",
        "https://library.example/ontology#by",
        "Property",
        definitions=(Value("Who wrote it."),),
        domain=(Link("Book", "#Book"),),
        range=(Link("Person", "#Person"),),
        alignment=(view_models.Alignment("Close to", (Link("dcterms:creator", "http://purl.org/dc/terms/creator"),)),),
        uses=1,
        uses_href="/list?class=by",
        examples=(view_models.Example(Link("The Waves", "#"), Value("Ada")), view_models.Example(Link("Orlando", "#"))),
        facts=(Fact("See also", (Value("x"),)),),
        deprecated="3 May 2025",
    )


def pages() -> dict[str, tuple[str, object]]:
    """One page of every kind and of every state that has words of its own: name → (template, view)."""
    error = view_models.QueryError("syntax", "expected }", 2, 3, "  ", "?s", " ?p ?o")
    figures = (view_models.Figure("9", "books lent", "/id/count/lent", (quoted("nine books"),)),)
    when = drawings()["timeline"]
    sentence = Sentence(
        ((Value("It was printed in "),), (Value("London", "entity", "#"),)), (replace(quoted(), id="n"),)
    )
    home = view_models.HomePage(
        view_models.Headline.of("Nine books *never came back*."),
        "What the cards say.",
        (quoted("never came back"),),
        figures=figures,
        map=map_of([(Link("London", "#"), LONDON)], Coasts()),
        parts=(
            (HomePart("The book", "#", sentences=(sentence,)),),
            (HomePart("When", "#", drawing=when, caption="A."),),
        ),
        later=(
            (HomePart("Where", drawing=when), HomePart("Who", drawing=drawings()["ladder"], more=Link("All", "#"))),
        ),
        classes=(view_models.ClassList(Link("Book", "/ontology#Book"), 40, (Link("The Waves", "#"),)),),
        disagreement=disputed(),
        questions=(Link("Which books are lent?", "#"),),
        question_count=2,
        ask_href="/sparql",
        files_href="/dumps/",
        formats=6,
        example=Link("library.example/id/book/waves", "#"),
    )
    evidence = view_models.EvidencePage(
        "The Waves was printed in 1931",
        "https://library.example/id/evidence/waves",
        (quoted(), quoted("London 1931", "SHOP", Check("gone", "3 May 2025"))),
        statements=(view_models.Statement(Link("The Waves", "#"), Link("printed"), Value("1931"), ("SHOP",)),),
        checks=(SUPPORTED,),
        lost=view_models.Lost(3, 1, "#"),
        sections=(
            view_models.Section(
                "passage", "Passage", groups()[:1], iri="https://library.example/id/evidence/waves#passage"
            ),
        ),
        citation="Lending library.",
    )
    graph = replace(evidence, quotes=(), checks=(), lost=view_models.Lost(1, 0))
    files = view_models.FilesPage(
        "Download",
        (view_models.Section("page-everything", "Everything", (), files=(file(),)),),
        statements=40,
        graphs=3,
        commands=("curl -LO x",),
        licence=Link("CC0", "#"),
    )
    terms = view_models.TermsPage(
        "Terms", "https://library.example/ontology", (view_models.TermGroup("Properties", (term(),)),)
    )
    rungs = class_diagram([(Link("Book", "#Book"), Link("by", "#by"), Link("Person"))])
    terms = replace(terms, classes=(term(),), drawing=rungs, namespaces=(("ex", "https://library.example/"),))
    waves = ListedThing(
        Link("The Waves", "#"), "A novel.", ((Value("London", "entity", "#"),), (Value("9", "number"),))
    )
    columns = (
        view_models.Column("Name", "?order=descending", "ascending"),
        view_models.Column("Place", "?sort=x"),
        view_models.Column("Loans"),
    )
    facets = (
        Facet(
            "Place",
            (view_models.Choice("x London", "London (40)", chosen=True), view_models.Choice("x Paris", "Paris (2)")),
        ),
    )
    books = ThingsPage(
        "Books",
        "https://library.example/ontology#Book",
        40,
        columns,
        (waves,),
        letters=(Link("A", "#"), Link("W", "?page=2", current=True)),
        facets=facets,
        paging=LongPaging(2, 4, "?page=1", "?page=3", "?page=1", "?page=4", (("class", "x"),)),
        action="/list",
        hidden=(("class", "x"),),
        order=(("sort", "x"),),
        all_href="/list?class=x",
        formats=(Link("CSV", "/list.csv?class=x"),),
    )
    quality = view_models.QualityPage(
        "Quality",
        "How far to trust it.",
        "https://library.example/quality",
        (view_models.Measure("Claims that stand", "50%", "Of the checked claims.", "standing"),),
        shapes=3,
        rules=1,
        findings=(0, 1, 2),
        checked=2,
        failures=1,
        failing=(view_models.FailingCheck(Link("The Waves was printed in 1931", "#"), "gone", "3 May 2025"),),
    )
    statuses = (400, 404, 405, 406, 410, 500, 503, 504)
    messages = {
        f"message-{status}": (
            "message.html",
            view_models.MessagePage(status, "Gone", "/x", near=(view_models.Near(Link("The Waves", "#")),)),
        )
        for status in statuses
    }
    return {
        "home": ("home.html", home),
        "entity": ("entity.html", entity()),
        "withdrawn": (
            "entity.html",
            replace(entity(), withdrawn=view_models.Withdrawn("2025", (Link("Orlando", "#"),))),
        ),
        "evidence": ("evidence.html", evidence),
        "graph": ("evidence.html", graph),
        "view": ("view.html", view_page()),
        "list": ("list.html", books),
        "terms": ("terms.html", terms),
        "quality": ("quality.html", quality),
        "files": ("files.html", files),
        "facts": ("facts.html", view_models.FactsPage("Catalogue", groups=groups())),
        "ask": ("ask.html", ask()),
        "ask-editor": ("ask.html", replace(ask(), editor='{"terms":[["lib:by","</script>"]]}')),
        "ask-error": ("ask.html", replace(ask(), result=None, error=error)),
        "ask-stopped": (
            "ask.html",
            replace(ask(), result=None, error=view_models.QueryError("timeout", "", seconds=60)),
        ),
        "ask-empty": ("ask.html", replace(ask(), result=view_models.Result(total=0))),
        "ask-yes": ("ask.html", replace(ask(), result=view_models.Result(truth=True))),
        "ask-raw": ("ask.html", replace(ask(), result=result(raw="<a> <b> <c> .", is_graph=True))),
        **{
            f"ask-{kind}": ("ask.html", replace(ask(), result=result(drawing=drawing)))
            for kind, drawing in drawings().items()
        },
    } | messages
