"""``missiongraph evidence add``: a claim that page and shapes take comes into its file, or nothing does."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse

from missiongraph.cli.main import main
from missiongraph.errors import MissiongraphError, UnreadableInput
from missiongraph.evidence.pages.read_page import read_page
from missiongraph.evidence.records.added_claim import DEFAULT_FILE, NotConfirmed, Wanted, confirm, draft_claim, write
from missiongraph.evidence.records.marked_words import mark
from missiongraph.evidence.verdicts.check import check, claims_of
from missiongraph.publication.dataset import Dataset, read_dataset
from missiongraph.publication.source_folder import Publication
from missiongraph.publication.starter import write_new_publication
from missiongraph.vocab import OA, SCHEMA, XSD
from tests.conftest import missiongraph

BASE = "https://data.town.example/"
SOURCE = NamedNode(f"{BASE}id/source/annual-report")
NORTH = NamedNode(f"{BASE}id/library/north")
SEATS = SCHEMA.maximumAttendeeCapacity
MARKED = "keeps 120 seats"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_new_publication(tmp_path / "p", "Libraries", BASE, ["en"])
    return tmp_path / "p"


def dataset_in(folder: Path) -> Dataset:
    return read_dataset(Publication.open(folder))


def page_in(folder: Path) -> Path:
    return folder / "sources" / "annual-report.html"


def arguments(folder: Path, words: str = MARKED, *more: str, **said: str) -> list[str]:
    options = {"subject": "North Library", "property": "seats", "value": "120", **said}
    given = [part for name, value in options.items() for part in (f"--{name}", value)]
    return ["evidence", "add", "--publication", str(folder), "--page", str(page_in(folder)), *given, *more, words]


def add(folder: Path, words: str = MARKED, *more: str, **said: str) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own."""
    return missiongraph(*arguments(folder, words, *more, **said))


def quads_of(folder: Path, file: str = "data/claims.trig") -> list[Quad]:
    return list(parse((folder / file).read_bytes(), RdfFormat.TRIG))


def test_the_change_is_shown_first_and_written_when_asked(folder: Path) -> None:
    before = (folder / "data" / "claims.trig").read_text("utf-8")
    shown = add(folder)
    assert shown.returncode == 0, shown.stderr
    assert "--write" in shown.stderr
    assert (folder / "data" / "claims.trig").read_text("utf-8") == before
    written = add(folder, MARKED, "--write")
    assert (written.returncode, written.stdout) == (0, shown.stdout)
    after = (folder / "data" / "claims.trig").read_text("utf-8")
    assert after.startswith(before)
    added = [line[1:] for line in shown.stdout.splitlines() if line.startswith("+") and not line.startswith("+++")]
    assert "\n".join(added) == after[len(before) :].rstrip("\n")
    assert "@prefix" not in after[len(before) :]  # the file has all of them
    claim = NamedNode(f"{BASE}id/evidence/report/keeps-120-seats")
    assert Quad(NORTH, SEATS, Literal("120", datatype=XSD.integer), claim) in quads_of(folder)
    checked = missiongraph("evidence", "check", "--publication", folder, "--page", page_in(folder))
    assert (checked.returncode, checked.stdout.split(":")[0]) == (0, "2 claims")
    assert missiongraph("validate", "--publication", folder).returncode == 0


def test_a_second_claim_of_the_same_words_gets_a_name_of_its_own(folder: Path) -> None:
    page = read_page(page_in(folder))
    for _ in range(2):
        write(draft_claim(dataset_in(folder), page, wanted(folder)), folder)
    assert {str(q.graph_name).rstrip(">").rpartition("/")[2] for q in quads_of(folder) if q.subject == NORTH} == {
        "keeps-120-seats",
        "keeps-120-seats-2",
    }


def test_programs_read_what_would_be_added(folder: Path) -> None:
    run = CliRunner().invoke(main, arguments(folder, MARKED, "--format", "json"))
    said = json.loads(run.stdout)
    assert (said["claim"], said["file"], said["written"]) == (
        f"{BASE}id/evidence/report/keeps-120-seats",
        "data/claims.trig",
        False,
    )
    assert said["words"]["exact"] == MARKED and said["words"]["passage"].startswith("The North Library")
    assert said["diff"].startswith("--- data/claims.trig\n")


@pytest.mark.parametrize(
    ("code", "says", "words", "said"),
    [
        (1, "the marked words do not have 121", MARKED, {"value": "121"}),
        (2, "the page does not have the words", "keeps 130 seats", {}),
        (2, "the words stand 2 times on the page", "Library", {}),
        (2, "has no thing “Nowhere”", MARKED, {"subject": "Nowhere"}),
        (2, "name a .trig file", MARKED, {"into": "data/towns.ttl"}),
        (2, "only files under data/ are read", MARKED, {"into": "data/../claims.trig"}),
        (2, "does not describe the source", MARKED, {"source": f"{BASE}id/source/other"}),
    ],
)
def test_what_is_not_so_is_refused_and_nothing_is_written(
    folder: Path, code: int, says: str, words: str, said: dict[str, str]
) -> None:
    before = {file: file.read_bytes() for file in folder.rglob("*") if file.is_file()}
    run = CliRunner().invoke(main, arguments(folder, words, "--write", **said))
    assert (run.exit_code, run.stdout) == (code, "")
    assert says in run.stderr and "Traceback" not in run.stderr
    assert {file: file.read_bytes() for file in folder.rglob("*") if file.is_file()} == before


