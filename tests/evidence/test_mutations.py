"""Edited copies of a page: every contradiction is found, and no claim is accused that the edit leaves alone.

Each harmful edit is tried in several writings of the page, because a writing must not hide it.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from missiongraph.evidence.check import SourceClaims
from tests.evidence.library import PAGE, accused, library_claims

C, G = "contradicted", "gone"
CALL = {"proposals": C, "libraries": C, "countries": C}
ITEMS = "  1. Quayside\n  2. Lighthouse\n  3. Old Mill\n  4. Station"
NAMES = ("Quayside", "Lighthouse", "Old Mill", "Station")
#: How the items of a list may be numbered, by their number, letter and Roman numeral; the last ones in running text.
FORMS = (
    "{n}) ",
    "({n}) ",
    "{n} - ",
    "{n}; ",
    "{n}.",
    "{n} ",
    "{a}) ",
    "({a}) ",
    "{a}. ",
    "{A}) ",
    "{i}. ",
    "{i}) ",
    "* ",
)
RUNNING = ("{n}. ", "({n}) ", "{a}) ", "({a}) ")


def listed(form: str, between: str = "\n", names: tuple[str, ...] = NAMES) -> str:
    """The branches, numbered in one of the :data:`FORMS`; one that is left out leaves a gap in the count."""
    marks = [form.format(n=n + 1, a="abcd"[n], A="ABCD"[n], i=("i", "ii", "iii", "iv")[n]) for n in range(4)]
    return between.join(mark + name for mark, name in zip(marks, NAMES, strict=True) if name in names)


GRANT = re.search(r"The reading rooms.*?Tides\. ", PAGE)
assert GRANT is not None

#: kind: edits, each from words to words, with the claims that it accuses and how
HARMFUL: dict[str, list[tuple[str, str, dict[str, str]]]] = {
    "figure": [
        ("48,500", "45,800", {"books": C}),
        ("48,500", "48,500,000", {"books": C}),
        ("48,500", "48.5", {"books": C}),
        ("85 proposals", "58 proposals", {"proposals": C}),
        ("85 proposals", "85-95 proposals", {"proposals": C}),
        ("85 proposals", "85 or 90 proposals", {"proposals": C}),
        ("85 proposals", "185 proposals", {"proposals": C}),
        ("85 proposals", "85.5 proposals", {"proposals": C}),
        ("85 proposals", "85+ proposals", {"proposals": C}),
        ("85 proposals", "eighty-six proposals", {"proposals": C}),
        ("twelve languages", "thirteen languages", {"languages": C}),
        ("64 libraries", "46 libraries", {"libraries": C}),
        ("17 countries", "71 countries", {"countries": C}),
        ("7,200", "2,700", {"lent": C}),
        ("three-year", "four-year", {"duration": C}),
        ("three-year", "three-month", {"duration": C}),
        ("12.75 MB", "12.75 GB", {"size": C}),
        ("12.75 MB", "17.25 MB", {"size": C}),
        ("By 2028", "By 2038", {"by": C}),
        ("64 libraries in 17", "17 libraries in 64", {"libraries": C, "countries": C}),
    ],
    "amount": [
        ("€2.4 million", "€4.2 million", {"grant": C}),
        ("€2.4 million", "$2.4 million", {"grant": C}),
        ("€2.4 million", "€2.4 billion", {"grant": C}),
        ("€2.4 million", "€24 million", {"grant": C}),
        ("€2.4 million", "€2.4-€3 million", {"grant": C}),
        ("with €2.4 million", "with between €2 and €2.4 million", {"grant": C}),
        ("with €2.4 million", "with up to €2.4 million", {"grant": C}),
        ("with €2.4 million", "with part of the €2.4 million", {"grant": C}),
        ("with €2.4 million", "with nearly half of the €2.4 million", {"grant": C}),
    ],
    "date": [
        ("3 May 2019", "13 May 2019", {"opened": C}),
        ("3 May 2019", "3 March 2019", {"opened": C}),
        ("3 May 2019", "3 May 2018", {"opened": C}),
        ("3 May 2019", "5/3/2019", {"opened": C}),
        ("12/03/2025", "03/12/2025", {"updated": C}),
        ("12/03/2025", "13/04/2025", {"updated": C}),
    ],
    "name": [
        ("Foundation for Open Reading", "Foundation for Open Writing", {"run-by": C}),
        ("the Coastal Fund", "the Mountain Fund", {"funder": C}),
        ("Friends of the Quay", "Friends of the Pier", {"friends": C}),
        ("Museum of Tides.", "Museum of Ships.", {"museum": C}),
        ("Museum of Tides.", "Museum of Tides Foundation.", {"museum": C}),
        ("branch Station", "branch Lighthouse", {"main-branch": C}),
        ("branch Station", "branch Sattion", {"main-branch": C}),
    ],
    "role": [
        (
            "Quayside, Lighthouse and Old Mill, the main branch Station",
            "Station, Lighthouse and Old Mill, the main branch Quayside",
            {"with-quayside": C, "main-branch": C},
        ),
        (
            "Lighthouse and Old Mill, the main branch Station",
            "Lighthouse and Station, the main branch Old Mill",
            {"with-old-mill": C, "main-branch": C},
        ),
        (
            "Reading Tides, precedes the current Open Shelves",
            "Open Shelves, precedes the current Reading Tides",
            {"precedes": C},
        ),
    ],
    "direction": [
        ("precedes", "follows", {"precedes": C}),
        ("precedes", "is preceded by", {"precedes": G}),
    ],
    "denial": [
        ("is run by", "is not run by", {"run-by": C}),
        ("was chosen", "was never chosen", {"proposals": C}),
        ("which runs", "which no longer runs", {"museum": C}),
        ("will digitize", "will not digitize", {"maps": C}),
        ("holds 48,500", "does not hold 48,500", {"books": C}),
    ],
    "hedge": [
        ("which runs", "which perhaps runs", {"museum": C}),
        ("from 85", "from about 85", {"proposals": C}),
        ("by 64", "by at least 64", {"libraries": C}),
        ("in 17", "in nearly 17", {"countries": C}),
        ("holds 48,500", "holds up to 48,500", {"books": C}),
        ("Reading Tides was chosen", "Reading Tides, allegedly, was chosen", CALL),
        ("Reading Tides was chosen", "It may be that Reading Tides was chosen", CALL),
        ("Reading Tides was chosen", "It is not true that Reading Tides was chosen", CALL),
    ],
    "list": [
        ("  2. Lighthouse\n", "", {"lighthouse": G}),
        ("  1. Quayside\n", "", {"quayside": G}),
        ("  4. Station\n", "", {"station": G}),
        ("2. Lighthouse", "2. Windmill", {"lighthouse": G}),
        (", Lighthouse and Old Mill", " and Old Mill", {"with-lighthouse": G}),
        ("Lighthouse and Old Mill, the", "and Lighthouse, the", {"with-old-mill": G}),
        ("Together with Quayside, Lighthouse", "Together with Lighthouse", {"with-quayside": G}),
        *((ITEMS, listed(form, names=NAMES[:2] + NAMES[3:]), {"old-mill": G}) for form in FORMS),
    ],
    "words": [
        ("17 countries", "17 counties", {"countries": G}),
        ("64 libraries in", "64 museums in", {"libraries": G, "countries": G}),
        ("three-year programme organised", "three-year exhibition organised", {"duration": G}),
        ("lends 7,200 books", "buys 7,200 books", {"lent": G, "main-branch": G}),
        (GRANT[0], "", {"grant": G, "funder": G, "museum": G}),
    ],
}  # fmt: skip

#: Edits that leave every fact as it was.
HARMLESS: dict[str, list[tuple[str, str]]] = {
    "number": [
        ("48,500", "48 500"),
        ("48,500", "forty-eight thousand five hundred"),
        ("85 proposals", "eighty-five proposals"),
        ("twelve languages", "12 languages"),
        ("three-year", "3-year"),
        ("three-year", "three year"),
        ("64 libraries", "sixty-four libraries"),
        ("12.75 MB", "12,75 MB"),
        ("12.75 MB", "12.75MB"),
    ],
    "amount": [
        ("€2.4 million", "EUR 2.4 million"),
        ("€2.4 million", "2.4 million euros"),
        ("€2.4 million", "€2,400,000"),
        ("€2.4 million", "€ 2.4m"),
        ("€2.4 million", "2,4 milioni di euro"),
    ],
    "date": [
        ("3 May 2019", "May 3, 2019"),
        ("3 May 2019", "3rd of May 2019"),
        ("3 May 2019", "03/05/2019"),
        ("on 3 May 2019", "il 3 maggio 2019"),
        ("3 May 2019", "2019-05-03"),
        ("on 3 May 2019", "on Friday, 3 May 2019"),
        ("12/03/2025", "12 March 2025"),
        ("12/03/2025", "12.3.2025"),
    ],
    "spelling": [("digitize", "digitise"), ("organised", "organized"), ("programme", "program")],
    "typing": [
        ("reserch", "research"),
        ("proposals", "propsals"),
        ("languages", "langauges"),
        ("libraries in", "librarries in"),
        ("in grants", "in grnats"),
        ("in grants", "ingrants"),
        ("from the Coastal", "fromthe Coastal"),
        ("by the Foundation", "by theFoundation"),
        ("which runs the", "whichruns the"),
        ("branch Station", "branchStation"),
        ("million in", "millionin"),
        ("Lighthouse and", "Lighthouseand"),
        ("is run by", "is run by by"),
    ],
    "list": [
        ("  3. Old Mill\n", "  3. Windmill\n  4. Old Mill\n"),
        (ITEMS, "  1. Station\n  2. Old Mill\n  3. Lighthouse\n  4. Quayside"),
        (ITEMS, "Quayside, Lighthouse, Old Mill, Station"),
        ("Quayside, Lighthouse and", "Quayside, Windmill, Lighthouse and"),
        *((ITEMS, listed(form)) for form in FORMS),
        *((f"following.\n\n{ITEMS}", "following. " + listed(form, " ")) for form in RUNNING),
    ],
    "prose": [
        ("help on Sundays", "help on most days"),
        ("Rate this page", "Rate this page. Perhaps you may not like about 5 of them."),
        ("Its branches are the following.", "Its branches are, as you may know, the following."),
        ("17 countries. The catalogue", "17 countries; the catalogue"),
    ],
}  # fmt: skip


def as_html(page: str) -> str:
    blocks = []
    for block in re.split(r"\n\s*\n", page.strip()):
        items = re.findall(r"^ *\d\. (.*)$", block, re.MULTILINE)
        listed = "".join(f"<li>{html.escape(item)}</li>" for item in items)
        blocks.append(f"<ol>{listed}</ol>" if items else f"<p>{html.escape(block)}</p>".replace("\n", "<br>"))
    body = "\n".join(blocks).replace("Reading", "<b>Rea</b>ding").replace("library", "<!-- not -->library")
    menu = "<nav><ul><li>Not Home</li></ul></nav><script>var no = 'perhaps'</script><p hidden>Never.</p>"
    return f"<!doctype html><html><head><title>No</title></head><body>{menu}{body}<del>never</del></body></html>"


WRITINGS: dict[str, Callable[[str], str | bytes]] = {
    "text": str,
    "html": as_html,
    "typographic": lambda page: page.replace("'", "’").replace("-", "‑").replace(" ", "\u00a0", 40),
    "utf-16": lambda page: page.encode("utf-16"),
    "windows": lambda page: page.replace("\n", "\r\n").encode("cp1252"),
    "wrapped": lambda page: re.sub(r"(?<=[a-z,]) (?=[a-z])", "\n", page),
}
CASES = [(kind, *edit) for kind, edits in HARMFUL.items() for edit in edits]


@pytest.fixture(scope="session")
def claims() -> SourceClaims:
    return library_claims()


def edited(old: str, new: str) -> str:
    assert old in PAGE, old
    return PAGE.replace(old, new, 1)


@pytest.mark.parametrize("writing", WRITINGS)
def test_a_writing_of_the_page_accuses_nobody(claims: SourceClaims, writing: str) -> None:
    assert accused(claims, WRITINGS[writing](PAGE)) == {}


@pytest.mark.parametrize("writing", WRITINGS)
@pytest.mark.parametrize(("kind", "old", "new", "expected"), CASES, ids=[f"{c[0]}: {c[2][:40]!r}" for c in CASES])
def test_a_harmful_edit_accuses_the_claims_that_it_touches(
    claims: SourceClaims, writing: str, kind: str, old: str, new: str, expected: dict[str, str]
) -> None:
    assert accused(claims, WRITINGS[writing](edited(old, new))) == expected, kind


@pytest.mark.parametrize(
    ("old", "new"), [edit for edits in HARMLESS.values() for edit in edits], ids=lambda text: repr(text[:30])
)
def test_a_harmless_edit_accuses_nobody(claims: SourceClaims, old: str, new: str) -> None:
    assert accused(claims, edited(old, new)) == {}
    assert accused(claims, as_html(edited(old, new))) == {}


@given(st.permutations(re.split(r"\n\s*\n", PAGE.strip())))
@settings(max_examples=40)
def test_the_order_of_paragraphs_does_not_matter(order: list[str]) -> None:
    assert accused(library_claims(), "\n\n".join(order)) == {}


@given(st.sampled_from([kind for kind in HARMFUL for _ in HARMFUL[kind]]), st.data())
@settings(max_examples=60)
def test_two_edits_accuse_what_each_of_them_does(kind: str, data: st.DataObject) -> None:
    one = data.draw(st.sampled_from(HARMFUL["figure"]))
    other = data.draw(st.sampled_from(HARMLESS["date"]))
    page = edited(*one[:2])
    if other[0] in page:
        assert accused(library_claims(), page.replace(*other, 1)) == one[2]
