"""Lists in any order and narrowed by any values hold what plain SPARQL finds."""

from __future__ import annotations

import csv
import io
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad, Triple

from missiongraph.build import Build, build_publication
from missiongraph.build.lists import ListIndex, write_lists
from missiongraph.dataset import read_dataset
from missiongraph.engine.embedded import EmbeddedEngine
from missiongraph.engine.protocol import rows
from missiongraph.names.collation import collation_key
from missiongraph.publication import Publication
from missiongraph.vocab import RDF, RDFS, XSD
from missiongraph.web.application import create_app
from missiongraph.web.selection import Wanted, select, text_of

BASE = "https://example.org/"
KIND, BY, SIZE, DAY = (NamedNode(BASE + name) for name in ("Kind", "by", "size", "day"))
THINGS = [NamedNode(f"{BASE}id/thing/{number}") for number in range(9)]
VALUES = st.one_of(
    st.builds(Triple, st.sampled_from(THINGS), st.just(SIZE), st.integers(-3, 12).map(Literal)),
    st.builds(Triple, st.sampled_from(THINGS), st.just(BY), st.sampled_from([*THINGS[:3], Literal("x"), Literal("y")])),
    st.builds(
        Triple,
        st.sampled_from(THINGS),
        st.just(DAY),
        st.dates().map(lambda day: Literal(day.isoformat(), datatype=XSD.date)),
    ),
    st.builds(
        Triple,
        st.sampled_from(THINGS),
        st.just(RDFS.label),
        st.builds(Literal, st.text("aàeZ b", min_size=1, max_size=3), language=st.sampled_from(["en", "it"])),
    ),
)
FILTERS = st.lists(st.sampled_from([(BY, "x"), (BY, "y"), (BY, THINGS[0].value), (SIZE, "3")]), max_size=3, unique=True)


def asked(engine: EmbeddedEngine, filters: list[tuple[NamedNode, str]], more: str = "", tail: str = "") -> list[str]:
    """The things that SPARQL finds, in its order."""
    for predicate in dict.fromkeys(predicate for predicate, _ in filters):
        texts = ", ".join(str(Literal(text)) for other, text in filters if other == predicate)
        more += f" FILTER EXISTS {{ ?s {predicate} ?v FILTER(STR(?v) IN ({texts})) }}"
    found = rows(engine, f"SELECT ?s WHERE {{ ?s a {KIND} {more} }} GROUP BY ?s {tail}")
    return [text_of(thing) for row in found if (thing := row[0]) is not None]


@settings(max_examples=25)
@given(st.sets(st.sampled_from(THINGS), min_size=1), st.lists(VALUES, max_size=40), FILTERS, st.booleans())
def test_a_list_holds_what_sparql_finds_in_its_order(
    things: set[NamedNode], values: list[Triple], filters: list[tuple[NamedNode, str]], descending: bool
) -> None:
    triples = list(dict.fromkeys([*(Triple(thing, RDF.type, KIND) for thing in sorted(things, key=str)), *values]))
    quads = [Quad(t.subject, t.predicate, t.object, NamedNode(f"{BASE}g")) for t in triples]
    engine = EmbeddedEngine.of(triples, quads)
    with tempfile.TemporaryDirectory() as folder:
        write_lists(Path(folder) / "lists", triples, quads, ["it"])
        index = ListIndex(Path(folder) / "lists")

    def listed(sort: NamedNode | None) -> list[str]:
        found = select(index, Wanted(RDF.type, KIND, tuple(filters), sort, descending), "it", {})
        return [text_of(index.terms([number])[number]) for number in found.things] if found else []

    expected = asked(engine, filters)
    names = {thing: name_of(triples, thing) for thing in expected}
    by_name = sorted(expected, key=lambda thing: (collation_key(names[thing], "it"), thing), reverse=descending)
    assert listed(None) == by_name
    for sort in (SIZE, DAY):
        tail = f"ORDER BY {'DESC(MAX' if descending else 'ASC(MIN'}(?w))"
        having = asked(engine, filters, f". ?s {sort} ?w", tail)
        shown = listed(sort)
        key = {t: min_or_max(triples, t, sort, descending) for t in having}
        assert set(shown[: len(having)]) == set(having)
        assert [key[thing] for thing in shown[: len(having)]] == [key[thing] for thing in having]
        assert not shown or sorted(shown) == sorted(expected)


def name_of(triples: list[Triple], thing: str) -> str:
    labels = [t.object for t in triples if text_of(t.subject) == thing and t.predicate == RDFS.label]
    own = [o.value for o in labels if isinstance(o, Literal) and o.language == "it"]
    any_other = [o.value for o in labels if isinstance(o, Literal)]
    return min(own or any_other, default=thing.rpartition("/")[2])


