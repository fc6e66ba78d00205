"""Every page is sound HTML under the strict policy, and whatever the data holds stays text."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise

import html5rdf  # type: ignore[import-untyped]
import pytest

from missiongraph.drawings.class_diagrams import class_diagram
from missiongraph.web.rendering import view_models
from missiongraph.web.rendering.environment import Renderer, json_script, plain
from missiongraph.web.rendering.view_models import Evidence, Fact, Group, Link, Value
from tests.web import library

RENDERER = Renderer()
PAGES = library.pages()
HOSTILE = "</bdi><script>alert('x')</script>\u202egnp.exe\x00"
IRI = "javascript:alert(1)"


class Page(HTMLParser):
    """What a test wants to know of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def values(self, attribute: str) -> list[str]:
        return [value for _, attrs in self.elements if (value := attrs.get(attribute)) is not None]


def render(name: str, language: str = "en") -> str:
    template, view = PAGES[name]
    return RENDERER.render(template, view, library.layout(language))


@pytest.mark.parametrize("language", ["en", "it", "de"])
@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_html_without_a_parse_error(name: str, language: str) -> None:
    html5rdf.HTMLParser(strict=True).parse(render(name, language))


@pytest.mark.parametrize("name", PAGES)
def test_a_page_has_one_heading_and_distinct_ids_that_its_links_find(name: str) -> None:
    page = Page(render(name))
    assert Counter(tag for tag, _ in page.elements)["h1"] == 1
    ids = Counter(page.values("id"))
    assert [ident for ident, times in ids.items() if times > 1] == []
    known = {"#Book", "#Person", "#"}
    assert {href for href in page.values("href") if href.startswith("#")} - known <= {f"#{ident}" for ident in ids}
    assert set(page.values("aria-describedby")) | set(page.values("for")) <= set(ids)


@pytest.mark.parametrize("name", PAGES)
def test_a_page_lives_under_the_strict_policy(name: str) -> None:
    text = render(name)
    page = Page(text)
    assert not page.values("style")
    assert "<style" not in text
    assert not [attribute for _, attrs in page.elements for attribute in attrs if attribute.startswith("on")]
    for tag, attrs in page.elements:
        if tag == "script":
            assert attrs.get("src") or attrs.get("type") == "application/ld+json"
    loaded = [attrs["href"] for tag, attrs in page.elements if tag == "link" and attrs["rel"] in {"stylesheet", "icon"}]
    assert all(href and href.startswith("/static/") for href in loaded)


def test_headings_never_skip_a_level() -> None:
    for name in PAGES:
        levels = [int(tag[1]) for tag, _ in Page(render(name)).elements if re.fullmatch("h[1-6]", tag)]
        assert all(deeper - level <= 1 for level, deeper in pairwise(levels)), name


def test_the_head_names_page_languages_and_formats() -> None:
    text = render("entity", "it")
    assert '<html lang="it">' in text
    assert "<title>The Waves · Lending library</title>" in text
    for name in ("title", "type", "url", "description", "locale"):
        assert f'property="og:{name}"' in text
    assert '<link rel="canonical" href="https://library.example/doc/book/waves">' in text
    assert '<link rel="alternate" hreflang="it" href="/doc/book/waves?lang=it">' in text
    assert '<link rel="alternate" type="text/turtle" title="Turtle" href="/doc/book/waves.ttl">' in text


def test_words_stand_beside_the_fact_before_any_click() -> None:
    summary = re.search(r"<summary>.*?</summary>", render("entity"), re.DOTALL)
    assert summary
    assert '<span class="sig">CARD</span> <q><mark>printed in 1931</mark></q>' in summary[0]


def test_versions_stand_side_by_side_with_their_sources() -> None:
    text = render("entity")
    row = text[text.index('id="fact-pages"') : text.index("Why?")]
    assert "Sources disagree on the number of pages" in row
    assert re.findall(r'class="sig">(\w+)<', row) == ["CARD", "SHOP", "LIST"]
    assert "Both are kept, each with its source." in row


def test_notes_of_a_table_pop_up_without_a_script() -> None:
    page = Page(render("view"))
    boxes = {attrs.get("id") for _, attrs in page.elements if "popover" in attrs}
    assert boxes and boxes == set(page.values("popovertarget"))
    template, view = PAGES["view"]
    opened = Page(RENDERER.render(template, view, replace(library.layout("en"), evidence_open=True)))
    assert not opened.values("popovertarget"), "notes that were asked for are open in their place"


