"""``missiongraph evidence`` as a user meets it."""

from __future__ import annotations

import json
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from missiongraph.engine.embedded import EmbeddedEngine
from missiongraph.evidence.records.recorded_checks import recorded_checks
from missiongraph.publication.dataset import read_dataset
from missiongraph.publication.source_folder import Publication
from missiongraph.vocab import EARL, MG, XSD
from tests.conftest import missiongraph
from tests.evidence.library import PAGE, SOURCE, write_publication

EDITED = PAGE.replace("85 proposals", "58 proposals")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    publication = write_publication(tmp_path / "publication")
    (tmp_path / "page.txt").write_text(PAGE, "utf-8")
    (tmp_path / "edited.txt").write_text(EDITED, "utf-8")
    return publication


def test_a_good_page_exits_with_0(folder: Path) -> None:
    run = missiongraph("evidence", "check", "--publication", folder, "--page", folder.parent / "page.txt")
    assert (run.returncode, run.stderr) == (0, "")
    assert run.stdout == "28 claims: 28 supported, 0 moved, 0 changed, 0 contradicted, 0 gone\n"


def test_a_contradiction_exits_with_1_and_names_both_sides_in_every_format(folder: Path) -> None:
    def check(form: str) -> str:
        page = folder.parent / "edited.txt"
        run = missiongraph("evidence", "check", "--publication", folder, "--page", page, "--format", form)
        assert (run.returncode, run.stderr) == (1, "")
        return run.stdout

    assert "the claim has “85”, the page “58”" in check("text")
    report = json.loads(check("json"))
    (claim,) = [c for c in report["claims"] if c["verdict"] != "supported"]
    assert claim["reasons"] == [{"kind": "figure", "stated": "85", "found": "58"}]
    assert ElementTree.fromstring(check("junit")).get("failures") == "1"
    triples = list(parse(check("earl"), RdfFormat.TURTLE))
    assert sum(triple.object == EARL.failed for triple in triples) == 1


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["check"], "name the copy with --page FILE"),
        (["coverage"], "name the copy with --page FILE"),
        (["check", "--page", "{}/nowhere"], "cannot read the page"),
        (["check", "--page", "{}/other.txt"], "this does not look like the source"),
        (["check", "--page", "{}/empty.txt"], "0 % of anchors found"),
        (["check", "--page", "{}/page.txt", "--source", "https://x.example/"], "no claim rests on words of"),
        (["check", "--page", "{}/page.txt", "--source", "no iri"], "is not an IRI"),
        (["new", "…"], "there are no words"),
        (["new", "--page", "{}/page.txt", "It is not there."], "the page has no such sentence"),
    ],
)
def test_wrong_use_exits_with_2(folder: Path, arguments: list[str], says: str) -> None:
    (folder.parent / "other.txt").write_text("The weather of tomorrow: sunny, with some clouds over the harbour.")
    (folder.parent / "empty.txt").write_text("")
    run = missiongraph("evidence", *(a.format(folder.parent) for a in arguments), "--publication", folder)
    assert run.returncode == 2
    assert says in run.stderr and "Traceback" not in run.stderr


def test_a_record_is_read_back_as_the_last_check_and_holds_no_text(folder: Path) -> None:
    def record(page: str, day: str) -> None:
        file = folder.parent / page
        missiongraph("evidence", "check", "--publication", folder, "--page", file, "--record", "--date", day)

    record("page.txt", "2026-01-02")
    record("edited.txt", "2026-02-03")
    dataset = read_dataset(Publication.open(folder))
    engine = EmbeddedEngine.of(dataset.default_graph, dataset.quads)
    claim = NamedNode("https://library.example/id/evidence/page/proposals")
    last, first = recorded_checks(engine, [claim])[claim]
    assert (last.verdict, last.stated, last.found) == ("contradicted", "85", "58")
    assert (first.verdict, first.date and first.date.value) == ("supported", "2026-01-02")
    written = (folder / "data" / "checks" / "page-2026-02-03.trig").read_text("utf-8")
    assert "chosen" not in written and "sha256:" in written


BEGINNING = PAGE[: PAGE.index(" of its maps")]


def test_on_the_beginning_of_a_page_nothing_is_gone(folder: Path) -> None:
    (folder.parent / "beginning.txt").write_text(PAGE[: PAGE.index("Together with")], "utf-8")
    arguments = ("evidence", "check", "--publication", folder, "--page", folder.parent / "beginning.txt")
    whole, beginning = missiongraph(*arguments), missiongraph(*arguments, "--beginning")
    assert whole.returncode == 1 and "0 gone" not in whole.stdout
    assert beginning.returncode == 0 and "0 contradicted, 0 gone" in beginning.stdout
    (folder.parent / "beginning.txt").write_text(EDITED[: EDITED.index("The catalogue")], "utf-8")
    assert "the claim has “85”, the page “58”" in missiongraph(*arguments, "--beginning").stdout


