"""Spaces that a page has lost are put back where evidence quotes the words side by side, and nowhere else."""

from __future__ import annotations

import pytest
from pyoxigraph import NamedNode

from missiongraph.evidence.claim_graphs import Selector
from missiongraph.evidence.words.denials_hedges_units import dictionary
from missiongraph.evidence.words.run_together import mend

QUOTED = [Selector(NamedNode("urn:p"), exact="grants from the NetZero Cities", prefix="million in", suffix="in deed")]


@pytest.mark.parametrize(
    ("text", "mended"),
    [
        ("€2 million ingrants", "€2 million in grants"),
        ("INGRANTS fromthe", "IN GRANTS from the"),
        ("netzerocities", "netzero cities"),
        ("indeed", "indeed"),  # a word of its own
        ("degrants grantsin", "degrants grantsin"),  # not side by side in the quotation
    ],
)
def test_only_neighbours_of_a_quotation_are_parted(text: str, mended: str) -> None:
    found = mend(text, QUOTED, dictionary("en"))
    assert found.text == mended
    assert bool(found.pairs) is (text != mended)


def test_a_word_that_is_quoted_itself_stays_whole() -> None:
    name = Selector(NamedNode("urn:n"), exact="the NetZeroCities project")
    assert mend("NetZeroCities", [*QUOTED, name], dictionary("en")).text == "NetZeroCities"


def test_the_words_that_were_run_together_count_as_changed() -> None:
    found = mend("€2 million ingrants from", QUOTED, dictionary("en"))
    assert found.touches("million in grants") and found.touches("grants from") and found.touches("million in")
    assert not found.touches("from the NetZero")
