"""Differences between editions are of statements, not of lines."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import BlankNode, NamedNode, Quad, RdfFormat, Triple, parse

from missiongraph.build.changes import Changes, changes_between, quads_of, rdf_patch, write_edition
from missiongraph.rdf.canonical import canonical_line, canonicalise_apart, components_apart
from tests import readers, terms

BLANK = """
<urn:a> <urn:p> _:x . _:x <urn:q> _:y . _:y <urn:r> "deep" .
<urn:b> <urn:p> _:z . _:z <urn:q> "flat" .
<urn:c> <urn:p> "plain" .
"""


def quads(text: str) -> list[Quad]:
    """Statements in TriG, where <urn:g> { … } names a graph."""
    return list(parse(text, RdfFormat.TRIG))


def between(tmp_path: Path, old: str, new: str) -> Changes:
    files = tmp_path / f"{hash(old)}.nq", tmp_path / f"{hash(new)}.nq"
    for file, text in zip(files, (old, new), strict=True):
        write_edition(file, quads(text), seconds=60)
    return changes_between(*files)


def test_other_labels_and_another_order_are_no_change(tmp_path: Path) -> None:
    statements = [part.strip() for part in BLANK.split(" .") if part.strip()]
    renamed = " .\n".join([*reversed(statements), ""]).replace("_:x", "_:q").replace("_:z", "_:x")
    assert between(tmp_path, BLANK, renamed) == Changes()


def test_a_new_blank_node_renames_no_other(tmp_path: Path) -> None:
    changes = between(tmp_path, BLANK, BLANK + '<urn:0> <urn:p> _:n . _:n <urn:q> "new" .\n')
    assert len(changes.added) == 2
    assert changes.removed == ()


def test_a_change_within_a_component_replaces_that_component_only(tmp_path: Path) -> None:
    changes = between(tmp_path, BLANK, BLANK.replace('"deep"', '"deeper"'))
    assert (len(changes.added), len(changes.removed)) == (3, 3)
    assert not any("flat" in line or "plain" in line for line in (*changes.added, *changes.removed))


def test_one_more_of_the_same_is_a_change(tmp_path: Path) -> None:
    twin = '<urn:t> <urn:p> _:a . _:a <urn:q> "same" .\n'
    changes = between(tmp_path, twin, twin + twin.replace("_:a", "_:b"))
    assert (len(changes.added), len(changes.removed)) == (2, 0)


def test_without_blank_nodes_they_are_set_differences(tmp_path: Path) -> None:
    changes = between(tmp_path, "<urn:g> { <urn:a> <urn:p> <urn:b> }", "<urn:g> { <urn:a> <urn:p> <urn:c> }")
    assert changes == Changes(("<urn:a> <urn:p> <urn:c> <urn:g> .\n",), ("<urn:a> <urn:p> <urn:b> <urn:g> .\n",))


NODES = st.sampled_from([NamedNode("urn:a"), NamedNode("urn:b"), *(BlankNode(name) for name in "wxyz")])
PREDICATES = st.sampled_from([NamedNode("urn:p"), NamedNode("urn:q")])
DATASETS = st.lists(st.builds(Quad, NODES, PREDICATES, NODES), max_size=8)


def has_blank_node(quad: Quad) -> bool:
    return isinstance(quad.subject, BlankNode) or isinstance(quad.object, BlankNode)


def entangled(data: list[Quad]) -> set[Quad]:
    return set(components_apart([quad for quad in dict.fromkeys(data) if has_blank_node(quad)]))


@given(DATASETS, st.permutations("wxyz"))
def test_components_are_labelled_alike_whatever_they_are_called(data: list[Quad], names: Sequence[str]) -> None:
    other = dict(zip("wxyz", names, strict=True))

    def renamed(term: object) -> object:
        return BlankNode(other[term.value]) if isinstance(term, BlankNode) else term

    again = [Quad(renamed(q.subject), q.predicate, renamed(q.object)) for q in reversed(data)]  # type: ignore[arg-type]
    first = entangled(data)
    assert entangled(again) == first
    assert len(first) == len({quad for quad in data if has_blank_node(quad)})


@pytest.mark.parametrize("data", [BLANK, ""])
def test_a_patch_applied_to_the_old_edition_gives_the_new_one(tmp_path: Path, data: str) -> None:
    new = BLANK.replace('"flat"', '"round"').replace('"plain"', '"pl\\nain"') + "<urn:g> { <urn:d> <urn:p> <urn:e> }"
    changes = between(tmp_path, data, new)
    store = set(canonicalise_apart(quads(data), seconds=60))
    patch = rdf_patch(changes, "old", "new").decode()
    head, body = patch.split("TX .\n")
    assert [line.split()[:2] for line in head.splitlines()] == [["H", "id"], ["H", "prev"]]
    *lines, end = body.splitlines()
    assert end == "TC ."
    for line in lines:
        operation, _, statement = line.partition(" ")
        (quad,) = quads_of([statement + "\n"])
        store.remove(quad) if operation == "D" else store.add(quad)
    assert store == set(canonicalise_apart(quads(new), seconds=60))
    assert rdf_patch(Changes(), "new", "newer").decode().splitlines()[1] == head.splitlines()[0].replace(
        "id", "prev", 1
    )


@given(terms.statements, terms.iris())
def test_a_patch_has_a_line_for_each_statement_that_others_read_alike(found: list[Triple], graph: NamedNode) -> None:
    """A row of RDF Patch is a quad of N-Quads after its letter."""
    lines = {canonical_line(Quad(t.subject, t.predicate, t.object, graph)) for t in found}
    patch = rdf_patch(Changes(added=tuple(lines)), "old", "new").decode()
    rows = [row for row in patch.split("\n") if row.startswith("A ")]
    assert len(rows) == len(lines)
    assert readers.by_rdflib("\n".join(row[2:] for row in rows).encode(), "nq") == readers.meant(found)
