"""A fixed few of the inputs that ``make fuzz`` makes up, the same each time: an answer or a refusal comes for each."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.conftest import ODD, serving
from tests.fuzz import files, requests
from tests.fuzz.client import Client
from tests.fuzz.grammar import Rules, text_of
from tests.fuzz.sparql import QUERY
from tests.fuzz.targets import SECONDS, TOTAL_SECONDS, Target, of_files, of_server, run
from tests.limits import limited

FILES = [target.name for target in of_files(Path())]
SERVER = [target.name for target in of_server(Client(0))]


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    """A server on the publication of odd names, whose queries end soon."""
    folder = tmp_path_factory.mktemp("fuzz")
    build = limited(folder, source=ODD, seconds=SECONDS, total_seconds=TOTAL_SECONDS)
    with serving(build) as site, closing(Client(site.base_url.port or 80)) as client:
        yield client


def called(targets: list[Target], name: str) -> Target:
    return next(target for target in targets if target.name == name)


@pytest.mark.parametrize("name", FILES)
def test_whatever_a_file_holds_it_is_read_or_refused(tmp_path: Path, name: str) -> None:
    found = run(called(of_files(tmp_path), name), 60)
    assert found.failures == []
    assert found.outcomes["read"] + found.outcomes["empty"] > 3, "the inputs are no more than noise"
    assert found.outcomes["refused"] > 5 or name == "saved HTML"  # which is hardly ever refused


@pytest.mark.parametrize("name", SERVER)
def test_whatever_is_sent_is_answered(client: Client, name: str) -> None:
    found = run(called(of_server(client), name), 60)
    assert found.failures == []
    assert sum(count for outcome, count in found.outcomes.items() if outcome.startswith("2")) > 5
    assert sum(count for outcome, count in found.outcomes.items() if outcome.startswith("4")) > 5


GRAMMARS = [QUERY, files.HTML, files.PDF, files.CSV, files.TOML, requests.ACCEPT, requests.LANGUAGES, requests.OTHERS]


@pytest.mark.parametrize("rules", GRAMMARS)
def test_the_first_alternatives_of_a_grammar_end(rules: Rules) -> None:
    for name in rules:
        assert len(text_of(rules, name, b"")) < 400
