"""How like a name what was written is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from missiongraph.names.folding import MOST_WORDS, compact, key_of, words_of
from missiongraph.names.likeness import CERTAIN, Likeness, likeness

WORDS = st.lists(st.text("abcdefghi", min_size=1, max_size=12), min_size=1, max_size=5)


def compared(written: str, name: str, explained: str = "") -> Likeness:
    return likeness(words_of(written), words_of(name), words_of(explained))


@given(st.text(max_size=400))
def test_folding_twice_is_folding_once(text: str) -> None:
    words = words_of(text)
    assert words_of(" ".join(words)) == words
    assert len(words) <= MOST_WORDS


@pytest.mark.parametrize(("one", "other"), [("Forlì", "FORLI"), ("L’Aquila", "L'Aquila"), ("Straße", "STRASSE")])
def test_accents_case_and_apostrophes_make_no_difference(one: str, other: str) -> None:
    assert words_of(one) == words_of(other)


@given(WORDS, st.randoms())
def test_the_same_words_in_any_order_are_the_name(words: list[str], chance: object) -> None:
    turned = list(words)
    getattr(chance, "shuffle")(turned)  # noqa: B009  # hypothesis types it as object
    assert key_of(turned) == key_of(words)
    assert likeness(turned, words).score >= 0.99
    assert likeness(turned, words).whole


@given(WORDS, WORDS, WORDS)
def test_a_score_is_a_share(written: list[str], name: list[str], explained: list[str]) -> None:
    plain, helped = likeness(written, name), likeness(written, name, explained)
    assert 0 <= plain.score <= 1 and 0 <= helped.score <= 1
    assert set(helped.left) <= set(plain.left)
    assert (plain.score == 1) == (key_of(written) == key_of(name))


@pytest.mark.parametrize("written", ["Bolonga", "Bolgna", "Bolognna", "Bologne"])
def test_one_wrong_letter_in_seven_is_a_typing_error(written: str) -> None:
    found = compared(written, "Bologna")
    assert found.whole and CERTAIN <= found.score < 1


@pytest.mark.parametrize(
    ("written", "name"),
    [("Boulogne", "Bologna"), ("Palma", "Parma"), ("Prado", "Prato"), ("Cologna", "Bologna"), ("Reggio", "Rome")],
)
def test_another_name_is_no_typing_error(written: str, name: str) -> None:
    assert not compared(written, name).whole


def test_spaces_are_no_letters() -> None:
    assert compared("NetZeroCities", "NetZero Cities").score == 0.99
    assert compact(words_of("Let's GOv")) == compact(words_of("LetsGov"))


def test_what_is_written_beside_a_name_counts_unless_it_is_true() -> None:
    beside = compared("Springfield, Oregon", "Springfield")
    assert beside.left == ("oregon",) and beside.whole and beside.score < CERTAIN
    true = compared("Springfield, Oregon", "Springfield", "oregon")
    assert true.left == () and true.whole and true.score == 0.98


def test_a_part_of_a_name_is_not_the_name() -> None:
    assert not compared("Reggio Emilia", "Emilia-Romagna").whole
