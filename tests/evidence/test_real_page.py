"""The shipped claims against edited copies of their page, where a capture of it is at hand."""

from __future__ import annotations

import os
import re
import time
from functools import cache
from pathlib import Path

import pytest
from pyoxigraph import NamedNode

from missiongraph.evidence.pages.read_page import page_of
from missiongraph.evidence.verdicts.check import SourceClaims, check, claims_of
from missiongraph.evidence.verdicts.page_coverage import coverage
from missiongraph.publication.dataset import Dataset
from tests.evidence.library import accused
from tests.evidence.test_mutations import as_html

SOURCE = NamedNode("https://w3id.org/missiongraph/id/source/italian-network")

#: words, what they become, the claims that are accused
HARMFUL = [
    ("103 app", "130 app", {"call-applications"}),
    ("103 app", "up to 103 app", {"call-applications"}),
    ("159", "195", {"call-cities"}),
    ("are 9 Italian", "are 8 Italian", {"city-count"}),
    ("the nine Italian", "the ten Italian", {"memorandum-network"}),
    ("112", "120", {"mission-target-count", "mission-target-state"}),
    ("€32", "$32", {"grant-amount"}),
    ("€32", "between €30 and €32", {"grant-amount"}),
    ("neutral by 2030", "neutral by 2050", {"mission-target-deadline"}),
    ("9 September", "19 September", {"memorandum-date"}),
    ("09/02/2024", "02/09/2024", {"page-date"}),
    ("630.35 KB", "630.35 MB", {"memorandum-file-size"}),
    ("a two-year", "a three-year", {"pilot-cities-duration"}),
    ("EU-funded", "non-EU-funded", {"pilot-cities-duration", "pilot-cities-funded-by"}),
    ("lead partner Bologna", "lead partner Rome", {"lead-partner", "lets-gov-actions"}),
    ("Milan, Padua,", "Milan,", {"partner-padua"}),
    ("Milan, Padua,", "Milan, Verona,", {"partner-padua"}),
    ("Rome and Turin", "and Rome", {"partner-turin"}),
    ("precedes", "follows", {"horizon-precedes"}),
    ("by Horizon 2020", "by Horizon Europe", {"grant-framework", "horizon-2020-of-eu"}),
    ("which manages", "which no longer manages", {"mission-managed-by"}),
    ("manages the Mission", "manages the Mission Platform", {"mission-managed-by"}),
    ("is crucial", "may be crucial", {"pilot-cities-crucial"}),
    ("GOv was selected", "GOv was not selected", {"lets-gov-call"}),
    ("was signed", "will be signed", {"signatory-ministry"}),
    ("NetZero Cities", "NetZeroCities", {"netzerocities-spelling"}),
    ("  5. Padua\n", "", {f"{kind}-padua" for kind in ("bound", "member", "name", "selected", "signatory")}),
]
HARMLESS = [
    ("are 9 Italian", "are nine Italian"),
    ("nine Italian", "9 Italian"),
    ("9 September 2022", "September 9, 2022"),
    ("09/02/2024", "9 febbraio 2024"),
    ("€32 million", "32 milioni di euro"),
    ("decarbonize", "decarbonise"),
    ("qulity", "quality"),
    ("climatic. social", "climatic, social"),
    ("33 countries", "33 contries"),
    ("630.35 KB", "630,35 kB"),
    ("  5. Padua\n", "  5. Verona\n  6. Padua\n"),
    ("as already announced, ", ""),
    ("in grants", "ingrants"),
    ("partner Bologna", "partnerBologna"),
    ("Rome and", "Romeand"),
]


@cache
def page() -> str:
    file = Path(os.environ.get("MISSIONGRAPH_PAGES") or "nowhere") / "italian-network.txt"
    if not file.is_file():
        pytest.skip("MISSIONGRAPH_PAGES names no folder with a capture of the page")
    return file.read_text("utf-8").replace("\u00a0", " ")


@pytest.fixture(scope="module")
def claims(shipped_dataset: Dataset) -> SourceClaims:
    return claims_of(shipped_dataset, SOURCE)


def test_every_claim_is_supported_in_good_time_and_every_passage_spoken_of(
    claims: SourceClaims, shipped_dataset: Dataset
) -> None:
    capture = page_of(page().encode())
    begun = time.perf_counter()
    found = check(claims, capture)
    assert time.perf_counter() - begun < 2
    assert {claim.verdict for claim in found.claims} == {"supported"}
    assert coverage(shipped_dataset, claims, capture).share == 100


@pytest.mark.parametrize(("old", "new", "expected"), HARMFUL, ids=[edit[1] for edit in HARMFUL])
def test_a_harmful_edit_accuses_exactly_what_it_touches(
    claims: SourceClaims, old: str, new: str, expected: set[str]
) -> None:
    assert old in page()
    assert set(accused(claims, page().replace(old, new, 1))) == expected
    assert set(accused(claims, as_html(page().replace(old, new, 1)))) == expected


@pytest.mark.parametrize(("old", "new"), HARMLESS, ids=[edit[1] for edit in HARMLESS])
def test_a_harmless_edit_accuses_nobody(claims: SourceClaims, old: str, new: str) -> None:
    assert old in page()
    assert accused(claims, page().replace(old, new, 1)) == {}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252", "mac-roman"])
def test_the_character_set_is_detected(claims: SourceClaims, encoding: str) -> None:
    assert accused(claims, page().encode(encoding)) == {}


def test_paragraphs_in_any_order_accuse_nobody(claims: SourceClaims) -> None:
    assert accused(claims, "\n\n".join(re.split(r"\n\s*\n", page())[::-1])) == {}
