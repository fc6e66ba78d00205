"""Every shape and every rule has a counter-example, which fails for exactly the stated reason.

Each file under ``counter_examples/`` states in its header which shape or rule it breaks, by which constraint component
of SHACL, and at which focus node. The files are added to the shipped data in two divisions, so that one which hides
what another breaks, or breaks it in its stead, would have to do so in both. What looks whether the data makes sense is
broken by changes of the data itself (``senseless.py``).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import pytest
import rdflib
from rdflib import RDF, RDFS, SH

from missiongraph.publication.dataset import Dataset, read_dataset, read_files
from missiongraph.publication.inference_rules import is_inference
from missiongraph.publication.query_files import read_questions
from missiongraph.publication.source_folder import Publication
from missiongraph.validation.checks.by_shapes import check_shapes
from missiongraph.validation.checks.query_rules import check_rules
from missiongraph.validation.report import Result
from missiongraph.validation.second_opinion import as_rdflib
from missiongraph.vocab import MG
from tests.shipped.senseless import CHANGES

FILES = sorted((Path(__file__).parent / "counter_examples").glob("*.trig"))
RULES = [file for file in FILES if file.stem.startswith("rule-")]

#: What breaks: the shape or the path of the rule, the component, the focus node.
Reason = tuple[str, str | None, str]

#: Properties of a property shape that constrain nothing.
DESCRIBING = {
    RDF.type,
    RDFS.label,
    RDFS.comment,
    RDFS.isDefinedBy,
    SH.path,
    SH.name,
    SH.description,
    SH.order,
    SH.group,
    SH.message,
    SH.severity,
    rdflib.URIRef(MG.expected.value),
}


def stated(file: Path) -> Reason:
    header = dict(line[2:].split(": ", 1) for line in file.read_text("utf-8").splitlines()[:3] if line.startswith("# "))
    component = header.get("component", "").replace("sh:", str(SH)) or None
    breaks = header["breaks"]
    return breaks if ":" in breaks else f"queries/rules/{breaks}", component, header["focus"]


def found(results: Iterable[Result]) -> Counter[Reason]:
    return Counter((r.source, r.component, str(getattr(r.focus, "value", r.focus))) for r in results)


@pytest.fixture(scope="module")
def shipped_alone(shipped_dataset: Dataset) -> Counter[Reason]:
    """The numbers in which the shipped data differ from what sources state."""
    return found(check_rules(shipped_dataset))


def found_with(shipped: Publication, files: list[Path]) -> Counter[Reason]:
    """What shapes and rules find; the other checks have tests of their own."""
    dataset = read_dataset(shipped, also=files)
    return found((*check_shapes(dataset), *check_rules(dataset)))


def test_all_together_break_what_they_state_and_nothing_else(
    shipped: Publication, shipped_alone: Counter[Reason]
) -> None:
    assert found_with(shipped, FILES) - shipped_alone == Counter(map(stated, FILES))


@pytest.mark.parametrize("part", range(4))
def test_so_do_those_of_each_quarter(shipped: Publication, part: int, shipped_alone: Counter[Reason]) -> None:
    files = FILES[part::4]
    assert found_with(shipped, files) - shipped_alone == Counter(map(stated, files))


@pytest.mark.parametrize("file", RULES, ids=lambda file: str(file.stem))
def test_each_alone_breaks_its_rule_and_no_other(
    file: Path, shipped: Publication, shipped_alone: Counter[Reason]
) -> None:
    assert found(check_rules(read_dataset(shipped, also=[file]))) - shipped_alone == Counter([stated(file)])


def test_every_rule_has_a_counter_example(shipped: Publication) -> None:
    rules = read_questions(shipped, shipped.rule_files)
    broken = {stated(file)[0] for file in RULES} | {f"queries/rules/{change.by}.rq" for change in CHANGES}
    assert {rule.path for rule in rules if not is_inference(rule)} - broken == set()
    assert {stated(file)[0] for file in RULES} <= {rule.path for rule in rules}


def test_every_constraint_has_a_counter_example(shipped: Publication) -> None:
    shapes = as_rdflib(quad.triple for file in read_files(shipped, shipped.shape_files) for quad in file.quads)
    properties = [shape for shape in shapes.objects(None, SH.property) if isinstance(shape, rdflib.URIRef)]
    constraining = [shape for shape in properties if set(shapes.predicates(shape)) - DESCRIBING]
    others = [shape for link in (SH.sparql, SH["or"], SH["not"]) for shape in shapes.subjects(link, None)]
    broken = {stated(file)[0] for file in FILES}
    assert {str(shape) for shape in (*constraining, *others)} - broken == set()
    assert len(constraining) > 100
