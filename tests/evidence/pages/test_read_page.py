"""Pages as a reader sees them, and files that are none."""

from __future__ import annotations

import time
import zlib
from contextlib import suppress
from pathlib import Path

import pytest

from missiongraph.evidence.pages.normalised_text import passages
from missiongraph.evidence.pages.read_page import UnreadablePage, page_of, read_page
from tests.evidence.pages.pdf import pdf_of


def parts(markup: str) -> list[str]:
    return [passage.text for passage in passages(page_of(markup.encode(), "page.html").text)]


@pytest.mark.parametrize(
    ("markup", "read"),
    [
        ("<h1>A <b>ti</b>tle</h1><p>One<br>line", ["A title", "One line"]),
        ("<p>One<br><br>two", ["One", "two"]),
        ("<ol><li>Rome<li>Turin</ol>", ["Rome", "Turin"]),
        ("<table><tr><td>1<td>two</table>", ["1", "two"]),
        ("<p>by\n2030. It holds.</p>", ["by 2030.", "It holds."]),
        ("<head><title>no</title></head><nav>no</nav><p>yes<script>no</script>", ["yes"]),
        ("<p>is <del>not</del> <s>no</s> <!-- never --> done", ["is done"]),
        ("<p hidden>no<p style='display: none'>no<p>yes", ["yes"]),
        ("<style>.x, p.y { display: none }</style><p class='x'>no<p class='z y'>no<p>yes", ["yes"]),
        ("<p>103 applications<sup><a href='#1'>1</a></sup>, the 9<sup>th</sup>", ["103 applications, the 9th"]),
        ("<div role=navigation>no</div><p>peo&shy;ple&rsquo;s &euro;32", ["people's €32"]),
        ("<p>never closed <b>and <i>crossed</b> over", ["never closed and crossed over"]),
    ],
)
def test_html_is_what_a_reader_sees(markup: str, read: list[str]) -> None:
    assert parts(f"<!doctype html>{markup}") == read


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be", "utf-32", "cp1252", "mac-roman"])
def test_the_character_set_is_detected(encoding: str) -> None:
    text = "€32 million – people’s “quality”, è già così"
    assert page_of(text.encode(encoding)).text.lstrip("\ufeff") == text


def test_the_declared_character_set_counts_and_what_was_decoded_twice_is_mended() -> None:
    markup = "<html><head><meta charset='iso-8859-1'></head><p>città €"
    assert page_of(markup.encode("cp1252")).text == "città €"
    assert page_of("people’s €32".encode().decode("cp1252").encode()).text == "people’s €32"


@pytest.mark.parametrize("name", ["punycode", "idna", "base64", "zip", "rot13", "undefined", "x-none"])
def test_a_page_is_read_whatever_character_set_it_declares(name: str) -> None:
    """Python has codecs that are for no page (found by fuzzing): some refuse what is not ASCII, some give no text."""
    markup = f"<meta charset={name}><p>citt\u00e0".encode("cp1252")
    assert page_of(markup).text == "citt\u00e0"


def pdf_with(filters: bytes) -> bytes:
    """A PDF of one page whose content has *filters*."""
    content = b"BT /F1 12 Tf (By 2030) Tj ET"
    return pdf_of(
        [
            b"<</Type /Catalog /Pages 2 0 R>>",
            b"<</Type /Pages /Count 1 /Kids [3 0 R]>>",
            b"<</Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 5 0 R /Resources <</Font <</F1 4 0 R>>>>>>",
            b"<</Type /Font /Subtype /Type1 /BaseFont /Helvetica>>",
            b"<<%s/Length %d>>\nstream\n%s\nendstream" % (filters, len(content), content),
        ]
    )


def test_a_pdf_is_read() -> None:
    assert page_of(pdf_with(b"")).text.strip() == "By 2030"


@pytest.mark.parametrize(
    "filters", [b"/Filter 1", b"/Filter /Nope", b"/Filter [/FlateDecode]", b"/Filter [[/LZWDecode]]"]
)
def test_a_pdf_that_the_library_fails_on_is_refused(filters: bytes) -> None:
    """Found by fuzzing: what pypdf raises is of many classes (NotImplementedError, IndexError, zlib.error …)."""
    with pytest.raises(UnreadablePage, match="page: this page cannot be checked: the PDF"):
        page_of(pdf_with(filters))


def test_a_pdf_that_unpacks_to_more_than_can_be_read_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """A hundred pages, each of which is the same content; no limit of the library counts them together."""
    monkeypatch.setattr("missiongraph.evidence.pages.read_page._PDF_SECONDS", 1)
    content = zlib.compress(b"BT /F1 12 Tf " + b"() Tj " * 100_000 + b"ET", 9)
    page = b"<</Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 3 0 R /Resources <</Font <</F1 4 0 R>>>>>>"
    bomb = pdf_of(
        [
            b"<</Type /Catalog /Pages 2 0 R>>",
            b"<</Type /Pages /Count 100 /Kids [%s]>>" % b" ".join(b"%d 0 R" % (5 + n) for n in range(100)),
            b"<</Filter /FlateDecode /Length %d>>\nstream\n%s\nendstream" % (len(content), content),
            b"<</Type /Font /Subtype /Type1 /BaseFont /Helvetica>>",
            *[page] * 100,
        ]
    )
    assert len(bomb) < 50_000
    begun = time.perf_counter()
    with pytest.raises(UnreadablePage, match="not found within 1 s of processor time"):
        page_of(bomb)
    assert time.perf_counter() - begun < 10


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"<div>" * 50_000, "nested more than"),
        (b"x" * 9_000_000, "more than 8 MB"),
        (b"word " * 200_000, "more than 300000 characters"),
        (b"\x00\x01\x02\x03\x04\x05" * 50, "neither text nor HTML nor PDF"),
        (b"%PDF-1.7 broken", "PDF"),
    ],
    ids=["deep", "large", "long", "binary", "pdf"],
)
def test_what_cannot_be_checked_is_told_soon(data: bytes, says: str) -> None:
    begun = time.perf_counter()
    with pytest.raises(UnreadablePage, match=says):
        page_of(data, "page.html" if data.startswith(b"<") else "page")
    assert time.perf_counter() - begun < 5


@pytest.mark.parametrize("piece", ["<p>x", "<!--", "<b><p>", "<a href=", "<", "&amp;", "</div>"])
def test_broken_markup_takes_bounded_time(piece: str) -> None:
    begun = time.perf_counter()
    with suppress(UnreadablePage):
        page_of((piece * 100_000).encode(), "page.html")
    assert time.perf_counter() - begun < 10


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(UnreadablePage, match="nowhere"):
        read_page(tmp_path / "nowhere")
