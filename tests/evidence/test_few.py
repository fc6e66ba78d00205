"""A source with few claims, in a language that nobody states: what can be told from so little."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from missiongraph.evidence.pages.read_page import page_of
from missiongraph.evidence.records.evidence_draft import skeleton
from missiongraph.evidence.records.reports import FORMATS
from missiongraph.evidence.verdicts.check import Check, NotTheSource, check, claims_of
from missiongraph.evidence.verdicts.values_of_claims import Knowledge
from missiongraph.publication.dataset import read_dataset
from missiongraph.publication.source_folder import Publication
from tests.evidence.library import BASE, SOURCE

PREFIXES = f"""@prefix ex: <{BASE}id/> . @prefix mg: <https://w3id.org/missiongraph/ontology#> .
@prefix oa: <http://www.w3.org/ns/oa#> . @prefix prov: <http://www.w3.org/ns/prov#> .
@prefix schema: <http://schema.org/> .
"""
PAGE = "La Biblioteca del Porto è in via Roma. Dispone di {} posti. È aperta ogni giorno, tranne il lunedì."


def publication(claims: Sequence[tuple[str, str]]) -> str:
    parts = [PREFIXES, 'ex:porto schema:name "Biblioteca del Porto"@it .']
    for number, (states, exact) in enumerate(claims):
        graph = f"{BASE}id/evidence/page/{number}"
        parts.append(f"""<{graph}> {{ {states} }}
            <{graph}> a mg:EvidenceGraph ; prov:wasDerivedFrom <{graph}#passage> .
            <{graph}#passage> prov:wasQuotedFrom <{SOURCE.value}> ; oa:hasSelector <{graph}#quote> .
            <{graph}#quote> oa:exact "{exact}" .""")
    return "\n".join(parts)


def checked(page: str, *claims: tuple[str, str]) -> Check:
    with TemporaryDirectory() as folder:
        path = Path(folder)
        (path / "data").mkdir()
        (path / "missiongraph.toml").write_text(f'title = "T"\nbase = "{BASE}"\n')
        (path / "data" / "a.trig").write_text(publication(claims), "utf-8")
        dataset = read_dataset(Publication.open(path))
        return check(claims_of(dataset, SOURCE), page_of(page.encode(), "page.txt"))


SEATS = ("ex:porto ex:seats 140", "Dispone di 140 posti")


@pytest.mark.parametrize(
    "page",
    [
        PAGE.replace(" Dispone di {} posti.", ""),  # names what the claim speaks of
        "Orari. Dispone ora di molti posti in più.",  # has half of its words
    ],
)
def test_the_words_of_one_claim_can_be_gone(page: str) -> None:
    found = checked(page, SEATS)
    assert [claim.verdict for claim in found.claims] == ["gone"] and not found.passes


@pytest.mark.parametrize("claims", [1, 2, 5])
def test_a_page_about_something_else_is_not_the_source(claims: int) -> None:
    several = [(f"ex:porto ex:seats {number}", f"Dispone di {number} posti") for number in range(140, 140 + claims)]
    with pytest.raises(NotTheSource, match="0 % of anchors found"):
        checked("Ricetta della pasta al pomodoro: pelare i pomodori e cuocere a fuoco lento.", *several)


def test_many_claims_of_which_none_is_found_are_another_page_whatever_it_names() -> None:
    several = [(f"ex:porto ex:seats {number}", f"Dispone di {number} posti") for number in range(140, 146)]
    with pytest.raises(NotTheSource):
        checked("La Biblioteca del Porto.", *several)


@pytest.mark.parametrize(("quoted", "written"), [("140", "centoquaranta"), ("centoquaranta", "140")])
def test_a_number_in_words_is_its_figure_although_nobody_states_the_language(quoted: str, written: str) -> None:
    found = checked(PAGE.format(written), ("ex:porto ex:seats 140", f"Dispone di {quoted} posti"))
    assert [claim.verdict for claim in found.claims] == ["changed"]


