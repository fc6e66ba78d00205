"""Pages that queries declare: a drawing, a table, a file, and filters; and what they tell on the home page."""

from __future__ import annotations

import csv
import gzip
import io
import re
from collections.abc import Iterator
from html import unescape

import httpx
import pytest

from missiongraph.build import Build
from missiongraph.drawings.countries_behind import countries_of
from missiongraph.drawings.country_outlines import coasts
from missiongraph.publication.query_files import Question, read_questions
from missiongraph.publication.settings import pick
from missiongraph.publication.source_folder import Publication
from tests.conftest import ROOT
from tests.web.answers import page

SHIPPED = Publication.open(ROOT)
VIEWS = [view for view in read_questions(SHIPPED, SHIPPED.view_files) if view.view != "story"]
STORIES = [view for view in read_questions(SHIPPED, SHIPPED.view_files) if view.view == "story"]
MAP = "/views/mission-map"
ITALY = "http://publications.europa.eu/resource/authority/country/ITA"
GERMANY = "http://publications.europa.eu/resource/authority/country/DEU"
FIRST_ROUND = "https://w3id.org/missiongraph/id/selection/label-round-1"
MOST_BYTES = 60_000
POINT = re.compile(r"POINT\s*\((\S+) (\S+)\)")


def rows(site: httpx.Client, address: str, **chosen: str) -> list[dict[str, str]]:
    response = site.get(address, params=chosen)
    assert response.headers["content-type"].startswith("text/csv")
    return list(csv.DictReader(io.StringIO(response.text)))


def html(site: httpx.Client, address: str, **arguments: str) -> str:
    response = site.get(address, params=arguments, headers={"Accept": "text/html"})
    assert response.status_code == 200
    return response.text


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: str(view.name))
def test_a_view_is_a_page_in_each_language_and_a_file(site: httpx.Client, view: Question) -> None:
    for language in ("en", "it"):
        shown = html(site, f"/views/{view.name}", lang=language)
        assert pick(view.title, (language,)) in shown
        assert view.view == "table" or "<svg" in shown.partition("<main")[2]
        assert len(gzip.compress(shown.encode())) < MOST_BYTES
    answer = site.post("/sparql", data={"query": view.query}, headers={"Accept": "text/csv"}).text
    assert sorted(site.get(f"/views/{view.name}.csv").text.splitlines()) == sorted(answer.splitlines())


@pytest.mark.parametrize("view", [*VIEWS, *STORIES], ids=lambda view: str(view.name))
def test_a_view_says_everything_in_both_languages(view: Question) -> None:
    told = [view.title, view.sentence if view.view == "story" else view.question]
    told += [text for text in (view.menu, view.caption, view.names) if text]
    assert all(text.keys() == {"en", "it"} for text in told)
    assert len({text.count("\n") for text in view.sentence.values()}) <= 1


def test_a_reader_narrows_the_rows_of_a_map(site: httpx.Client) -> None:
    everything, italian = rows(site, f"{MAP}.csv"), rows(site, f"{MAP}.csv", country=ITALY)
    assert {row["entry"] for row in italian} == {row["entry"] for row in everything if row["country"] == ITALY}
    first = rows(site, f"{MAP}.csv", round=FIRST_ROUND)
    assert first and all(row["round"] == FIRST_ROUND for row in first)
    assert rows(site, f"{MAP}.csv", country=ITALY, round=FIRST_ROUND) == []
    shown = html(site, MAP, country=ITALY, round="", lang="it")
    assert f'value="{ITALY}" selected>Italia<' in shown
    assert "Bologna" in shown and "Barcelona" not in shown


@pytest.mark.skipif(not coasts().rings, reason="the outlines of countries were not brought here (make brings them)")
def test_as_many_countries_hold_places_as_the_data_names(site: httpx.Client) -> None:
    shown = rows(site, f"{MAP}.csv")
    positions = [tuple(map(float, found.groups())) for row in shown if (found := POINT.search(row["point"]))]
    countries = set(countries_of([(x, y) for x, y in positions], coasts()).values())
    assert None not in countries
    assert len(countries) == len({row["country"] for row in shown if row["country"] and row["point"]})


