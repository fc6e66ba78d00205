"""Any answer as table, chart, map or graph: which views it gets, and what they say without a script."""

from __future__ import annotations

import re
from urllib.parse import urlencode

import httpx
import pytest

HTML = {"Accept": "text/html"}
POINTS = "SELECT ?city ?point WHERE { ?network mg:memberCity ?city . ?city geo:hasGeometry/geo:asWKT ?point }"
COUNTS = "SELECT ?class (COUNT(*) AS ?things) WHERE { ?s a ?class } GROUP BY ?class"
YEARS = 'SELECT * { VALUES (?year ?loans) { ("2001"^^xsd:gYear 3) ("2003"^^xsd:gYear 5) } }'
DAYS = 'SELECT * { VALUES ?day { "2001-02-03"^^xsd:date "2001-04-05"^^xsd:date "2003-01-01"^^xsd:date } }'
DEGREES = "SELECT * { VALUES (?name ?lat ?long) { ('Quito' -0.2 -78.5) ('Suva' -18.1 178.4) } }"
TRIPLES = "CONSTRUCT { ?p mg:partner ?m } WHERE { ?p mg:partner ?m }"
LETTERS = "SELECT * { VALUES (?letter ?number) { ('b' 10) ('A' 9) ('c' 100) (UNDEF 1) } }"


def page(site: httpx.Client, query: str, **more: str) -> str:
    response = site.get("/sparql", params={"query": query, **more}, headers=HTML)
    assert response.status_code == 200
    return response.text


def tabs(text: str) -> list[str]:
    return re.findall(r'id="page-view-(\w+)"', text)


@pytest.mark.parametrize(
    ("query", "views"),
    [
        (POINTS, ["table", "map", "raw"]),
        (COUNTS, ["table", "chart", "raw"]),
        (YEARS, ["table", "chart", "timeline", "raw"]),
        (DAYS, ["table", "chart", "timeline", "raw"]),
        (DEGREES, ["table", "map", "raw"]),
        (TRIPLES, ["table", "graph", "raw"]),
        ("SELECT * { ?s mg:partner ?o }", ["table", "graph", "raw"]),
        ("SELECT * { VALUES ?word { 'only' 'words' } }", ["table", "raw"]),
        ("SELECT * { FILTER(false) }", []),
        ("ASK {}", []),
    ],
)
def test_an_answer_gets_the_views_that_it_has_the_terms_for(site: httpx.Client, query: str, views: list[str]) -> None:
    assert tabs(page(site, query)) == views


def test_a_view_that_does_not_suit_is_the_table(site: httpx.Client) -> None:
    assert '<a href="/sparql?' in page(site, COUNTS, view="map")
    assert 'aria-current="true">Table' in page(site, COUNTS, view="map")


def test_places_of_a_map_are_links_with_names(site: httpx.Client) -> None:
    text = page(site, POINTS, view="map")
    assert re.search(r'<a class="place[^>]* href="/doc/city/bologna">.*Bologna</text></a>', text)
    assert "Map with 9 places" in text


def test_positions_may_be_numbers_on_any_side_of_the_date_line(site: httpx.Client) -> None:
    text = page(site, DEGREES, view="map")
    assert "Quito" in text and "Suva" in text and "Map with 2 places" in text


def test_bars_are_a_table_that_can_be_read_aloud(site: httpx.Client) -> None:
    text = page(site, COUNTS + " ORDER BY DESC(?things)", view="chart")
    assert re.search(r'<th scope="row">.*?</th>\s*<td class="num">[\d,]+</td>', text)
    assert 'width="100.0"' in text


def test_dates_alone_are_counted_by_year(site: httpx.Client) -> None:
    text = page(site, DAYS, view="chart")
    assert re.findall(r'scope="row"><bdi>(\d+)</bdi></th>\s*<td class="num">(\d+)', text) == [
        ("2001", "2"),
        ("2003", "1"),
    ]


def test_a_line_says_what_it_shows(site: httpx.Client) -> None:
    assert 'role="img" aria-label="loans by year"' in page(site, YEARS, view="chart")
    assert 'aria-label="loans per year"' in page(site, YEARS, view="chart", lang="it")


def test_a_graph_names_things_and_properties(site: httpx.Client) -> None:
    text = page(site, TRIPLES, view="graph")
    assert "Municipality of Parma</text>" in text and "Partners</text>" in text


def test_statements_are_rows_under_headings_in_the_readers_language(site: httpx.Client) -> None:
    text = page(site, TRIPLES, lang="it")
    assert all(f"<bdi>{name}</bdi></a></th>" in text for name in ("soggetto", "proprietà", "oggetto"))
    assert "8 asserzioni." in text


@pytest.mark.parametrize(
    ("order", "letters"),
    [
        ("letter", ["", "A", "b", "c"]),
        ("-letter", ["c", "b", "A", ""]),
        ("number", ["", "A", "b", "c"]),
        ("-number", ["c", "b", "A", ""]),
    ],
)
def test_rows_are_ordered_by_size_or_by_what_is_read(site: httpx.Client, order: str, letters: list[str]) -> None:
    text = page(site, LETTERS, sort=order)
    assert re.findall(r'<td class="num soft">\d</td>\s*<td>(?:<bdi>(\w*)</bdi>)?', text) == letters
    assert f'aria-sort="{"descending" if order[0] == "-" else "ascending"}"' in text


