"""Regular expressions of XPath (XPath Functions 3.1, section 5.6.1; XSD 1.1, Part 2, appendix G)."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from missiongraph.validation.shacl.patterns import NotAPattern, pattern


@pytest.mark.parametrize(
    ("expression", "flags", "text", "found"),
    [
        (r"^\p{L}[\p{L}0-9-]*$", "", "é-Ł1", True),
        (r"^\p{L}[\p{L}0-9-]*$", "", "1a", False),
        (r"^\P{Lu}+$", "", "aB", False),
        (r"^\p{IsGreek}+$", "", "αβ", True),
        (r"^[a-z-[aeiou]]+$", "", "bcd", True),
        (r"^[a-z-[aeiou]]+$", "", "bad", False),
        (r"^\i\c*$", "", "a-1", True),
        (r"^\i\c*$", "", "1-a", False),
        (r"^\w$", "", "_", False),  # punctuation, which Python counts as part of a word
        (r"^\w$", "", "+", True),
        (r"^[\w]$", "", "_", False),
        (r"\s", "", "\u00a0", False),
        (r"^\d$", "", "٣", True),
        ("^a$", "", "a\n", False),  # Python's $ stands before a last line feed as well
        ("^b$", "m", "a\nb\nc", True),
        ("a.b", "", "a\nb", False),
        ("a.b", "s", "a\nb", True),
        ("STRASSE", "i", "Strasse", True),
        ("a b", "x", "ab", True),
        ("a[ ]b", "x", "a b", True),
        ("a.b", "q", "a.b", True),
        ("a.b", "q", "axb", False),
        (r"^(a|b)\1$", "", "bb", True),
        (r"^(a|b)\1$", "", "ab", False),
        ("a{2,3}?", "", "aa", True),
        ("x", "", "axb", True),
    ],
)
def test_what_is_found(expression: str, flags: str, text: str, found: bool) -> None:
    assert (pattern(expression, flags).search(text) is not None) is found


@pytest.mark.parametrize("expression", ["[", "(", "*", "a{3,2}", r"\p{Xx}", r"\b", r"\e", "(?=a)", "\\"])
def test_what_is_no_regular_expression(expression: str) -> None:
    with pytest.raises(NotAPattern):
        pattern(expression)


def test_flags_that_there_are_not() -> None:
    with pytest.raises(NotAPattern, match="“z”"):
        pattern("a", "iz")


CLASSES = ("[a-z]", "[^a-z]", "[A-Z0-9]", "[0-9.]", "[a+-]", "[^/:# @,_-]", "[A-z]")
ATOMS = ("a", "Z", "0", "-", " ", "/", "#", r"\.", r"\\", r"\$", r"\^", r"\-", r"\[", r"\{", r"\S", *CLASSES)
TIMES = ("", "", "", "?", "*", "+", "{2}", "{0,1}", "{1,}", "??", "++", "*+", "{3,1}", "{,2}")
patterns = st.lists(
    st.one_of(
        st.tuples(st.sampled_from((*ATOMS, ")")), st.sampled_from(TIMES)).map("".join),
        st.sampled_from(("(", "|", "^", "$", "(a|Z)", "(?:a)", "$$", r"\s", "é", "]", "}")),
    ),
    max_size=3,
).map("".join)
#: Each pattern is tried on all of them.
TEXTS = ["".join(text) for length in range(4) for text in product("aZ0.- \n\u00a0", repeat=length)]


def found_in(expression: str, flags: str) -> list[str] | None:
    """The texts in which something is found; nothing where *expression* is no pattern."""
    try:
        search = pattern(expression, flags).search
    except NotAPattern:
        return None
    return [text for text in TEXTS if search(text)]


@settings(max_examples=400)
@given(patterns)
def test_simple_patterns_find_what_the_library_for_all_patterns_finds(expression: str) -> None:
    asked = found_in(expression, "s")  # with a flag, which means nothing here, the library is asked
    assert found_in(expression, "") == asked
