"""An editor saves files, and looks at a page that is open all the time (``serve --watch``)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys.conftest import Reader, Readers
from tests.web.serving.test_editing import DATA, Editor, answers, editing
from tests.web.serving.test_parents import wait_until


@pytest.fixture(scope="module")
def editor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Editor]:
    folder = tmp_path_factory.mktemp("editing")
    with editing(folder / "publication", folder / "cache", folder / "log") as running:
        wait_until(lambda: answers(running))
        yield running


@pytest.fixture
def reader(browser: Browser, editor: Editor) -> Iterator[Reader]:
    editor.save("data/a.ttl", DATA.format(name="alder"))
    wait_until(lambda: "alder" in editor.page() and not editor.state()["faults"])
    readers = Readers(browser, editor.base)
    yield readers()
    readers.close()


def test_an_open_page_shows_faults_and_then_what_was_saved(reader: Reader, editor: Editor) -> None:
    page = reader.open("/doc/x")
    expect(page.locator("h1")).to_have_text("alder")
    editor.save("data/a.ttl", DATA.format(name="<b>BIRCH</b>"))
    banner = page.get_by_role("alert")
    expect(banner).to_contain_text("What was saved has faults. This page is from before.")
    expect(banner).to_contain_text("Small letters only.")
    expect(banner).to_contain_text("data/a.ttl:2")
    expect(banner).to_contain_text("<b>BIRCH</b>")  # as text
    expect(page.locator("h1")).to_have_text("alder")
    editor.save("data/a.ttl", DATA.format(name="birch"))
    expect(page.locator("h1")).to_have_text("birch")
    expect(banner).to_have_count(0)
    reader.assert_content()


def test_a_banner_goes_when_the_fault_is_taken_back(reader: Reader, editor: Editor) -> None:
    page = reader.open("/doc/x?lang=en")
    editor.save("data/a.ttl", "broken")
    expect(page.get_by_role("alert")).to_contain_text("data/a.ttl:1:")
    editor.save("data/a.ttl", DATA.format(name="alder"))
    expect(page.get_by_role("alert")).to_have_count(0)


def test_a_page_that_was_not_there_appears(reader: Reader, editor: Editor) -> None:
    page = reader.open("/doc/y")
    assert "404" in page.content()
    editor.save("data/b.ttl", DATA.format(name="cedar").replace("/x>", "/y>"))
    expect(page.locator("h1")).to_have_text("cedar")
    (editor.folder / "data/b.ttl").unlink()
    expect(page.locator("body")).to_contain_text("404")


def test_whoever_types_loses_nothing(reader: Reader, editor: Editor) -> None:
    page = reader.open("/doc/x")
    field = page.locator("#page-search")
    field.fill("half a wo")
    editor.save("data/a.ttl", DATA.format(name="birch"))
    wait_until(lambda: "birch" in editor.page())
    page.wait_for_timeout(1000)
    expect(field).to_have_value("half a wo")
    expect(page.locator("h1")).to_have_text("alder")
    field.blur()
    expect(page.locator("h1")).to_have_text("birch")
