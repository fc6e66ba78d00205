"""The data: the shipped publication, and generated ones; their builds are kept between runs."""

from __future__ import annotations

import hashlib
import json
import os
import random
import shutil
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import islice
from pathlib import Path

import missiongraph
from missiongraph.build import Build, build_publication
from missiongraph.build.opened_build import MANIFEST
from missiongraph.publication.dataset import read_dataset
from missiongraph.publication.source_folder import Publication

ROOT = Path(__file__).parents[1]

#: Triples of the generated publication.
MILLION = 1_000_000

BASE = "https://example.org/air/"
_TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
_LABEL = "<http://www.w3.org/2000/01/rdf-schema#label>"
_XSD = "http://www.w3.org/2001/XMLSchema#"
_ONSETS = ("b", "c", "d", "f", "g", "l", "m", "n", "p", "r", "s", "t", "v", "z", "ch", "gn", "st", "tr", "pr", "br")
_REGIONS, _CITIES, _STATIONS, _POLLUTANTS = 20, 200, 4_000, 8

#: What a build is made of: it is made anew where one of these has changed.
BUILDERS = ("build", "names", "publication", "rdf")


def shipped(cache: Path) -> Build:
    """The build of the publication in this repository."""
    return build_publication(read_dataset(Publication.open(ROOT)), cache / "builds")


def million(cache: Path) -> Build:
    """The build of :data:`MILLION` generated triples: stations in cities, and what they read of the air day by day."""
    return _air_of(cache, "million", MILLION)


def hundred_thousand(cache: Path) -> Build:
    """The same with a tenth of the triples."""
    return _air_of(cache, "hundred-thousand", MILLION // 10)


def _air_of(cache: Path, name: str, count: int) -> Build:
    out = cache / f"{name}-{_digest()}"
    if not (out / "current").exists():
        build_publication(read_dataset(Publication.open(air(cache / name, count))), out)
    return Build.open(out)


def air(folder: Path, count: int) -> Path:
    """*folder* as the publication of *count* generated triples."""
    (folder / "data").mkdir(parents=True, exist_ok=True)
    with (folder / "data" / "air.nt").open("w", encoding="utf-8") as file:
        file.writelines(_air(count))
    (folder / "missiongraph.toml").write_text(f'title = "Air"\nbase = "{BASE}"\n', "utf-8")
    return folder


def named(cache: Path) -> Build:
    """The build of :data:`MILLION` things that have a class and a name, places as their names go."""
    out = cache / f"named-{_digest()}"
    if not (out / "current").exists():
        source = cache / "named"
        (source / "data").mkdir(parents=True, exist_ok=True)
        with (source / "data" / "places.nt").open("w", encoding="utf-8") as file:
            for number, name in enumerate(place_names()):
                subject = f"<{BASE}id/place/{number}>"
                file.write(f'{subject} {_TYPE} <{BASE}ns/Place> .\n{subject} {_LABEL} "{name}"@en .\n')
        (source / "missiongraph.toml").write_text(f'title = "Places"\nbase = "{BASE}"\n', "utf-8")
        build_publication(read_dataset(Publication.open(source)), out)
    return Build.open(out)


def place_names() -> Iterator[str]:
    """:data:`MILLION` names of one to three made-up words, some after a word that many have; the same in every run."""
    chance = random.Random(2)
    syllables = [onset + vowel for onset in _ONSETS for vowel in ("a", "e", "i", "o", "u", "ia", "io")]

    def word() -> str:
        return "".join(chance.choices(syllables, k=chance.randint(2, 4))) + chance.choice(("", "n", "ra", "le", "nza"))

    words = [word() for _ in range(MILLION // 4)]
    for _ in range(MILLION):
        some = chance.choices(words, k=chance.choice((1, 2, 2, 3)))
        before = [chance.choice(("san", "monte", "villa", "castel", "santa"))] if chance.random() < 0.4 else []
        yield " ".join([*before, *some]).title()


def as_written(names: Sequence[str], count: int) -> list[str]:
    """*count* of *names* as people write them: some as they are, some turned round, misspelt, or of nothing at all."""
    chance = random.Random(3)
    written = []
    for number, name in enumerate(chance.sample(names, min(count, len(names))) * (count // len(names) + 1)):
        place = chance.randrange(1, len(name) - 1)
        written.append(
            (
                name,
                " ".join(reversed(name.split())).upper(),
                name[:place] + chance.choice("aeior") + name[place + 1 :],
                f"{name} {chance.choice(_ONSETS)}orea",
            )[number % 4]
        )
    return written[:count]


def with_limits(build: Build, cache: Path, **limits: float) -> Build:
    """The same build under other limits; its files are shared."""
    folder = cache / "limits" / "-".join([build.id, *(f"{name}={value}" for name, value in limits.items())])
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(build.folder, folder, copy_function=os.link)
    stated = {name.replace("_", "-"): value for name, value in limits.items()}
    settings = {**build.manifest["settings"], "limits": stated}
    (folder / MANIFEST).unlink()
    (folder / MANIFEST).write_text(json.dumps({**build.manifest, "settings": settings}), "utf-8")
    return Build.open(folder)


def _digest() -> str:
    package = Path(missiongraph.__file__).parent
    files = [Path(__file__)]
    for name in BUILDERS:
        files += sorted((package / name).rglob("*.py"))
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:12]


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
