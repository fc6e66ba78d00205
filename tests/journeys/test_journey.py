"""What a reader does on the site, in a real browser, with JavaScript and without."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Locator, expect

import missiongraph.web
from missiongraph.web.rendering.environment import EDITOR
from tests.journeys.conftest import Reader, Readers

LONG = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
QUESTION = "Which cities form the Italian Network?"

needs_editor = pytest.mark.skipif(
    not (Path(missiongraph.web.__file__).parent / "static" / EDITOR).is_file(),
    reason="the query editor was not built here (make builds it, with npm or a network at hand)",
)


def follow_a_city(reader: Reader) -> None:
    """Home, a city, the evidence of a fact, the other language, its Turtle."""
    page = reader.open("/")
    page.locator('main a[href="/doc/city/bologna"]').first.click()
    expect(page.locator("h1")).to_have_text("Bologna")

    note = page.locator("details.ev").first
    note.locator("summary").click()
    expect(note.locator(".note").first).to_be_visible()

    page.locator(".tools a[hreflang=it]").click()
    expect(page.locator("html")).to_have_attribute("lang", "it")
    expect(page.locator("h1")).to_have_text("Bologna")

    turtle = page.request.get(reader.root + str(page.get_by_role("link", name="Turtle").get_attribute("href")))
    assert turtle.headers["content-type"].startswith("text/turtle")
    assert "Bologna" in turtle.text()


def search_with_a_typing_error(reader: Reader) -> None:
    """The box of any page finds Florence as nearly everybody has misspelt it."""
    page = reader.open("/?lang=it")
    page.locator("#page-search").fill("firenza")
    page.keyboard.press("Enter")
    page.locator(".hits").get_by_role("link", name="Firenze", exact=True).first.click()
    expect(page.locator("h1")).to_have_text("Firenze")


def narrow_a_view(reader: Reader) -> None:
    """The map in the navigation, one country of it, and its rows as a file."""
    page = reader.open("/?lang=en")
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Map").click()
    everywhere = page.locator(".listing tbody tr").count()
    page.get_by_label("Country").select_option(label="Italy")
    page.get_by_role("button", name="Show", exact=True).click()
    expect(page.locator(".map .place", has_text="Bologna")).to_have_count(1)
    rows = page.locator(".listing tbody tr").count()
    assert 0 < rows < everywhere

    file = page.request.get(reader.root + str(page.get_by_role("link", name="CSV").get_attribute("href")))
    assert file.headers["content-type"].startswith("text/csv")
    assert len({line.partition(",")[0] for line in file.text().splitlines()[1:]}) == rows


def look_closer(reader: Reader) -> None:
    """A map by buttons and keys; the wheel belongs to the page unless Ctrl is held."""
    page = reader.open("/views/mission-map?lang=en")
    closer, farther = (page.get_by_role("button", name=name) for name in ("Zoom in", "Zoom out"))
    drawn, place = page.locator("svg.map"), page.locator(".map .place", has_text="Reykjav")
    whole = drawn.get_attribute("viewBox")
    expect(farther).to_be_disabled()
    closer.click()
    near = drawn.get_attribute("viewBox")
    assert near != whole
    closer.press("ArrowRight")
    assert drawn.get_attribute("viewBox") != near
    closer.click()
    place.focus()  # which brings it into sight
    x, y, width, height = map(float, str(drawn.get_attribute("viewBox")).split())
    dot = place.locator(".dot")
    across, down = (float(str(dot.get_attribute(name))) for name in ("cx", "cy"))
    assert x <= across <= x + width and y <= down <= y + height
    farther.click()
    farther.click()
    assert drawn.get_attribute("viewBox") == whole

    drawn.hover()
    page.mouse.wheel(0, -100)
    assert drawn.get_attribute("viewBox") == whole
    page.keyboard.down("Control")
    page.mouse.wheel(0, -100)
    expect(drawn).not_to_have_attribute("viewBox", str(whole))
    page.keyboard.up("Control")


@needs_editor
def test_a_reader_with_scripts(reader: Readers) -> None:
    someone = reader(permissions=["clipboard-read", "clipboard-write"])
    follow_a_city(someone)
    narrow_a_view(someone)
    look_closer(someone)
    page = someone.open("/sparql")

    page.get_by_role("link", name=QUESTION).click()
    expect(page.locator(".cm-content")).to_contain_text("SELECT")
    expect(page.locator(".result tbody tr")).to_have_count(9)

    someone.write("SELECT ?city WHERE { ?city a schema:City } LIMIT 3")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".result tbody tr")).to_have_count(3)
    shared = page.url
    page.get_by_role("button", name="Share link").click()
    assert page.evaluate("navigator.clipboard.readText()") == shared

    page.get_by_role("link", name=QUESTION).click()
    page.locator(".result button.ev").first.click()
    expect(page.locator(".result [popover]").first).to_contain_text("Go to the sentence")
    page.keyboard.press("Escape")
    expect(page.locator(".result [popover]").first).to_be_hidden()
    page.go_back()

    page.get_by_role("link", name="city", exact=True).click()  # sorts
    expect(page.locator("th[aria-sort=ascending]")).to_have_text("city")
    page.go_back()
    expect(page.locator("th[aria-sort]")).to_have_count(0)
    someone.assert_content()

    other = reader()
    other.open(shared.removeprefix(other.root))
    expect(other.page.locator(".result tbody tr")).to_have_count(3)
    expect(other.page.locator(".cm-content")).to_contain_text("LIMIT 3")
    other.assert_content()


def test_a_reader_without_scripts(reader: Readers) -> None:
    someone = reader(java_script_enabled=False)
    follow_a_city(someone)
    narrow_a_view(someone)
    expect(someone.page.get_by_role("button", name="Zoom in")).to_be_hidden()
    search_with_a_typing_error(someone)
    page = someone.open("/sparql")

    page.get_by_role("link", name=QUESTION).click()
    expect(page.locator("textarea")).to_have_value(re.compile("SELECT"))
    expect(page.locator(".result tbody tr")).to_have_count(9)

    page.locator("textarea").fill("SELECT ?city WHERE { ?city a schema:City } LIMIT 3")
    page.get_by_role("button", name="Run").click()
    expect(page.locator(".result tbody tr")).to_have_count(3)
    assert parse_qs(urlsplit(page.url).query)["query"] == ["SELECT ?city WHERE { ?city a schema:City } LIMIT 3"]

    page.get_by_role("link", name="city", exact=True).click()
    expect(page.locator("th[aria-sort=ascending]")).to_have_text("city")
    expect(page.get_by_role("button", name="Share link")).to_be_hidden()  # the address is the link
    someone.assert_content()


PLACES = "[...document.querySelectorAll('main *, header *')].map((e) => JSON.stringify(e.getBoundingClientRect()))"
HIDE = "for (const button of document.querySelectorAll('button.copy, button.theme')) button.hidden = true"


@pytest.mark.parametrize("width", [320, 412, 1280])
@pytest.mark.parametrize("address", ["/", "/doc/city/bologna", "/doc/evidence/italian-network/member-bologna"])
def test_nothing_moves_when_the_buttons_of_a_script_appear(reader: Readers, address: str, width: int) -> None:
    page = reader(viewport={"width": width, "height": 800}).open(address)
    page.evaluate("document.fonts.ready")
    shown = page.evaluate(PLACES)
    page.evaluate(HIDE)
    assert page.evaluate(PLACES) == shown


@needs_editor
def test_a_running_query_can_be_stopped(reader: Readers) -> None:
    someone = reader()
    page = someone.open("/sparql")
    someone.write(LONG)
    page.keyboard.press("Control+Enter")
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_role("button", name="Run")).to_be_visible()
    expect(page.get_by_text("Stopped.")).to_be_visible()
    someone.assert_content()


@needs_editor
def test_an_answer_goes_when_another_query_is_run(reader: Readers) -> None:
    someone = reader()
    page = someone.open("/sparql?query=SELECT")
    expect(page.locator("#page-answer .fault")).to_be_visible()
    someone.write(LONG)
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("button", name="Stop")).to_be_visible()
    expect(page.locator("#page-answer .fault")).to_have_count(0)
    page.get_by_role("button", name="Stop").click()


@needs_editor
def test_a_syntax_error_is_underlined_until_the_query_changes(reader: Readers) -> None:
    someone = reader()
    page = someone.open("/sparql")
    someone.write("SELECT * WHERE {\n  ?s ?p }")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".fault")).to_contain_text("Line 2")
    expect(page.locator(".cm-lintRange-error")).to_have_text("}")
    page.keyboard.type(" ")
    expect(page.locator(".cm-lintRange-error")).to_have_count(0)


def choose(option: Locator) -> None:
    """Click the option of the editor's list, which takes no click in the first 75 milliseconds after a change."""
    option.wait_for()
    option.page.wait_for_timeout(300)
    option.click()


@needs_editor
def test_the_editor_completes_terms_and_things_of_the_graph(reader: Readers) -> None:
    someone = reader()
    page = someone.open("/sparql")
    someone.write("SELECT * WHERE { ?x a ")
    page.keyboard.type("Municip", delay=20)
    choose(page.get_by_role("option", name="mg:Municipality"))
    expect(page.locator(".cm-line").first).to_have_text("PREFIX mg: <https://w3id.org/missiongraph/ontology#>")
    page.keyboard.type(" ; ?p bologn", delay=20)
    choose(page.locator(".cm-completionDetail", has_text="city/bologna"))
    expect(page.locator(".cm-content")).to_contain_text("?p <https://w3id.org/missiongraph/id/city/bologna>")
    someone.assert_content()


@needs_editor
def test_the_editor_lets_the_keyboard_go(reader: Readers) -> None:
    page = reader().open("/sparql")
    page.locator(".cm-content").focus()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Run")).to_be_focused()
