"""The data: the shipped publication, and one of a million triples; their builds are kept between runs."""

from __future__ import annotations

import hashlib
import random
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from pathlib import Path

import missiongraph
from missiongraph.build import Build, build_publication
from missiongraph.dataset import read_dataset
from missiongraph.publication import Publication

ROOT = Path(__file__).parents[1]

#: Triples of the generated publication.
MILLION = 1_000_000

BASE = "https://example.org/air/"
_TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
_LABEL = "<http://www.w3.org/2000/01/rdf-schema#label>"
_XSD = "http://www.w3.org/2001/XMLSchema#"
_REGIONS, _CITIES, _STATIONS, _POLLUTANTS = 20, 200, 4_000, 8

#: What a build is made of: it is made anew where one of these has changed.
_BUILDERS = ("build", "dataset.py", "reading.py", "serialisation")


@dataclass(frozen=True)
class Variant:
    """How a publication is served, in the words of its ``[limits]``."""

    name: str
    limits: str = ""


#: As it comes; read from disk; with a processor time that ends runaway queries soon.
PLAIN = Variant("plain")
ON_DISK = Variant("on disk", "statements-in-memory = 0\n")
STRICT = Variant("strict", "seconds = 2\ntotal-seconds = 4\n")


def shipped(cache: Path, variant: Variant = PLAIN) -> Build:
    """The build of the publication in this repository."""
    source = cache / "shipped" / variant.name
    shutil.rmtree(source, ignore_errors=True)
    for part in ("data", "ontology", "shapes", "queries"):
        shutil.copytree(ROOT / part, source / part)
    shutil.copy(ROOT / "context.jsonld", source)
    settings = (ROOT / "missiongraph.toml").read_text("utf-8")
    _write_settings(source, settings, variant)
    return build_publication(read_dataset(Publication.open(source)), cache / "builds")


def million(cache: Path, variant: Variant = PLAIN) -> Build:
    """The build of :data:`MILLION` generated triples: stations in cities, and what they read of the air day by day."""
    out = cache / f"million-{_digest(variant)}"
    if (out / "current").exists():
        return Build.open(out)
    source = cache / "million" / variant.name
    (source / "data").mkdir(parents=True, exist_ok=True)
    with (source / "data" / "air.nt").open("w", encoding="utf-8") as file:
        file.writelines(_air(MILLION))
    _write_settings(source, f'title = "Air"\nbase = "{BASE}"\n', variant)
    return build_publication(read_dataset(Publication.open(source)), out)


def _write_settings(source: Path, settings: str, variant: Variant) -> None:
    limits = f"\n[limits]\n{variant.limits}" if variant.limits else ""
    (source / "missiongraph.toml").write_text(settings + limits, "utf-8")


def _digest(variant: Variant) -> str:
    package = Path(missiongraph.__file__).parent
    files = [Path(__file__)]
    for name in _BUILDERS:
        files += sorted((package / name).glob("*.py")) if (package / name).is_dir() else [package / name]
    content = b"".join(file.read_bytes() for file in files) + variant.limits.encode()
    return hashlib.sha256(content).hexdigest()[:12]


def _air(count: int) -> Iterator[str]:
    """Exactly *count* lines of N-Triples, the same in every run."""
    return islice(_statements(), count)


def _statements() -> Iterator[str]:
    chance = random.Random(1)
    for kind, how_many, inside, outer in (
        ("region", _REGIONS, "country", 1),
        ("city", _CITIES, "region", _REGIONS),
        ("station", _STATIONS, "city", _CITIES),
        ("pollutant", _POLLUTANTS, "kind", 2),
    ):
        for number in range(how_many):
            subject = f"{BASE}id/{kind}/{number}"
            yield f"<{subject}> {_TYPE} <{BASE}ns/{kind.title()}> .\n"
            yield f'<{subject}> {_LABEL} "{kind.title()} {number}"@en .\n'
            yield f"<{subject}> <{BASE}ns/in> <{BASE}id/{inside}/{number % outer}> .\n"
    for number in range(MILLION):
        subject = f"{BASE}id/reading/{number}"
        day = date(2020, 1, 1) + timedelta(days=number // _STATIONS)
        value = chance.gauss(20 + number % _POLLUTANTS, 6)
        yield f"<{subject}> {_TYPE} <{BASE}ns/Reading> .\n"
        yield f"<{subject}> <{BASE}ns/at> <{BASE}id/station/{number % _STATIONS}> .\n"
        yield f"<{subject}> <{BASE}ns/of> <{BASE}id/pollutant/{chance.randrange(_POLLUTANTS)}> .\n"
        yield f'<{subject}> <{BASE}ns/value> "{value:.2f}"^^<{_XSD}decimal> .\n'
        yield f'<{subject}> <{BASE}ns/day> "{day}"^^<{_XSD}date> .\n'
        yield f'<{subject}> <{BASE}ns/quality> "{chance.choice(("good", "fair", "poor"))}" .\n'
        if number >= _STATIONS:
            yield f"<{subject}> <{BASE}ns/after> <{BASE}id/reading/{number - _STATIONS}> .\n"
