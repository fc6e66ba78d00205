"""The files of the nanopublication test suite: what is well formed, and what bears its trusty name rightly."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyoxigraph import Quad, RdfFormat, parse

from missiongraph.evidence.records.trusty_uris import is_trusty
from tests.conformance.manifest import SUITES
from tests.evidence.nanopubs import faults, name_of

pytestmark = [
    pytest.mark.conformance,
    pytest.mark.skipif(SUITES is None, reason="MISSIONGRAPH_SUITES names no folder with published suites"),
]

FORMATS = {".trig": RdfFormat.TRIG, ".nq": RdfFormat.N_QUADS}

#: Invalid for what neither the guidelines' criteria nor module RA speak of.
ELSEWHERE = {
    "illtyped_datatypes_in_assertion": "forms of literals",
    "simple1-invalid-dsa": "a signature",
    "simple1-invalid-rsa": "a signature",
}


def files(*folders: str) -> list[object]:
    found = (f for folder in folders for f in sorted(((SUITES or Path()) / "nanopub" / folder).glob("*")))
    return [pytest.param(f, id=f"{f.parent.name}/{f.name}") for f in found if f.suffix in FORMATS]


def read(file: Path) -> list[Quad]:
    return list(parse(file.read_bytes(), FORMATS[file.suffix], base_iri="https://x.example/"))


@pytest.mark.parametrize("file", files("valid/plain", "valid/trusty", "valid/signed"))
def test_valid_nanopublications_are_well_formed(file: Path) -> None:
    assert faults(read(file)) == []


@pytest.mark.parametrize("file", files("valid/trusty", "valid/signed"))
def test_trusty_names_are_verified(file: Path) -> None:
    quads = read(file)
    assert is_trusty(name_of(quads), quads)


@pytest.mark.parametrize("file", files("invalid/plain", "invalid/trusty", "invalid/signed"))
def test_invalid_nanopublications_are_refused(file: Path) -> None:
    quads = read(file)
    refused = bool(faults(quads)) or (file.parent.name != "plain" and not is_trusty(name_of(quads), quads))
    assert refused is (file.stem not in ELSEWHERE)
