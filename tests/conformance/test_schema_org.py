"""What pages tell search engines is said in schema.org's own vocabulary: classes it has, properties they may have."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import pytest
from pyoxigraph import NamedNode

from missiongraph.build import Build
from missiongraph.publication.dataset import Dataset
from missiongraph.vocab import RDF
from missiongraph.web.serving.application import create_app
from tests.conformance.npm import Npm

pytestmark = pytest.mark.conformance


_MARKUP = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.DOTALL)


class Vocabulary(NamedTuple):
    """Properties that things of each class may have (``domainIncludes``), those of the classes above it with them."""

    properties: Mapping[str, frozenset[str]]

    @classmethod
    def read(cls, declarations: str) -> Vocabulary:
        """From the types that Google makes of schema.org for TypeScript."""
        above: dict[str, list[str]] = {}
        own: dict[str, set[str]] = {}
        for name, bases, body in re.findall(
            r"^interface (\w+Base) extends ([^{]+) \{(.*?)^\}", declarations, re.M | re.S
        ):
            above[name] = re.findall(r"\w+Base", bases)
            own[name] = set(re.findall(r'^    "(\w+)"\?:', body, re.M))

        def all_of(name: str) -> frozenset[str]:
            return frozenset(own[name]).union(*(all_of(one) for one in above[name]))

        leaves = re.findall(r'^export interface \w+ extends (\w+Base) \{\s+"@type": "(\w+)";', declarations, re.M)
        return cls({kind: all_of(base) for base, kind in leaves})


@pytest.fixture(scope="module")
def vocabulary(npm: Npm) -> Vocabulary:
    """That of the pinned release."""
    read = Vocabulary.read((npm.folder / "node_modules/schema-dts/dist/schema.d.ts").read_text("utf-8"))
    assert len(read.properties) > 700
    assert "latitude" in read.properties["City"] and "latitude" not in read.properties["Person"]
    return read


def faults(markup: Any, vocabulary: Vocabulary) -> Iterator[str]:
    """What schema.org does not know, at any depth."""
    if isinstance(markup, list):
        for one in markup:
            yield from faults(one, vocabulary)
    if not isinstance(markup, dict):
        return
    kinds = markup.get("@type", [])
    kinds = [kinds] if isinstance(kinds, str) else kinds
    yield from (f"no class {kind}" for kind in kinds if kind not in vocabulary.properties)
    known = frozenset().union(*(vocabulary.properties.get(kind, frozenset()) for kind in kinds))
    for name, value in markup.items():
        if not name.startswith("@"):
            if kinds and name not in known:
                yield f"no {name} of {kinds}"
            yield from faults(value, vocabulary)


def test_a_page_about_one_thing_of_each_class_says_what_schema_org_knows(
    shipped_build: Build, shipped_dataset: Dataset, vocabulary: Vocabulary
) -> None:
    client = create_app(shipped_build).test_client()
    one_of: dict[str, str] = {}
    base = f"{shipped_build.settings.base}id/"
    for triple in shipped_dataset.default_graph:
        thing, kind = triple.subject, triple.object
        if triple.predicate == RDF.type and isinstance(thing, NamedNode) and thing.value.startswith(base):
            one_of.setdefault(str(kind), thing.value.removeprefix(base).partition("#")[0])
    found = {}
    for name in sorted(set(one_of.values())):
        text = client.get(f"/doc/{name}.html").text
        told = [
            json.loads(one) for one in re.findall(r'<script type="application/ld\+json">(.*?)</script>', text, re.S)
        ]
        if problems := list(faults(told, vocabulary)):
            found[name] = problems
    assert len(one_of) > 20
    assert found == {}


_PERSON = {"@type": "Person", "box": 1}


def test_a_class_or_property_that_schema_org_lacks_is_a_fault(vocabulary: Vocabulary) -> None:
    told = {
        "@type": "City",
        "latitude": 1,
        "amount": {"@type": "Sum", "value": 1},
        "geo": [{"@type": "Person", "box": 1}],
    }
    assert list(faults(told, vocabulary)) == [
        "no amount of ['City']",
        "no class Sum",
        "no value of ['Sum']",
        "no box of ['Person']",
    ]