def min_or_max(triples: list[Triple], thing: str, sort: NamedNode, descending: bool) -> str | int:
    texts = [text_of(t.object) for t in triples if text_of(t.subject) == thing and t.predicate == sort]
    values: list[str | int] = [int(text) for text in texts] if sort == SIZE else list(texts)
    return max(values) if descending else min(values)


@settings(max_examples=20)
@given(st.lists(VALUES, min_size=5, max_size=60), FILTERS)
def test_a_count_beside_a_value_is_what_sparql_counts(
    values: list[Triple], filters: list[tuple[NamedNode, str]]
) -> None:
    triples = list(dict.fromkeys([*(Triple(thing, RDF.type, KIND) for thing in THINGS), *values]))
    quads = [Quad(t.subject, t.predicate, t.object, NamedNode(f"{BASE}g")) for t in triples]
    engine = EmbeddedEngine.of(triples, quads)
    with tempfile.TemporaryDirectory() as folder:
        write_lists(Path(folder) / "lists", triples, quads, ["it"])
        index = ListIndex(Path(folder) / "lists")
    found = select(index, Wanted(RDF.type, KIND, tuple(filters)), "it", {})
    for number, counts in found.facets.items() if found else ():
        predicate = index.terms([number])[number]
        others = [one for one in filters if one[0] != predicate]
        for value, count in counts.items():
            assert count == len(asked(engine, others, f"; {predicate} {index.terms([value])[value]} ."))


@pytest.fixture(scope="module")
def towns(tmp_path_factory: pytest.TempPathFactory) -> Build:
    """A publication of 120 towns, each in a country and with its people."""
    folder = tmp_path_factory.mktemp("towns")
    (folder / "data").mkdir()
    (folder / "missiongraph.toml").write_text(f'title = "Towns"\nbase = "{BASE}"\nlanguages = ["en", "it"]\n')
    lines = []
    for number in range(120):
        town = f"<{BASE}id/town/{number}>"
        lines.append(f'{town} {RDF.type} {KIND} ; {RDFS.label} "{chr(97 + number % 24).upper()} {number:03}"@en ;')
        lines.append(f"{BY} <{BASE}id/country/{number % 3}> ; {SIZE} {number * 7 % 120} .")
    lines += [f'<{BASE}id/country/{n}> {RDFS.label} "Country, {n}"@en .' for n in range(3)]
    (folder / "data" / "towns.ttl").write_text("\n".join(lines))
    return build_publication(read_dataset(Publication.open(folder)), folder / "out")


LIST = f"/list?class={BASE}Kind"
IN_0, IN_1 = (f"&filter={BASE}by+{BASE}id/country/{n}" for n in (0, 1))


def test_a_page_of_a_list_leads_to_letters_pages_orders_and_values(towns: Build) -> None:
    client = create_app(towns).test_client()
    text = client.get(f"{LIST}&page=2").text
    assert 'aria-sort="ascending"' in text and 'name="page" type="number" min="1" max="3"' in text
    assert ">X</a>" in text and "Country, 0 (40)" in text
    sizes = client.get(f"{LIST}&sort={BASE}size&order=descending").text
    assert sizes.index(">119<") < sizes.index(">118<") and 'aria-sort="descending"' in sizes
    assert 'content="noindex, nofollow"' in sizes and 'content="noindex' not in text
    assert "aria-current" in text


def test_values_of_one_property_are_alternatives_and_unknown_ones_are_refused(towns: Build) -> None:
    client = create_app(towns).test_client()
    assert ">40 things<" in client.get(LIST + IN_0).text
    both = client.get(LIST + IN_0 + IN_1).text
    assert ">80 things<" in both and both.count(" checked>") == 2
    assert client.get(f"{LIST}&filter={BASE}by+nothing").status_code == 404
    assert client.get(f"{LIST}&filter=nonsense").status_code == 400
    assert client.get(f"{LIST}&sort=nonsense").status_code == 400
    assert client.get(f"{LIST}&sort={BASE}none").status_code == 404
    assert client.get(f"{LIST}&order=up").status_code == 400
    assert client.get(f"{LIST}&sort={BASE}size&sort={BASE}by").status_code == 400
    assert client.get(f"{LIST}&filter=").status_code == 200  # what a form sends that chooses nothing


def test_the_whole_list_is_a_table_in_the_same_order(towns: Build) -> None:
    client = create_app(towns).test_client()
    answer = client.get(LIST.replace("/list?", "/list.csv?") + IN_0 + f"&sort={BASE}size")
    head, *lines = csv.reader(io.StringIO(answer.text))
    assert answer.mimetype == "text/csv" and head[:3] == ["iri", "name@en", "name@it"]
    sizes = [int(line[head.index(f"{BASE}size")]) for line in lines]
    assert len(lines) == 40 and sizes == sorted(sizes)


def test_robots_are_kept_from_the_combinations(towns: Build) -> None:
    text = create_app(towns).test_client().get("/robots.txt").text
    assert "Disallow: /*?*filter=" in text and "Disallow: /*?*sort=" in text
