"""Dumps: written, read back, compressed, summed, and left out where a format cannot carry the data."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import brotli
import pytest
import zstandard
from pyoxigraph import BlankNode, CanonicalizationAlgorithm, Dataset, Literal, NamedNode, Quad, RdfFormat, Triple, parse

from missiongraph.build import Build
from missiongraph.build.files import dumps as dumps_module
from missiongraph.build.files.dumps import Dump, DumpSource, write_dumps
from missiongraph.build.files.tables import file_name
from missiongraph.rdf.canonical import canonicalise
from missiongraph.rdf.formats import QUAD_FORMATS, TRIPLE_FORMATS, serialise
from missiongraph.rdf.jsonld_context import Context, derive_context
from missiongraph.vocab import RDF, RDFS, XSD

A, B, G = (NamedNode(f"https://example.org/{name}") for name in "abg")
RDF_FORMATS = {form.name: form.rdf_format for form in (*TRIPLE_FORMATS, *QUAD_FORMATS)}
UNPACK: dict[str | None, Callable[[bytes], bytes]] = {
    "gzip": gzip.decompress,
    "zstd": zstandard.decompress,
    None: bytes,
}
PACKED = ("", ".gz", ".zst")
ALL = {
    *(f"x.{extension}{packed}" for extension in ("ttl", "jsonld", "nt", "rdf", "trig", "nq") for packed in PACKED),
    *(f"x-evidence.jsonld{packed}" for packed in PACKED),
}


def dumped(folder: Path, *triples: Triple) -> tuple[tuple[Dump, ...], list[str]]:
    """The dumps of *triples*, and the warnings."""
    folder.mkdir(exist_ok=True, parents=True)
    quads = canonicalise((Quad(t.subject, t.predicate, t.object, G) for t in triples), seconds=30)
    default_graph = [quad.triple for quad in quads]
    warnings: list[str] = []
    source = DumpSource("x", default_graph, quads, {"rdfs": str(RDFS)}, derive_context(default_graph, {}))
    return write_dumps(source, folder, warnings.append, lambda step: None), warnings


def content(folder: Path, dump: Dump) -> bytes:
    written = (folder / dump.name).read_bytes()
    return UNPACK[dump.compression](written)


def statements(dumps: Iterable[Dump]) -> list[Dump]:
    return [dump for dump in dumps if dump.format in RDF_FORMATS]


def canonical(quads: list[Quad]) -> set[Quad]:
    dataset = Dataset(quads)
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return set(dataset)


@pytest.mark.parametrize("build", ["beer_build", "shipped_build"])
def test_every_dump_gives_back_the_graph_it_is_named_for(build: str, request: pytest.FixtureRequest) -> None:
    built: Build = request.getfixturevalue(build)
    folder = built.folder / "dumps"
    dumps = statements(built.dumps)
    read = {dump.name: list(parse(content(folder, dump), RDF_FORMATS[dump.format])) for dump in dumps}
    named = canonical(read[f"{built.settings.stem}.nq"])
    default = canonical(read[f"{built.settings.stem}.nt"])
    assert len(named) == built.manifest["counts"]["quads"]
    assert len(default) == built.manifest["counts"]["triples"]
    for dump in dumps:
        found = read[dump.name]
        if dump.content == "part":
            assert canonical(found) < named
            continue
        assert len(found) == len(named if dump.content == "named" else default), dump.name
        assert canonical(found) == (named if dump.content == "named" else default), dump.name


PARTS = (
    *("italian-network", "reference"),
    *("mission-cities", "labels", "pilots", "money", "mission-figures", "mission-links"),
)


def test_the_shipped_publication_has_every_dump(shipped_build: Build) -> None:
    found = {dump.name.replace("missiongraph", "x") for dump in statements(shipped_build.dumps)}
    parts = {f"x-{part}.{ending}{packed}" for part in PARTS for ending in ("trig", "nq") for packed in PACKED}
    assert found == ALL | parts
    assert {"CSV", "Parquet", "CSVW", "GeoJSON"} == {dump.format for dump in shipped_build.dumps} - set(RDF_FORMATS)


def test_the_named_graphs_and_the_default_graph_do_not_mix(beer_build: Build) -> None:
    for dump in statements(beer_build.dumps):
        quads = parse(content(beer_build.folder / "dumps", dump), RDF_FORMATS[dump.format])
        assert {isinstance(quad.graph_name, NamedNode) for quad in quads} == {dump.content == "named"}


def test_the_checksums_are_those_of_every_other_file(shipped_build: Build) -> None:
    folder = shipped_build.folder / "dumps"
    lines = (folder / "SHA256SUMS").read_text().splitlines()
    sums = {name: digest for digest, name in (line.split("  ") for line in lines)}
    found = {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in folder.iterdir()}
    found.pop("SHA256SUMS")
    assert sums == found
    assert {dump.name: (dump.sha256, dump.bytes) for dump in shipped_build.dumps} == {
        name: (digest, (folder / name).stat().st_size) for name, digest in found.items()
    }


def test_each_dump_is_also_there_compressed_without_a_time(tmp_path: Path) -> None:
    dumps, _ = dumped(tmp_path / "dumps", Triple(A, RDFS.label, Literal("x")))
    for dump in dumps:
        if dump.compression == "gzip":
            packed = (tmp_path / "dumps" / dump.name).read_bytes()
            assert packed[4:8] == b"\0\0\0\0"  # MTIME (RFC 1952, section 2.3)
        if dump.compression:
            plain = (tmp_path / "dumps" / dump.name.rpartition(".")[0]).read_bytes()
            assert content(tmp_path / "dumps", dump) == plain
            assert (
                brotli.decompress((tmp_path / "encoded" / f"{dump.name.rpartition('.')[0]}.br").read_bytes()) == plain
            )
    assert sum(dump.compression is None for dump in dumps) * 3 == len(dumps)


def test_dumps_are_byte_identical_whatever_the_order_and_the_names(tmp_path: Path) -> None:
    def triples(label: str) -> list[Triple]:
        node = BlankNode(label)
        return [Triple(A, RDFS.seeAlso, node), Triple(node, RDFS.label, Literal("x")), Triple(B, RDF.type, A)]

    dumped(tmp_path / "one" / "dumps", *triples("one"))
    dumped(tmp_path / "two" / "dumps", *reversed(triples("two")))
    for folder in ("dumps", "encoded"):
        for file in (tmp_path / "one" / folder).iterdir():
            assert file.read_bytes() == (tmp_path / "two" / folder / file.name).read_bytes()


@pytest.mark.parametrize(
    "triple",
    [
        Triple(A, NamedNode("https://example.org/"), B),
        Triple(A, NamedNode("https://example.org/1"), B),
        Triple(A, RDFS.label, Literal("\x01")),
        Triple(A, RDFS.label, Literal("\x00", language="en")),
    ],
    ids=["no local name", "local name of digits", "control character", "NUL"],
)
def test_a_format_that_cannot_carry_the_data_is_left_out_with_a_warning(tmp_path: Path, triple: Triple) -> None:
    dumps, warnings = dumped(tmp_path, triple, Triple(A, RDFS.label, Literal("x")))
    assert {dump.name for dump in dumps} == ALL - {f"x.rdf{packed}" for packed in PACKED}
    (warning,) = warnings
    assert warning.startswith("x.rdf is left out: RDF/XML cannot carry the data")
    assert not (tmp_path / "x.rdf").exists()
    assert "x.rdf" not in (tmp_path / "SHA256SUMS").read_text()


@pytest.mark.parametrize(
    "context",
    [{"label": {"@id": RDFS.label.value, "@container": "@list"}}, {"@language": "en"}],
    ids=["a list", "another language"],
)
def test_a_context_that_would_change_values_is_not_heeded_there(tmp_path: Path, context: Context) -> None:
    triple = Triple(A, RDFS.label, Literal("x"))
    source = DumpSource("x", [triple], [Quad(A, RDFS.label, triple.object, G)], {}, context)
    warnings: list[str] = []
    dumps = write_dumps(source, tmp_path, warnings.append, lambda step: None)
    assert ({dump.name for dump in dumps}, warnings) == (ALL, [])


@pytest.mark.parametrize(
    ("context", "says"),
    [
        ({"@propagate": False, "label": RDFS.label.value}, "@propagate in the context"),
        ({"@import": "https://example.org/context"}, "@import in the context"),
        ({RDFS.label.value: {"@id": RDFS.label.value, "@container": "@list"}}, f"the predicate <{RDFS.label.value}>"),
        ({"label": {"@id": RDFS.label.value, "@type": "not an IRI"}, "@vocab": 1}, "vocab"),
    ],
    ids=["one that ends within a node", "a remote one", "an IRI with a meaning of its own", "one that is none"],
)
def test_a_context_that_does_not_carry_the_data_is_found_out(tmp_path: Path, context: Context, says: str) -> None:
    node = BlankNode("b")
    triples = [Triple(A, RDFS.seeAlso, node), Triple(node, RDFS.label, Literal("x"))]
    source = DumpSource("x", triples, [Quad(t.subject, t.predicate, t.object, G) for t in triples], {}, context)
    warnings: list[str] = []
    dumps = write_dumps(source, tmp_path, warnings.append, lambda step: None)
    assert {dump.name for dump in dumps} == {name for name in ALL if "jsonld" not in name}
    assert [says in warning for warning in warnings] == [True, True], warnings


@pytest.mark.parametrize(
    ("lost", "says"), [(b"", "0 statements come back of 1"), (b"<a:a> <a:b> <a:c> .", "1 statements come back changed")]
)
def test_a_writer_that_loses_or_changes_something_is_found_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lost: bytes, says: str
) -> None:

    def wrong(statements: Any, rdf_format: RdfFormat, *more: Any) -> bytes:
        return lost if rdf_format == RdfFormat.N_TRIPLES else serialise(statements, rdf_format, *more)

    monkeypatch.setattr(dumps_module, "serialise", wrong)
    dumps, warnings = dumped(tmp_path, Triple(A, RDFS.label, Literal("x")))
    assert {dump.name for dump in dumps} == {name for name in ALL if not name.startswith("x.nt")}
    assert warnings == [f"x.nt is left out: N-Triples cannot carry the data ({says})"]


@pytest.mark.parametrize(
    "value",
    [
        Literal(""),
        Literal(" two  spaces\t\r\n"),
        Literal('"quotes" & <tags> \\ ]]> {{'),
        Literal("à 漢 😀\u2028\u0085"),
        Literal("01", datatype=XSD.integer),
        Literal("1.50", datatype=XSD.decimal),
        Literal("x", language="zh-hant"),
        Literal("<b>x</b>", datatype=RDF.XMLLiteral),
        BlankNode("b"),
    ],
    ids=str,
)
def test_every_format_carries_any_other_value(tmp_path: Path, value: Literal | BlankNode) -> None:
    dumps, warnings = dumped(tmp_path, Triple(A, RDFS.label, value))
    assert warnings == []
    for dump in dumps:
        (quad,) = parse(content(tmp_path, dump), RDF_FORMATS[dump.format])
        assert isinstance(quad.object, BlankNode) if isinstance(value, BlankNode) else quad.object == value


def test_nothing_to_say_gives_dumps_of_nothing(tmp_path: Path) -> None:
    dumps, warnings = dumped(tmp_path)
    assert {dump.name for dump in dumps} == ALL and warnings == []
    assert list(parse((tmp_path / "x.rdf").read_bytes(), RdfFormat.RDF_XML)) == []


def test_parts_and_tables_have_names_of_their_own_on_every_disk() -> None:
    long, taken = "x" * 300, set[str]()
    names = [file_name(name, taken) for name in ("City", "city", "City", long, f"{long}y", "")]
    assert len({name.casefold() for name in names}) == len(names)
    assert names[:2] == ["City", "city_2"]
    assert max(map(len, names)) < 120


def test_two_parts_of_one_local_name_are_two_files(tmp_path: Path) -> None:
    """Else the second took the place of the first."""
    quads = {NamedNode(f"https://example.org/{place}/part"): [Quad(A, RDFS.label, Literal(place), G)] for place in "pq"}
    source = DumpSource("x", [], [], {"rdfs": str(RDFS)}, derive_context([], {}), "https://example.org/", quads)
    parts = [dump for dump in write_dumps(source, tmp_path, lambda text: None, lambda step: None) if dump.part_of]
    plain = [dump for dump in parts if not dump.compression and dump.name.endswith(".nq")]
    assert [dump.name for dump in plain] == ["x-part.nq", "x-part_2.nq"]
    assert {(tmp_path / dump.name).read_text().split('"')[1] for dump in plain} == {"p", "q"}
