"""The normalisation that pages, phrases and digests share."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from missiongraph.evidence.pages.text import normalise, occurrences, passage_digest, passages

# Characters that no list is made of: what is a list's mark depends on the lines around it.
MARKS = "-*+•◦‣▪▫●○■□·–—‐‑‒―−⁃\u2e3a\u2e3b\ufe58\ufe62\ufe63\uff0b\uff0d\uff0a\ufe61"
PROSE = st.text(st.characters(exclude_categories=("Cs", "Nd", "No", "So"), exclude_characters=MARKS))
WORDS = st.lists(st.from_regex(r"[A-Za-zàèéìòù]{2,9}", fullmatch=True), min_size=1, max_size=9)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("people’s  people´s people`s", "people's people's people's"),
        ("“rapidly” «ora» „so“", '"rapidly" "ora" "so"'),
        ("project – GOverning — the − way", "project - GOverning - the - way"),
        ("climate\u00adneutral zero\u200bwidth \ufeffmark", "climateneutral zerowidth mark"),
        ("  white\t\n space\u00a0folds  ", "white space folds"),
        ("ﬁne e\u0301 ①", "fine é 1"),
        ("€32 million in 2030. 630.35 KB", "€32 million in 2030. 630.35 KB"),
    ],
)
def test_writing_is_folded(written: str, read: str) -> None:
    assert normalise(written).text == read


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("  1. Bergamo\n  2. Bologna\n", "Bergamo Bologna"),
        ("7. Prato", "Prato"),
        ("1.Bergamo\n2. Bologna\n3.Milan", "Bergamo Bologna Milan"),
        ("a) Bergamo\nb) Bologna", "Bergamo Bologna"),
        ("i. Bergamo\nii. Bologna\niv. Milan", "Bergamo Bologna Milan"),
        ("They are (a) Bergamo (b) Bologna.", "They are Bergamo Bologna."),
        ("9:30 Welcome\n9:45 Start\n10:00 End", "9:30 Welcome 9:45 Start 10:00 End"),
        ("A. Rossi\nB. Bianchi", "A. Rossi B. Bianchi"),
        ("103 applications\n159 cities\n33 countries", "103 applications 159 cities 33 countries"),
        ("Plan a) only", "Plan a) only"),
        ("1) Bergamo\n2) Bologna", "Bergamo Bologna"),
        ("cities: 1. Bergamo 2. Bologna 3. Florence", "cities: Bergamo Bologna Florence"),
        ("• Bergamo • Bologna", "Bergamo Bologna"),
        ("- Bergamo\n- Bologna", "Bergamo Bologna"),
        ("neutral by\n2030. The pilots", "neutral by 2030. The pilots"),
        ("on 9 September\n9 cities", "on 9 September 9 cities"),
        ("the Let's GOv project\n– GOverning", "the Let's GOv project - GOverning"),
        ("version 1. It runs", "version 1. It runs"),
        ("630.35 KB, 1.5 million", "630.35 KB, 1.5 million"),
    ],
)
def test_marks_of_lists_are_no_text(written: str, read: str) -> None:
    assert normalise(written).text == read


def test_a_phrase_keeps_its_dash() -> None:
    assert normalise("– GOverning", lists=False).text == "- GOverning"


def test_the_map_leads_back_to_the_original() -> None:
    page = normalise("A\u00ad  “qulity”  of ﬁne\n\n  2. Bologna")
    start = page.text.index("fine")
    assert page.text == 'A "qulity" of fine Bologna'
    assert (page.spans[start][0], page.spans[start + 3][1]) == (17, 20)


@pytest.mark.parametrize(
    ("page", "parts"),
    [
        ("Signed on 9. September. It holds.", ["Signed on 9. September.", "It holds."]),
        ("It has 630.35 KB. Download it!", ["It has 630.35 KB.", "Download it!"]),
        ("by 2030. Nine cities", ["by 2030.", "Nine cities"]),
        ("climatic. social and economic", ["climatic. social and economic"]),
        ('rapidly "decarbonize". The cities', ['rapidly "decarbonize".', "The cities"]),
        ("Art. 5 applies, e.g. Rome. È vero.", ["Art. 5 applies, e.g. Rome.", "È vero."]),
        ("A heading\n\nA line\nthat wraps", ["A heading", "A line that wraps"]),
        ("The cities:\r\n\r\n 1. Rome\r\n 2. Turin\r\n\r\nOn it goes", ["The cities:", "Rome", "Turin", "On it goes"]),
        ("", []),
    ],
)
def test_passages_end_where_a_reader_stops(page: str, parts: list[str]) -> None:
    assert [passage.text for passage in passages(page)] == parts


def test_a_long_run_of_stops_is_read_in_one_go() -> None:
    """Tried from each of its stops, this one would take minutes."""
    (passage,) = passages("1" + "." * 250_000)
    assert len(passage.text) == 250_001


@pytest.mark.parametrize(
    ("page", "phrase", "count"),
    [
        ("19 September", "9 September", 0),
        ("on 9 September 2022", "9 September", 1),
        ("about 5-9 cities", "9 cities", 0),
        ("it costs 1.32 million", "32 million", 0),
        ("it costs €32 million", "32 million", 1),
        ("a size of 630.35", "630", 0),
        ("33 countries", "33 count", 0),
        ("l'Italia e l’Italia", "Italia", 2),
        ("quote ”me” once", '"me"', 1),
    ],
)
def test_words_and_figures_are_found_whole(page: str, phrase: str, count: int) -> None:
    assert len(list(occurrences(normalise(page), phrase))) == count


def test_context_tells_two_occurrences_apart() -> None:
    page = normalise("Parma\nPrato\nRome and Parma, Prato, Rome")
    assert len(list(occurrences(page, "Prato"))) == 2
    assert list(occurrences(page, "Prato", "Parma", "Rome")) == [(6, 11)]
    assert list(occurrences(page, "Prato", "Parma,", ", Rome")) == [(28, 33)]
    assert not list(occurrences(page, "Prato", "Turin"))


@given(PROSE)
def test_normalising_twice_changes_nothing(text: str) -> None:
    once = normalise(text).text
    assert normalise(once).text == once
    assert unicodedata.is_normalized("NFKC", once)


@given(st.text())
def test_every_character_has_its_place(text: str) -> None:
    page = normalise(text)
    assert len(page.text) == len(page.spans)
    assert list(page.spans) == sorted(page.spans)
    assert all(0 <= start < end <= len(text) for start, end in page.spans)
    assert "  " not in page.text and page.text.strip() == page.text


@given(st.text())
def test_passages_add_up_to_the_page(text: str) -> None:
    page = normalise(text).text
    parts = passages(text)
    assert " ".join(part.text for part in parts).replace(" ", "") == page.replace(" ", "")
    assert all(page.startswith(part.text, part.start) and part.text for part in parts)


@given(WORDS, st.sampled_from([" ", "\n", "  ", "\u00a0", " \u200b"]))
def test_white_space_does_not_change_a_digest(words: list[str], gap: str) -> None:
    assert passage_digest(gap.join(words)) == passage_digest(" ".join(words))
    assert passages(" ".join(words))[0].digest == passage_digest(" ".join(words))


@given(WORDS, WORDS, WORDS)
def test_a_phrase_of_a_page_is_found(before: list[str], phrase: list[str], after: list[str]) -> None:
    page = normalise("\n".join((*before, *phrase, *after)))
    assert list(occurrences(page, " ".join(phrase), before[-1], after[0]))