def test_without_a_row_the_page_says_so(site: httpx.Client) -> None:
    assert "The query ran and matched nothing." in html(site, MAP, country=ITALY, round=FIRST_ROUND, lang="en")


@pytest.mark.parametrize(
    "address", [f"{MAP}?country=x", f"{MAP}?country=&country=", "/views/none", "/views/memorandum"]
)
def test_what_is_no_view_or_no_value_is_refused(site: httpx.Client, address: str) -> None:
    status = site.get(address, headers={"Accept": "text/html"}).status_code
    assert status == (400 if "?" in address else 404)


def test_a_place_that_the_chosen_column_says_nothing_of_is_hollow(site: httpx.Client) -> None:
    text = html(site, MAP)
    without = {row["entry"] for row in rows(site, f"{MAP}.csv") if not row["round"] and row["point"]}
    assert text.count('class="dot r0"') == len(without) > 0


def stories(build: Build) -> Iterator[tuple[Question, str]]:
    for view in build.views:
        for language in ("en", "it"):
            if view.view == "story":
                yield view, language


def test_the_home_page_tells_each_story_with_its_words(site: httpx.Client, shipped_build: Build) -> None:
    for view, language in stories(shipped_build):
        text = html(site, "/", lang=language)
        assert pick(view.title, (language,)) in text
        told = unescape(re.sub(r"<[^>]*>", "", text))
        for sentence in pick(view.sentence, (language,)).splitlines():
            for words in re.split(r"\{[^}]*\}", sentence):
                assert words.strip() in told
        assert f'href="#note-{view.name}-0"' in text and f'id="note-{view.name}-0"' in text


def test_every_view_is_a_link_away_from_every_page(site: httpx.Client) -> None:
    links = page(site, "/quality?lang=en").internal
    assert {f"/views/{view.name}?lang=en" for view in VIEWS} <= set(links)


def test_a_thing_shows_the_rows_that_name_it_on_its_own_page(site: httpx.Client) -> None:
    for language, round_name, frankfurt in (("en", "Label, round 6", "Frankfurt"), ("it", "tornata 6", "Francoforte")):
        shown = html(site, "/resource", iri=GERMANY, lang=language).partition('class="data stack listing"')[2]
        listed = re.sub(r"<[^>]*>", " ", shown.partition("</table>")[0])
        assert "Dortmund" in listed and round_name in listed and frankfurt in listed
        assert "Milan" not in listed
    assert "stack listing" not in html(site, "/doc/city/mannheim.html", lang="en")


def test_a_thing_is_drawn_on_its_page_as_its_views_draw_it(site: httpx.Client) -> None:
    country = html(site, "/resource", iri=GERMANY, lang="en")
    assert country.count('<svg class="map"') == 1 and "Milan" not in country.partition('class="map"')[2]
    for address in ("/doc/project/lets-gov.html", "/doc/document/memorandum-2022-09-09.html"):
        shown = html(site, address, lang="en")
        assert shown.count("Who has which part; the table says the same") == 1, "a ladder is drawn whole"
        assert "Municipality of Turin" in shown and "Politecnico di Torino" in shown
        assert "nearest neighbours" not in shown, "and stands for the neighbourhood"


def test_the_timeline_shows_both_ends_and_why_a_day_has_no_words(site: httpx.Client) -> None:
    shown = html(site, "/views/timeline", lang="en")
    assert "Start date: 01-06-2023" in shown and "End date: 31-05-2026" in shown
    assert "the words that give the day were not at hand" in shown


def test_a_view_that_lists_a_class_takes_the_place_of_its_list(site: httpx.Client) -> None:
    assert "/views/sources?lang=en" in page(site, "/doc/source/italian-network?lang=en").internal
    assert "ontology%23Source" not in html(site, "/doc/source/italian-network.html", lang="en")


def test_that_page_and_the_narrowed_view_lead_to_each_other(site: httpx.Client) -> None:
    address = page(site, "/doc/city/mannheim").internal
    (of_country,) = [href for href in address if "authority%2Fcountry%2FDEU" in href and href.startswith("/resource")]
    (narrowed,) = [href for href in page(site, of_country).internal if href.startswith(f"{MAP}?country=")]
    assert of_country in page(site, narrowed).internal
    assert of_country.partition("&")[0] in page(site, "/search?q=Germany").internal