def test_failing_checks_come_before_the_measures_they_lower() -> None:
    text = render("quality")
    assert "held against 3 shapes and 1 rule when it was built: 0 violations, 1 warning, 2 remarks." in text
    assert "The last check of one claim failed." in text
    assert text.index(">gone<") < text.index("Claims that stand")


def test_an_expected_fact_without_source_says_so() -> None:
    assert "No source says." in render("entity")
    assert "Nessuna fonte lo dice." in render("entity", "it")


def test_many_values_are_cut_and_the_rest_is_folded_or_linked() -> None:
    fact = Fact("Readers", tuple(Value(f"Reader {number}") for number in range(30)))
    assert (len(fact.shown), len(fact.rest)) == (9, 21)
    assert replace(fact, all_href="/readers").rest == ()
    assert "21 more" in render("entity")


def test_all_evidence_opens_on_the_server() -> None:
    view = library.entity()
    opened = RENDERER.render("entity.html", view, replace(library.layout(), evidence_open=True))
    assert opened.count('<details class="ev" open>') == opened.count('<details class="ev"') > 0
    assert "Close all evidence" in opened


@pytest.mark.parametrize(
    ("verdict", "words"),
    [
        ("supported", "Words found exactly"),
        ("moved", "Words found elsewhere on the page"),
        ("changed", "<del>nine books</del> <ins>ten books</ins>"),
        ("contradicted", "The page now says ten books, the graph 9"),
        ("gone", "Words no longer there"),
        ("unchecked", "Not checked yet"),
    ],
)
def test_each_verdict_has_its_words(verdict: view_models.ShownVerdict, words: str) -> None:
    check = view_models.Check(
        verdict, "3 May 2025", found="ten books", stated="9", due=view_models.Due("3 May 2026", "2026-05-03")
    )
    group = Group("Loans", (Fact("Lent", (Value("9"),), (library.quoted("nine books", check=check),)),))
    text = RENDERER.render("facts.html", view_models.FactsPage("Loans", groups=(group,)), library.layout())
    assert words in text
    assert 'Good until <time datetime="2026-05-03">3 May 2026</time>' in text
    assert '<span class="stale" data-due="2026-05-03" hidden>' in text


def test_two_sources_of_one_origin_do_not_count_as_two() -> None:
    notes = tuple(replace(library.quoted(mark=mark), origin="press agency") for mark in ("AAA", "BBB"))
    group = Group("Loans", (Fact("Lent", (Value("9"),), notes),))
    text = RENDERER.render("facts.html", view_models.FactsPage("Loans", groups=(group,)), library.layout())
    assert "2 sources, one origin" in text
    strip = view_models.strip_of((group,))
    assert strip
    assert (strip.sources, strip.corroborated) == (2, 0)


def test_sources_of_a_page_are_counted_by_fact() -> None:
    rows = {row.mark: row.facts for row in view_models.sources_of(library.groups())}
    assert rows == {"CARD": 3, "SHOP": 2, "LIST": 1, "REG": 1}


def test_a_page_without_evidence_has_no_strip() -> None:
    assert view_models.strip_of((Group("Facts", (Fact("Name", (Value("Ada"),)),)),)) is None


def test_hostile_values_stay_text() -> None:
    note = Evidence(
        HOSTILE, "quoted", HOSTILE, Link(HOSTILE, IRI), HOSTILE, HOSTILE, note=HOSTILE, page=IRI, passage=IRI
    )
    fact = Fact(HOSTILE, (Value(HOSTILE, "entity", IRI, aside=HOSTILE),), (note,), href=IRI, hint=HOSTILE)
    view = view_models.EntityPage(
        HOSTILE,
        HOSTILE,
        kicker=(Link(HOSTILE, "data:text/html,x"),),
        description=Value(HOSTILE),
        groups=(Group(HOSTILE, (fact,)),),
        incoming=(view_models.Incoming(HOSTILE, (Link(HOSTILE, IRI),), 1),),
        neighbourhood=view_models.neighbourhood(HOSTILE, [view_models.Neighbour(HOSTILE, HOSTILE)], []),
        sources=view_models.sources_of((Group("", (fact,)),)),
        citation=HOSTILE,
    )
    layout = replace(library.layout(), site_name=HOSTILE, description=HOSTILE)
    text = RENDERER.render("entity.html", view, layout)
    html5rdf.HTMLParser(strict=True).parse(text)
    assert "<script>" not in text
    assert "\x00" not in text
    assert not [href for href in Page(text).values("href") if href.startswith(("javascript", "data"))]
    head = text[: text.index("</head>")]
    assert "\u202e" not in head


