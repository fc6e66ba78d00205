"""The pages of the ontology and of the shapes, as people read them."""

from __future__ import annotations

import re

import httpx
import pytest


def text_of(site: httpx.Client, address: str) -> str:
    page = site.get(address, headers={"Accept": "text/html"}).text
    return " ".join(re.sub("<[^>]*>", " ", page).split())


def element(site: httpx.Client, address: str, name: str) -> str:
    """The part of a page from the element with the id *name* to the next article."""
    page = site.get(address, headers={"Accept": "text/html"}).text
    return page[page.index(f'id="{name}"') :].partition("</article>")[0]


def test_a_term_has_both_languages_its_use_and_examples(site: httpx.Client) -> None:
    term = element(site, "/ontology?lang=it", "memberCity")
    assert 'lang="en"' in term
    assert re.search(r"Usato \d+ volte", term)
    assert term.count("/doc/city/") == 3


def test_a_class_stands_before_the_properties_that_are_said_of_it(site: httpx.Client) -> None:
    page = site.get("/ontology?lang=en", headers={"Accept": "text/html"}).text
    order = [page.index(f'id="{name}"') for name in ("CityNetwork", "memberCity", "Disagreement", "acceptedClaim")]
    assert order == sorted(order)


def test_the_ontology_is_drawn_and_told_in_a_sentence_a_class(site: httpx.Client) -> None:
    page = site.get("/ontology?lang=en", headers={"Accept": "text/html"}).text
    assert '<a href="#memberCity"><text' in page
    told = page.partition("Classes in a sentence each")[2].partition("</section>")[0]
    assert "A set of cities that a source names together." in told
    assert "It is no organisation unless a source says so." not in told


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ("Exactly one value", "each of the class “City network”", "otherwise the data are refused")),
        ("it", ("Esattamente un valore", "ciascuno della classe «Rete di città»", "altrimenti i dati sono rifiutati")),
    ],
)
def test_shapes_say_what_they_ask_and_what_follows(site: httpx.Client, language: str, words: tuple[str, ...]) -> None:
    text = text_of(site, f"/shapes?lang={language}").casefold()
    assert not [word for word in words if word.casefold() not in text]


def test_a_rule_is_told_as_what_is_said_when_it_is_broken(site: httpx.Client) -> None:
    text = text_of(site, "/shapes?lang=en")
    assert "A signatory for each city" in text
    assert "Otherwise “No municipality of …, which the memorandum covers, has signed it.” The data are refused" in text


def test_many_shapes_have_a_table_of_contents(site: httpx.Client) -> None:
    contents = site.get("/shapes.html?lang=en").text.partition('id="page-contents"')[2].partition("</nav>")[0]
    assert '<a href="#City"><bdi>City</bdi></a>' in contents


def test_links_elsewhere_are_called_by_their_register(site: httpx.Client) -> None:
    assert "Wikidata Q1891" in text_of(site, "/doc/city/bologna?lang=en")