def wanted(folder: Path, words: str = MARKED, value: str = "120", basis: str = "stated") -> Wanted:
    marked = mark(read_page(page_in(folder)), words)
    return Wanted(SOURCE, (NORTH, SEATS, Literal(value, datatype=XSD.integer)), marked, "en", basis=basis)


def test_a_denial_around_the_words_is_told_until_somebody_says_to_have_read_it(folder: Path) -> None:
    page = page_in(folder)
    page.write_text(page.read_text("utf-8").replace("keeps 120 seats", "no longer keeps 120 seats"), "utf-8")
    dataset = dataset_in(folder)
    with pytest.raises(NotConfirmed, match="the sentence has “no longer”, which may take back what it says"):
        confirm(draft_claim(dataset, read_page(page), wanted(folder)), dataset, read_page(page), SOURCE)
    read = draft_claim(dataset, read_page(page), wanted(folder, basis="interpreted"))
    confirm(read, dataset, read_page(page), SOURCE)


def test_a_claim_that_breaks_a_shape_is_refused_and_earlier_violations_are_not_held_against_it(folder: Path) -> None:
    page = read_page(page_in(folder))
    table = folder / "data" / "libraries" / "libraries.csv"
    table.write_text(table.read_text("utf-8").replace(",80,", ",-80,"), "utf-8")  # a violation of another library
    dataset = dataset_in(folder)
    confirm(draft_claim(dataset, page, wanted(folder)), dataset, page, SOURCE)
    second = wanted(folder, "had the most visits of the year", "121", "interpreted")  # of North Library, which has 120
    with pytest.raises(NotConfirmed) as refused:
        confirm(draft_claim(dataset, page, second), dataset, page, SOURCE)
    (problem,) = refused.value.problems
    assert "A library has one number of seats" in problem.what


def test_of_a_long_mark_the_words_around_the_value_are_kept(folder: Path) -> None:
    page = read_page(page_in(folder))
    sentence = "The North Library, founded in 1902, keeps 120 seats for readers."
    draft = draft_claim(dataset_in(folder), page, wanted(folder, sentence))
    assert "120 seats" in draft.marked.exact and len(draft.marked.exact.split()) <= 9
    founded = Wanted(
        SOURCE, (NORTH, SCHEMA.foundingDate, Literal("1902", datatype=XSD.gYear)), mark(page, sentence), "en"
    )
    assert "1902" in draft_claim(dataset_in(folder), page, founded).marked.exact


def test_a_first_source_brings_its_description_and_its_file(folder: Path) -> None:
    (folder / "data" / "claims.trig").unlink()
    source = f"{BASE}id/source/report-2026"
    run = add(
        folder,
        MARKED,
        *(
            "--write",
            "--source",
            source,
            "--title",
            "The report",
            "--url",
            "https://town.example/r",
            "--date",
            "2026-02-03",
        ),
    )
    assert run.returncode == 0, run.stderr
    assert "+++ data/claims.trig" in run.stdout and "--- /dev/null" in run.stdout
    assert missiongraph("validate", "--publication", folder).returncode == 0
    checked = missiongraph(
        *("evidence", "check", "--publication", folder, "--page", page_in(folder), "--source", source)
    )
    assert checked.returncode == 0 and "1 claim: 1 supported" in checked.stdout
    assert (folder / DEFAULT_FILE).read_text("utf-8").startswith(f"@base <{BASE}> .\n")


@pytest.mark.parametrize(
    ("end", "name"),
    [
        ("@base <https://other.example/> .\n@prefix mg: <https://other.example/mg#> .\n", "another base and prefix"),
        ("# no line break", "no line break at the end"),
        ("\r\n# Windows\r\n", "line ends of Windows"),
        ("[] <https://other.example/p> [] .\n", "blank nodes"),
    ],
    ids=lambda value: value if "\n" not in value and "#" not in value else "",
)
def test_any_file_says_the_same_and_the_claim_besides(folder: Path, end: str, name: str) -> None:
    file = folder / "data" / "claims.trig"
    file.write_bytes(file.read_bytes() + end.encode())
    before = file.read_bytes()
    page, dataset = read_page(page_in(folder)), dataset_in(folder)
    draft = draft_claim(dataset, page, wanted(folder))
    confirm(draft, dataset, page, SOURCE)
    write(draft, folder)
    assert file.read_bytes().startswith(before.rstrip())
    assert (b"\r\n" in before) == (b"\r\n\r\n<" in file.read_bytes())
    longer = dataset_in(folder)
    exact = {q.object.value for q in longer.quads if q.predicate == OA.exact and isinstance(q.object, Literal)}
    assert MARKED in exact
    assert all(c.verdict == "supported" for c in check(claims_of(longer, SOURCE), page).claims)


def test_an_end_of_a_file_that_would_swallow_the_claim_is_no_place_for_it(folder: Path) -> None:
    """What is not TriG at all is refused with its place."""
    file = folder / "data" / "more.trig"
    page, dataset = read_page(page_in(folder)), dataset_in(folder)
    file.write_text("<https://a.example/> <https://a.example/> ")
    with pytest.raises(UnreadableInput, match=r"data/more\.trig"):
        draft_claim(dataset, page, wanted(folder), "data/more.trig")


def test_a_file_that_changed_meanwhile_is_left_as_it_is(folder: Path) -> None:
    page, dataset = read_page(page_in(folder)), dataset_in(folder)
    draft = draft_claim(dataset, page, wanted(folder))
    file = folder / draft.file
    file.write_text(file.read_text("utf-8") + "# mine\n", "utf-8")
    with pytest.raises(MissiongraphError, match="has changed meanwhile"):
        write(draft, folder)
    assert file.read_text("utf-8").endswith("# mine\n")