def test_hostile_terms_stay_text() -> None:
    link = Link(HOSTILE, IRI)
    term = view_models.Term(
        HOSTILE, HOSTILE, HOSTILE, HOSTILE, uses=1, uses_href="javascript:x", definitions=(Value(HOSTILE),),
        examples=(view_models.Example(link, Value(HOSTILE, "entity", IRI)),),
    )  # fmt: skip
    drawing = class_diagram([(link, link, link)])
    group = view_models.TermGroup(HOSTILE, (term,))
    view = view_models.TermsPage(HOSTILE, HOSTILE, (group,), (term,), drawing, ((HOSTILE, HOSTILE),))
    text = RENDERER.render("terms.html", view, library.layout())
    assert "<script>" not in text and "\x00" not in text
    assert not [href for href in Page(text).values("href") if href.startswith(("javascript", "data"))]


@pytest.mark.parametrize(
    "href",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        " javascript:alert(1)",
        "java\nscript:alert(1)",
        "\x01javascript:alert(1)",
        "data:text/html,<script>",
        "vbscript:x",
        "urn:isbn:0",
        "",
    ],
)
def test_only_safe_addresses_become_links(href: str) -> None:
    assert Link("x", href).href is None
    assert Value("x", "entity", href).href is None


@pytest.mark.parametrize(
    "href", ["/id/x", "?page=2", "#a", "doc/x.ttl", "https://example.org/", "mailto:a@example.org"]
)
def test_safe_addresses_stay(href: str) -> None:
    assert Link("x", href).href == href


def test_a_literal_of_a_megabyte_is_folded() -> None:
    long = "x" * 1_000_000
    value = Value(long)
    assert value.folded
    assert len(value.head) == view_models.parts.FOLD_AT
    view = view_models.FactsPage("Long", groups=(Group("", (Fact("Text", (value,)),)),))
    text = RENDERER.render("facts.html", view, library.layout())
    assert text.count("x" * 1000) <= 1000
    assert '<details class="more"><summary>The whole text</summary>' in text


def test_a_lone_surrogate_can_be_sent() -> None:
    view = view_models.FactsPage("Odd \ud800")
    assert "Odd \ufffd" in RENDERER.render("facts.html", view, library.layout()).encode().decode()


def test_json_in_a_script_element_cannot_end_it() -> None:
    assert "</script>" not in json_script('"</script>"')
    assert render("entity").count("</script>") == 2


def test_plain_text_for_titles_has_no_direction_overrides() -> None:
    assert plain("a\u202eb\n c\x00") == "ab c\ufffd"


def test_addresses_of_static_files_are_the_callers() -> None:
    text = Renderer(url="https://cdn.example/v1/{}".format).render(
        "facts.html", view_models.FactsPage("x"), library.layout()
    )
    assert '<script src="https://cdn.example/v1/static/site.js">' in text


def test_texts_in_several_languages_stand_beneath_each_other() -> None:
    assert Fact("Name", (Value("Waves"), Value("Surf"))).inline
    assert not Fact("Name", (Value("Waves"), Value("Le onde", lang="it"))).inline
    assert Fact("Name", (Value("Le onde", lang="it"),)).inline


def test_a_label_that_comes_again_is_kept_for_the_ear() -> None:
    facts = tuple(Fact("Reader", (Value(name),), href="/ontology#reader") for name in ("Ada", "Bea"))
    text = RENDERER.render("facts.html", view_models.FactsPage("x", groups=(Group("", facts),)), library.layout())
    assert '<dt><a href="/ontology#reader"><bdi>Reader</bdi></a></dt>' in text
    assert re.search(r'<div class="fact again">\s*<dt><bdi>Reader</bdi></dt>', text)


def test_a_drawing_gives_no_room_to_a_side_without_names() -> None:
    near = [view_models.Neighbour(f"Shelf {number}", "holds") for number in range(9)]
    both, one = view_models.neighbourhood("Waves", near, near), view_models.neighbourhood("Waves", [], near)
    assert both
    assert one
    assert len(both.branches) == 14
    assert one.width < both.width
    assert view_models.neighbourhood("Waves", [], []) is None
    for drawing in (both, one):
        assert all(0 < branch.x < drawing.width and 0 < branch.y < drawing.height for branch in drawing.branches)


def test_a_short_name_may_stand_in_the_masthead() -> None:
    text = RENDERER.render("facts.html", view_models.FactsPage("x"), replace(library.layout(), brand="Library"))
    assert "<bdi>Library</bdi></a>" in text
    assert "<title>x · Lending library</title>" in text


def test_the_search_box_waits_for_a_search() -> None:
    assert 'role="search"' not in render("home")
    template, view = PAGES["home"]
    assert 'role="search"' in RENDERER.render(template, view, replace(library.layout(), search_href="/search"))
