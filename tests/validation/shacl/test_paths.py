"""Property paths as they are written (SPARQL 1.1, section 9.1) and read back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rdflib.plugins.sparql import prepareQuery

from missiongraph.validation.shacl.paths import (
    AlternativePath,
    InversePath,
    Path,
    PredicatePath,
    RepeatedPath,
    SequencePath,
    parse_path,
)

paths: st.SearchStrategy[Path] = st.recursive(
    st.sampled_from(("urn:p", "urn:q", "urn:a(b)/c*")).map(PredicatePath),
    lambda inner: st.one_of(
        inner.map(InversePath),
        st.lists(inner, min_size=2, max_size=3).map(lambda found: SequencePath(tuple(found))),
        st.lists(inner, min_size=2, max_size=3).map(lambda found: AlternativePath(tuple(found))),
        st.builds(RepeatedPath, inner, st.sampled_from("*+?")),
    ),
    max_leaves=6,
)


@given(paths)
def test_a_path_is_read_as_it_was_written(path: Path) -> None:
    assert parse_path(str(path)) == path


@given(paths)
def test_a_path_is_written_as_sparql_has_it(path: Path) -> None:
    prepareQuery(f"SELECT * {{ ?s {path} ?o }}")


@pytest.mark.parametrize(
    "text", ["", "a path", "<urn:p", "<urn:p>/", "(<urn:p>", "<urn:p>)", "<urn:p><urn:q>", "*<urn:p>"]
)
def test_what_is_no_path(text: str) -> None:
    assert parse_path(text) is None
