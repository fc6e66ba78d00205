"""Validation of the generated publication, each validator in a process of its own: processor time and memory."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.measures import Row
from bench.publications import BASE, air
from bench.servers import PEERS

SHAPES = f"""\
@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix air: <{BASE}ns/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
air:ReadingShape a sh:NodeShape ; sh:targetClass air:Reading ;
    sh:property [ sh:path air:value ; sh:datatype xsd:decimal ; sh:maxCount 1 ] ,
        [ sh:path air:quality ; sh:in ( "good" "fair" "poor" ) ] ,
        [ sh:path air:at ; sh:nodeKind sh:IRI ] .
"""

#: What each process does with the folder of data in ``sys.argv[1]``; it tells seconds and bytes beyond what it read.
_MEASURED = """
import json, resource, sys, time
from pathlib import Path
folder = Path(sys.argv[1])
{begin}
def used():
    return time.process_time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
before = used()
{run}
after = used()
print(json.dumps([after[0] - before[0], after[1] - before[1], number]))
"""
OURS = _MEASURED.format(
    begin="""
from missiongraph.publication.dataset import read_dataset
from missiongraph.publication.source_folder import Publication
from missiongraph.validation.checks.by_shapes import check_shapes
dataset = read_dataset(Publication.open(folder))
dataset.default_graph, dataset.shapes""",
    run="number = len(list(check_shapes(dataset)))",
)
PYSHACL = _MEASURED.format(
    begin="""
import pyshacl, rdflib
data = rdflib.Graph().parse(folder / "data" / "air.nt")
shapes = rdflib.Graph().parse(folder / "shapes" / "s.ttl")""",
    run="""
_, report, _ = pyshacl.validate(data, shacl_graph=shapes)
number = len(list(report.objects(None, rdflib.SH.result)))""",
)
SHACL = _MEASURED.format(
    begin="import shacl\nshapes = shacl.Shapes.from_file(str(folder / 'shapes' / 's.ttl'))",
    run="number = len(shapes.validate_file(str(folder / 'data' / 'air.nt')).results)",
)


@dataclass(frozen=True)
class Used:
    """What a validator used beyond reading, processor time and memory, and how many results it found."""

    seconds: float
    memory: float
    results: int

    def __str__(self) -> str:
        return f"{self.seconds:.1f} s, {self.memory / 1e6:,.0f} MB"


def publication(folder: Path, count: int) -> Path:
    """*folder* as a publication of *count* generated statements, with shapes."""
    air(folder, count)
    (folder / "shapes").mkdir(exist_ok=True)
    (folder / "shapes" / "s.ttl").write_text(SHAPES, "utf-8")
    return folder


def against(peer: str, folder: Path, rounds: int, size: str, *, target: float) -> Row:
    """*peer* and ours on the publication in *folder*, in turns."""
    programs = ((sys.executable, OURS), (str(PEERS / "python"), {"pySHACL": PYSHACL, "shacl": SHACL}[peer]))
    taken = [[_used(python, program, folder) for python, program in programs] for _ in range(rounds)]
    ratios = sorted(theirs.seconds / ours.seconds for ours, theirs in taken)
    ours, theirs = (min(used, key=lambda one: one.seconds) for used in zip(*taken, strict=True))
    assert ours.results == theirs.results, f"{ours.results} results, {peer} has {theirs.results}"
    what = f"validation of {size}, {peer} ÷ ours"
    return Row(what, str(ours), str(theirs), statistics.median(ratios), target, True, (ratios[0], ratios[-1]))


def bounds(folder: Path) -> Sequence[Row]:
    """Ours on the publication in *folder* against the bounds set for a million statements."""
    ours = _used(sys.executable, OURS, folder)
    seconds, memory = f"{ours.seconds:.1f} s", f"{ours.memory / 1e6:,.0f} MB"
    return [
        Row("validation of a million statements ÷ 3 s", seconds, "3 s", ours.seconds / 3, 1, False),
        Row("its memory beyond the data ÷ 400 MB", memory, "400 MB", ours.memory / 4e8, 1, False),
    ]


def _used(python: str, program: str, folder: Path) -> Used:
    done = subprocess.run([python, "-c", program, str(folder)], capture_output=True, text=True, check=True)
    seconds, memory, results = json.loads(done.stdout.splitlines()[-1])
    return Used(seconds, memory, results)
