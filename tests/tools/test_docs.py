"""The documentation is one site: each document a page of it, each link a link within it, and search without server."""

from __future__ import annotations

import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urldefrag

import pytest

from tools import docs


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pytest.importorskip("sphinx", reason="the extra docs is not installed")
    built = tmp_path_factory.mktemp("documentation") / "site"
    made = subprocess.run(
        [sys.executable, "-m", "tools.docs", str(built)], cwd=docs.ROOT, capture_output=True, text=True, check=False
    )
    assert made.returncode == 0, made.stderr
    return built


class _Page(HTMLParser):
    def __init__(self, file: Path) -> None:
        super().__init__()
        self.links: list[str] = []
        self.anchors: set[str] = set()
        self.feed(file.read_text("utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        self.anchors |= {value for value in (told.get("id"), told.get("name")) if value}
        if link := told.get("href") or told.get("src"):
            self.links.append(link)


@pytest.mark.sweep
def test_every_link_within_the_site_leads_to_a_file_and_a_place_in_it(site: Path) -> None:
    pages = {file: _Page(file) for file in site.rglob("*.html")}
    broken = []
    for file, page in pages.items():
        for link in page.links:
            address, anchor = urldefrag(link)
            if re.match(r"[a-z]+:", link):
                continue
            target = (file.parent / unquote(address.partition("?")[0])).resolve() if address else file
            if not target.exists() or (anchor and target in pages and unquote(anchor) not in pages[target].anchors):
                broken.append(f"{file.relative_to(site)}: {link}")
    assert len(pages) > 150
    assert not broken


@pytest.mark.sweep
def test_every_document_is_a_page(site: Path) -> None:
    assert not [place for place in docs.pages() if not (site / place).with_suffix(".html").exists()]


@pytest.mark.sweep
def test_search_knows_the_words_and_needs_no_server(site: Path) -> None:
    index = (site / "searchindex.js").read_text("utf-8")
    assert index.startswith("Search.setIndex(")
    assert "reconcil" in index
    assert "fetch(" not in (site / "_static" / "searchtools.js").read_text("utf-8").partition("Summary")[0]


def test_a_link_to_a_module_becomes_its_text(tmp_path: Path) -> None:
    page, other = tmp_path / "docs" / "a.md", tmp_path / "B.md"
    page.parent.mkdir()
    page.write_text("See [the code](../src/x.py), [b](../B.md#c) and ![a picture](images/p.png).")
    places = {
        page: Path("how/a.md"),
        other: Path("project/b.md"),
        page.parent / "images" / "p.png": Path("images/p.png"),
    }
    assert docs.staged(page, places) == "See the code, [b](../project/b.md#c) and ![a picture](../images/p.png)."
