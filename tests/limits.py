"""Publications with small limits, so that tests of limits take no time."""

from __future__ import annotations

import shutil
from pathlib import Path

from missiongraph.build import Build, build_publication
from missiongraph.publication.dataset import read_dataset
from missiongraph.publication.source_folder import Publication
from tests.conftest import BEER

#: The files and folders of a publication.
PARTS = ("missiongraph.toml", "context.jsonld", "data", "ontology", "shapes", "queries", "releases")

#: Never ends: a product of all statements with themselves, eight times.
RUNAWAY = f"SELECT (COUNT(*) AS ?n) {{ {' '.join(f'?s{i} ?p{i} ?o{i} .' for i in range(8))} }}"

#: Ten million rows, in a moment and for as long as somebody reads.
DIGITS = " ".join(f"VALUES ?{name} {{ 0 1 2 3 4 5 6 7 8 9 }}" for name in "abcdefg")
MANY = f"SELECT * {{ {DIGITS} }}"

#: A gigabyte of text in one value, which doubles thirty times.
DOUBLED = " ".join(f"BIND(CONCAT(?t{i}, ?t{i}) AS ?t{i + 1})" for i in range(30))
HEAVY = f'SELECT ?t30 {{ BIND("x" AS ?t0) {DOUBLED} }}'


def limited(folder: Path, padding: int = 0, more: str = "", source: Path = BEER, **limits: float) -> Build:
    """A build of the tiny publication, or *source*, with *limits*, *more* settings and so much *padding*."""
    publication = folder / "publication"
    publication.mkdir(parents=True)
    for part in PARTS:  # a checkout has much beside them
        if (source / part).is_dir():
            shutil.copytree(source / part, publication / part)
        elif (source / part).is_file():
            shutil.copy(source / part, publication)
    stated = "".join(f"{name.replace('_', '-')} = {value}\n" for name, value in limits.items())
    with (publication / "missiongraph.toml").open("a", encoding="utf-8") as settings:
        settings.write(f"\n[limits]\n{stated}\n{more}\n")
    texts = (
        f'<http://beer.example/padding> <http://beer.example/n{i}> "{"x" * 50_000}" .' for i in range(padding // 50_000)
    )
    (publication / "data" / "padding.nt").write_text("\n".join(texts), encoding="utf-8")
    return build_publication(read_dataset(Publication.open(publication)), folder / "out")
