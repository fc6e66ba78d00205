"""The tables hold what they were made from: a processor of CSV on the Web gets the statements back."""

from __future__ import annotations

import datetime
import io
from pathlib import Path

import pytest
from arro3.io import read_parquet
from hypothesis import given
from hypothesis import strategies as some
from language_tags import tags
from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse

from missiongraph.build import Build
from missiongraph.build.files.parquet import write_links, write_table
from missiongraph.build.files.tables import Tables, tabulate, write_csv, write_metadata
from missiongraph.publication.settings import Settings
from missiongraph.vocab import RDF, RDFS, SCHEMA, XSD
from tests import terms
from tests.build.tables import normal, read_back

BASE = "https://example.org/"
THING, NOTE, CODE, LINK = (NamedNode(f"{BASE}{name}") for name in ("ontology#Thing", "note", "code", "link"))
SETTINGS = Settings.model_validate({"title": {"en": "T"}, "base": BASE})


def thing(name: str) -> NamedNode:
    return NamedNode(f"{BASE}id/{name}")


def tables(*triples: Triple) -> Tables:
    return tabulate(SETTINGS, triples, {})


def written(made: Tables, folder: Path) -> set[Triple]:
    """What a processor reads from the files of *made*."""
    for table in made.tables:
        (folder / f"{table.name}.csv").write_bytes(write_csv(table.header, table.rows))
    (folder / "links.csv").write_bytes(write_csv(Tables.LINK_HEADER, made.links))
    metadata = folder / "csv-metadata.json"
    metadata.write_bytes(write_metadata(made, "{}.csv".format, SETTINGS))
    return read_back(metadata)


def test_the_shipped_tables_give_back_all_that_is_said_of_their_things(shipped_build: Build) -> None:
    dumps = shipped_build.folder / "dumps"
    triples = {q.triple for q in parse((dumps / "missiongraph.nt").read_bytes(), RdfFormat.N_TRIPLES)}
    kinds = {NamedNode(iri) for iri in shipped_build.settings.home.classes}
    things = {t.subject for t in triples if t.predicate == RDF.type and t.object in kinds}
    assert len(things) > 20
    assert read_back(dumps / "csv-metadata.json") == normal({t for t in triples if t.subject in things})


def test_a_thing_is_a_row_and_what_it_says_once_a_column() -> None:
    one, other = thing("one"), thing("two")
    made = tables(
        Triple(one, RDF.type, THING),
        Triple(other, RDF.type, THING),
        Triple(one, RDFS.label, Literal("One", language="en")),
        Triple(one, RDFS.label, Literal("Uno", language="it")),
        Triple(other, CODE, Literal("7")),
        Triple(one, LINK, other),
    )
    (table,) = made.tables
    assert table.name == "thing"
    assert table.header == ["id", "label_en", "label_it", "code", "link"]
    assert table.rows == [[one.value, "One", "Uno", "", other.value], [other.value, "", "", "7", ""]]
    assert made.links == []


def test_several_values_stand_in_one_cell_and_several_links_in_a_table_of_their_own() -> None:
    one = thing("one")
    made = tables(
        Triple(one, RDF.type, THING),
        Triple(one, CODE, Literal("a|b")),
        Triple(one, CODE, Literal("c")),
        Triple(one, LINK, thing("x")),
        Triple(one, LINK, thing("y")),
    )
    assert made.tables[0].rows == [[one.value, "a|b;c"]]
    assert made.links == [(one.value, LINK.value, thing(name).value) for name in ("x", "y")]


@pytest.mark.parametrize(
    "lost",
    [
        Triple(thing("one"), NOTE, BlankNode("b")),
        Triple(thing("one"), NOTE, Literal("")),
        Triple(thing("one"), NOTE, Literal("soon", datatype=XSD.date)),
        Triple(thing("one"), NOTE, Literal("<b/>", datatype=RDF.XMLLiteral)),
        Triple(thing("one"), LINK, NamedNode(f"{BASE}à")),
        Triple(thing("one"), NamedNode(f"{BASE}à"), Literal("x")),
    ],
    ids=["blank node", "empty text", "no date", "XML", "IRI of more than ASCII", "property of more than ASCII"],
)
def test_what_a_table_would_not_give_back_as_it_was_is_left_out(lost: Triple, tmp_path: Path) -> None:
    kept = Triple(thing("one"), RDF.type, THING)
    assert written(tables(kept, lost), tmp_path) == {kept}


TEXTS = terms.texts.filter(bool)  # an empty cell has no value
LANGUAGES = [tag for tag in terms.LANGUAGES if tags.check(tag)]  # csvw drops others, which the standard allows
DAYS = some.dates(min_value=datetime.date(1000, 1, 1))
VALUES = some.one_of(
    some.builds(Literal, TEXTS),
    some.builds(lambda text, tag: Literal(text, language=tag), TEXTS, some.sampled_from(LANGUAGES)),
    some.builds(lambda number: Literal(str(number), datatype=XSD.integer), some.integers(-(10**9), 10**9)),
    some.builds(
        lambda day: Literal(day.isoformat(), datatype=XSD.date), some.dates(min_value=datetime.date(1000, 1, 1))
    ),
    some.sampled_from([Literal("P2Y", datatype=XSD.duration), Literal("POINT(1 2)", datatype=NamedNode(f"{BASE}wkt"))]),
    some.builds(thing, some.from_regex(r"[a-z]{1,8}", fullmatch=True)),
)


@given(some.sets(some.tuples(some.sampled_from("abc"), some.sampled_from([NOTE, CODE, LINK]), VALUES), max_size=12))
def test_any_values_come_back(
    tmp_path_factory: pytest.TempPathFactory, facts: set[tuple[str, NamedNode, Literal]]
) -> None:
    said = {Triple(thing(name), RDF.type, THING) for name in "abc"}
    said |= {Triple(thing(name), predicate, value) for name, predicate, value in facts}
    assert written(tables(*said), tmp_path_factory.mktemp("tables")) == normal(said)


def test_parquet_holds_the_same_with_numbers_and_days_as_such() -> None:
    made = tables(
        Triple(thing("one"), RDF.type, THING),
        Triple(thing("one"), CODE, Literal("7", datatype=XSD.integer)),
        Triple(thing("one"), NOTE, Literal("2022-09-09", datatype=XSD.date)),
        Triple(thing("two"), RDF.type, THING),
        Triple(thing("two"), SCHEMA.latitude, Literal("44.5", datatype=XSD.decimal)),
        Triple(thing("two"), LINK, thing("x")),
        Triple(thing("two"), LINK, thing("y")),
    )
    content = write_table(made.tables[0])
    assert content == write_table(made.tables[0])
    read = read_parquet(io.BytesIO(content)).read_all()
    columns = {name: read[name].to_pylist() for name in read.column_names}
    assert {name: [str(v) if v is not None else None for v in values] for name, values in columns.items()} == {
        "id": [thing("one").value, thing("two").value],
        "latitude": [None, "44.5"],
        "code": ["7", None],
        "note": ["2022-09-09", None],
    }
    assert columns["code"][0] == 7 and columns["latitude"][1] == 44.5
    links = read_parquet(io.BytesIO(write_links(made))).read_all()
    assert links["object"].to_pylist() == [thing("x").value, thing("y").value]
