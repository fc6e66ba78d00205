"""The order of names against that of ICU, which Node.js carries as ``Intl.Collator``."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from itertools import groupby

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal

from missiongraph.dataset import read_dataset
from missiongraph.names.collation import collation_key
from missiongraph.names.tailorings import SCRIPTS, SIGNS, TAILORINGS
from missiongraph.publication import Publication
from missiongraph.vocab import LABEL_PROPERTIES
from tests.conftest import ROOT
from tests.names.test_collation import ORDERS

pytestmark = pytest.mark.conformance

#: Names that are equal, in groups in order.
Order = list[list[str]]
Collator = Callable[[str, Iterable[str]], Order]

LANGUAGES = sorted({*TAILORINGS, *ORDERS})
CYRILLIC = frozenset(language for language, rules in TAILORINGS.items() if "[reorder Cyrl]" in rules)

#: Answers each line ``[language, names]`` with a line: the names in groups.
SORTING = """
require("readline").createInterface({ input: process.stdin }).on("line", (line) => {
  const [language, names] = JSON.parse(line), { compare } = new Intl.Collator(language), groups = []
  for (const name of names.sort(compare))
    if (groups.length && compare(groups.at(-1)[0], name) === 0) groups.at(-1).push(name)
    else groups.push([name])
  console.log(JSON.stringify(groups))
})
"""


@pytest.fixture(scope="module")
def by_icu() -> Iterator[Collator]:
    node = shutil.which("node")
    if node is None:
        pytest.skip("ICU is asked through Node.js, which this machine lacks")
    version = subprocess.run([node, "-p", "process.versions.cldr"], capture_output=True, text=True, check=True).stdout
    if float(version) < 48:
        pytest.skip(f"the orders are those of CLDR 48; this Node.js has {version}")
    with subprocess.Popen([node, "-e", SORTING], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        asked, answers = process.stdin, process.stdout
        assert asked is not None and answers is not None

        def order(language: str, names: Iterable[str]) -> Order:
            print(json.dumps([language, list(names)]), file=asked, flush=True)
            found: Order = json.loads(answers.readline())
            return [sorted(group) for group in found]

        yield order
        asked.close()


def by_us(language: str, names: Iterable[str]) -> Order:
    keys = {name: collation_key(name, language) for name in names}
    return [
        sorted(group) for _, group in groupby(sorted(keys, key=lambda name: keys[name]), key=lambda name: keys[name])
    ]


@pytest.fixture(scope="module")
def listed() -> list[str]:
    """The names of the shipped publication, and those of places in all languages."""
    quads = read_dataset(Publication.open(ROOT)).quads
    named = (quad.object for quad in quads if quad.predicate in LABEL_PROPERTIES)
    places = (name for names in ORDERS.values() for name in names.split("|"))
    return sorted({*(name.value for name in named if isinstance(name, Literal)), *places})


@pytest.mark.parametrize("language", LANGUAGES)
def test_names_that_are_listed(by_icu: Collator, listed: list[str], language: str) -> None:
    assert by_us(language, listed) == by_icu(language, listed)


#: Of Latin (all of Latin-1 and Extended-A), Greek and Cyrillic, and signs.
CHARACTERS = sorted(
    {
        *map(chr, (*range(0x20, 0x7F), *range(0xA0, 0x180), *range(0x386, 0x3CF), *range(0x400, 0x460))),
        *SIGNS,
        *"ґҐ€“”„‘’‚",
    }
    - {chr(number) for number in (0xAD, 0x38B, 0x38D, 0x3A2)}  # ignored, or no characters
)


@pytest.mark.parametrize("language", LANGUAGES)
def test_characters(by_icu: Collator, language: str) -> None:
    assert by_us(language, CHARACTERS) == by_icu(language, CHARACTERS)


#: “Þ” stands among “TH”, “Th” and “th”; where capitals come first, we and ICU differ in which comes before.
NOT_THE_SAME = {"da": {"þ"}}


def names_in(language: str) -> st.SearchStrategy[list[str]]:
    """Names of the letters that the language sets apart, and some others."""
    rules = re.sub(r"\[[^]]+\]", "", TAILORINGS.get(language, ""))
    own = sorted(
        {re.sub("[\u0335ǀ]", "", letter) for letter in re.findall(r"[^\s&<=/]+", rules)}
        - {""}
        - NOT_THE_SAME.get(language, set())
    )
    own += [way for letter in own for way in (letter.capitalize(), letter.upper()) if len(way) == len(letter)]
    others = ["abcdeghilmnorstuyzAEINS", "áàäéèíöøüßæłıİ", " '-’", SCRIPTS["Cyrl" if language in CYRILLIC else "Grek"]]
    parts = st.one_of(*map(st.sampled_from, (*others, *([own] * 3 if own else ()))))
    names = st.lists(parts, min_size=1, max_size=5).map(lambda found: unicodedata.normalize("NFC", "".join(found)))
    return st.lists(names, min_size=30, max_size=30, unique=True)


@pytest.mark.parametrize("language", LANGUAGES)
def test_names_that_are_generated(by_icu: Collator, language: str) -> None:
    @settings(max_examples=3)
    @given(names_in(language))
    def same(names: list[str]) -> None:
        assert by_us(language, names) == by_icu(language, names)

    same()
