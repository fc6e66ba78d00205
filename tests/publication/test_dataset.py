"""Files as named graphs, their ranks, and the default graph that they add up to."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad, Triple

from missiongraph.publication.dataset import Dataset, read_dataset
from missiongraph.publication.rdf_files import ParsedFile
from missiongraph.publication.settings import Settings
from missiongraph.publication.source_folder import Publication
from missiongraph.vocab import MG, OWL, RDF
from tests.conftest import PublicationMaker

SETTINGS = Settings.model_validate({"title": "T", "base": "https://example.org/"})
GRAPHS = [NamedNode(f"https://example.org/graph/{number}") for number in range(4)]
RANKS = [None, MG.accepted, MG.alternative, MG.retired]
DESCRIPTION = NamedNode("https://example.org/graph/description")
EX = "@prefix ex: <https://example.org/> . @prefix mg: <https://w3id.org/missiongraph/ontology#> .\n"


def read(folder: Path) -> Dataset:
    return read_dataset(Publication.open(folder))


def facts(dataset: Dataset) -> set[str]:
    return {str(triple.object.value) for triple in dataset.default_graph if isinstance(triple.object, Literal)}


def test_triples_without_a_graph_stand_in_the_graph_of_their_file(make_publication: PublicationMaker) -> None:
    dataset = read(
        make_publication(
            {
                "data/a.ttl": EX + "ex:s ex:p 1 .",
                "data/b.trig": EX + "ex:s ex:p 2 . ex:g { ex:s ex:p 3 }",
                "ontology/o.ttl": EX + "ex:s ex:p 4 .",
            }
        )
    )
    graphs = {str(quad.object): quad.graph_name for quad in dataset.quads}
    base = "https://example.org/id/graph/file/"
    assert [getattr(graph, "value", "") for _, graph in sorted(graphs.items())] == [
        f"{base}data/a.ttl",
        f"{base}data/b.trig",
        "https://example.org/g",
        f"{base}ontology/o.ttl",
    ]


def test_shapes_are_not_in_the_dataset(make_publication: PublicationMaker) -> None:
    dataset = read(make_publication({"data/a.ttl": EX + "ex:s ex:p 1 .", "shapes/s.ttl": EX + "ex:s ex:p 2 ."}))
    assert len(dataset.quads) == 1


def test_alternative_and_retired_graphs_stay_out_of_the_default_graph(make_publication: PublicationMaker) -> None:
    trig = """
        ex:accepted { ex:s ex:p "accepted" } ex:unranked { ex:s ex:p "unranked" }
        ex:alternative { ex:s ex:p "alternative" } ex:retired { ex:s ex:p "retired" }
        ex:accepted mg:rank mg:accepted . ex:alternative mg:rank mg:alternative . ex:retired mg:rank mg:retired ."""
    dataset = read(make_publication({"data/a.trig": EX + trig}))
    assert facts(dataset) == {"accepted", "unranked"}
    assert len(dataset.quads) == 7


def test_a_rank_may_stand_in_another_file(make_publication: PublicationMaker) -> None:
    dataset = read(
        make_publication(
            {"data/z.trig": EX + 'ex:g { ex:s ex:p "x" }', "data/a.ttl": EX + "ex:g mg:rank mg:alternative ."}
        )
    )
    assert facts(dataset) == set()


def test_what_an_accepted_graph_says_stays_although_an_alternative_says_it_too(
    make_publication: PublicationMaker,
) -> None:
    trig = 'ex:a { ex:s ex:p "x" } ex:b { ex:s ex:p "x", "y" } ex:b mg:rank mg:alternative .'
    dataset = read(make_publication({"data/a.trig": EX + trig}))
    assert facts(dataset) == {"x"}


statements = st.builds(Triple, st.sampled_from(GRAPHS), st.sampled_from(GRAPHS[:2]), st.integers(0, 2).map(Literal))
quads = st.builds(lambda t, graph: Quad(t.subject, t.predicate, t.object, graph), statements, st.sampled_from(GRAPHS))


@given(st.lists(st.lists(quads)), st.tuples(*[st.sampled_from(RANKS)] * len(GRAPHS)))
def test_the_default_graph_is_the_set_union_of_what_is_not_ranked_out(
    files: list[list[Quad]], ranks: tuple[NamedNode | None, ...]
) -> None:
    stated = [Quad(graph, MG.rank, rank, DESCRIPTION) for graph, rank in zip(GRAPHS, ranks, strict=True) if rank]
    contents = [*files, stated]
    parsed = tuple(ParsedFile(f"data/{n}.nq", DESCRIPTION, tuple(content)) for n, content in enumerate(contents))
    dataset = Dataset(Publication(Path(), SETTINGS), parsed)
    kept = {
        graph for graph, rank in zip(GRAPHS, ranks, strict=True) if rank in (None, MG.accepted)
    } | {DESCRIPTION}  # fmt: skip
    everything = {quad for content in contents for quad in content}
    assert set(dataset.quads) == everything and len(dataset.quads) == len(everything)
    assert len(dataset.default_graph) == len(set(dataset.default_graph))
    assert set(dataset.default_graph) == {quad.triple for quad in everything if quad.graph_name in kept}
    assert set(dataset.triples_in(GRAPHS[:2])) == {q.triple for q in everything if q.graph_name in GRAPHS[:2]}


def test_a_prefix_is_bound_by_the_first_file_and_completed_by_well_known_ones(
    make_publication: PublicationMaker,
) -> None:
    dataset = read(
        make_publication(
            {
                "data/a.ttl": "@prefix x: <https://example.org/a#> . "
                "@prefix s: <http://www.w3.org/2004/02/skos/core#> .",
                "data/b.ttl": "@prefix x: <https://example.org/b#> . @prefix : <https://example.org/c#> .",
            }
        )
    )
    assert dataset.prefixes["x"] == "https://example.org/a#"
    assert dataset.prefixes["s"] == "http://www.w3.org/2004/02/skos/core#"
    assert "skos" not in dataset.prefixes and "" not in dataset.prefixes
    assert dataset.prefixes["owl"] == str(OWL)
    assert list(dataset.prefixes) == sorted(dataset.prefixes)


def test_a_term_is_placed_in_the_file_that_speaks_of_it(make_publication: PublicationMaker) -> None:
    dataset = read(
        make_publication({"data/a.ttl": EX + "ex:a ex:p ex:b .", "data/b.ttl": EX + "\n  ex:b ex:p <https://x.org/> ."})
    )
    b = NamedNode("https://example.org/b")
    assert dataset.file_about(b) == "data/b.ttl"
    assert dataset.file_about(NamedNode("https://x.org/")) == "data/b.ttl"
    assert dataset.file_about(NamedNode("https://example.org/nowhere")) is None
    assert str(dataset.place_of(b, "data/b.ttl")) == "data/b.ttl:3:3"


def test_graphs_are_found_by_what_they_are_described_as(make_publication: PublicationMaker) -> None:
    dataset = read(make_publication({"data/a.ttl": EX + "ex:g a mg:MetadataGraph . ex:h a mg:EvidenceGraph ."}))
    assert dataset.graphs_of_class(MG.MetadataGraph) == (NamedNode("https://example.org/g"),)
    assert all(triple.predicate == RDF.type for triple in dataset.default_graph)


def test_further_files_can_be_read_with_a_publication(make_publication: PublicationMaker, tmp_path: Path) -> None:
    also = tmp_path / "also.trig"
    also.write_text(EX + 'ex:g { ex:s ex:p "also" }')
    folder = make_publication({"data/a.ttl": EX + 'ex:s ex:p "own" .'})
    assert facts(read_dataset(Publication.open(folder), also=[also])) == {"own", "also"}
