"""The doctor finds what does not work and what would be better, and says what to do."""

from __future__ import annotations

import json
import socket
from contextlib import closing
from pathlib import Path

import pytest

from missiongraph.doctor import Finding, look_at_machine, look_at_publication
from missiongraph.publication.settings import Limits
from missiongraph.publication.starter import write_new_publication
from tests.conftest import BEER, PublicationMaker, free_port, missiongraph


def by_subject(findings: list[Finding]) -> dict[str, Finding]:
    return {finding.about: finding for finding in findings}


def of_publication(folder: Path, builds: Path | None = None) -> dict[str, Finding]:
    return by_subject(list(look_at_publication(folder, builds)))


def of_machine(builds: Path | None, port: int | None = None) -> dict[str, Finding]:
    return by_subject(list(look_at_machine(Limits(), "127.0.0.1", port or free_port(), builds)))


def test_this_machine_is_well(tmp_path: Path) -> None:
    found = of_machine(tmp_path / "builds" / "that" / "are" / "not" / "there")
    assert {name: one.level for name, one in found.items() if name != "front-end files"} == {
        "Python": "good",
        "libraries": "good",
        "system limits": "good",
        "temporary files": "good",
        "builds": "good",
        "port": "good",
    }


def test_what_is_not_good_comes_with_what_to_do(make_publication: PublicationMaker) -> None:
    found = [*look_at_machine(Limits(), "127.0.0.1", free_port(), None)]
    found += look_at_publication(
        make_publication({"data/a.ttl": "<http://a.example/a> a <http://a.example/b> ."}), None
    )
    assert all(bool(finding.advice) == (finding.level != "good") for finding in found)
    assert by_subject(found)["builds"].level == "fault"


def test_a_port_that_is_taken_is_a_fault(tmp_path: Path) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        found = of_machine(tmp_path, taken.getsockname()[1])["port"]
    assert found.level == "fault" and "--port" in found.advice


def test_a_library_that_is_missing_or_old_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stated = ["pyoxigraph>=999", "no-such-library>=1", "of-an-extra ; extra == 'x'"]
    monkeypatch.setattr("missiongraph.doctor.machine.requires", lambda name: stated)
    found = of_machine(tmp_path)["libraries"]
    assert found.level == "fault"
    assert "pyoxigraph" in found.what and "no-such-library (missing)" in found.what and "of-an-extra" not in found.what


def test_the_publication_that_new_writes_has_nothing_wrong(tmp_path: Path) -> None:
    write_new_publication(tmp_path / "p", "Libraries", "https://data.example.org/", ["en", "it"])
    found = of_publication(tmp_path / "p")
    assert "fault" not in {finding.level for finding in found.values()}
    assert {"evidence", "shapes", "questions", "names"} <= {a for a, f in found.items() if f.level == "good"}
    assert "rebase" in found["address"].advice


def test_a_file_that_cannot_be_read_is_told_with_its_place(make_publication: PublicationMaker) -> None:
    found = of_publication(make_publication({"data/a.ttl": "<a> <b>", "data/b.ttl": "nonsense"}))
    assert list(found) == ["publication"]
    assert found["publication"].level == "fault"
    assert "data/a.ttl:1:" in found["publication"].what and "1 more" in found["publication"].what


def test_violations_are_counted_and_portals_are_told_apart(make_publication: PublicationMaker) -> None:
    shape = """@prefix sh: <http://www.w3.org/ns/shacl#> .
        [] a sh:NodeShape ; sh:targetSubjectsOf <http://a.example/p> ;
            sh:property [ sh:path <http://a.example/p> ; sh:maxCount 1 ] ."""
    data = "<http://a.example/a> <http://a.example/p> 1, 2 . <http://a.example/b> <http://a.example/p> 1, 2 ."
    found = of_publication(make_publication({"shapes/s.ttl": shape, "data/a.ttl": data}))
    assert (found["validity"].level, found["validity"].what) == ("fault", "2 violations")
    assert "licence" in found["portals"].what and "--portal" in found["portals"].advice


def test_names_are_missed_by_language(make_publication: PublicationMaker) -> None:
    settings = 'title = "T"\nbase = "https://data.example.net/"\nlanguages = ["en", "it"]\n'
    data = """@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @base <https://data.example.net/> .
        <id/a> a <ns/T> ; rdfs:label "a"@en, "a"@it . <id/b> a <ns/T> ; rdfs:label "b"@en . <id/c> a <ns/T> ."""
    found = of_publication(make_publication({"missiongraph.toml": settings, "data/a.ttl": data}))
    assert found["names"].what.startswith("1 things")
    assert found["names (it)"].what.startswith("1 things")
    assert "names (en)" not in found


def test_a_build_is_whole_or_to_be_made(tmp_path: Path) -> None:
    assert of_publication(BEER, tmp_path)["build"].level == "better"
    assert missiongraph("build", "--publication", BEER, "--out", tmp_path).returncode == 0
    assert of_publication(BEER, tmp_path)["build"].level == "good"
    next((tmp_path / "current" / "store" / "graph").glob("*.sst")).write_bytes(b"")
    assert "damaged" in of_publication(BEER, tmp_path)["build"].what


def test_the_command_says_all_of_it_and_ends_with_1_on_a_fault(tmp_path: Path) -> None:
    port = str(free_port())
    whole = missiongraph("doctor", "--publication", BEER, "--port", port, XDG_CACHE_HOME=str(tmp_path))
    assert whole.returncode == 0, whole.stdout
    assert f"✓ port: 127.0.0.1:{port} is free" in whole.stdout
    with closing(socket.create_server(("127.0.0.1", int(port)))):
        taken = missiongraph(
            *("doctor", "--publication", BEER, "--port", port, "--format", "json"), XDG_CACHE_HOME=str(tmp_path)
        )
    assert taken.returncode == 1
    (fault,) = [one for one in json.loads(taken.stdout) if one["level"] == "fault"]
    assert (fault["about"], bool(fault["advice"])) == ("port", True)
