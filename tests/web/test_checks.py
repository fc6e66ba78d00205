"""What the recorded checks found stands beside the facts, and on the page of each claim."""

from __future__ import annotations

import httpx


def test_the_last_check_stands_beside_a_fact(site: httpx.Client) -> None:
    page = site.get("/doc/project/lets-gov.html?lang=en").text
    assert "Words found exactly" in page
    assert "Parole" in site.get("/doc/project/lets-gov.html?lang=it").text


def test_the_page_of_a_claim_lists_its_checks(site: httpx.Client) -> None:
    page = site.get("/doc/evidence/italian-network/lead-partner.html?lang=en").text
    assert "No check is recorded yet" not in page
    assert "2026" in page.partition("<h2>Checks</h2>")[2]


def test_a_claim_of_a_source_that_was_never_checked_says_so(site: httpx.Client) -> None:
    page = site.get("/doc/evidence/prato-press-release/levers.html?lang=en").text
    assert "No check is recorded yet" in page