def test_a_record_says_that_only_the_beginning_was_read_and_gives_passages_their_digests(folder: Path) -> None:
    claims = folder / "data" / "claims.trig"
    given = dict(re.findall(r'<(\S+#passage)> prov:[^"]+mg:passageDigest "(\S+)"', claims.read_text("utf-8")))
    claims.write_text(re.sub(r';\s+mg:passageDigest "\S+"', "", claims.read_text("utf-8")), "utf-8")
    (folder.parent / "beginning.txt").write_text(BEGINNING, "utf-8")
    for _ in range(2):  # the second record of a day replaces the first and loses nothing
        missiongraph(
            "evidence", "check", "--publication", folder, "--page", folder.parent / "beginning.txt",
            "--beginning", "--record", "--date", "2026-02-03",
        )  # fmt: skip
    recorded = list(parse(path=folder / "data" / "checks" / "page-2026-02-03.trig", format=RdfFormat.TRIG))
    digests = {q.subject.value: q.object.value for q in recorded if q.predicate == MG.passageDigest}
    cut = {f"https://library.example/id/evidence/page/{slug}#passage" for slug in ("by", "maps")}
    assert given and digests == {passage: digest for passage, digest in given.items() if passage not in cut}
    assert [q.object.value for q in recorded if q.predicate == MG.beginningOnly] == ["true"]


def test_a_source_that_is_not_to_be_had_is_recorded_with_the_day(folder: Path) -> None:
    run = missiongraph("evidence", "not-available", "--publication", folder, "--date", "2026-12-01")
    assert run.returncode == 0
    (said,) = [q for q in read_dataset(Publication.open(folder)).quads if q.predicate == MG.notAvailableOn]
    assert (said.subject, said.object) == (SOURCE, Literal("2026-12-01", datatype=XSD.date))


def test_coverage_lists_what_nothing_speaks_of(folder: Path) -> None:
    run = missiongraph("evidence", "coverage", "--publication", folder, "--page", folder.parent / "page.txt")
    assert run.returncode == 1
    assert run.stdout.splitlines()[:2] == [
        "not spoken of: Its branches are the following.",
        "not spoken of: Rate this page",
    ]
    (folder / "data" / "frame.trig").write_text(
        f"""@prefix mg: <https://w3id.org/missiongraph/ontology#> . @prefix oa: <http://www.w3.org/ns/oa#> .
        @prefix prov: <http://www.w3.org/ns/prov#> . @prefix ex: <https://library.example/frame#> .
        ex:rate a mg:NoFactPassage ; mg:reason "navigation"@en ; prov:wasQuotedFrom <{SOURCE.value}> ;
            oa:hasSelector ex:quote . ex:quote oa:exact "Rate this" .
        ex:branches a mg:NoFactPassage ; mg:reason "leads to the list"@en ; prov:wasQuotedFrom <{SOURCE.value}> ;
            oa:hasSelector ex:words . ex:words oa:exact "Its branches are" ."""
    )
    run = missiongraph("evidence", "coverage", "--publication", folder, "--page", folder.parent / "page.txt")
    assert run.returncode == 0, run.stdout
    assert run.stdout.startswith("100 % of ")


def test_diff_names_the_facts_that_a_new_capture_touches(folder: Path) -> None:
    pages = folder.parent / "page.txt", folder.parent / "edited.txt"
    run = missiongraph("evidence", "diff", "--publication", folder, *pages)
    assert run.returncode == 1
    assert "supported → contradicted: https://library.example/id/evidence/page/proposals" in run.stdout
    assert run.stdout.endswith("1 claim touched\n")
    back = missiongraph("evidence", "diff", "--publication", folder, *pages[::-1], "--format", "json")
    assert back.returncode == 0
    assert [t["new"] for t in json.loads(back.stdout)["touched"]] == ["supported"]


def test_new_evidence_begins_from_a_sentence(folder: Path) -> None:
    sentence = "The reading rooms were restored with €2.4 million in grants from the Coastal Fund"
    page = folder.parent / "page.txt"
    run = missiongraph("evidence", "new", "--publication", folder, "--page", page, stdin=sentence)
    assert (run.returncode, run.stderr) == (0, "")
    assert '"2400000"^^xsd:decimal' in run.stdout and "Coastal Fund: <https://library.example/id/fund>" in run.stdout
    quads = list(parse(run.stdout, RdfFormat.TRIG))
    exact = next(q.object.value for q in quads if q.predicate.value.endswith("#exact"))
    assert exact in PAGE and len(exact.split()) <= 9