def test_views_keep_order_and_language(site: httpx.Client) -> None:
    text = page(site, COUNTS, sort="-things", lang="it")
    link = re.search(r'<a href="([^"]+)" id="page-view-chart"', text)
    assert link is not None
    assert "sort=-things" in link[1] and "lang=it" in link[1] and "view=chart" in link[1]


@pytest.mark.parametrize(("name", "value"), [("view", "hologram"), ("sort", "nobody"), ("lang", "tlh")])
def test_an_unknown_view_order_or_language_is_refused(site: httpx.Client, name: str, value: str) -> None:
    response = site.get("/sparql", params={"query": POINTS, name: value}, headers=HTML)
    assert response.status_code == 400
    assert value in response.text


PARTNERS = "SELECT ?city { <id/project/lets-gov> mg:leadPartner ?city }"
WORDS = "the lead partner Bologna"


@pytest.mark.parametrize(
    "query",
    [
        PARTNERS,
        "SELECT ?city { ?project mg:leadPartner ?city ; a mg:Project }",
        "SELECT ?graph { GRAPH ?graph { <id/project/lets-gov> mg:leadPartner ?city } }",
        "CONSTRUCT WHERE { <id/project/lets-gov> mg:leadPartner ?city }",
        "DESCRIBE <id/project/lets-gov>",
    ],
)
def test_a_row_shows_the_words_it_rests_on(site: httpx.Client, query: str) -> None:
    text = page(site, query)
    assert '<th scope="col">Evidence</th>' in text
    assert re.search(rf'<button class="ev"[^>]*>.*<mark>{WORDS}</mark>', text)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT (COUNT(?city) AS ?cities) { <id/project/lets-gov> mg:leadPartner ?city }",
        "SELECT ?type { <id/project/lets-gov> mg:leadPartner ?city ; a ?type FILTER(STRLEN(STR(?city)) > 5) }",
        "SELECT * { VALUES ?x { 1 } }",
    ],
)
def test_a_row_whose_statements_are_not_certain_shows_none_of_their_words(site: httpx.Client, query: str) -> None:
    assert WORDS not in page(site, query)


def test_an_answer_from_a_dataset_of_the_readers_own_has_no_notes(site: httpx.Client) -> None:
    graph = "https://w3id.org/missiongraph/id/evidence/italian-network/lead-partner"
    named = httpx.QueryParams({"named-graph-uri": graph})
    text = page(site, "SELECT ?city { GRAPH ?g { ?project mg:leadPartner ?city } }", **dict(named))
    assert "Municipality of Bologna" in text and 'class="ev"' not in text


def test_every_row_of_a_long_table_has_its_notes(site: httpx.Client) -> None:
    text = page(site, "SELECT ?city ?network { ?network mg:memberCity ?city }")
    rows = len(re.findall(r'<td class="num soft">', text))
    assert rows == len(re.findall(r'<button class="ev"', text)) > 8


def test_hostile_names_stay_text_in_every_view(site: httpx.Client) -> None:
    hostile = "</text><script>alert(1)</script>"
    values = f'VALUES (?name ?lat ?long ?n) {{ ("{hostile}" 1 1 1) ("b" 2 2 2) }}'
    for view in ("table", "chart", "map", "raw"):
        text = page(site, f"SELECT * {{ {values} }}", view=view)
        assert "<script>alert" not in text


def test_each_page_is_small_without_the_editor(site: httpx.Client) -> None:
    for query, view in ((POINTS, "map"), (COUNTS, "chart"), (TRIPLES, "graph"), ("SELECT * { ?s ?p ?o }", "table")):
        with site.stream(
            "GET", f"/sparql?{urlencode({'query': query, 'view': view})}", headers={**HTML, "Accept-Encoding": "gzip"}
        ) as response:
            assert len(b"".join(response.iter_raw())) < 60_000, view


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("SELECT", "Atteso qui: &#34;$&#34;"),
        ("SELECT * { ?s nowhere:x ?o }", "Qui si usa un prefisso non dichiarato."),
        ("SELECT * { ?s <a b> ?o }", "Questo non è un IRI"),
        ("  # nothing\n", "Qui non c’è ancora un’interrogazione."),
        ("# one\nPREFIX x: <urn:x> INSERT DATA { x:a x:b x:c }", "Questo servizio si può solo leggere"),
    ],
)
def test_a_syntax_error_is_told_in_the_language_of_the_page(site: httpx.Client, query: str, words: str) -> None:
    answer = site.get("/sparql", params={"query": query, "lang": "it"}, headers={"Accept": "text/html"})
    told = answer.text.partition('class="fault"')[2].partition("</section>")[0]  # the editor's terms may be English
    assert words in told
    assert "u{00B7}" not in told and "expected" not in told