@pytest.mark.parametrize("lost", ["", "molti", "hundertvierzig"])
def test_a_contradiction_has_two_sides(lost: str) -> None:
    """CONTRACT: a figure that differs is contradicted, and both are named; a figure that is no more there is gone."""
    found = checked(PAGE.format(lost).replace("  ", " "), SEATS)
    (claim,) = found.claims
    assert claim.verdict == "gone"
    assert "nothing" not in FORMATS["text"](found)


def test_another_figure_in_words_contradicts() -> None:
    (claim,) = checked(PAGE.format("centocinquanta"), SEATS).claims
    assert claim.verdict == "contradicted"
    assert [(d.stated, d.found) for d in claim.reasons] == [("140", "centocinquanta")]


@pytest.mark.parametrize(("number", "says"), [(1, "1 claim: "), (2, "2 claims: ")])
def test_one_claim_is_counted_as_one(number: int, says: str) -> None:
    found = checked(PAGE.format(140), *[(f"ex:porto ex:p{n} 140", "Dispone di 140 posti") for n in range(number)])
    assert FORMATS["text"](found).splitlines()[-1].startswith(says)


@pytest.mark.parametrize(
    ("sentence", "holds"),
    [
        ("Nel 1984 in città si aprì la Biblioteca del Porto a tutti quanti", "Biblioteca del Porto"),
        ("Nell’edificio del vecchio mercato coperto in centro ci sono oggi in tutto 140 posti a sedere", "140 posti"),
        ("The hall which was opened by the mayor in the old town seats 140 people", "140 people"),
        ("Der Saal im zweiten Stock des alten Rathauses am großen Platz hat genau 140 Plätze", "140 Plätze"),
        (
            "Da oggi apre al pubblico, dopo molti anni di lavori, la Biblioteca del Porto di via Roma",
            "Biblioteca del Porto",
        ),
    ],
)
def test_a_proposed_quote_does_not_stop_between_a_figure_and_its_unit_or_within_a_name(
    sentence: str, holds: str, tmp_path: Path
) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "missiongraph.toml").write_text(f'title = "T"\nbase = "{BASE}"\n')
    (tmp_path / "data" / "a.trig").write_text(publication([SEATS]), "utf-8")
    knowledge = Knowledge(read_dataset(Publication.open(tmp_path)))
    words = sentence.split()
    for cut in range(len(words)):
        rest = " ".join(words[cut:])
        if len(words) - cut > 5 and holds in rest:
            found = skeleton(rest, knowledge, None)
            assert holds in found.exact and len(found.exact.split()) <= 9


@pytest.mark.parametrize(
    ("period", "page"),
    [("P1Y6M", "an eighteen-month programme"), ("P1Y8M", "over 20 months in all"), ("P1Y6M", "a year and 6 months")],
)
def test_a_period_is_what_it_comes_to_in_months(period: str, page: str) -> None:
    states = f'ex:porto schema:duration "{period}"^^<http://www.w3.org/2001/XMLSchema#duration>'
    assert [c.verdict for c in checked(f"The course takes {page}.", (states, page)).claims] == ["supported"]


def test_a_period_of_other_months_contradicts_the_claim() -> None:
    states = 'ex:porto schema:duration "P1Y6M"^^<http://www.w3.org/2001/XMLSchema#duration>'
    found = checked("The course takes over 20 months in all.", (states, "over 20 months in all"))
    assert [c.verdict for c in found.claims] == ["contradicted"]


def test_a_small_word_that_begins_a_name_takes_no_figure_from_a_claim() -> None:
    named = ("ex:list schema:name 'From Sea to Sea'@en", "From Sea to Sea")
    found = checked("From Sea to Sea: 33 partners from 13 countries.", named, ("ex:porto ex:n 13", "from 13 countries"))
    assert [c.verdict for c in found.claims] == ["supported", "supported"]
